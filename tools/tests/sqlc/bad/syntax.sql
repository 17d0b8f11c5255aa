-- expect: queries:5: error: near "=": syntax error
-- name: q :many
SELECT id FROM item
--? shop
 WHERE shop == = :shop;
