-- expect: queries:2: error: no such table: itme
-- name: q :many
SELECT id FROM itme;
