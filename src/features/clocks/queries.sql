-- name: workday_year_all :many cached
SELECT year, days, source, told_at, version FROM workday_year ORDER BY year;

-- name: workday_year_of :maybe index
SELECT days, source, version FROM workday_year WHERE year = :year;

-- name: workday_year_add :exec
INSERT INTO workday_year (year, days, source, told_by, told_at, version)
VALUES (:year, :days, :source, :told_by, :told_at, 1);

-- name: workday_year_change :change
UPDATE workday_year
   SET days = :days, source = :source, told_by = :told_by, told_at = :told_at, version = version + 1
 WHERE year = :year AND version = :version;
