-- The id of a unit, an organisation and a blank spot is its rowid.
CREATE TABLE unit_next (
    district INTEGER NOT NULL,
    id INTEGER PRIMARY KEY NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    division INTEGER NOT NULL,
    name TEXT NOT NULL,
    uscc TEXT NOT NULL,
    uscc_missing TEXT NOT NULL,
    industry TEXT NOT NULL,
    employees INTEGER NOT NULL CHECK (employees >= 0),
    women INTEGER NOT NULL CHECK (women BETWEEN 0 AND employees),
    youth INTEGER NOT NULL CHECK (youth BETWEEN 0 AND employees),
    league_members INTEGER NOT NULL CHECK (league_members BETWEEN 0 AND employees),
    disabled INTEGER NOT NULL CHECK (disabled BETWEEN 0 AND employees),
    contact TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (district, id)
) STRICT;
INSERT INTO unit_next (
    district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
    league_members, disabled, contact, version, changed_at)
SELECT
    district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
    league_members, disabled, contact, version, changed_at
  FROM unit;
DROP TABLE unit;
ALTER TABLE unit_next RENAME TO unit;
CREATE UNIQUE INDEX unit_uscc ON unit (district, uscc) WHERE uscc <> '';
CREATE INDEX unit_place ON unit (division, id);

CREATE TABLE organisation_next (
    district INTEGER NOT NULL,
    id INTEGER PRIMARY KEY NOT NULL,
    line INTEGER NOT NULL,
    regime INTEGER NOT NULL,
    state INTEGER NOT NULL,
    division INTEGER NOT NULL,
    name TEXT NOT NULL,
    uscc TEXT NOT NULL,
    uscc_missing TEXT NOT NULL,
    founded_on INTEGER NOT NULL,
    approval_doc TEXT NOT NULL,
    term_years INTEGER NOT NULL,
    term_ends_on INTEGER NOT NULL,
    members INTEGER NOT NULL CHECK (members >= 0),
    members_women INTEGER NOT NULL CHECK (members_women BETWEEN 0 AND members),
    contact TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (district, id)
) STRICT;
INSERT INTO organisation_next (
    district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on, approval_doc,
    term_years, term_ends_on, members, members_women, contact, version, changed_at)
SELECT
    district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on, approval_doc,
    term_years, term_ends_on, members, members_women, contact, version, changed_at
  FROM organisation;
DROP TABLE organisation;
ALTER TABLE organisation_next RENAME TO organisation;
CREATE UNIQUE INDEX organisation_uscc ON organisation (district, uscc) WHERE uscc <> '';
CREATE INDEX organisation_place ON organisation (division, id);
CREATE INDEX organisation_line_place ON organisation (line, division, id);
CREATE INDEX organisation_term ON organisation (state, district, term_ends_on, division, line) WHERE state = 2;

CREATE TABLE spot_next (
    district INTEGER NOT NULL,
    id INTEGER PRIMARY KEY NOT NULL,
    unit INTEGER NOT NULL,
    line INTEGER NOT NULL,
    division INTEGER NOT NULL,
    state INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    found_on INTEGER NOT NULL,
    found_by INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    plan TEXT NOT NULL,
    deadline INTEGER NOT NULL,
    closed_on INTEGER NOT NULL,
    organisation INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (district, id),
    FOREIGN KEY (district, unit) REFERENCES unit (district, id),
    CHECK (is_open = (state < 20)),
    CHECK (state <> 20 OR organisation <> 0)
) STRICT;
INSERT INTO spot_next (
    district, id, unit, line, division, state, is_open, found_on, found_by, owner, plan, deadline, closed_on,
    organisation, version)
SELECT
    district, id, unit, line, division, state, is_open, found_on, found_by, owner, plan, deadline, closed_on,
    organisation, version
  FROM spot;
DROP TABLE spot;
ALTER TABLE spot_next RENAME TO spot;
CREATE INDEX spot_by_unit ON spot (district, unit, id);
CREATE UNIQUE INDEX spot_of_unit ON spot (district, unit, line) WHERE is_open = 1;
CREATE INDEX spot_place ON spot (is_open, division, id);
CREATE INDEX spot_line_place ON spot (is_open, line, division, id);
CREATE INDEX spot_owner ON spot (owner, is_open, deadline, id);
CREATE INDEX spot_late ON spot (is_open, district, deadline, division, line) WHERE is_open = 1;
CREATE INDEX spot_closed ON spot (state, district, closed_on, division, line, found_on) WHERE state = 20;

-- The lists read from the indexes alone.
DROP INDEX coverage_place;
CREATE INDEX coverage_place ON coverage (line, division, unit, form, due_rule, since, organisation, district);
DROP INDEX coverage_organisation;
CREATE INDEX coverage_organisation ON coverage (district, organisation, unit) WHERE organisation <> 0;

-- Organisations are searched; the words are filled in afterwards (upgrade.c).
CREATE VIRTUAL TABLE organisation_search USING fts5(words, content='', tokenize='bigram', detail=none, columnsize=0);

-- The steps of their lives.  Until now there were two: registered as established, and dissolved by an edit, whose day
-- is that of the last change, in China.
CREATE TABLE organisation_event (
    district INTEGER NOT NULL,
    organisation INTEGER NOT NULL,
    id INTEGER NOT NULL,
    happened_on INTEGER NOT NULL,
    act TEXT NOT NULL,
    state INTEGER NOT NULL,
    document TEXT NOT NULL,
    successor INTEGER NOT NULL,
    term_ends_on INTEGER NOT NULL,
    members INTEGER NOT NULL,
    members_women INTEGER NOT NULL,
    note TEXT NOT NULL,
    account INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (district, organisation, id),
    FOREIGN KEY (district, organisation) REFERENCES organisation (district, id)
) STRICT;
INSERT INTO organisation_event (district, organisation, id, happened_on, act, state, document, successor, term_ends_on,
                                members, members_women, note, account, at)
SELECT district, id, id, founded_on, 'establish', 2, approval_doc, 0, term_ends_on, members, members_women, '', 0,
       changed_at
  FROM organisation;
INSERT INTO organisation_event (district, organisation, id, happened_on, act, state, document, successor, term_ends_on,
                                members, members_women, note, account, at)
SELECT district, id, id + 1, (changed_at + 28800000000) / 86400000000, 'dissolve', 3, '', 0, term_ends_on, members,
       members_women, '', 0, changed_at
  FROM organisation
 WHERE state = 3;

CREATE TABLE organisation_relation (
    district INTEGER NOT NULL,
    id INTEGER PRIMARY KEY NOT NULL,
    organisation INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    other INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (district, id),
    FOREIGN KEY (district, organisation) REFERENCES organisation (district, id),
    FOREIGN KEY (district, other) REFERENCES organisation (district, id),
    CHECK (organisation <> other),
    CHECK (since <= until)
) STRICT;
CREATE INDEX relation_out ON organisation_relation (district, organisation, until, kind, other);
CREATE INDEX relation_in ON organisation_relation (district, other, until, kind, organisation);

-- The payload of an import began with the language of who uploaded it, one digit and two control characters.
UPDATE job
   SET lang = 1
 WHERE kind = 'network.import'
   AND EXISTS (SELECT 1 FROM job_payload AS p
                WHERE p.district = job.district AND p.job = job.id AND substr(p.bytes, 1, 3) = x'311F1E');
UPDATE job_payload
   SET bytes = substr(bytes, 4)
 WHERE substr(bytes, 2, 2) = x'1F1E'
   AND EXISTS (SELECT 1 FROM job
                WHERE job.district = job_payload.district AND job.id = job_payload.job AND job.kind = 'network.import');
