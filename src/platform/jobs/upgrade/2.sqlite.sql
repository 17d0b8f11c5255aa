-- The id of a job is its rowid; what its next step works on stands apart, and only while it is not over.
CREATE TABLE job_next (
    district INTEGER NOT NULL,
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    account INTEGER NOT NULL,
    state INTEGER NOT NULL,
    step INTEGER NOT NULL,
    lang INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    name TEXT NOT NULL,
    message TEXT NOT NULL,
    result BLOB NOT NULL,
    UNIQUE (district, id)
) STRICT;
INSERT INTO job_next (district, id, kind, account, state, step, lang, created_at, changed_at, name, message, result)
SELECT district, id, kind, account, state, step, 0, created_at, changed_at, name, message, result FROM job;

CREATE TABLE job_payload (
    district INTEGER NOT NULL,
    job INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (district, job),
    FOREIGN KEY (district, job) REFERENCES job (district, id)
) STRICT;
INSERT INTO job_payload (district, job, bytes)
SELECT district, id, payload FROM job WHERE state IN (1, 2, 3);

DROP TABLE job;
ALTER TABLE job_next RENAME TO job;
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_account ON job (account, id);
