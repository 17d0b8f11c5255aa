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

-- Time limits -------------------------------------------------------------------------------------------------------

-- They are few, so a question reads them all.
-- name: time_limit_all :many cached
SELECT number, kind, matter_type, channel, division, line, unit, amount, moves_to_working_day, extension, extension_times,
       basis_zh, basis_en, valid_from, valid_to
  FROM time_limit
 ORDER BY number;

-- name: time_limit_add :exec
INSERT INTO time_limit (number, kind, matter_type, channel, division, line, unit, amount, moves_to_working_day, extension,
                        extension_times, basis_zh, basis_en, valid_from, valid_to)
VALUES (:number, :kind, :matter_type, :channel, :division, :line, :unit, :amount, :moves_to_working_day, :extension,
        :extension_times, :basis_zh, :basis_en, :valid_from, :valid_to);

-- name: time_limit_end :change
UPDATE time_limit SET valid_to = :valid_to WHERE number = :number AND valid_to > :valid_to;

-- The clocks of a matter --------------------------------------------------------------------------------------------

-- name: clock_list :many index
SELECT kind, limit_number, unit, amount, moves_to_working_day, extended, extended_times, started_at, due_at, missing_year,
       met_at, paused_until, version
  FROM clock
 WHERE district = :district AND matter = :matter
 ORDER BY kind;

-- name: clock_pause_list :many index
SELECT kind, id, since, until, reason, note, approver, paused_by
  FROM clock_pause
 WHERE district = :district AND matter = :matter
 ORDER BY kind, id;

-- Those that are open, and those met that nobody can say were late, by when they are due. met_at: 9999-12-31 while open.
-- name: clock_unsettled_list :many index rollup
-- param: from INSTANT
-- param: to INSTANT
-- param: limit INT
SELECT district, matter, kind, due_at
  FROM clock
 WHERE (met_at = 253402185600000000 OR due_at = 253402185600000000)
   AND due_at BETWEEN :from AND :to
   AND (due_at, district, matter, kind) > (:due_at, :district, :matter, :kind)
 ORDER BY due_at, district, matter, kind
 LIMIT :limit;

-- name: clock_add :exec
INSERT INTO clock (district, matter, kind, limit_number, unit, amount, moves_to_working_day, extended, extended_times,
                   started_at, due_at, missing_year, met_at, paused_until, version)
VALUES (:district, :matter, :kind, :limit_number, :unit, :amount, :moves_to_working_day, 0, 0,
        :started_at, :due_at, :missing_year, :met_at, 0, 1);

-- name: clock_move :change
UPDATE clock
   SET extended = :extended, extended_times = :extended_times, due_at = :due_at, missing_year = :missing_year,
       met_at = :met_at, paused_until = :paused_until, version = version + 1
 WHERE district = :district AND matter = :matter AND kind = :kind AND version = :version;

-- name: clock_pause_add :exec
INSERT INTO clock_pause (district, matter, kind, id, since, until, reason, note, approver, paused_by)
VALUES (:district, :matter, :kind, :id, :since, :until, :reason, :note, :approver, :paused_by);

-- name: clock_pause_end :change
UPDATE clock_pause SET until = :until
 WHERE district = :district AND matter = :matter AND kind = :kind AND id = :id AND until > :until;

-- One that was resumed in the moment it began.
-- name: clock_pause_drop :change
DELETE FROM clock_pause WHERE district = :district AND matter = :matter AND kind = :kind AND id = :id;
