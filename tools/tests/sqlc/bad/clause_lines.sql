-- expect: queries:5: error: --? wants the SQL it makes optional on the next line
-- expect: queries:7: error: --? wants a name in small letters
-- name: q :many
SELECT id FROM item WHERE true
--? a
-- nothing
--? B
   AND id > 2;
