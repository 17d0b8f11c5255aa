-- expect: queries:4: error: "int" is no house type
-- expect: queries:5: error: "" is no house type
-- name: q :many
-- param: n int
-- param: m
SELECT id FROM item LIMIT :n + :m;
