-- From which networks an account has signed in lately: known from its next sign-in on.
CREATE TABLE sign_in_familiar (
    account INTEGER NOT NULL REFERENCES account (id),
    address TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (account, address)
) STRICT;
CREATE INDEX sign_in_familiar_by_age ON sign_in_familiar (seen_at);
CREATE INDEX sign_in_familiar_of_account ON sign_in_familiar (account, seen_at);
