-- expect: schema:5: error: column n of a: "INTEGER" is no house type
-- expect: schema:6: error: column at of a: "" is no house type
-- expect: schema:8: error: column s of a: "ENUM" is no house type
CREATE TABLE a (id ID a PRIMARY KEY,
    n INTEGER NOT NULL, -- n
    at,
    /* s */
    s ENUM NOT NULL CHECK (s IN (0, 1))
);
