-- expect: queries:7: error: :exec does not fit a query that reads and gives rows
-- expect: queries:9: error: :change does not fit a query that reads and gives rows
-- expect: queries:11: error: :one does not fit a query that writes and gives no rows
-- expect: queries:13: error: :each does not fit a query that writes and gives rows
-- expect: queries:15: error: :exec does not fit a query that writes and gives rows
-- expect: queries:17: error: :exec does not fit a query that reads and gives no rows
-- name: a :exec
SELECT id FROM item;
-- name: b :change
SELECT id FROM item;
-- name: c :one
DELETE FROM item;
-- name: d :each
DELETE FROM item RETURNING id;
-- name: e :exec
DELETE FROM item RETURNING id;
-- name: f :exec
COMMIT;
