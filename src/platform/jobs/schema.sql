-- include: platform/access/access.h
-- include: platform/i18n/text.h
-- include: platform/jobs/types.h

CREATE TABLE job (
    district INT NOT NULL,
    id ID job NOT NULL,
    kind TEXT NOT NULL,           -- of the feature that runs it: "network.import"
    account ID account NOT NULL,  -- whose it is
    state ENUM job_state NOT NULL,
    step INT NOT NULL,            -- the kind's own, from 1
    lang ENUM lang NOT NULL,      -- of who started it
    created_at INSTANT NOT NULL,
    changed_at INSTANT NOT NULL,
    name TEXT NOT NULL,           -- of the file, as the person knows it
    message TEXT NOT NULL,        -- a text key and its arguments (message.c)
    result BLOB NOT NULL,         -- what there is to see, or to download; sealed
    PRIMARY KEY (district, id)
);

CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_account ON job (account, id);

-- What the next step of a job works on; none once it is over.  Apart, so that a job moves on without writing it again.
CREATE TABLE job_payload (
    district INT NOT NULL,
    job ID job NOT NULL,
    bytes BLOB NOT NULL,          -- sealed
    PRIMARY KEY (district, job),
    FOREIGN KEY (district, job) REFERENCES job (district, id)
);
