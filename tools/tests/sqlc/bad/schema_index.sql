-- expect: schema:3: error: no such column: nam
CREATE TABLE a (id ID a PRIMARY KEY, name TEXT);
CREATE INDEX a_by_name ON a (nam);
