#include "platform/crypt/keys.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

bool key_ring_new(struct key_ring **ret, struct error *err)
{
    struct key_ring *ring = sodium_malloc(sizeof *ring);
    if (!ring)
        return error_fail(err, ERROR_IO, "no memory for keys: %s", strerror(errno));
    /* sodium_malloc() has tried, and does not tell whether it could */
    if (sodium_mlock(ring, sizeof *ring) != 0) {
        sodium_free(ring);
        return error_fail(err, ERROR_IO, "the memory of keys cannot be locked: %s (ulimit -l, LimitMEMLOCK)",
                          strerror(errno));
    }
    memset(ring, 0, sizeof *ring);
    *ret = ring;
    return true;
}

void key_ring_free(struct key_ring *ring)
{
    sodium_free(ring);
}

bool key_ring_add(struct key_ring *ring, int32_t number, const struct suite *suite, struct date made_on,
                  const unsigned char secret[KEY_BYTES], struct error *err)
{
    if (ring->count == KEYS_MAX)
        return error_fail(err, ERROR_LIMIT, "there are %d keys already: retire one", KEYS_MAX);
    if (!suite->start(err))
        return false;
    assert(ring->count == 0 || ring->keys[ring->count - 1].number < number);
    struct key *key = &ring->keys[ring->count];
    *key = (struct key){ .number = number, .suite = suite, .made_on = made_on };
    memcpy(key->secret, secret, KEY_BYTES);
    suite->hash(key->secret, STR("shuniu seal"), key->sealing);
    suite->hash(key->secret, STR("shuniu index"), key->indexing);
    ring->count++;
    return true;
}

const struct key *key_ring_current(const struct key_ring *ring)
{
    assert(ring->count > 0);
    return &ring->keys[ring->current];
}

const struct key *key_ring_find(const struct key_ring *ring, int64_t number)
{
    for (int i = 0; i < ring->count; i++)
        if (ring->keys[i].number == number)
            return &ring->keys[i];
    return NULL;
}

static bool is_same_key(const struct key *one, const struct key *other)
{
    return one->number == other->number && one->suite == other->suite &&
           sodium_memcmp(one->secret, other->secret, KEY_BYTES) == 0;
}

bool key_ring_contradicts(const struct key_ring *a, const struct key_ring *b)
{
    for (int i = 0; i < a->count; i++) {
        const struct key *other = key_ring_find(b, a->keys[i].number);
        if (other && !is_same_key(&a->keys[i], other))
            return true;
    }
    return false;
}

bool key_ring_equal(const struct key_ring *a, const struct key_ring *b)
{
    if (a->count != b->count || a->current != b->current)
        return false;
    for (int i = 0; i < a->count; i++)
        if (!is_same_key(&a->keys[i], &b->keys[i]))
            return false;
    return true;
}

void key_fingerprint(const struct key *key, char ret[FINGERPRINT_CHARS + 1])
{
    unsigned char hash[HASH_BYTES];
    key->suite->hash(key->secret, STR("shuniu fingerprint"), hash);
    sodium_bin2hex(ret, FINGERPRINT_CHARS + 1, hash, FINGERPRINT_CHARS / 2);
}
