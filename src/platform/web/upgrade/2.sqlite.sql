-- Drafts, and forms that were sent and are done.
CREATE TABLE draft (
    account INTEGER NOT NULL,
    address TEXT NOT NULL,
    id INTEGER NOT NULL UNIQUE,
    fields TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (account, address)
) STRICT;
CREATE INDEX draft_age ON draft (saved_at);
CREATE INDEX draft_of_account ON draft (account, saved_at);
CREATE TABLE form_done (
    account INTEGER NOT NULL,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    digest BLOB NOT NULL,
    location TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, key, address, digest)
) STRICT;
CREATE INDEX form_done_age ON form_done (at);
