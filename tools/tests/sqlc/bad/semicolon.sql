-- expect: queries:4: error: query a has no ';' at its end
-- expect: queries:7: error: more than one statement in a query
-- expect: queries:10: error: SQL outside a query: -- name: NAME :KIND comes first
-- name: a :many
SELECT id FROM item

-- name: b :many
SELECT id FROM item; SELECT id
  FROM item;
SELECT 1;
