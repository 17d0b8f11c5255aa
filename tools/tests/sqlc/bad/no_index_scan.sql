-- expect: queries:3: error: no index for q: SCAN item
-- expect: queries:3: error: no index for q: USE TEMP B-TREE FOR ORDER BY
-- name: q :many index
SELECT id FROM item ORDER BY title;
