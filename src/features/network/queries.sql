-- Lines, bodies, rules -----------------------------------------------------------------------------------------

-- name: line_all :many
-- param: on DATE
SELECT line, code, name_zh, name_en, short_zh, short_en, groups_zh, groups_en
  FROM line
 WHERE valid_from <= :on AND :on < valid_to
 ORDER BY line;

-- name: line_add :exec
INSERT INTO line (line, code, name_zh, name_en, short_zh, short_en, groups_zh, groups_en, valid_from, valid_to)
VALUES (:line, :code, :name_zh, :name_en, :short_zh, :short_en, :groups_zh, :groups_en, :valid_from, :valid_to);

-- name: line_last :one
SELECT coalesce(max(line), 0) AS "line:int" FROM line;

-- name: line_by_code :maybe index
SELECT line, name_zh FROM line WHERE code = :code;

-- name: line_body_add :exec
INSERT INTO line_body (line, unit_kind, name_zh, name_en) VALUES (:line, :unit_kind, :name_zh, :name_en);

-- name: line_body_all :many
SELECT line, unit_kind, name_zh, name_en FROM line_body ORDER BY line, unit_kind;

-- Every rule that holds on a day; there are few, so an action reads them all.
-- name: rule_all :many
-- param: on DATE
-- param: limit INT
SELECT rule, line, division, unit_kind, measure, at_least, basis_zh, basis_en, valid_from, valid_to
  FROM coverage_rule
 WHERE valid_from <= :on AND :on < valid_to
 ORDER BY line, unit_kind, rule
 LIMIT :limit;

-- name: rule_last :one
SELECT coalesce(max(rule), 0) AS "rule:int" FROM coverage_rule;

-- name: rule_by_number :one index
SELECT rule, line, division, unit_kind, measure, at_least, basis_zh, basis_en, valid_from, valid_to
  FROM coverage_rule
 WHERE rule = :rule;

-- A rule is ended, never edited: what was due by it stays explained.
-- name: rule_end :change
UPDATE coverage_rule SET valid_to = :valid_to WHERE rule = :rule AND valid_to > :valid_to AND valid_from < :valid_to;

-- name: rule_add :exec
INSERT INTO coverage_rule (rule, line, division, unit_kind, measure, at_least, basis_zh, basis_en, valid_from, valid_to)
VALUES (:rule, :line, :division, :unit_kind, :measure, :at_least, :basis_zh, :basis_en, :valid_from, :valid_to);

-- Units --------------------------------------------------------------------------------------------------------

-- name: unit_by_id :one index
-- param: from DIVISION
-- param: to DIVISION
SELECT district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
       league_members, disabled, contact, version, changed_at
  FROM unit
 WHERE district = :district AND id = :id AND division BETWEEN :from AND :to;

-- name: unit_by_uscc :maybe index
SELECT id, name FROM unit WHERE district = :district AND uscc = :uscc AND uscc <> '';

-- name: unit_add :exec
INSERT INTO unit (district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
                  league_members, disabled, contact, version, changed_at)
VALUES (:district, :id, :kind, :state, :division, :name, :uscc, :uscc_missing, :industry, :employees, :women, :youth,
        :league_members, :disabled, :contact, 1, :changed_at);

-- The version is what the person saw; another one is a conflict.
-- name: unit_change :change
UPDATE unit
   SET state = :state, name = :name, uscc = :uscc, uscc_missing = :uscc_missing, industry = :industry,
       employees = :employees, women = :women, youth = :youth, league_members = :league_members,
       disabled = :disabled, contact = :contact, version = version + 1, changed_at = :changed_at
 WHERE district = :district AND id = :id AND version = :version;

-- name: unit_list :many index
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_id ID unit
-- param: limit INT
SELECT district, id, kind, state, division, name, uscc, employees, women, youth, league_members, disabled
  FROM unit
 WHERE division BETWEEN :from AND :to AND (division, id) > (:after_division, :after_id)
--? kind
   AND kind = :kind
 ORDER BY division, id
 LIMIT :limit;

-- Units as a workbook has them, without the places themselves.
-- name: unit_sheet :each index
-- param: from DIVISION
-- param: to DIVISION
SELECT district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
       league_members, disabled, contact, version
  FROM unit
 WHERE division BETWEEN :from AND :to AND kind < 5
--? kind
   AND kind = :kind
 ORDER BY division, id;

-- name: unit_search_add :exec
-- param: id ID unit
-- param: words TEXT
INSERT INTO unit_search (rowid, words) VALUES (:id, :words);

-- name: unit_search_remove :exec
-- param: id ID unit
-- param: words TEXT
INSERT INTO unit_search (unit_search, rowid, words) VALUES ('delete', :id, :words);

-- Newest first; the words of the place are part of what is looked for.
-- name: unit_found :many index
-- param: match TEXT
-- param: before ID unit
-- param: limit INT
SELECT u.district, u.id, u.kind, u.state, u.division, u.name, u.uscc, u.employees, u.women, u.youth,
       u.league_members, u.disabled
  FROM unit_search
  JOIN unit AS u ON u.id = unit_search.rowid
 WHERE unit_search MATCH :match AND unit_search.rowid < :before
 ORDER BY unit_search.rowid DESC
 LIMIT :limit;

-- Organisations ------------------------------------------------------------------------------------------------

-- name: organisation_by_id :one index
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
SELECT district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on, approval_doc, term_years,
       term_ends_on, members, members_women, contact, version, changed_at
  FROM organisation
 WHERE district = :district AND id = :id AND division BETWEEN :from AND :to AND line BETWEEN :line_from AND :line_to;

-- name: organisation_name :maybe index
SELECT name FROM organisation WHERE district = :district AND id = :id;

-- name: organisation_by_uscc :maybe index
SELECT id, name FROM organisation WHERE district = :district AND uscc = :uscc AND uscc <> '';

-- name: organisation_add :exec
INSERT INTO organisation (district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on,
                          approval_doc, term_years, term_ends_on, members, members_women, contact, version, changed_at)
VALUES (:district, :id, :line, :regime, :state, :division, :name, :uscc, :uscc_missing, :founded_on,
        :approval_doc, :term_years, :term_ends_on, :members, :members_women, :contact, 1, :changed_at);

-- name: organisation_change :change
UPDATE organisation
   SET regime = :regime, state = :state, name = :name, uscc = :uscc, uscc_missing = :uscc_missing,
       founded_on = :founded_on, approval_doc = :approval_doc, term_years = :term_years,
       term_ends_on = :term_ends_on, members = :members, members_women = :members_women, contact = :contact,
       version = version + 1, changed_at = :changed_at
 WHERE district = :district AND id = :id AND version = :version;

-- name: organisation_list :many index
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_id ID organisation
-- param: limit INT
-- param: today DATE
SELECT district, id, line, regime, state, division, name, founded_on, term_ends_on, members, members_women
  FROM organisation
 WHERE division BETWEEN :from AND :to AND (division, id) > (:after_division, :after_id)
--? line
   AND line = :line
--? state
   AND +state = :state
--? over
   AND +state = 2 AND +term_ends_on < :today -- '+': walk the places in order, not the index of terms
 ORDER BY division, id
 LIMIT :limit;

-- Bodies whose term has run out.
-- name: organisation_term_over :one index
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
-- param: today DATE
SELECT count(*) AS "n:int"
  FROM organisation
 WHERE district = :district AND division BETWEEN :from AND :to AND line BETWEEN :line_from AND :line_to
   AND state = 2 AND term_ends_on < :today;

-- Coverage -----------------------------------------------------------------------------------------------------

-- name: coverage_of_unit :many index
SELECT line, division, due_rule, form, organisation, since, until, reason, approver
  FROM coverage
 WHERE district = :district AND unit = :unit
 ORDER BY line;

-- name: coverage_set :exec
INSERT INTO coverage (district, unit, line, division, due_rule, form, organisation, since, until, reason, approver)
VALUES (:district, :unit, :line, :division, :due_rule, :form, :organisation, :since, :until, :reason, :approver)
ON CONFLICT (district, unit, line) DO UPDATE
   SET due_rule = excluded.due_rule, form = excluded.form, organisation = excluded.organisation,
       since = excluded.since, until = excluded.until, reason = excluded.reason, approver = excluded.approver;

-- The rows behind a figure: what is due, and what covers it.
-- name: coverage_list :many index
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_unit ID unit
-- param: limit INT
SELECT c.district, c.unit, c.division, c.due_rule, c.form, c.organisation, c.since, c.until, u.name, u.kind,
       u.employees
  FROM coverage AS c
  JOIN unit AS u ON u.district = c.district AND u.id = c.unit
 WHERE c.line = :line AND c.division BETWEEN :from AND :to AND (c.division, c.unit) > (:after_division, :after_unit)
--? due
   AND c.due_rule <> 0
--? covered
   AND c.form BETWEEN 1 AND 4
--? form
   AND c.form = :form
 ORDER BY c.division, c.unit
 LIMIT :limit;

-- Every pair an organisation covers, for its end; and how many there are.
-- name: coverage_held :many index
-- param: limit INT
SELECT unit, line, division, due_rule
  FROM coverage
 WHERE district = :district AND organisation = :organisation
 ORDER BY unit
 LIMIT :limit;

-- name: coverage_held_count :one index
SELECT count(*) AS "n:int" FROM coverage WHERE district = :district AND organisation = :organisation;

-- name: coverage_of_organisation :many index
-- param: limit INT
SELECT c.unit, c.division, c.form, c.since, u.name, u.kind
  FROM coverage AS c
  JOIN unit AS u ON u.district = c.district AND u.id = c.unit
 WHERE c.district = :district AND c.organisation = :organisation
 ORDER BY c.unit
 LIMIT :limit;

-- Blank spots --------------------------------------------------------------------------------------------------

-- name: spot_by_id :one index
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
SELECT district, id, unit, line, division, state, is_open, found_on, found_by, owner, plan, deadline, closed_on,
       organisation, version
  FROM spot
 WHERE district = :district AND id = :id AND division BETWEEN :from AND :to AND line BETWEEN :line_from AND :line_to;

-- name: spot_open_of :maybe index
SELECT id, state, version FROM spot WHERE district = :district AND unit = :unit AND line = :line AND is_open = 1;

-- name: spot_add :exec
INSERT INTO spot (district, id, unit, line, division, state, is_open, found_on, found_by, owner, plan, deadline,
                  closed_on, organisation, version)
VALUES (:district, :id, :unit, :line, :division, 1, 1, :found_on, :found_by, 0, '', :deadline, :closed_on, 0, 1);

-- Moves a spot on; the version that was seen guards against a lost race.
-- name: spot_move :change
UPDATE spot
   SET state = :state, is_open = :is_open, closed_on = :closed_on, organisation = :organisation,
       version = version + 1
 WHERE district = :district AND id = :id AND version = :version AND is_open = 1;

-- name: spot_assign :change
UPDATE spot
   SET owner = :owner, plan = :plan, deadline = :deadline, version = version + 1
 WHERE district = :district AND id = :id AND version = :version AND is_open = 1;

-- name: spot_list :many index
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_id ID spot
-- param: today DATE
-- param: covered_since DATE
-- param: limit INT
SELECT s.district, s.id, s.unit, s.line, s.division, s.state, s.is_open, s.found_on, s.owner, s.deadline,
       s.closed_on, u.name, u.kind, u.employees, c.due_rule
  FROM spot AS s
  JOIN unit AS u ON u.district = s.district AND u.id = s.unit
  JOIN coverage AS c ON c.district = s.district AND c.unit = s.unit AND c.line = s.line
 WHERE s.is_open = :is_open AND s.division BETWEEN :from AND :to
   AND (s.division, s.id) > (:after_division, :after_id)
--? line
   AND s.line = :line
--? state
   AND s.state = :state
--? late
   AND s.deadline < :today
--? owner
   AND s.owner = :owner
--? covered_since
   AND s.state = 20 AND s.closed_on >= :covered_since AND s.closed_on > s.found_on
 ORDER BY s.division, s.id
 LIMIT :limit;

-- What one person looks after, by deadline.
-- name: spot_of_owner :many index
-- param: limit INT
SELECT s.district, s.id, s.line, s.division, s.state, s.found_on, s.deadline, u.name, u.kind, u.employees
  FROM spot AS s
  JOIN unit AS u ON u.district = s.district AND u.id = s.unit
 WHERE s.owner = :owner AND s.is_open = 1
 ORDER BY s.deadline, s.id
 LIMIT :limit;

-- name: spot_late_count :one index
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
-- param: today DATE
SELECT count(*) AS "n:int"
  FROM spot
 WHERE is_open = 1 AND district = :district AND division BETWEEN :from AND :to
   AND line BETWEEN :line_from AND :line_to AND deadline < :today;

-- Closed between two days, both included: how many by covering, and how long the middle one took.
-- name: spot_closed_days :many index
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
-- param: first DATE
-- param: last DATE
-- param: limit INT
SELECT found_on, closed_on
  FROM spot
 WHERE state = 20 AND district = :district AND division BETWEEN :from AND :to
   AND line BETWEEN :line_from AND :line_to AND closed_on BETWEEN :first AND :last
   AND closed_on > found_on -- one closed on its first day was registered together with its organisation
 LIMIT :limit;

-- name: spot_closed_count :one index
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
-- param: first DATE
-- param: last DATE
SELECT count(*) AS "n:int"
  FROM spot
 WHERE state = 20 AND district = :district AND division BETWEEN :from AND :to
   AND line BETWEEN :line_from AND :line_to AND closed_on BETWEEN :first AND :last AND closed_on > found_on;

-- name: spot_event_add :exec
INSERT INTO spot_event (district, spot, id, at, account, act, state, note)
VALUES (:district, :spot, :id, :at, :account, :act, :state, :note);

-- The newest, so that a limit leaves out the oldest.
-- name: spot_event_list :many index
-- param: limit INT
SELECT id, at, account, act, state, note
  FROM spot_event
 WHERE district = :district AND spot = :spot
 ORDER BY id DESC
 LIMIT :limit;

-- Tallies ------------------------------------------------------------------------------------------------------

-- Moves one row; changes none where there is no row yet.
-- name: tally_bump :exec
UPDATE tally
   SET due = due + :due, sole = sole + :sole, joint = joint + :joint, regional = regional + :regional,
       trade = trade + :trade, exempt = exempt + :exempt, blank = blank + :blank, extra = extra + :extra
 WHERE district = :district AND division = :division AND line = :line;

-- name: tally_add :exec
INSERT INTO tally (district, division, line, parent, due, sole, joint, regional, trade, exempt, blank, extra)
VALUES (:district, :division, :line, :parent, :due, :sole, :joint, :regional, :trade, :exempt, :blank, :extra);

-- name: tally_below :many index
-- param: line_from LINE
-- param: line_to LINE
-- param: limit INT
SELECT division, line, due, sole, joint, regional, trade, exempt, blank, extra
  FROM tally
 WHERE parent = :parent AND line BETWEEN :line_from AND :line_to
 ORDER BY division, line
 LIMIT :limit;

-- name: tally_of :many index
-- param: line_from LINE
-- param: line_to LINE
SELECT line, due, sole, joint, regional, trade, exempt, blank, extra
  FROM tally
 WHERE district = :district AND division = :division AND line BETWEEN :line_from AND :line_to
 ORDER BY line;

-- What a day added; differences may be negative, so an upsert is fine here: only their sum is checked.
-- name: tally_day_add :exec
INSERT INTO tally_day (district, division, line, day, parent, due, sole, joint, regional, trade, exempt, blank, extra)
VALUES (:district, :division, :line, :day, :parent, :due, :sole, :joint, :regional, :trade, :exempt, :blank, :extra)
ON CONFLICT (district, division, line, day) DO UPDATE
   SET due = tally_day.due + excluded.due, sole = tally_day.sole + excluded.sole,
       joint = tally_day.joint + excluded.joint, regional = tally_day.regional + excluded.regional,
       trade = tally_day.trade + excluded.trade, exempt = tally_day.exempt + excluded.exempt,
       blank = tally_day.blank + excluded.blank, extra = tally_day.extra + excluded.extra;

-- What came after a day, for each child of a division.
-- name: tally_since_below :many
-- param: day DATE
-- param: line_from LINE
-- param: line_to LINE
-- param: limit INT
SELECT division, line, sum(due) AS "due:int", sum(sole) AS "sole:int", sum(joint) AS "joint:int",
       sum(regional) AS "regional:int", sum(trade) AS "trade:int", sum(exempt) AS "exempt:int",
       sum(blank) AS "blank:int", sum(extra) AS "extra:int"
  FROM tally_day
 WHERE parent = :parent AND day > :day AND line BETWEEN :line_from AND :line_to
 GROUP BY division, line
 ORDER BY division, line
 LIMIT :limit;

-- The same for one division itself.
-- name: tally_since :many index
-- param: day DATE
SELECT line, sum(due) AS "due:int", sum(sole) AS "sole:int", sum(joint) AS "joint:int",
       sum(regional) AS "regional:int", sum(trade) AS "trade:int", sum(exempt) AS "exempt:int",
       sum(blank) AS "blank:int", sum(extra) AS "extra:int"
  FROM tally_day
 WHERE district = :district AND division = :division AND line BETWEEN 1 AND 99 AND day > :day
 GROUP BY line
 ORDER BY line;

-- Every day of one division, oldest first.
-- name: tally_day_of :many index
-- param: line_from LINE
-- param: line_to LINE
-- param: limit INT
SELECT line, day, due, sole, joint, regional, trade, exempt, blank, extra
  FROM tally_day
 WHERE district = :district AND division = :division AND line BETWEEN :line_from AND :line_to
 ORDER BY line, day
 LIMIT :limit;

-- Exemptions that have run out.
-- name: coverage_lapsed :many index
-- param: today DATE
-- param: limit INT
SELECT c.district, c.unit, c.line, c.division, c.due_rule
  FROM coverage AS c
 WHERE c.form = 5 AND c.until < :today
 ORDER BY c.until
 LIMIT :limit;

-- The full count that the tallies must equal: of the divisions that units lie in.
-- name: recount_each :each
SELECT c.division, c.line,
       sum(CASE WHEN c.due_rule <> 0 THEN 1 ELSE 0 END) AS "due:int",
       sum(CASE WHEN c.due_rule <> 0 AND c.form = 1 THEN 1 ELSE 0 END) AS "sole:int",
       sum(CASE WHEN c.due_rule <> 0 AND c.form = 2 THEN 1 ELSE 0 END) AS "joint:int",
       sum(CASE WHEN c.due_rule <> 0 AND c.form = 3 THEN 1 ELSE 0 END) AS "regional:int",
       sum(CASE WHEN c.due_rule <> 0 AND c.form = 4 THEN 1 ELSE 0 END) AS "trade:int",
       sum(CASE WHEN c.due_rule <> 0 AND c.form = 5 THEN 1 ELSE 0 END) AS "exempt:int",
       sum(CASE WHEN s.id IS NULL THEN 0 ELSE 1 END) AS "blank:int",
       sum(CASE WHEN c.due_rule = 0 AND c.form <> 0 THEN 1 ELSE 0 END) AS "extra:int"
  FROM coverage AS c
  LEFT JOIN spot AS s ON s.district = c.district AND s.unit = c.unit AND s.line = c.line AND s.is_open = 1
 GROUP BY c.division, c.line
 ORDER BY c.division, c.line;

-- All days together, which the tallies must equal too.
-- name: tally_day_sum_each :each
SELECT division, line, sum(due) AS "due:int", sum(sole) AS "sole:int", sum(joint) AS "joint:int",
       sum(regional) AS "regional:int", sum(trade) AS "trade:int", sum(exempt) AS "exempt:int",
       sum(blank) AS "blank:int", sum(extra) AS "extra:int"
  FROM tally_day
 GROUP BY division, line
 ORDER BY division, line;

-- name: tally_all_each :each
SELECT division, line, due, sole, joint, regional, trade, exempt, blank, extra
  FROM tally
 ORDER BY division, line;
