-- expect: queries:2: error: no index for q with newest: USE TEMP B-TREE FOR ORDER BY
-- name: q :many index
SELECT id FROM item WHERE id > 0
--? id
   AND id < :id
--? newest
 ORDER BY title DESC;
