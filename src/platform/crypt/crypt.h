/*
 * crypt.h - single values, sealed so that the data without the key file says nothing of them.
 *
 * A sealed value:  1 version (2) | 1 suite | 2 key number, high byte first | 24 nonce | ciphertext | 16 tag
 *
 * The head and the place are bound to it: a value copied to another row or column, or of a row that was given to another
 * owner, does not open.  Those of version 1 are bound to column and record alone; they open, and re-sealing makes them
 * version 2.  What a value cannot show is that an older value of the same place was put back; that is the audit's.  The
 * length can be seen, and so can be, through a blind index, which rows of a column have the same value.
 */
#pragma once
#include "platform/crypt/keys.h"

struct db;

enum { SEALED_HEAD = 4, SEALED_OVERHEAD = SEALED_HEAD + NONCE_BYTES + TAG_BYTES };

/* The keys of a database as they are now (database_use_keys()); good as long as it is open. */
const struct key_ring *crypt_ring(const struct db *db);

/* Where a value stands. */
struct sealed_place {
    const char *column; /* "unit.contact"; stored values depend on the name, so it never changes */
    int64_t record;     /* the id of the row */
    int64_t owner;      /* whose it is: an account, a district; 0 where the column has none */
};

/* Under the current key; the same value looks different each time. */
struct str crypt_seal(const struct key_ring *ring, struct sealed_place place, struct str plain, struct arena *arena);
/* ERROR_SEALED: no sealed value, of a key that is not there, of another place, or damaged; the detail says which. */
bool crypt_open(const struct key_ring *ring, struct sealed_place place, struct str sealed, struct arena *arena,
                struct str *ret, struct error *err) MUST_USE;
/* The number of the key it was sealed with; false: no sealed value. */
bool crypt_key_of(struct str sealed, int64_t *ret_number);
/* Whether it is of the version that is bound to less. */
bool crypt_is_older(struct str sealed);
/* Whether it is as crypt_seal() would seal it now: of its version, under the current key. */
bool crypt_is_current(const struct key_ring *ring, struct str sealed);

/*
 * A blind index: 64 bits that are the same for the same value of the same column under the same key, and tell nothing
 * else.  Kept in an INT column beside the sealed value, sealed again together with it.  So few bits may meet by chance
 * (one pair in 2^64), so whoever looks up opens what is found and compares.  For values that are nearly all different,
 * such as numbers of identity cards and phones: of a column of surnames the counts alone would tell which is which.
 *
 * What people write in several ways is one value: full-width forms, capitals, blanks and hyphens make no difference.
 */
int64_t crypt_index(const struct key_ring *ring, const char *column, struct str value);
/* The same under each key of the ring, for a look-up; returns how many. */
int crypt_indexes(const struct key_ring *ring, const char *column, struct str value, int64_t ret[KEYS_MAX]);

/*
 * A hash of a whole text that nobody without the key can work out, to tell whether a text is the same as another time.
 * Each purpose, such as "form_done.digest", has a key of its own.  A look-up asks for the hash under each key of the ring.
 */
void crypt_digest(const struct key *key, const char *purpose, struct str text, unsigned char ret[HASH_BYTES]);
