-- include: platform/access/access.h

CREATE TABLE audit_event (
    district INT NOT NULL,
    seq INT NOT NULL,          -- 1, 2, 3 ... without a gap inside a district
    at INSTANT NOT NULL,
    account ID account NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (district, seq)
);

CREATE INDEX audit_event_subject ON audit_event (district, subject, seq);

-- The last event of each chain: what a cut-off tail is compared with.
CREATE TABLE audit_head (
    district INT NOT NULL PRIMARY KEY,
    seq INT NOT NULL,
    hash BLOB NOT NULL
);
