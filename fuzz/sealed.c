/*
 * sealed.c - a sealed value out of the data.  Any bytes are refused; what was sealed here opens, and with one byte of it
 * changed, or in another place, it does not.
 */
#include "fuzz/fuzz.h"
#include "platform/crypt/crypt.h"

#include <sodium.h>

static const struct key_ring *ring_of(void)
{
    static struct key_ring *ring; /* its keys never matter, so one is enough */
    static const unsigned char secrets[2][KEY_BYTES] = { { 1 }, { 2 } };
    struct date today = { 20781 };
    struct error err;
    if (ring)
        return ring;
    if (sodium_init() < 0 || !key_ring_new(&ring, &err) ||
        !key_ring_add(ring, 1, suite_named(STR("xchacha")), today, secrets[0], &err) ||
        !key_ring_add(ring, 258, suite_named(STR("sm")), today, secrets[1], &err))
        BUG("no keys");
    return ring;
}

void fuzz_one(struct str input, struct arena *arena)
{
    const struct key_ring *ring = ring_of();
    struct sealed_place place = { "unit.contact", 17 }, other = { "unit.contact", 18 };
    struct str plain;
    struct error err;
    int64_t number, indexes[KEYS_MAX];
    if (crypt_open(ring, place, input, arena, &plain, &err))
        BUG("%td bytes open that were never sealed", input.len);
    (void)crypt_key_of(input, &number);
    (void)crypt_indexes(ring, place.column, input, indexes);
    struct str sealed = crypt_seal(ring, place, input, arena);
    if (!crypt_open(ring, place, sealed, arena, &plain, &err) || !str_equal(plain, input))
        BUG("%td bytes do not come back", input.len);
    if (crypt_open(ring, other, sealed, arena, &plain, &err))
        BUG("it opens in another place");
    char *changed = arena_new(arena, char, sealed.len);
    for (ptrdiff_t i = 0; i < sealed.len; i++)
        changed[i] = sealed.data[i];
    ptrdiff_t at = input.len > 0 ? (unsigned char)input.data[0] % sealed.len : 0;
    changed[at] = (char)(changed[at] ^ 1);
    if (crypt_open(ring, place, (struct str){ changed, sealed.len }, arena, &plain, &err))
        BUG("it opens with byte %td changed", at);
}
