-- expect: queries:3: error: what is cached reads, all its rows at once, without optional lines, by at most 16 parameters
-- expect: queries:5: error: what is cached reads, all its rows at once, without optional lines, by at most 16 parameters
-- name: a :each cached
SELECT id FROM item;
-- name: b :exec cached
DELETE FROM item;
