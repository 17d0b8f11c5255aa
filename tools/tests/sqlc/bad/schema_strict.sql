-- expect: schema:3: error: as SQLite gets it: datatype mismatch
CREATE TABLE a (id ID a PRIMARY KEY);
INSERT INTO a (id) VALUES ('one');
