-- expect: queries:5: error: the query has no parameter :limit
-- expect: queries:6: error: the query has no parameter :b
-- expect: queries:7: error: "limit:" is no directive: param, nullable
-- name: q :many
-- param: limit INT
-- nullable: id b
-- limit: 3
-- any other comment
SELECT id FROM item WHERE id = :id;
