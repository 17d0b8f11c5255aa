-- expect: schema:3: error: CREATE TABLE wants a plain name next, without quotes or IF NOT EXISTS
-- expect: schema:4: error: CREATE TABLE wants a plain name next, without quotes or IF NOT EXISTS
CREATE TABLE "a" (id ID a PRIMARY KEY);
CREATE TABLE IF NOT EXISTS b (id ID b PRIMARY KEY);
