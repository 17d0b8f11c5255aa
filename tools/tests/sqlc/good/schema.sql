-- include: shop.h
/* A shop; one comment with a ; in it. */
CREATE TABLE shop (
    id ID shop PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> 'ID "x" -- no comment'), -- INT here is no type
    opened DATE
);

CREATE TABLE item (
    district INT NOT NULL,
    id ID item NOT NULL,
    shop ID shop NOT NULL REFERENCES shop (id),
    state ENUM item_state NOT NULL DEFAULT 0,
    division DIVISION NOT NULL,
    line LINE NOT NULL,
    title TEXT NOT NULL,
    photo BLOB,
    made_at INSTANT NOT NULL,
    sold_on DATE,
    is_old BOOL NOT NULL DEFAULT 0,
    PRIMARY KEY (district, id)
) WITHOUT ROWID;
CREATE INDEX item_by_division ON item (district, division, id);

CREATE VIRTUAL TABLE item_text USING fts5(title, content='', tokenize='bigram');
CREATE VIEW sold_item AS SELECT id, shop FROM item WHERE state = 1;
CREATE TRIGGER item_gone AFTER DELETE ON item BEGIN
    UPDATE shop SET name = name WHERE id = OLD.shop;
END;
