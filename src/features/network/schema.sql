-- include: platform/access/access.h
-- include: features/network/types.h

-- The lines are data: a sixth needs no code.
-- reference
CREATE TABLE line (
    line LINE NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    short_zh TEXT NOT NULL,
    short_en TEXT NOT NULL,
    groups_zh TEXT NOT NULL,      -- whom it represents
    groups_en TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL
);

-- The body a line forms at a level of the territory: 镇总工会, 村妇联 ...
-- reference
CREATE TABLE line_body (
    line LINE NOT NULL REFERENCES line,
    unit_kind ENUM unit_kind NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (line, unit_kind)
);

-- When a unit is due: 'at least so many of this measure'. The first rule that holds, by number, is the reason shown.
-- reference
CREATE TABLE coverage_rule (
    rule INT NOT NULL PRIMARY KEY,
    line LINE NOT NULL REFERENCES line,
    division DIVISION NOT NULL,   -- it holds inside this one; 0: everywhere
    unit_kind ENUM unit_kind NOT NULL,
    measure ENUM rule_measure NOT NULL,
    at_least INT NOT NULL CHECK (at_least >= 0),
    basis_zh TEXT NOT NULL,
    basis_en TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    CHECK (valid_from < valid_to)
);

CREATE TABLE unit (
    district INT NOT NULL,
    id ID unit NOT NULL,
    kind ENUM unit_kind NOT NULL,
    state ENUM unit_state NOT NULL,
    division DIVISION NOT NULL,
    name TEXT NOT NULL,
    uscc TEXT NOT NULL,           -- GB 32100, upper case; empty: see uscc_missing
    uscc_missing TEXT NOT NULL,   -- why there is none
    industry TEXT NOT NULL,       -- GB/T 4754 letter
    employees INT NOT NULL CHECK (employees >= 0),
    women INT NOT NULL CHECK (women BETWEEN 0 AND employees),
    youth INT NOT NULL CHECK (youth BETWEEN 0 AND employees),
    league_members INT NOT NULL CHECK (league_members BETWEEN 0 AND employees),
    disabled INT NOT NULL CHECK (disabled BETWEEN 0 AND employees),
    contact BLOB NOT NULL,        -- a person's name and phone, sealed (contacts.h)
    version INT NOT NULL,
    changed_at INSTANT NOT NULL,
    PRIMARY KEY (district, id)
);

CREATE UNIQUE INDEX unit_uscc ON unit (district, uscc) WHERE uscc <> '';
CREATE INDEX unit_place ON unit (division, id);

-- rowid is the unit's id; see unit_index.h.
--@ sqlite
CREATE VIRTUAL TABLE unit_search USING fts5(words, content='', tokenize='bigram', detail=none, columnsize=0);

--@ postgres
CREATE TABLE unit_search (
    district INT NOT NULL,
    rowid ID unit NOT NULL,
    words WORDS NOT NULL,
    PRIMARY KEY (district, rowid)
);

--@ postgres
CREATE INDEX unit_search_words ON unit_search USING gin (words);

CREATE TABLE organisation (
    district INT NOT NULL,
    id ID organisation NOT NULL,
    line LINE NOT NULL,
    regime ENUM regime NOT NULL,
    state ENUM organisation_state NOT NULL,
    division DIVISION NOT NULL,
    name TEXT NOT NULL,
    uscc TEXT NOT NULL,
    uscc_missing TEXT NOT NULL,
    founded_on DATE NOT NULL,     -- 9999-12-31: not yet
    approval_doc TEXT NOT NULL,
    term_years INT NOT NULL,      -- 0: without terms
    term_ends_on DATE NOT NULL,   -- 9999-12-31: without terms
    members INT NOT NULL CHECK (members >= 0),
    members_women INT NOT NULL CHECK (members_women BETWEEN 0 AND members),
    contact BLOB NOT NULL,        -- a person's name and phone, sealed (contacts.h)
    version INT NOT NULL,
    changed_at INSTANT NOT NULL,
    PRIMARY KEY (district, id)
);

CREATE UNIQUE INDEX organisation_uscc ON organisation (district, uscc) WHERE uscc <> '';
CREATE INDEX organisation_place ON organisation (division, id);
CREATE INDEX organisation_line_place ON organisation (line, division, id);
CREATE INDEX organisation_term ON organisation (state, district, term_ends_on, division, line) WHERE state = 2;

-- rowid is the organisation's id; see organisation_index.h.
--@ sqlite
CREATE VIRTUAL TABLE organisation_search USING fts5(words, content='', tokenize='bigram', detail=none, columnsize=0);

--@ postgres
CREATE TABLE organisation_search (
    district INT NOT NULL,
    rowid ID organisation NOT NULL,
    words WORDS NOT NULL,
    PRIMARY KEY (district, rowid)
);

--@ postgres
CREATE INDEX organisation_search_words ON organisation_search USING gin (words);

-- The steps of an organisation's life, by the day each happened; what is known after it stands beside.
CREATE TABLE organisation_event (
    district INT NOT NULL,
    organisation ID organisation NOT NULL,
    id INT NOT NULL,
    happened_on DATE NOT NULL,
    act TEXT NOT NULL,            -- name of the step (rules.c)
    state ENUM organisation_state NOT NULL,
    document TEXT NOT NULL,
    successor ID organisation NOT NULL, -- that it was merged into; 0: none
    term_ends_on DATE NOT NULL,
    members INT NOT NULL,
    members_women INT NOT NULL,
    note TEXT NOT NULL,
    account ID account NOT NULL,
    at INSTANT NOT NULL,
    PRIMARY KEY (district, organisation, id),
    FOREIGN KEY (district, organisation) REFERENCES organisation (district, id)
);

-- What one organisation is to another: it leads it, is a member of it ...
CREATE TABLE organisation_relation (
    district INT NOT NULL,
    id ID relation NOT NULL,
    organisation ID organisation NOT NULL,
    kind ENUM relation_kind NOT NULL,
    other ID organisation NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,          -- 9999-12-31 while it holds
    ended_by INT NOT NULL,        -- event of the life of one of the two; 0: a person ended it, or it holds
    note TEXT NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, organisation) REFERENCES organisation (district, id),
    FOREIGN KEY (district, other) REFERENCES organisation (district, id),
    CHECK (organisation <> other),
    CHECK (since <= until)
);

CREATE INDEX relation_out ON organisation_relation (district, organisation, until, kind, other);
CREATE INDEX relation_in ON organisation_relation (district, other, until, kind, organisation);

-- Unit and line: is it due, and what covers it? One row for each pair that is due or covered.
CREATE TABLE coverage (
    district INT NOT NULL,
    unit ID unit NOT NULL,
    line LINE NOT NULL,
    division DIVISION NOT NULL,   -- the unit's
    due_rule INT NOT NULL,        -- 0: not due; -1: a person found it, and no rule says so
    form ENUM coverage_form NOT NULL,
    organisation ID organisation NOT NULL, -- 0: none
    since DATE NOT NULL,          -- of the form
    until DATE NOT NULL,          -- when an exemption ends; else 9999-12-31
    reason TEXT NOT NULL,         -- of an exemption
    approver ID account NOT NULL, -- of an exemption; 0: none
    PRIMARY KEY (district, unit, line),
    FOREIGN KEY (district, unit) REFERENCES unit (district, id),
    CHECK (form IN (0, 5) OR organisation <> 0)
);

-- Holds all that coverage_list shows of a pair, so that a row of a list costs one look-up, that of its unit.
CREATE INDEX coverage_place ON coverage (line, division, unit, form, due_rule, since, organisation, district);
CREATE INDEX coverage_exempt ON coverage (until) WHERE form = 5;
CREATE INDEX coverage_organisation ON coverage (district, organisation, unit) WHERE organisation <> 0;

-- What an organisation covered when it was dissolved or merged, so that a wrong end can be undone.
CREATE TABLE coverage_ended (
    district INT NOT NULL,
    organisation ID organisation NOT NULL,
    event INT NOT NULL,           -- of its life
    unit ID unit NOT NULL,
    form ENUM coverage_form NOT NULL,
    since DATE NOT NULL,
    PRIMARY KEY (district, organisation, event, unit),
    FOREIGN KEY (district, organisation) REFERENCES organisation (district, id),
    FOREIGN KEY (district, unit) REFERENCES unit (district, id)
);

CREATE TABLE spot (
    district INT NOT NULL,
    id ID spot NOT NULL,
    unit ID unit NOT NULL,
    line LINE NOT NULL,
    division DIVISION NOT NULL,
    state ENUM spot_state NOT NULL,
    is_open BOOL NOT NULL,
    found_on DATE NOT NULL,
    found_by ENUM spot_finder NOT NULL,
    owner ID account NOT NULL,    -- 0: nobody yet
    plan TEXT NOT NULL,
    deadline DATE NOT NULL,
    closed_on DATE NOT NULL,      -- 9999-12-31 while open
    organisation ID organisation NOT NULL, -- that covered it; 0: none
    version INT NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, unit) REFERENCES unit (district, id),
    CHECK ((is_open = 1) = (state < 20)),
    CHECK (state <> 20 OR organisation <> 0)
);

CREATE INDEX spot_by_unit ON spot (district, unit, id); -- of what the search found
CREATE UNIQUE INDEX spot_of_unit ON spot (district, unit, line) WHERE is_open = 1;
CREATE INDEX spot_place ON spot (is_open, division, id);
CREATE INDEX spot_line_place ON spot (is_open, line, division, id);
CREATE INDEX spot_owner ON spot (owner, is_open, deadline, id);
CREATE INDEX spot_owner_place ON spot (owner, is_open, division, id) WHERE owner <> 0;
-- For the tiles of the matrix: of a district only what is late, or closed in these weeks, is read.
CREATE INDEX spot_late ON spot (is_open, district, deadline, division, line) WHERE is_open = 1;
CREATE INDEX spot_closed ON spot (state, district, closed_on, division, line, found_on) WHERE state = 20;

-- What was done about a blank spot: the steps and the contacts, oldest first.
CREATE TABLE spot_event (
    district INT NOT NULL,
    spot ID spot NOT NULL,
    id INT NOT NULL,
    at INSTANT NOT NULL,
    account ID account NOT NULL,
    act TEXT NOT NULL,            -- name of the step, or 'note', 'assign', 'open'
    state ENUM spot_state NOT NULL, -- after it
    note TEXT NOT NULL,
    PRIMARY KEY (district, spot, id),
    FOREIGN KEY (district, spot) REFERENCES spot (district, id)
);

-- Live counts of a division and all below it; moved in the transaction that changes what they count.
CREATE TABLE tally (
    district INT NOT NULL,        -- first six digits of division
    division DIVISION NOT NULL,
    line LINE NOT NULL,
    parent DIVISION NOT NULL,
    due INT NOT NULL,             -- pairs of unit and line that a rule makes due
    sole INT NOT NULL,            -- of these, covered in each form
    joint INT NOT NULL,
    regional INT NOT NULL,
    trade INT NOT NULL,
    exempt INT NOT NULL,
    blank INT NOT NULL,           -- of these, open blank spots
    extra INT NOT NULL,           -- covered though not due
    PRIMARY KEY (district, division, line),
    CHECK (due = sole + joint + regional + trade + exempt + blank),
    CHECK (due >= 0 AND sole >= 0 AND joint >= 0 AND regional >= 0 AND trade >= 0 AND exempt >= 0 AND blank >= 0),
    CHECK (extra >= 0)
);

CREATE INDEX tally_parent ON tally (parent, division, line);

-- By how much the tallies moved on each day: a past day's figures are today's less what came after.
CREATE TABLE tally_day (
    district INT NOT NULL,
    division DIVISION NOT NULL,
    line LINE NOT NULL,
    day DATE NOT NULL,
    parent DIVISION NOT NULL,
    due INT NOT NULL,
    sole INT NOT NULL,
    joint INT NOT NULL,
    regional INT NOT NULL,
    trade INT NOT NULL,
    exempt INT NOT NULL,
    blank INT NOT NULL,
    extra INT NOT NULL,
    PRIMARY KEY (district, division, line, day),
    CHECK (due = sole + joint + regional + trade + exempt + blank)
);

CREATE INDEX tally_day_parent ON tally_day (parent, day);
