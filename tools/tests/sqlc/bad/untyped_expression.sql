-- expect: queries:3: error: column 1, count(*): wants a name and a house type, AS "name:TYPE"
-- expect: queries:3: error: column 2, n: wants a name and a house type, AS "name:TYPE"
-- name: q :one
SELECT count(*), max(id) AS n FROM item;
