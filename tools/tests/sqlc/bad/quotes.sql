-- expect: queries:3: error: quotes that do not end on their line
-- name: q :many
SELECT id FROM item WHERE title = 'two
lines';
