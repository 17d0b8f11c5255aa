-- A check that PostgreSQL understands too.
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
    CHECK ((is_open = 1) = (state < 20)),
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
CREATE INDEX spot_owner_place ON spot (owner, is_open, division, id) WHERE owner <> 0;
CREATE INDEX spot_late ON spot (is_open, district, deadline, division, line) WHERE is_open = 1;
CREATE INDEX spot_closed ON spot (state, district, closed_on, division, line, found_on) WHERE state = 20;

-- Contacts of persons become bytes, and are sealed afterwards (upgrade.c).
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
    contact BLOB NOT NULL,
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (district, id)
) STRICT;
INSERT INTO unit_next (
    district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
    league_members, disabled, contact, version, changed_at)
SELECT
    district, id, kind, state, division, name, uscc, uscc_missing, industry, employees, women, youth,
    league_members, disabled, CAST(contact AS BLOB), version, changed_at
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
    contact BLOB NOT NULL,
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (district, id)
) STRICT;
INSERT INTO organisation_next (
    district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on, approval_doc,
    term_years, term_ends_on, members, members_women, contact, version, changed_at)
SELECT
    district, id, line, regime, state, division, name, uscc, uscc_missing, founded_on, approval_doc,
    term_years, term_ends_on, members, members_women, CAST(contact AS BLOB), version, changed_at
  FROM organisation;
DROP TABLE organisation;
ALTER TABLE organisation_next RENAME TO organisation;
CREATE UNIQUE INDEX organisation_uscc ON organisation (district, uscc) WHERE uscc <> '';
CREATE INDEX organisation_place ON organisation (division, id);
CREATE INDEX organisation_line_place ON organisation (line, division, id);
CREATE INDEX organisation_term ON organisation (state, district, term_ends_on, division, line) WHERE state = 2;
