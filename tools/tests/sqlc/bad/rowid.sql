-- expect: queries:2: error: column 1, rowid: wants a name and a house type, AS "name:TYPE"
-- name: q :many
SELECT rowid FROM item_text;
