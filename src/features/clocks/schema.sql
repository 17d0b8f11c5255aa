-- include: platform/access/access.h
-- include: features/clocks/due.h
-- include: features/clocks/types.h

-- Years somebody has told of: later than the program knows, or otherwise than it thought.
-- reference
CREATE TABLE workday_year (
    year INT NOT NULL PRIMARY KEY,
    days TEXT NOT NULL,           -- as workday_text.h writes it
    source TEXT NOT NULL,         -- 国办发明电〔2026〕...号
    told_by ID account NOT NULL,
    told_at INSTANT NOT NULL,
    version INT NOT NULL
);

-- How long something may take: for what, where, from when to when, by which article. Ended, never edited.
-- reference
CREATE TABLE time_limit (
    number INT NOT NULL PRIMARY KEY,
    kind ENUM clock_kind NOT NULL,
    matter_type ENUM matter_type NOT NULL, -- 0: any
    channel ENUM matter_channel NOT NULL,  -- 0: any
    division DIVISION NOT NULL,   -- it holds inside this one; 0: everywhere
    line LINE NOT NULL,           -- 0: all
    unit ENUM clock_unit NOT NULL,
    amount INT NOT NULL CHECK (amount > 0),
    moves_to_working_day BOOL NOT NULL,
    extension INT NOT NULL CHECK (extension >= 0), -- that may be added in all
    extension_times INT NOT NULL,
    basis_zh TEXT NOT NULL,
    basis_en TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,       -- as valid_from: taken back before it held
    CHECK (amount + extension <= 3660),
    CHECK (extension_times BETWEEN 0 AND extension),
    CHECK (extension = 0 OR extension_times > 0),
    CHECK (valid_from <= valid_to)
);

CREATE UNIQUE INDEX time_limit_once ON time_limit (kind, matter_type, channel, division, line, valid_from)
    WHERE valid_from < valid_to;

-- A matter's clocks: each kind once. Which feature's matter it is, nobody needs to know here: ids are one space.
CREATE TABLE clock (
    district INT NOT NULL,
    matter INT NOT NULL,
    kind ENUM clock_kind NOT NULL,
    limit_number INT NOT NULL,   -- number of the time limit
    unit ENUM clock_unit NOT NULL, -- these three as the limit said at the start
    amount INT NOT NULL,
    moves_to_working_day BOOL NOT NULL,
    extended INT NOT NULL,        -- added to amount since
    extended_times INT NOT NULL,
    started_at INSTANT NOT NULL,
    due_at INSTANT NOT NULL,      -- 9999-12-31: not known; see matter.h
    missing_year INT NOT NULL,    -- whose working days are not known; 0: due_at is known
    met_at INSTANT NOT NULL,      -- 9999-12-31 while open
    paused_until INSTANT NOT NULL, -- end of the last pause; 0: there was none
    version INT NOT NULL,
    PRIMARY KEY (district, matter, kind),
    CHECK (amount > 0 AND extended >= 0 AND amount + extended <= 3660),
    CHECK (started_at <= met_at),
    CHECK ((missing_year <> 0) = (due_at = 253402185600000000))
);

-- What still has to be looked at, soonest first.
CREATE INDEX clock_unsettled ON clock (due_at, district, matter, kind)
    WHERE met_at = 253402185600000000 OR due_at = 253402185600000000;

CREATE TABLE clock_pause (
    district INT NOT NULL,
    matter INT NOT NULL,
    kind ENUM clock_kind NOT NULL,
    id INT NOT NULL,
    since INSTANT NOT NULL,
    until INSTANT NOT NULL,       -- as it was set; or when it was resumed
    reason ENUM pause_reason NOT NULL,
    note TEXT NOT NULL,
    approver ID account NOT NULL,
    paused_by ID account NOT NULL,
    PRIMARY KEY (district, matter, kind, id),
    FOREIGN KEY (district, matter, kind) REFERENCES clock (district, matter, kind),
    CHECK (since < until)
);
