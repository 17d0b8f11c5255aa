-- expect: queries:4: error: column n: "INTEGER" is no house type
-- expect: queries:4: error: column s: "ENUM" is no house type
-- expect: queries:4: error: column t: "INT shop" is no house type
-- name: q :one
SELECT count(*) AS "n:integer", max(state) AS "s:enum", 1 AS "t:int shop" FROM item;
