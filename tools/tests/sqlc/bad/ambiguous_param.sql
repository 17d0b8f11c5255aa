-- expect: queries:2: error: parameter :state has two types: say -- param: state TYPE
-- name: q :many
SELECT item.id FROM item JOIN shop ON shop.id = item.shop WHERE item.state = :state AND shop.state = 1;
