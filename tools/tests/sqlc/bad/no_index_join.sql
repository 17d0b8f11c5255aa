-- expect: queries:2: error: no index for q: SEARCH other USING AUTOMATIC COVERING INDEX (title=?)
-- name: q :many index
SELECT other.id FROM item JOIN item AS other ON other.title = item.title WHERE item.id > :id;
