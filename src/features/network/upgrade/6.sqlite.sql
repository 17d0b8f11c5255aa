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
