/*
 * keys.h - the keys of an installation: several, numbered, one of them current.
 *
 * A ring lives in locked memory between guard pages and is wiped when it goes.  It never changes once it is made, so any
 * number of threads may read it.  A key is 32 random bytes, of which two more are made: one that seals, one for indexes.
 * Nothing of a key is ever in a message; its number may be.
 */
#pragma once
#include "base/error.h"
#include "base/time.h"
#include "platform/crypt/suite.h"

enum { KEYS_MAX = 16, KEY_NUMBER_MAX = 65535 };

struct key {
    int32_t number; /* 1 .. KEY_NUMBER_MAX, never given twice */
    const struct suite *suite;
    struct date made_on;
    unsigned char secret[KEY_BYTES];
    unsigned char sealing[KEY_BYTES], indexing[KEY_BYTES];
};

struct key_ring {
    int count;
    int current; /* its place in keys */
    struct key keys[KEYS_MAX]; /* by number, upwards */
    struct key_ring *older;    /* of the keeper */
};

/* An empty ring; ERROR_IO when its memory cannot be locked. */
bool key_ring_new(struct key_ring **ret, struct error *err) MUST_USE;
void key_ring_free(struct key_ring *ring); /* NULL is fine */
/* The number must be above those that are there. ERROR_LIMIT: KEYS_MAX keys. The first one is current. */
bool key_ring_add(struct key_ring *ring, int32_t number, const struct suite *suite, struct date made_on,
                  const unsigned char secret[KEY_BYTES], struct error *err) MUST_USE;
const struct key *key_ring_current(const struct key_ring *ring);
const struct key *key_ring_find(const struct key_ring *ring, int64_t number); /* NULL: no such key */
/* Whether a number stands for another key in one than in the other. */
bool key_ring_contradicts(const struct key_ring *a, const struct key_ring *b);
bool key_ring_equal(const struct key_ring *a, const struct key_ring *b);

/* Letters that tell a key from others and nothing about it: for the data to know its keys by. */
enum { FINGERPRINT_CHARS = 16 };
void key_fingerprint(const struct key *key, char ret[FINGERPRINT_CHARS + 1]);
