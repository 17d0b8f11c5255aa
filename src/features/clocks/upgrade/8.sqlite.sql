-- Time limits, and the clocks of matters.
CREATE TABLE time_limit (
    number INTEGER NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    matter_type INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    division INTEGER NOT NULL,
    line INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    moves_to_working_day INTEGER NOT NULL,
    extension INTEGER NOT NULL CHECK (extension >= 0),
    extension_times INTEGER NOT NULL,
    basis_zh TEXT NOT NULL,
    basis_en TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    CHECK (amount + extension <= 3660),
    CHECK (extension_times BETWEEN 0 AND extension),
    CHECK (extension = 0 OR extension_times > 0),
    CHECK (valid_from <= valid_to)
) STRICT;
CREATE UNIQUE INDEX time_limit_once ON time_limit (kind, matter_type, channel, division, line, valid_from)
    WHERE valid_from < valid_to;
CREATE TABLE clock (
    district INTEGER NOT NULL,
    matter INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    limit_number INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    moves_to_working_day INTEGER NOT NULL,
    extended INTEGER NOT NULL,
    extended_times INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    missing_year INTEGER NOT NULL,
    met_at INTEGER NOT NULL,
    paused_until INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (district, matter, kind),
    CHECK (amount > 0 AND extended >= 0 AND amount + extended <= 3660),
    CHECK (started_at <= met_at),
    CHECK ((missing_year <> 0) = (due_at = 253402185600000000))
) STRICT;
CREATE INDEX clock_unsettled ON clock (due_at, district, matter, kind)
    WHERE met_at = 253402185600000000 OR due_at = 253402185600000000;
CREATE TABLE clock_pause (
    district INTEGER NOT NULL,
    matter INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    note TEXT NOT NULL,
    approver INTEGER NOT NULL,
    paused_by INTEGER NOT NULL,
    PRIMARY KEY (district, matter, kind, id),
    FOREIGN KEY (district, matter, kind) REFERENCES clock (district, matter, kind),
    CHECK (since < until)
) STRICT;
