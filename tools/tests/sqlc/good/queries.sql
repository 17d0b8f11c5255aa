-- Queries of the test: every kind once, and what is hard about each.

-- One item by its key.
-- name: item_by_id :one
SELECT id, shop, state, title, photo, sold_on, is_old AS old /* renamed */
  FROM item
 WHERE district = :district AND id = :id; -- the key

-- name: shop_named :maybe cached
SELECT id, opened FROM shop WHERE name = :name;

-- What is for sale in a subtree, page by page:
-- the next page begins after the last id.
-- name: item_list :many index
-- param: from DIVISION
-- param: to DIVISION
-- param: after ID item
-- param: limit INT
SELECT item.id, title, line, division, shop.name AS "shop_name?"
  FROM item LEFT JOIN shop ON shop.id = item.shop
 WHERE district = :district AND division BETWEEN :from AND :to
--? line
   AND line = :line
--? sold
   AND state = 1
--? sold
   AND sold_on >= :sold_on
--? after
   AND item.id > :after
 ORDER BY division, item.id
 LIMIT :limit;

-- name: item_count :one
SELECT count(*) AS "n:int", max(made_at) AS "last:INSTANT?", min(state) AS "lowest:ENUM item_state?",
       'a:b?"c\d' AS "odd:TEXT"
  FROM item;

-- name: item_export :each
SELECT id, title, made_at FROM item;

-- name: item_keys :each
SELECT id FROM item;

-- name: item_find :many index
-- param: words TEXT
SELECT rowid AS "id:ID item" FROM item_text WHERE item_text MATCH :words;

-- name: item_index :change
-- param: rowid ID item
-- param: title TEXT
INSERT INTO item_text (rowid, title) VALUES (:rowid, :title);

-- name: shop_add :one
-- nullable: opened
INSERT INTO shop (id, name, opened) VALUES (:id, :name, :opened) RETURNING id, opened;

-- name: item_add :change
-- nullable: photo
INSERT INTO item (district, id, shop, division, line, title, photo, made_at)
VALUES (:district, :id, :shop, :division, :line, :title, :photo, :made_at);

-- name: item_sell :change
-- param: was ENUM item_state
-- nullable: sold_on
UPDATE item SET state = :state, sold_on = :sold_on
 WHERE district = :district AND id = :id AND state = :was;

-- name: item_age :exec
-- param: before INSTANT
UPDATE item SET is_old = :is_old WHERE made_at < :before
--? line
   AND line = :line;

-- name: item_clear :exec
DELETE FROM item;

-- name: item_drop :many
DELETE FROM item WHERE district = :district RETURNING id;

-- name: shop_busy :many index
WITH busy AS (SELECT shop, count(*) AS n FROM item WHERE district = :district GROUP BY shop)
SELECT shop.id, busy.n AS "items:INT" FROM busy JOIN shop ON shop.id = busy.shop;

-- name: item_sold :many
SELECT item.id, item.shop FROM sold_item JOIN item USING (id)
--? state
 WHERE state = :state;

-- name: item_orphan :one
INSERT INTO item (district, id, shop, division, line, title, made_at)
VALUES (:district, :id, :shop, 0, 0, '', 0) RETURNING id;

-- NULL where nobody announced it: without a shop of that id the program stops.
-- name: shop_gap :one
SELECT (SELECT name FROM shop WHERE id = :id) AS name;
