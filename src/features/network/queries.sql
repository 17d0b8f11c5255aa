-- Lines, bodies, rules -----------------------------------------------------------------------------------------

-- name: line_all :many cached
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
       league_members, disabled, contact AS sealed_contact, version, changed_at
  FROM unit
 WHERE district = :district AND id = :id AND division BETWEEN :from AND :to;

-- name: unit_by_uscc :maybe index
SELECT id, name FROM unit WHERE district = :district AND uscc = :uscc AND uscc <> '';

-- name: unit_version_of :maybe
SELECT version FROM unit WHERE district = :district AND id = :id;

-- The units at work in one division, by what a person tells them apart.
-- name: unit_name_each :each index
-- param: district INT
SELECT kind, name
  FROM unit
 WHERE division = :division AND state = 1
--@ postgres
   AND district = :district
;

-- name: unit_add :exec
INSERT INTO unit (district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
                  league_members, disabled, contact, version, changed_at)
VALUES (:district, :id, :kind, :state, :division, :name, :uscc, :uscc_missing, :industry, :employees, :women, :youth,
        :league_members, :disabled, :contact, 1, :changed_at);

-- The version is what the person saw; another one is a conflict.
-- name: unit_change :change
-- param: keeps_contact BOOL
UPDATE unit
   SET state = :state, name = :name, uscc = :uscc, uscc_missing = :uscc_missing, industry = :industry,
       employees = :employees, women = :women, youth = :youth, league_members = :league_members,
       disabled = :disabled, contact = CASE WHEN :keeps_contact = 1 THEN contact ELSE :contact END, version = version + 1, changed_at = :changed_at
 WHERE district = :district AND id = :id AND version = :version;

-- Every sealed contact, in pieces.
-- name: unit_sealed :many index rollup
-- param: limit INT
SELECT district, id, version, contact
  FROM unit
 WHERE (district, id) > (:district, :id)
 ORDER BY district, id
 LIMIT :limit;

-- Under another key, if nobody has changed it meanwhile; for everybody else it is the same version.
-- name: unit_reseal :exec
-- param: was BLOB
UPDATE unit
   SET contact = :contact
 WHERE district = :district AND id = :id AND version = :version AND contact = :was;

-- name: unit_list :many index rollup
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_id ID unit
-- param: limit INT
SELECT district, id, kind, state, division, name, uscc, employees, women, youth, league_members, disabled
  FROM unit
 WHERE division BETWEEN :from AND :to AND (division, id) > (:after_division, :after_id)
--@ postgres
--? in_district
   AND district = :in_district
--? kind
   AND kind = :kind
 ORDER BY division, id
 LIMIT :limit;

-- Units as a workbook has them, without the places themselves.
-- name: unit_sheet :each index rollup
-- param: from DIVISION
-- param: to DIVISION
SELECT district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
       league_members, disabled, contact AS sealed_contact, version
  FROM unit
 WHERE division BETWEEN :from AND :to AND kind < 5
--@ postgres
--? in_district
   AND district = :in_district
--? kind
   AND kind = :kind
 ORDER BY division, id;

-- All, for the search's table made anew.
-- name: unit_words_each :each rollup
SELECT id, division, name, uscc FROM unit ORDER BY district, id;

-- name: unit_search_add :exec
-- param: district INT
-- param: id ID unit
-- param: words WORDS
--@ sqlite
INSERT INTO unit_search (rowid, words) VALUES (:id, :words)
--@ postgres
INSERT INTO unit_search (district, rowid, words) VALUES (:district, :id, :words)
;

-- name: unit_search_remove :exec
-- param: district INT
-- param: id ID unit
-- param: words WORDS
--@ sqlite
INSERT INTO unit_search (unit_search, rowid, words) VALUES ('delete', :id, :words)
--@ postgres
DELETE FROM unit_search WHERE district = :district AND rowid = :id
;

-- Newest first; the words of the place are part of what is looked for.
-- name: unit_found :many index rollup
-- param: match MATCH
-- param: before ID unit
-- param: limit INT
SELECT u.district, u.id, u.kind, u.state, u.division, u.name, u.uscc, u.employees, u.women, u.youth,
       u.league_members, u.disabled
  FROM unit_search
--@ sqlite
  JOIN unit AS u ON u.id = unit_search.rowid
--@ postgres
  JOIN unit AS u ON u.district = unit_search.district AND u.id = unit_search.rowid
 WHERE unit_search.rowid < :before
--@ sqlite
   AND unit_search MATCH :match
--@ postgres
   AND unit_search.words @@ :match
--? kind
   AND u.kind = :kind
 ORDER BY unit_search.rowid DESC
 LIMIT :limit;

-- Organisations ------------------------------------------------------------------------------------------------

-- name: organisation_by_id :one index
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
SELECT district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on, approval_doc, term_years,
       term_ends_on, members, members_women, contact AS sealed_contact, version, changed_at
  FROM organisation
 WHERE district = :district AND id = :id AND division BETWEEN :from AND :to AND line BETWEEN :line_from AND :line_to;

-- name: organisation_name :maybe index
SELECT name FROM organisation WHERE district = :district AND id = :id;

-- For the workbook of who may have them.
-- name: organisation_contact :one index
SELECT contact AS sealed_contact FROM organisation WHERE district = :district AND id = :id;

-- name: organisation_sealed :many index rollup
-- param: limit INT
SELECT district, id, version, contact
  FROM organisation
 WHERE (district, id) > (:district, :id)
 ORDER BY district, id
 LIMIT :limit;

-- name: organisation_reseal :exec
-- param: was BLOB
UPDATE organisation
   SET contact = :contact
 WHERE district = :district AND id = :id AND version = :version AND contact = :was;

-- name: organisation_by_uscc :maybe index
SELECT id, name FROM organisation WHERE district = :district AND uscc = :uscc AND uscc <> '';

-- One that stands, or is planned or prepared.
-- name: organisation_twin :maybe index
-- param: district INT
SELECT id FROM organisation
 WHERE line = :line AND division = :division AND name = :name AND state IN (1, 2, 4)
--@ postgres
   AND district = :district
 LIMIT 1;

-- name: organisation_add :exec
INSERT INTO organisation (district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on,
                          approval_doc, term_years, term_ends_on, members, members_women, contact, version, changed_at)
VALUES (:district, :id, :line, :regime, :state, :division, :name, :uscc, :uscc_missing, :founded_on,
        :approval_doc, :term_years, :term_ends_on, :members, :members_women, :contact, 1, :changed_at);

-- name: organisation_change :change
-- param: keeps_contact BOOL
UPDATE organisation
   SET regime = :regime, name = :name, uscc = :uscc, uscc_missing = :uscc_missing,
       founded_on = :founded_on, approval_doc = :approval_doc, term_years = :term_years,
       term_ends_on = :term_ends_on, members = :members, members_women = :members_women,
       contact = CASE WHEN :keeps_contact = 1 THEN contact ELSE :contact END, version = version + 1, changed_at = :changed_at
 WHERE district = :district AND id = :id AND version = :version;

-- A step of its life; the version is what the person saw.
-- name: organisation_step :change
UPDATE organisation
   SET state = :state, founded_on = :founded_on, approval_doc = :approval_doc, term_ends_on = :term_ends_on,
       members = :members, members_women = :members_women, version = version + 1, changed_at = :changed_at
 WHERE district = :district AND id = :id AND version = :version;

-- name: organisation_event_add :exec
INSERT INTO organisation_event (district, organisation, id, happened_on, act, state, document, successor, term_ends_on,
                                members, members_women, note, account, at)
VALUES (:district, :organisation, :id, :happened_on, :act, :state, :document, :successor, :term_ends_on,
        :members, :members_women, :note, :account, :at);

-- Oldest first; no step may lie before the one recorded last, so this is the order of the days too.
-- name: organisation_event_list :many index
-- param: limit INT
SELECT id, happened_on, act, state, document, successor, term_ends_on, members, members_women, note, account, at
  FROM organisation_event
 WHERE district = :district AND organisation = :organisation
 ORDER BY id
 LIMIT :limit;

-- name: organisation_event_last :one index
SELECT id, successor
  FROM organisation_event
 WHERE district = :district AND organisation = :organisation
 ORDER BY id DESC
 LIMIT 1;

-- A founding date that was corrected.
-- name: organisation_event_redate :exec
UPDATE organisation_event
   SET happened_on = :happened_on
 WHERE district = :district AND organisation = :organisation AND act = 'establish';

-- name: organisation_words_each :each rollup
SELECT id, division, name, uscc FROM organisation ORDER BY district, id;

-- name: organisation_search_add :exec
-- param: district INT
-- param: id ID organisation
-- param: words WORDS
--@ sqlite
INSERT INTO organisation_search (rowid, words) VALUES (:id, :words)
--@ postgres
INSERT INTO organisation_search (district, rowid, words) VALUES (:district, :id, :words)
;

-- name: organisation_search_remove :exec
-- param: district INT
-- param: id ID organisation
-- param: words WORDS
--@ sqlite
INSERT INTO organisation_search (organisation_search, rowid, words) VALUES ('delete', :id, :words)
--@ postgres
DELETE FROM organisation_search WHERE district = :district AND rowid = :id
;

-- Newest first; the words of the place are part of what is looked for.
-- name: organisation_found :many index rollup
-- param: match MATCH
-- param: before ID organisation
-- param: limit INT
-- param: today DATE
SELECT o.district, o.id, o.line, o.regime, o.state, o.division, o.name, o.uscc, o.founded_on, o.term_ends_on,
       o.members, o.members_women
  FROM organisation_search
--@ sqlite
  JOIN organisation AS o ON o.id = organisation_search.rowid
--@ postgres
  JOIN organisation AS o ON o.district = organisation_search.district AND o.id = organisation_search.rowid
 WHERE organisation_search.rowid < :before
--@ sqlite
   AND organisation_search MATCH :match
--@ postgres
   AND organisation_search.words @@ :match
--? line
   AND o.line = :line
--? bodies
   AND o.regime <> 7 -- of lines and places, not inside an enterprise
--? over
   AND o.state = 2 AND +o.term_ends_on < :today
--? preparing
   AND o.state IN (1, 4)
--? ended
   AND o.state IN (3, 5, 6)
 ORDER BY organisation_search.rowid DESC
 LIMIT :limit;

-- name: organisation_list :many index rollup
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_id ID organisation
-- param: limit INT
-- param: today DATE
SELECT district, id, line, regime, state, division, name, uscc, founded_on, term_ends_on, members, members_women
  FROM organisation
 WHERE division BETWEEN :from AND :to AND (division, id) > (:after_division, :after_id)
--@ postgres
--? in_district
   AND district = :in_district
--? line
   AND line = :line
--? state
   AND +state = :state
--? over
   AND +state = 2 AND +term_ends_on < :today -- '+': walk the places in order, not the index of terms
--? preparing
   AND +state IN (1, 4)
--? ended
   AND +state IN (3, 5, 6)
 ORDER BY division, id
 LIMIT :limit;

-- Relations, those that hold before those that have ended.
-- name: relation_out_list :many index
-- param: limit INT
SELECT r.id, r.kind, r.other, r.since, r.until, r.note, o.name, o.division, o.line
  FROM organisation_relation AS r
  JOIN organisation AS o ON o.district = r.district AND o.id = r.other
 WHERE r.district = :district AND r.organisation = :organisation
 ORDER BY r.until DESC, r.kind DESC, r.other DESC
 LIMIT :limit;

-- name: relation_in_list :many index
-- param: limit INT
SELECT r.id, r.kind, r.organisation, r.since, r.until, r.note, o.name, o.division, o.line
  FROM organisation_relation AS r
  JOIN organisation AS o ON o.district = r.district AND o.id = r.organisation
 WHERE r.district = :district AND r.other = :other
 ORDER BY r.until DESC, r.kind DESC, r.organisation DESC
 LIMIT :limit;

-- name: relation_of_two :maybe index
SELECT id FROM organisation_relation
 WHERE district = :district AND organisation = :organisation AND until = :until AND kind = :kind AND other = :other;

-- name: relation_by_id :one index
SELECT id, organisation, kind, other, since, until FROM organisation_relation WHERE district = :district AND id = :id;

-- name: relation_add :exec
INSERT INTO organisation_relation (district, id, organisation, kind, other, since, until, ended_by, note)
VALUES (:district, :id, :organisation, :kind, :other, :since, :until, 0, :note);

-- ':held' is 9999-12-31: what has ended stays as it ended.
-- name: relation_end :change
-- param: held DATE
UPDATE organisation_relation
   SET until = :until, ended_by = :ended_by
 WHERE district = :district AND id = :id AND until = :held;

-- What one step of an organisation's life ended.
-- name: relation_ended_by :many index
SELECT r.id, r.kind, r.organisation, r.other, o.name, o.state, p.name AS other_name, p.state AS other_state
  FROM organisation_relation AS r
  JOIN organisation AS o ON o.district = r.district AND o.id = r.organisation
  JOIN organisation AS p ON p.district = r.district AND p.id = r.other
 WHERE r.district = :district AND (r.organisation = :organisation OR r.other = :organisation) AND r.ended_by = :ended_by
 ORDER BY r.id;

-- ':until' is 9999-12-31.
-- name: relation_resume :change
UPDATE organisation_relation SET until = :until, ended_by = 0 WHERE district = :district AND id = :id;

-- Bodies whose term has run out.
-- name: organisation_term_over :one index cached
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
-- name: coverage_list :many index rollup
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_unit ID unit
-- param: limit INT
SELECT c.district, c.unit, c.division, c.due_rule, c.form, c.organisation, c.since, u.name, u.kind,
       u.employees
  FROM coverage AS c
  JOIN unit AS u ON u.district = c.district AND u.id = c.unit
 WHERE c.line = :line AND c.division BETWEEN :from AND :to AND (c.division, c.unit) > (:after_division, :after_unit)
--@ postgres
--? in_district
   AND c.district = :in_district
--? due
   AND c.due_rule <> 0
--? covered
   AND c.form BETWEEN 1 AND 4
--? form
   AND c.form = :form
 ORDER BY c.division, c.unit
 LIMIT :limit;

-- How many are due for each reason, in a district or a part of it.
-- name: coverage_by_rule :many index cached
-- param: district INT
-- param: from DIVISION
-- param: to DIVISION
SELECT due_rule, count(*) AS "n:int"
  FROM coverage
 WHERE line = :line
--@ postgres
   AND district = :district
   AND division BETWEEN :from AND :to AND due_rule <> 0
 GROUP BY due_rule;

-- Every pair an organisation covers, for its end; and how many there are.
-- name: coverage_held :many index
-- param: limit INT
SELECT c.unit, c.line, c.division, c.due_rule, c.form, c.since, u.name
  FROM coverage AS c
  JOIN unit AS u ON u.district = c.district AND u.id = c.unit
 WHERE c.district = :district AND c.organisation = :organisation AND c.organisation <> 0
 ORDER BY c.unit
 LIMIT :limit;

-- name: coverage_ended_add :exec
INSERT INTO coverage_ended (district, organisation, event, unit, form, since)
VALUES (:district, :organisation, :event, :unit, :form, :since);

-- What it covered then, and how the pair is covered now.
-- name: coverage_ended_list :many index
-- param: line LINE
SELECT e.unit, e.form, e.since, c.division, c.due_rule, c.form AS form_now, c.organisation AS organisation_now, u.name
  FROM coverage_ended AS e
  JOIN coverage AS c ON c.district = e.district AND c.unit = e.unit AND c.line = :line
  JOIN unit AS u ON u.district = e.district AND u.id = e.unit
 WHERE e.district = :district AND e.organisation = :organisation AND e.event = :event
 ORDER BY e.unit;

-- The unit whose own an organisation is, other than this one.
-- name: coverage_owned_by :maybe index
SELECT u.name, u.division
  FROM coverage AS c
  JOIN unit AS u ON u.district = c.district AND u.id = c.unit
 WHERE c.district = :district AND c.organisation = :organisation AND c.organisation <> 0 AND c.form = 1 AND c.unit <> :unit
 ORDER BY c.unit
 LIMIT 1;

-- name: coverage_pair :maybe index
SELECT due_rule, form FROM coverage WHERE district = :district AND unit = :unit AND line = :line;

-- name: coverage_held_count :one index
SELECT count(*) AS "n:int" FROM coverage WHERE district = :district AND organisation = :organisation AND organisation <> 0;

-- name: coverage_of_organisation :many index
-- param: limit INT
SELECT c.unit, c.division, c.form, c.since, u.name, u.kind
  FROM coverage AS c
  JOIN unit AS u ON u.district = c.district AND u.id = c.unit
 WHERE c.district = :district AND c.organisation = :organisation AND c.organisation <> 0
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

-- What a unit was and is missing, the newest first.
-- name: spot_of_unit :many index
-- param: limit INT
SELECT id, line, state, is_open, found_on, closed_on
  FROM spot
 WHERE district = :district AND unit = :unit
 ORDER BY id DESC
 LIMIT :limit;

-- name: spot_open_of :maybe index
SELECT id, state, version FROM spot WHERE district = :district AND unit = :unit AND line = :line AND is_open = 1;

-- name: spot_add :exec
INSERT INTO spot (district, id, unit, line, division, state, is_open, found_on, found_by, owner, plan, deadline,
                  closed_on, organisation, version)
VALUES (:district, :id, :unit, :line, :division, 1, 1, :found_on, :found_by, 0, '', :deadline, :closed_on, 0, 1);

-- One for every due pair of the new units from .. to, none of which is covered, with a run of ids (txn_ids); and what
-- its life begins with.
-- name: spot_add_all :exec
-- param: from ID unit
-- param: to ID unit
-- param: first ID spot
-- param: length INT
-- param: step INT
WITH pair AS (
    SELECT unit, line, division, row_number() OVER (ORDER BY unit, line) - 1 AS k
      FROM coverage
     WHERE district = :district AND unit BETWEEN :from AND :to
)
INSERT INTO spot (district, id, unit, line, division, state, is_open, found_on, found_by, owner, plan, deadline,
                  closed_on, organisation, version)
SELECT :district, :first + k / :length * :step + k % :length, unit, line, division, 1, 1, :found_on, :found_by, 0, '',
       :deadline, :closed_on, 0, 1
  FROM pair;

-- name: spot_event_add_all :exec
-- param: from ID unit
-- param: to ID unit
INSERT INTO spot_event (district, spot, id, at, account, act, state, note)
SELECT district, id, id, :at, :account, :act, state, ''
  FROM spot
 WHERE district = :district AND unit BETWEEN :from AND :to AND is_open = 1;

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

-- name: spot_list :many index rollup
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
--@ postgres
--? in_district
   AND s.district = :in_district
--? line
   AND s.line = :line
--? state
   AND s.state = :state
--? late
   AND s.deadline < :today
--? owner
   AND s.owner = :owner
--? assigned
   AND s.owner <> 0 -- said beside an owner, so that spot_owner_place is found
--? covered_since
   AND s.state = 20 AND s.closed_on >= :covered_since AND (s.closed_on > s.found_on OR s.found_by = 2 OR (SELECT o.founded_on FROM organisation AS o WHERE o.district = s.district AND o.id = s.organisation
--@ postgres
--? covered_since
--? in_district
   AND o.district = :in_district
--? covered_since
   ) >= s.found_on)
 ORDER BY s.division, s.id
 LIMIT :limit;

-- By the name of the unit, the newest unit first; all of a unit stand together.  '+': from the words to the spots, and of
-- each unit found its own spots, not all those before ':before'.
-- name: spot_found :many index rollup
-- param: match MATCH
-- param: before ID unit
-- param: today DATE
-- param: covered_since DATE
-- param: limit INT
SELECT s.district, s.id, s.unit, s.line, s.division, s.state, s.is_open, s.found_on, s.owner, s.deadline,
       s.closed_on, u.name, u.kind, u.uscc, u.employees, c.due_rule
  FROM unit_search
--@ sqlite
  JOIN unit AS u ON u.id = unit_search.rowid
--@ postgres
  JOIN unit AS u ON u.district = unit_search.district AND u.id = unit_search.rowid
  JOIN spot AS s ON s.district = u.district AND s.unit = +u.id
  JOIN coverage AS c ON c.district = s.district AND c.unit = s.unit AND c.line = s.line
 WHERE +s.is_open = :is_open AND unit_search.rowid < :before
--@ sqlite
   AND unit_search MATCH :match
--@ postgres
   AND unit_search.words @@ :match
--? line
   AND +s.line = :line
--? late
   AND +s.deadline < :today
--? owner
   AND +s.owner = :owner
--? covered_since
   AND +s.state = 20 AND +s.closed_on >= :covered_since AND (s.closed_on > s.found_on OR s.found_by = 2 OR (SELECT o.founded_on FROM organisation AS o WHERE o.district = s.district AND o.id = s.organisation) >= s.found_on)
 ORDER BY unit_search.rowid DESC
 LIMIT :limit;

-- What one person looks after, by deadline.
-- name: spot_of_owner :many index rollup
-- param: limit INT
SELECT s.district, s.id, s.line, s.division, s.state, s.found_on, s.deadline, u.name, u.kind, u.employees
  FROM spot AS s
  JOIN unit AS u ON u.district = s.district AND u.id = s.unit
 WHERE s.owner = :owner AND s.is_open = 1
 ORDER BY s.deadline, s.id
 LIMIT :limit;

-- name: spot_of_owner_count :one index rollup
-- param: today DATE
SELECT count(*) AS "n:int", coalesce(sum(CASE WHEN deadline < :today THEN 1 ELSE 0 END), 0) AS "late:int" FROM spot WHERE owner = :owner AND is_open = 1;

-- name: spot_late_count :one index cached
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
-- param: today DATE
SELECT count(*) AS "n:int"
  FROM spot
 WHERE is_open = 1 AND district = :district AND division BETWEEN :from AND :to
   AND line BETWEEN :line_from AND :line_to AND deadline < :today;

-- Covered between two days, both included: how many, and how many days the middle one took. What a rule found on the day
-- it was covered by an organisation that stood before came in together with it: nothing was closed.
-- name: spot_closed :one cached
-- param: from DIVISION
-- param: to DIVISION
-- param: line_from LINE
-- param: line_to LINE
-- param: first DATE
-- param: last DATE
WITH closed AS (
    SELECT closed_on - found_on AS days
      FROM spot
     WHERE state = 20 AND district = :district AND division BETWEEN :from AND :to
       AND line BETWEEN :line_from AND :line_to AND closed_on BETWEEN :first AND :last
       AND (closed_on > found_on OR found_by = 2
            OR (SELECT o.founded_on FROM organisation AS o
                 WHERE o.district = :district AND o.id = spot.organisation) >= found_on)
)
SELECT (SELECT count(*) FROM closed) AS "n:int",
       (SELECT days FROM closed ORDER BY days LIMIT 1 OFFSET (SELECT count(*) FROM closed) / 2) AS "median_days:int?";

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

-- name: tally_below :many index cached rollup
-- param: line_from LINE
-- param: line_to LINE
-- param: limit INT
SELECT division, line, due, sole, joint, regional, trade, exempt, blank, extra
  FROM tally
 WHERE parent = :parent AND line BETWEEN :line_from AND :line_to
 ORDER BY division, line
 LIMIT :limit;

-- name: tally_of :many index cached
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
-- name: tally_since_below :many cached rollup
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
-- name: tally_since :many index cached
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
-- name: coverage_lapsed :many index rollup
-- param: today DATE
-- param: limit INT
SELECT c.district, c.unit, c.line, c.division, c.due_rule
  FROM coverage AS c
 WHERE c.form = 5 AND c.until < :today
 ORDER BY c.until
 LIMIT :limit;

-- The full count that the tallies must equal: of the divisions that units lie in.
-- name: recount_each :each rollup
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
-- name: tally_day_sum_each :each rollup
SELECT division, line, sum(due) AS "due:int", sum(sole) AS "sole:int", sum(joint) AS "joint:int",
       sum(regional) AS "regional:int", sum(trade) AS "trade:int", sum(exempt) AS "exempt:int",
       sum(blank) AS "blank:int", sum(extra) AS "extra:int"
  FROM tally_day
 GROUP BY division, line
 ORDER BY division, line;

-- name: tally_all_each :each rollup
SELECT division, line, due, sole, joint, regional, trade, exempt, blank, extra
  FROM tally
 ORDER BY division, line;
