-- The division of this code and level that holds on a day.
-- name: division_on :maybe index cached
-- param: on DATE
SELECT name, valid_from
  FROM division
 WHERE level = :level AND code = :code AND valid_from <= :on AND valid_to > :on;

-- One level of a subtree, by code.
-- name: division_range :many index cached
-- param: from DIVISION
-- param: to DIVISION
-- param: on DATE
-- param: limit INT
SELECT code, name
  FROM division
 WHERE level = :level AND code BETWEEN :from AND :to AND valid_from <= :on AND valid_to > :on
 ORDER BY code
 LIMIT :limit;

-- name: division_count :one index
-- param: from DIVISION
-- param: to DIVISION
-- param: on DATE
SELECT count(*) AS "n:INT"
  FROM division
 WHERE level = :level AND code BETWEEN :from AND :to AND valid_from <= :on AND valid_to > :on;

-- Hits of a search by words, in the order of level and code; the next page begins after the last rowid.
-- name: division_hits :many index
-- param: words MATCH
-- param: after INT
-- param: to INT
-- param: on DATE
-- param: limit INT
SELECT division_search.rowid AS "place:INT", division.level, division.code, division.name
  FROM division_search
  JOIN division ON division.level = division_search.rowid / 1000000000000
               AND division.code = division_search.rowid % 1000000000000
 WHERE division_search.rowid > :after AND division_search.rowid <= :to
--@ sqlite
   AND division_search MATCH :words
--@ postgres
   AND division_search.name @@ :words
   AND division.valid_from <= :on AND division.valid_to > :on
 ORDER BY division_search.rowid
 LIMIT :limit;

-- name: division_any :maybe
SELECT code FROM division LIMIT 1;

-- name: division_add :exec
INSERT INTO division (level, code, valid_from, valid_to, name)
VALUES (:level, :code, :valid_from, :valid_to, :name);

-- All, for the search's table made anew.
-- name: division_each :each rollup
SELECT level, code, name FROM division ORDER BY level, code, valid_from;

-- name: division_search_add :exec
-- param: place INT
-- param: words WORDS
INSERT INTO division_search (rowid, name) VALUES (:place, :words);

-- Merges what many inserts have left in pieces.
-- name: division_search_tidy :exec
--@ sqlite
INSERT INTO division_search (division_search) VALUES ('optimize')
--@ postgres
DELETE FROM division_search WHERE rowid < 0 -- there is nothing to merge
;
