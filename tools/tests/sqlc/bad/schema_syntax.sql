-- expect: schema:5: error: near "NUL": syntax error
CREATE TABLE a (id ID a PRIMARY KEY);
CREATE TABLE b (
    id ID b PRIMARY KEY,
    a ID a NOT NUL
);
