-- Topics, appeals, and what was done about them.
CREATE TABLE appeal_topic (
    topic BIGINT NOT NULL PRIMARY KEY,
    parent BIGINT NOT NULL,
    line INTEGER NOT NULL,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    name_zh TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C" NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL
);
CREATE TABLE appeal_number (
    district BIGINT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (district, year)
);
CREATE TABLE appeal (
    district BIGINT NOT NULL,
    id BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    state SMALLINT NOT NULL,
    is_open SMALLINT NOT NULL,
    division BIGINT NOT NULL,
    line INTEGER NOT NULL,
    desk BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    topic BIGINT NOT NULL,
    type SMALLINT NOT NULL,
    channel SMALLINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    story TEXT COLLATE "C" NOT NULL,
    wish TEXT COLLATE "C" NOT NULL,
    person BYTEA NOT NULL,
    is_anonymous SMALLINT NOT NULL,
    received_at BIGINT NOT NULL,
    taken_by BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    due_kind BIGINT NOT NULL,
    told BIGINT NOT NULL,
    look_at BIGINT NOT NULL,
    reason SMALLINT NOT NULL,
    reply TEXT COLLATE "C" NOT NULL,
    replied_by BIGINT NOT NULL,
    answer SMALLINT NOT NULL,
    mood SMALLINT NOT NULL,
    missed BIGINT NOT NULL,
    missed_on INTEGER NOT NULL,
    moved BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    returned_by BIGINT NOT NULL,
    is_settled SMALLINT NOT NULL,
    reopened BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (district, id),
    CHECK ((is_open = 1) = (state < 20)),
    CHECK (mood = 0 OR answer <> 0)
);
CREATE UNIQUE INDEX appeal_by_number ON appeal (district, number);
CREATE INDEX appeal_place ON appeal (is_open, division, id);
CREATE INDEX appeal_line_place ON appeal (is_open, line, division, id);
CREATE INDEX appeal_desk ON appeal (district, desk, is_open, due_at, id);
CREATE INDEX appeal_taken ON appeal (taken_by, id) WHERE taken_by <> 0;
CREATE INDEX appeal_owner ON appeal (owner, is_open, due_at, id) WHERE owner <> 0;
CREATE INDEX appeal_told ON appeal (district, told, due_at, id) WHERE told <> 0;
CREATE INDEX appeal_ladder ON appeal (look_at, district, id) WHERE look_at <> 253402185600000000;
CREATE TABLE appeal_search (
    district BIGINT NOT NULL,
    rowid BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (district, rowid)
);
CREATE INDEX appeal_search_words ON appeal_search USING gin (words);
CREATE TABLE appeal_event (
    district BIGINT NOT NULL,
    appeal BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account BIGINT NOT NULL,
    act TEXT COLLATE "C" NOT NULL,
    state SMALLINT NOT NULL,
    line INTEGER NOT NULL,
    desk BIGINT NOT NULL,
    reason SMALLINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    clock SMALLINT NOT NULL,
    amount BIGINT NOT NULL,
    pause SMALLINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (district, appeal, id),
    FOREIGN KEY (district, appeal) REFERENCES appeal (district, id)
);
