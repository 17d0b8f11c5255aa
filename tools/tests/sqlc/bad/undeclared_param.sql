-- expect: queries:2: error: parameter :limit is named like no column of the query: say -- param: limit TYPE
-- name: q :many
SELECT id FROM item LIMIT :limit;
