-- Working days of years that somebody tells of.
CREATE TABLE workday_year (
    year BIGINT NOT NULL PRIMARY KEY,
    days TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    told_by BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
