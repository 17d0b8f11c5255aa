-- expect: queries:4: error: --@ wants an engine: sqlite, postgres
-- name: q :many
SELECT id FROM item
--@ oracle
 WHERE id > 2;
