-- expect: queries:3: error: no such column: new
-- name: q :many
SELECT id FROM item WHERE title = "new";
