-- expect: queries:4: error: parameters are written :name
-- expect: queries:7: error: parameter :Id is not in small letters
-- expect: queries:8: error: parameters are written :name
-- name: a :many
SELECT id FROM item WHERE id = ?;
-- name: b :many
SELECT id FROM item WHERE id = :Id;
-- name: c :many
SELECT id FROM item WHERE id = @id;
