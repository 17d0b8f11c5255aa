-- expect: queries:18: error: more than 7 optional clauses
-- name: q :many
SELECT id FROM item WHERE true
--? a
   AND id > 1
--? b
   AND id > 2
--? c
   AND id > 3
--? d
   AND id > 4
--? e
   AND id > 5
--? f
   AND id > 6
--? g
   AND id > 7
--? h
   AND id > 8
--? a
   AND id < 9;
