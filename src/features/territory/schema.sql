-- include: platform/access/scope.h

-- One row for every division of every level and the time it holds.  The code is the path, so parents need no column
-- and children no index: both are ranges of this key.  A division that stands in for a level its parent does not have
-- (441900 for the districts of 东莞) has the parent's code at its own level, so level belongs to the key.
-- reference
CREATE TABLE division (
    level ENUM division_level NOT NULL,
    code DIVISION NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,    -- the first day it holds no more; 9999-12-31 while it holds
    name TEXT NOT NULL,
    PRIMARY KEY (level, code, valid_from)
) WITHOUT ROWID;

-- Names and their pinyin initials, for searching.  rowid = level * 10^12 + code, so hits come larger divisions first
-- and a subtree is one range for each level.
--@ sqlite
CREATE VIRTUAL TABLE division_search
    USING fts5(name, content='', tokenize='bigram', detail=none, columnsize=0, prefix='1');

--@ postgres
CREATE TABLE division_search (rowid INT NOT NULL PRIMARY KEY, name WORDS NOT NULL);

--@ postgres
CREATE INDEX division_search_name ON division_search USING gin (name);
