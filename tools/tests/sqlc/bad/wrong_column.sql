-- expect: queries:4: error: no such column: titel
-- name: q :many
SELECT id,
       titel
  FROM item;
