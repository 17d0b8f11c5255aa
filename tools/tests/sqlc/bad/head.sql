-- expect: queries:5: error: "" is no kind of query
-- expect: queries:7: error: ":few" is no kind of query
-- expect: queries:9: error: "indexed" is not known here
-- expect: queries:11: error: a query wants a name in small letters
-- name: a
SELECT id FROM item;
-- name: b :few
SELECT id FROM item;
-- name: c :many indexed
SELECT id FROM item;
-- name: D :many
SELECT id FROM item;
