-- Topics, appeals, and what was done about them.
CREATE TABLE appeal_topic (
    topic INTEGER NOT NULL PRIMARY KEY,
    parent INTEGER NOT NULL,
    line INTEGER NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL
) STRICT;
CREATE TABLE appeal_number (
    district INTEGER NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (district, year)
) STRICT;
CREATE TABLE appeal (
    district INTEGER NOT NULL,
    id INTEGER PRIMARY KEY NOT NULL,
    number TEXT NOT NULL,
    state INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    division INTEGER NOT NULL,
    line INTEGER NOT NULL,
    desk INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    topic INTEGER NOT NULL,
    type INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    title TEXT NOT NULL,
    story TEXT NOT NULL,
    wish TEXT NOT NULL,
    person BLOB NOT NULL,
    is_anonymous INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    taken_by INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    due_kind INTEGER NOT NULL,
    told INTEGER NOT NULL,
    look_at INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    reply TEXT NOT NULL,
    replied_by INTEGER NOT NULL,
    answer INTEGER NOT NULL,
    mood INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    missed_on INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    returned_by INTEGER NOT NULL,
    is_settled INTEGER NOT NULL,
    reopened INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (district, id),
    CHECK ((is_open = 1) = (state < 20)),
    CHECK (mood = 0 OR answer <> 0)
) STRICT;
CREATE UNIQUE INDEX appeal_by_number ON appeal (district, number);
CREATE INDEX appeal_place ON appeal (is_open, division, id);
CREATE INDEX appeal_line_place ON appeal (is_open, line, division, id);
CREATE INDEX appeal_desk ON appeal (district, desk, is_open, due_at, id);
CREATE INDEX appeal_taken ON appeal (taken_by, id) WHERE taken_by <> 0;
CREATE INDEX appeal_owner ON appeal (owner, is_open, due_at, id) WHERE owner <> 0;
CREATE INDEX appeal_told ON appeal (district, told, due_at, id) WHERE told <> 0;
CREATE INDEX appeal_ladder ON appeal (look_at, district, id) WHERE look_at <> 253402185600000000;
CREATE VIRTUAL TABLE appeal_search USING fts5(words, content='', tokenize='bigram', detail=none, columnsize=0);
CREATE TABLE appeal_event (
    district INTEGER NOT NULL,
    appeal INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account INTEGER NOT NULL,
    act TEXT NOT NULL,
    state INTEGER NOT NULL,
    line INTEGER NOT NULL,
    desk INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    note TEXT NOT NULL,
    clock INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    pause INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (district, appeal, id),
    FOREIGN KEY (district, appeal) REFERENCES appeal (district, id)
) STRICT;
