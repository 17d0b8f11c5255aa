-- expect: queries:5: error: query q is there already, in line 2
-- name: q :many
SELECT id FROM item;

-- name: q :many
SELECT id FROM item;
