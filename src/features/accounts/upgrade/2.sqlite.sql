-- Wrong passwords count by the address they come from.
CREATE TABLE sign_in_address (
    address TEXT NOT NULL PRIMARY KEY,
    owed_until INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_address_by_owed ON sign_in_address (owed_until);
