-- The schema the other files of this folder are queries of.
-- include: shop.h
CREATE TABLE shop (
    id ID shop PRIMARY KEY,
    name TEXT NOT NULL,
    state ENUM shop_state NOT NULL
);
CREATE TABLE item (
    id ID item PRIMARY KEY,
    shop ID shop NOT NULL REFERENCES shop (id),
    state ENUM item_state NOT NULL,
    title TEXT
);
CREATE VIRTUAL TABLE item_text USING fts5(title, tokenize='bigram');
