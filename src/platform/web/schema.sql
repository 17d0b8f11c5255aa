-- include: platform/access/access.h

-- What was typed and not sent (drafts.c).
CREATE TABLE draft (
    account ID account NOT NULL,
    address TEXT NOT NULL,    -- the path the form is posted to: "/units/440606/17/edit"
    id INT NOT NULL UNIQUE,
    fields BLOB NOT NULL,     -- urlencoded, without secrets; sealed
    saved_at INSTANT NOT NULL,
    PRIMARY KEY (account, address)
);

CREATE INDEX draft_age ON draft (saved_at);
CREATE INDEX draft_of_account ON draft (account, saved_at);

-- Forms that were sent and are done, so that none is done twice (once.c).
CREATE TABLE form_done (
    account ID account NOT NULL,
    key TEXT NOT NULL,        -- of the page the form stood on
    address TEXT NOT NULL,    -- the path it was posted to
    digest BLOB NOT NULL,     -- of its fields, with a key (once.c)
    location TEXT NOT NULL,   -- where it led to
    at INSTANT NOT NULL,
    PRIMARY KEY (account, key, address, digest)
);

CREATE INDEX form_done_age ON form_done (at);
