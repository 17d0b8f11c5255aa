-- Working days of years that somebody tells of.
CREATE TABLE workday_year (
    year INTEGER NOT NULL PRIMARY KEY,
    days TEXT NOT NULL,
    source TEXT NOT NULL,
    told_by INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
