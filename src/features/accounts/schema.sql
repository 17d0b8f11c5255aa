-- include: platform/access/access.h

CREATE TABLE account (
    id ID account PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,      -- small letters, as rules.c allows
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,     -- argon2id, with its salt and cost
    is_active BOOL NOT NULL,
    must_change BOOL NOT NULL,       -- without any rights until the password is a new one
    failures INT NOT NULL,           -- wrong passwords since the last right one
    locked_until INSTANT NOT NULL,   -- 0: not locked
    created_at INSTANT NOT NULL,
    created_by ID account NOT NULL,  -- 0: the program itself
    version INT NOT NULL             -- one more with every change of the password or of is_active
);

CREATE TABLE account_grant (
    account ID account NOT NULL REFERENCES account (id),
    role ENUM role NOT NULL,
    line LINE NOT NULL,              -- 0: all
    division DIVISION NOT NULL,      -- and all below it
    given_by ID account NOT NULL,
    given_at INSTANT NOT NULL,
    PRIMARY KEY (account, role, line, division)
);

CREATE INDEX account_grant_by_division ON account_grant (division, line, role, account);

-- Who holds the token behind token_hash is signed in; the token itself is in the browser alone.
CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY, -- BLAKE2b-256
    id INT NOT NULL UNIQUE,               -- names it on pages, worth nothing to a thief
    account ID account NOT NULL REFERENCES account (id),
    csrf TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL                   -- what the browser says of itself, cut
);

-- Where wrong passwords came from, whatever the login: IPv4, or the /64 of IPv6.
CREATE TABLE sign_in_address (
    address TEXT NOT NULL PRIMARY KEY,
    owed_until INSTANT NOT NULL           -- when its failures are all forgotten: rules.c
);

CREATE INDEX sign_in_address_by_owed ON sign_in_address (owed_until);

-- From which networks an account has signed in lately: what lets it in while the network is held.
CREATE TABLE sign_in_familiar (
    account ID account NOT NULL REFERENCES account (id),
    address TEXT NOT NULL,                -- as in sign_in_address
    seen_at INSTANT NOT NULL,             -- the last time
    PRIMARY KEY (account, address)
);

CREATE INDEX sign_in_familiar_by_age ON sign_in_familiar (seen_at);
CREATE INDEX sign_in_familiar_of_account ON sign_in_familiar (account, seen_at);

CREATE INDEX session_by_account ON session (account, created_at, id);
