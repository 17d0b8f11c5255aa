-- Time limits, and the clocks of matters.
CREATE TABLE time_limit (
    number BIGINT NOT NULL PRIMARY KEY,
    kind SMALLINT NOT NULL,
    matter_type SMALLINT NOT NULL,
    channel SMALLINT NOT NULL,
    division BIGINT NOT NULL,
    line INTEGER NOT NULL,
    unit SMALLINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    moves_to_working_day SMALLINT NOT NULL,
    extension BIGINT NOT NULL CHECK (extension >= 0),
    extension_times BIGINT NOT NULL,
    basis_zh TEXT COLLATE "C" NOT NULL,
    basis_en TEXT COLLATE "C" NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    CHECK (amount + extension <= 3660),
    CHECK (extension_times BETWEEN 0 AND extension),
    CHECK (extension = 0 OR extension_times > 0),
    CHECK (valid_from <= valid_to)
);
CREATE UNIQUE INDEX time_limit_once ON time_limit (kind, matter_type, channel, division, line, valid_from)
    WHERE valid_from < valid_to;
CREATE TABLE clock (
    district BIGINT NOT NULL,
    matter BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    limit_number BIGINT NOT NULL,
    unit SMALLINT NOT NULL,
    amount BIGINT NOT NULL,
    moves_to_working_day SMALLINT NOT NULL,
    extended BIGINT NOT NULL,
    extended_times BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    missing_year BIGINT NOT NULL,
    met_at BIGINT NOT NULL,
    paused_until BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (district, matter, kind),
    CHECK (amount > 0 AND extended >= 0 AND amount + extended <= 3660),
    CHECK (started_at <= met_at),
    CHECK ((missing_year <> 0) = (due_at = 253402185600000000))
);
CREATE INDEX clock_unsettled ON clock (due_at, district, matter, kind)
    WHERE met_at = 253402185600000000 OR due_at = 253402185600000000;
CREATE TABLE clock_pause (
    district BIGINT NOT NULL,
    matter BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    id BIGINT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    reason SMALLINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    approver BIGINT NOT NULL,
    paused_by BIGINT NOT NULL,
    PRIMARY KEY (district, matter, kind, id),
    FOREIGN KEY (district, matter, kind) REFERENCES clock (district, matter, kind),
    CHECK (since < until)
);
