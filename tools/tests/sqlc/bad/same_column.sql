-- expect: queries:2: error: two columns are named id
-- name: q :many
SELECT item.id, shop.id FROM item JOIN shop ON shop.id = item.shop;
