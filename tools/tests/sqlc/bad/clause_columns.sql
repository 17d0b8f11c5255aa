-- expect: queries:2: error: an optional clause changes the columns
-- name: q :many
SELECT id
--? title
       , title
  FROM item;
