-- expect: queries:2: error: column id is ID item in the schema
-- name: q :many
SELECT id AS "id:INT" FROM item;
