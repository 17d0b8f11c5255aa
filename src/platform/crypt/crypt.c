#include "platform/crypt/crypt.h"

#include "base/buf.h"
#include "base/random.h"
#include "base/utf8.h"
#include "platform/crypt/keeper.h"
#include "platform/db/db.h"

#include <sodium.h>
#include <string.h>

enum { VERSION_RECORD = 1, VERSION = 2, BOUND_BYTES = 256 };

const struct key_ring *crypt_ring(const struct db *db)
{
    struct keeper *keeper = db_keeper(db);
    if (!keeper)
        BUG("a sealed value in a database without keys");
    return keeper_ring(keeper);
}

static ptrdiff_t put_number(unsigned char *room, ptrdiff_t len, int64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        room[len++] = (unsigned char)((uint64_t)number >> shift);
    return len;
}

/*
 * The head, then the column with its length before it, then the record, then the owner, which version 1 does not have:
 * no two places look the same.
 */
static struct str bound_to(const unsigned char head[SEALED_HEAD], struct sealed_place place, unsigned char room[BOUND_BYTES])
{
    size_t column = strlen(place.column);
    ptrdiff_t len = SEALED_HEAD;
    if (column == 0 || column > 200)
        BUG("sealed column '%s'", place.column);
    memcpy(room, head, SEALED_HEAD);
    room[len++] = (unsigned char)column;
    memcpy(room + len, place.column, column);
    len += (ptrdiff_t)column;
    len = put_number(room, len, place.record);
    if (head[0] != VERSION_RECORD)
        len = put_number(room, len, place.owner);
    return (struct str){ (const char *)room, len };
}

struct str crypt_seal(const struct key_ring *ring, struct sealed_place place, struct str plain, struct arena *arena)
{
    const struct key *key = key_ring_current(ring);
    unsigned char room[BOUND_BYTES];
    ptrdiff_t len = plain.len + SEALED_OVERHEAD;
    unsigned char *sealed = arena_new(arena, unsigned char, len), *nonce = sealed + SEALED_HEAD;
    sealed[0] = VERSION;
    sealed[1] = (unsigned char)key->suite->number;
    sealed[2] = (unsigned char)(key->number >> 8);
    sealed[3] = (unsigned char)(key->number & 0xFF);
    random_bytes(nonce, NONCE_BYTES);
    key->suite->seal(key->sealing, nonce, bound_to(sealed, place, room), plain, nonce + NONCE_BYTES);
    return (struct str){ (const char *)sealed, len };
}

bool crypt_key_of(struct str sealed, int64_t *ret_number)
{
    const unsigned char *head = (const unsigned char *)sealed.data;
    if (sealed.len < SEALED_OVERHEAD || (head[0] != VERSION && head[0] != VERSION_RECORD) || !suite_of(head[1]))
        return false;
    *ret_number = head[2] << 8 | head[3];
    return true;
}

bool crypt_is_older(struct str sealed)
{
    int64_t number;
    return crypt_key_of(sealed, &number) && sealed.data[0] == VERSION_RECORD;
}

bool crypt_is_current(const struct key_ring *ring, struct str sealed)
{
    int64_t number;
    return crypt_key_of(sealed, &number) && number == key_ring_current(ring)->number && !crypt_is_older(sealed);
}

bool crypt_open(const struct key_ring *ring, struct sealed_place place, struct str sealed, struct arena *arena,
                struct str *ret, struct error *err)
{
    const unsigned char *head = (const unsigned char *)sealed.data;
    unsigned char room[BOUND_BYTES];
    int64_t number;
    if (!crypt_key_of(sealed, &number))
        return error_fail(err, ERROR_SEALED, "%s of record %lld is no sealed value", place.column, (long long)place.record);
    const struct key *key = key_ring_find(ring, number);
    if (!key || (int)key->suite->number != head[1])
        return error_fail(err, ERROR_SEALED, "%s of record %lld: key %lld of its suite is not in the key file", place.column,
                          (long long)place.record, (long long)number);
    struct str body = str_slice(sealed, SEALED_HEAD + NONCE_BYTES, sealed.len);
    unsigned char *plain = arena_new(arena, unsigned char, body.len); /* with room to spare for a closing NUL */
    if (!key->suite->open(key->sealing, head + SEALED_HEAD, bound_to(head, place, room), body, plain))
        return error_fail(err, ERROR_SEALED, "%s of record %lld does not open: another key %lld, another place or owner, or damaged",
                          place.column, (long long)place.record, (long long)number);
    *ret = (struct str){ (const char *)plain, body.len - TAG_BYTES };
    return true;
}

/* --- blind indexes -------------------------------------------------------------------------------------------------- */

static int32_t folded(int32_t code)
{
    if (code == 0x3000)
        return ' ';
    if (code >= 0xFF01 && code <= 0xFF5E)
        code -= 0xFEE0; /* full-width forms of ASCII */
    return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

static struct str normal(struct arena *arena, struct str value)
{
    struct buf out = buf_make(arena, value.len);
    for (ptrdiff_t at = 0; at < value.len;) {
        ptrdiff_t from = at;
        int32_t code = folded(utf8_next(value, &at));
        if (code >= 0x80)
            buf_put(&out, str_slice(value, from, at));
        else if (code > ' ' && code != '-')
            buf_char(&out, (char)code);
    }
    return buf_str(&out);
}

void crypt_digest(const struct key *key, const char *purpose, struct str text, unsigned char ret[HASH_BYTES])
{
    unsigned char own[HASH_BYTES];
    key->suite->hash(key->indexing, str_of(purpose), own);
    key->suite->hash(own, text, ret);
    sodium_memzero(own, sizeof own);
}

static int64_t index_under(const struct key *key, const char *column, struct str text)
{
    unsigned char hash[HASH_BYTES];
    uint64_t index = 0;
    crypt_digest(key, column, text, hash);
    for (int i = 0; i < (int)sizeof index; i++)
        index = index << 8 | hash[i];
    return (int64_t)index;
}

int crypt_indexes(const struct key_ring *ring, const char *column, struct str value, int64_t ret[KEYS_MAX])
{
    struct arena arena = { 0 };
    struct str text = normal(&arena, value);
    for (int i = 0; i < ring->count; i++)
        ret[i] = index_under(&ring->keys[i], column, text);
    arena_release(&arena);
    return ring->count;
}

int64_t crypt_index(const struct key_ring *ring, const char *column, struct str value)
{
    int64_t all[KEYS_MAX];
    (void)crypt_indexes(ring, column, value, all);
    return all[ring->current];
}
