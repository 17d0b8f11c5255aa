-- include: platform/access/access.h
-- include: features/appeals/types.h
-- include: features/clocks/types.h

-- What appeals are about, by the line that answers for it; a second level stands below a first.
-- reference
CREATE TABLE appeal_topic (
    topic INT NOT NULL PRIMARY KEY,
    parent INT NOT NULL,          -- 0: of the first level
    line LINE NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL
);

-- The last number that was given, of each year.
CREATE TABLE appeal_number (
    district INT NOT NULL,
    year INT NOT NULL,
    last INT NOT NULL,
    PRIMARY KEY (district, year)
);

CREATE TABLE appeal (
    district INT NOT NULL,
    id ID appeal NOT NULL,
    number TEXT NOT NULL,         -- SQ2026-000123: as it stands on papers
    state ENUM appeal_state NOT NULL,
    is_open BOOL NOT NULL,
    division DIVISION NOT NULL,   -- where it happened, or the person lives
    line LINE NOT NULL,           -- that answers for it
    desk DIVISION NOT NULL,       -- whose office of the line has it
    owner ID account NOT NULL,    -- who handles it; 0: nobody yet
    topic INT NOT NULL,
    type ENUM matter_type NOT NULL,
    channel ENUM matter_channel NOT NULL,
    title TEXT NOT NULL,
    story TEXT NOT NULL,
    wish TEXT NOT NULL,           -- what the person asks for
    person BLOB NOT NULL,         -- name and phone, sealed (person.h)
    is_anonymous BOOL NOT NULL,
    received_at INSTANT NOT NULL, -- clocks start here
    taken_by ID account NOT NULL, -- the first receiver
    due_at INSTANT NOT NULL,      -- of the first of its open clocks
    due_kind INT NOT NULL,        -- which clock; 0: none is open
    told DIVISION NOT NULL,       -- whose office knows that it is over; 0: nobody yet (rules.h)
    look_at INSTANT NOT NULL,     -- when the ladder looks at it next; 9999-12-31: not again
    reason ENUM appeal_reason NOT NULL, -- why not
    reply TEXT NOT NULL,
    replied_by ID account NOT NULL,
    answer ENUM appeal_answer NOT NULL, -- what the person said
    mood ENUM appeal_mood NOT NULL,
    missed INT NOT NULL,          -- calls that reached nobody, since the reply
    missed_on DATE NOT NULL,      -- the last of them
    moved INT NOT NULL,           -- handed on so often, since it came in or was settled
    returned INT NOT NULL,
    returned_by ID account NOT NULL,
    is_settled BOOL NOT NULL,     -- the level above has decided whose duty it is
    reopened INT NOT NULL,
    closed_at INSTANT NOT NULL,   -- far away while open
    version INT NOT NULL,
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

-- rowid is the appeal's id; see appeal_index.h.
--@ sqlite
CREATE VIRTUAL TABLE appeal_search USING fts5(words, content='', tokenize='bigram', detail=none, columnsize=0);

--@ postgres
CREATE TABLE appeal_search (
    district INT NOT NULL,
    rowid ID appeal NOT NULL,
    words WORDS NOT NULL,
    PRIMARY KEY (district, rowid)
);

--@ postgres
CREATE INDEX appeal_search_words ON appeal_search USING gin (words);

-- What was done about an appeal, oldest first.
CREATE TABLE appeal_event (
    district INT NOT NULL,
    appeal ID appeal NOT NULL,
    id INT NOT NULL,
    at INSTANT NOT NULL,
    account ID account NOT NULL,
    act TEXT NOT NULL,            -- name of the step (rules.c), 'register', 'pause', 'climb' ...
    state ENUM appeal_state NOT NULL, -- after it
    line LINE NOT NULL,
    desk DIVISION NOT NULL,       -- after it; of 'climb' the office that was told
    reason ENUM appeal_reason NOT NULL,
    note TEXT NOT NULL,
    clock ENUM clock_kind NOT NULL,   -- that it is about; 0: none
    amount INT NOT NULL,              -- of an extension, in the unit of the clock
    pause ENUM pause_reason NOT NULL, -- 0: none
    until INSTANT NOT NULL,           -- of a pause
    PRIMARY KEY (district, appeal, id),
    FOREIGN KEY (district, appeal) REFERENCES appeal (district, id)
);
