-- What was typed becomes bytes, and is sealed afterwards (upgrade.c).
CREATE TABLE draft_next (
    account INTEGER NOT NULL,
    address TEXT NOT NULL,
    id INTEGER NOT NULL UNIQUE,
    fields BLOB NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (account, address)
) STRICT;
INSERT INTO draft_next (account, address, id, fields, saved_at)
SELECT account, address, id, CAST(fields AS BLOB), saved_at FROM draft;
DROP TABLE draft;
ALTER TABLE draft_next RENAME TO draft;
CREATE INDEX draft_age ON draft (saved_at);
CREATE INDEX draft_of_account ON draft (account, saved_at);

-- Digests are made with a key from now on: those that are there fit no form any more.
DELETE FROM form_done;
