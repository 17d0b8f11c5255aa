/*
 * crypt_test.c - sealed values: published vectors, what binds a value to its place, damage, and blind indexes.
 */
#include "platform/crypt/crypt.h"

#include <gcrypt.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct suite *const both[] = { &suite_xchacha, &suite_sm };

static int start(void **state)
{
    (void)state;
    struct error err;
    assert_true(suite_xchacha.start(&err) && suite_sm.start(&err));
    return 0;
}

static ptrdiff_t from_hex(const char *hex, unsigned char *ret)
{
    size_t len;
    assert_int_equal(sodium_hex2bin(ret, 512, hex, strlen(hex), " ", &len, NULL), 0);
    return (ptrdiff_t)len;
}

/* --- vectors --------------------------------------------------------------------------------------------------------- */

struct vector {
    const char *key, *nonce, *bound, *plain, *sealed; /* sealed: with the tag */
};

/* draft-irtf-cfrg-xchacha-03, A.3.1: also in libsodium's own tests. */
static const struct vector xchacha = {
    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
    "404142434445464748494a4b4c4d4e4f5051525354555657",
    "50515253c0c1c2c3c4c5c6c7",
    "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f66"
    "66657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c64206265"
    "2069742e",
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c2"
    "16cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c6"
    "8b13b52e c0875924c1c7987947deafd8780acf49",
};

/* RFC 8998, A.1. */
static const struct vector sm4 = {
    "0123456789ABCDEFFEDCBA9876543210",
    "00001234567800000000ABCD",
    "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2",
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEE"
    "AAAAAAAAAAAAAAAA",
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397"
    "B4024A2691233B8D 83DE3541E4C2B58177E065A9BF7B62EC",
};

struct made {
    unsigned char key[64], nonce[64], bound[64], plain[256], expected[512], out[512];
    ptrdiff_t plain_len, bound_len, expected_len;
};

static struct made made_of(const struct vector *vector)
{
    struct made made;
    (void)from_hex(vector->key, made.key);
    (void)from_hex(vector->nonce, made.nonce);
    made.bound_len = from_hex(vector->bound, made.bound);
    made.plain_len = from_hex(vector->plain, made.plain);
    made.expected_len = from_hex(vector->sealed, made.expected);
    assert_int_equal(made.expected_len, made.plain_len + TAG_BYTES);
    return made;
}

static struct str text(const unsigned char *bytes, ptrdiff_t len)
{
    return (struct str){ (const char *)bytes, len };
}

static void test_xchacha_as_published(void **state)
{
    (void)state;
    struct made made = made_of(&xchacha);
    struct str bound = text(made.bound, made.bound_len);
    suite_xchacha.seal(made.key, made.nonce, bound, text(made.plain, made.plain_len), made.out);
    assert_memory_equal(made.out, made.expected, (size_t)made.expected_len);
    assert_true(suite_xchacha.open(made.key, made.nonce, bound, text(made.expected, made.expected_len), made.out));
    assert_memory_equal(made.out, made.plain, (size_t)made.plain_len);
}

static void test_sm4_gcm_as_published(void **state)
{
    (void)state;
    struct made made = made_of(&sm4);
    struct str bound = text(made.bound, made.bound_len);
    sm4_gcm_seal(made.key, made.nonce, bound, text(made.plain, made.plain_len), made.out);
    assert_memory_equal(made.out, made.expected, (size_t)made.expected_len);
    assert_true(sm4_gcm_open(made.key, made.nonce, bound, text(made.expected, made.expected_len), made.out));
    assert_memory_equal(made.out, made.plain, (size_t)made.plain_len);
    made.expected[made.plain_len] ^= 1;
    assert_false(sm4_gcm_open(made.key, made.nonce, bound, text(made.expected, made.expected_len), made.out));
    for (ptrdiff_t i = 0; i < made.plain_len; i++)
        assert_int_equal(made.out[i], 0); /* nothing of what was deciphered before the tag was found wrong */
}

static void sm3(const unsigned char *data, size_t len, unsigned char ret[HASH_BYTES])
{
    gcry_md_hash_buffer(GCRY_MD_SM3, ret, data, len);
}

/* GB/T 32905-2016, example 1; and HMAC (RFC 2104) written out over it. */
static void test_sm3_as_published(void **state)
{
    enum { BLOCK = 64, TEXT_LEN = 11 };
    unsigned char expected[64], hash[HASH_BYTES], key[KEY_BYTES], inner[BLOCK + TEXT_LEN], outer[BLOCK + HASH_BYTES];
    (void)state;
    (void)from_hex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", expected);
    sm3((const unsigned char *)"abc", 3, hash);
    assert_memory_equal(hash, expected, HASH_BYTES);

    memset(inner, 0x36, BLOCK);
    memset(outer, 0x5c, BLOCK);
    for (int i = 0; i < KEY_BYTES; i++) {
        key[i] = (unsigned char)(i * 7);
        inner[i] ^= key[i];
        outer[i] ^= key[i];
    }
    memcpy(inner + BLOCK, "13800138000", TEXT_LEN);
    sm3(inner, sizeof inner, outer + BLOCK);
    sm3(outer, sizeof outer, expected);
    suite_sm.hash(key, STR("13800138000"), hash);
    assert_memory_equal(hash, expected, HASH_BYTES);
}

/* --- values ------------------------------------------------------------------------------------------------------------ */

#define PLAIN STR("何佩珊 13800138000")

static const struct sealed_place place = { "unit.contact", 17, 440606 };

/* A ring of keys whose bytes are their number; the last one is current. */
static struct key_ring *ring_of(const struct suite *const *suites, int count)
{
    struct key_ring *ring;
    struct error err;
    unsigned char secret[KEY_BYTES];
    assert_true(key_ring_new(&ring, &err));
    for (int i = 0; i < count; i++) {
        memset(secret, i + 1, sizeof secret);
        assert_true(key_ring_add(ring, i + 1, suites[i], (struct date){ 20000 + i }, secret, &err));
    }
    ring->current = count - 1;
    return ring;
}

static bool opens(const struct key_ring *ring, struct sealed_place at, struct str sealed, struct str plain)
{
    struct arena arena = { 0 };
    struct error err = { 0 };
    struct str got;
    bool ok = crypt_open(ring, at, sealed, &arena, &got, &err);
    if (ok)
        assert_true(str_equal(got, plain));
    else
        assert_int_equal(err.kind, ERROR_SEALED);
    if (!ok) /* nothing of the value or of a key in the message */
        assert_int_equal(str_find(str_of(err.detail), STR("138")), -1);
    arena_release(&arena);
    return ok;
}

static void test_a_value_comes_back(void **state)
{
    static const struct str plains[] = { { 0 }, STR_INIT("a"), STR_INIT("何佩珊 13800138000") };
    (void)state;
    for (ptrdiff_t s = 0; s < COUNT_OF(both); s++) {
        struct key_ring *ring = ring_of(&both[s], 1);
        struct arena arena = { 0 };
        for (ptrdiff_t i = 0; i < COUNT_OF(plains); i++) {
            struct str sealed = crypt_seal(ring, place, plains[i], &arena);
            int64_t number;
            assert_int_equal(sealed.len, plains[i].len + SEALED_OVERHEAD);
            assert_true(crypt_key_of(sealed, &number));
            assert_int_equal(number, 1);
            assert_true(opens(ring, place, sealed, plains[i]));
            assert_int_equal(str_find(sealed, STR("13800138000")), -1);
            assert_false(str_equal(sealed, crypt_seal(ring, place, plains[i], &arena)));
        }
        arena_release(&arena);
        key_ring_free(ring);
    }
}

static void test_a_value_opens_in_its_place_only(void **state)
{
    static const struct sealed_place elsewhere[] = {
        { "unit.contact", 18, 440606 },         { "unit.contact", -17, 440606 }, { "organisation.contact", 17, 440606 },
        { "unit.contac", 17, 440606 },          { "unit.contacts", 17, 440606 }, { "unit.contact", 17, 440605 },
        { "unit.contact", 17 },                 { "unit.contact", 440606, 17 },
    };
    (void)state;
    for (ptrdiff_t s = 0; s < COUNT_OF(both); s++) {
        struct key_ring *ring = ring_of(&both[s], 1);
        struct arena arena = { 0 };
        struct str sealed = crypt_seal(ring, place, PLAIN, &arena);
        for (ptrdiff_t i = 0; i < COUNT_OF(elsewhere); i++)
            assert_false(opens(ring, elsewhere[i], sealed, PLAIN));
        arena_release(&arena);
        key_ring_free(ring);
    }
}

/* Every bit of head, nonce, text and tag counts, and so does the length. */
static void test_a_damaged_value_does_not_open(void **state)
{
    (void)state;
    for (ptrdiff_t s = 0; s < COUNT_OF(both); s++) {
        struct key_ring *ring = ring_of(both, 2); /* so that another key number or suite is there to be mistaken for */
        struct arena arena = { 0 };
        ring->current = (int)s;
        struct str sealed = crypt_seal(ring, place, PLAIN, &arena);
        char *copy = arena_new(&arena, char, sealed.len);
        for (ptrdiff_t bit = 0; bit < sealed.len * 8; bit++) {
            memcpy(copy, sealed.data, (size_t)sealed.len);
            copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
            assert_false(opens(ring, place, (struct str){ copy, sealed.len }, PLAIN));
        }
        for (ptrdiff_t len = 0; len < sealed.len; len++)
            assert_false(opens(ring, place, str_slice(sealed, 0, len), PLAIN));
        assert_false(opens(ring, place, (struct str){ 0 }, PLAIN));
        assert_true(opens(ring, place, sealed, PLAIN));
        arena_release(&arena);
        key_ring_free(ring);
    }
}

/* As the first version sealed it: bound to column and record. */
static struct str sealed_before(const struct key_ring *ring, struct arena *arena)
{
    const struct key *key = key_ring_current(ring);
    unsigned char bound[] = { 1, (unsigned char)key->suite->number, 0, (unsigned char)key->number, 12,
                              'u', 'n', 'i', 't', '.', 'c', 'o', 'n', 't', 'a', 'c', 't', 0, 0, 0, 0, 0, 0, 0, 17 };
    ptrdiff_t len = PLAIN.len + SEALED_OVERHEAD;
    unsigned char *sealed = arena_new(arena, unsigned char, len);
    memcpy(sealed, bound, SEALED_HEAD);
    key->suite->seal(key->sealing, sealed + SEALED_HEAD, (struct str){ (const char *)bound, sizeof bound }, PLAIN,
                     sealed + SEALED_HEAD + NONCE_BYTES);
    return (struct str){ (const char *)sealed, len };
}

static void test_values_of_the_first_version_open(void **state)
{
    (void)state;
    for (ptrdiff_t s = 0; s < COUNT_OF(both); s++) {
        struct key_ring *ring = ring_of(&both[s], 1);
        struct arena arena = { 0 };
        struct str old = sealed_before(ring, &arena), new = crypt_seal(ring, place, PLAIN, &arena);
        assert_true(opens(ring, place, old, PLAIN));
        assert_false(opens(ring, (struct sealed_place){ place.column, 18, place.owner }, old, PLAIN));
        assert_true(crypt_is_older(old) && !crypt_is_current(ring, old));
        assert_true(!crypt_is_older(new) && crypt_is_current(ring, new));
        /* a new one does not become an old one, which would be bound to less */
        char *renamed = arena_new(&arena, char, new.len);
        memcpy(renamed, new.data, (size_t)new.len);
        renamed[0] = 1;
        assert_false(opens(ring, place, (struct str){ renamed, new.len }, PLAIN));
        arena_release(&arena);
        key_ring_free(ring);
    }
}

static void test_old_values_open_under_their_key(void **state)
{
    struct key_ring *first = ring_of(both, 1), *later = ring_of(both, 2);
    struct arena arena = { 0 };
    int64_t number;
    (void)state;
    struct str old = crypt_seal(first, place, PLAIN, &arena), new = crypt_seal(later, place, PLAIN, &arena);
    assert_true(opens(later, place, old, PLAIN));
    assert_true(opens(later, place, new, PLAIN));
    assert_false(opens(first, place, new, PLAIN));
    assert_true(crypt_key_of(new, &number));
    assert_int_equal(number, 2);
    assert_int_equal(new.data[1], SUITE_SM);

    struct key_ring *other = ring_of((const struct suite *const[]){ &suite_sm, &suite_sm }, 2);
    assert_false(opens(other, place, old, PLAIN)); /* the number is there, the suite is another one */
    key_ring_free(other);
    arena_release(&arena);
    key_ring_free(first);
    key_ring_free(later);
}

/* --- blind indexes ------------------------------------------------------------------------------------------------------ */

static void test_an_index_finds_equal_values(void **state)
{
    static const struct str same[] = { STR_INIT("11010519491231002X"), STR_INIT("11010519491231002x"),
                                       STR_INIT("１１０１０５１９４９１２３１００２Ｘ"),
                                       STR_INIT(" 110105 19491231-002X　") };
    (void)state;
    for (ptrdiff_t s = 0; s < COUNT_OF(both); s++) {
        struct key_ring *ring = ring_of(&both[s], 1);
        int64_t index = crypt_index(ring, "person.id_no", same[0]);
        for (ptrdiff_t i = 1; i < COUNT_OF(same); i++)
            assert_true(crypt_index(ring, "person.id_no", same[i]) == index);
        assert_true(crypt_index(ring, "person.id_no", STR("110105194912310021")) != index);
        assert_true(crypt_index(ring, "person.id_no", STR("11010519491231002")) != index);
        assert_true(crypt_index(ring, "person.mobile", same[0]) != index);
        assert_true(crypt_index(ring, "person.name", STR("何佩珊")) != crypt_index(ring, "person.name", STR("何佩三")));
        key_ring_free(ring);
    }
}

static void test_an_index_under_each_key(void **state)
{
    struct key_ring *first = ring_of(both, 1), *later = ring_of(both, 2);
    int64_t indexes[KEYS_MAX];
    (void)state;
    assert_int_equal(crypt_indexes(later, "person.mobile", STR("13800138000"), indexes), 2);
    assert_true(indexes[0] == crypt_index(first, "person.mobile", STR("13800138000")));
    assert_true(indexes[1] == crypt_index(later, "person.mobile", STR("13800138000")));
    assert_true(indexes[0] != indexes[1]);
    key_ring_free(first);
    key_ring_free(later);
}

static void test_a_digest_of_a_purpose(void **state)
{
    struct key_ring *ring = ring_of(both, 2);
    unsigned char one[HASH_BYTES], other[HASH_BYTES];
    (void)state;
    crypt_digest(&ring->keys[0], "form_done.digest", STR("name=A"), one);
    crypt_digest(&ring->keys[0], "form_done.digest", STR("name=A"), other);
    assert_memory_equal(one, other, HASH_BYTES);
    crypt_digest(&ring->keys[0], "form_done.digest", STR("name=a"), other);
    assert_memory_not_equal(one, other, HASH_BYTES);
    crypt_digest(&ring->keys[0], "another", STR("name=A"), other);
    assert_memory_not_equal(one, other, HASH_BYTES);
    crypt_digest(&ring->keys[1], "form_done.digest", STR("name=A"), other);
    assert_memory_not_equal(one, other, HASH_BYTES);
    key_ring_free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xchacha_as_published),
        cmocka_unit_test(test_sm4_gcm_as_published),
        cmocka_unit_test(test_sm3_as_published),
        cmocka_unit_test(test_a_value_comes_back),
        cmocka_unit_test(test_a_value_opens_in_its_place_only),
        cmocka_unit_test(test_a_damaged_value_does_not_open),
        cmocka_unit_test(test_values_of_the_first_version_open),
        cmocka_unit_test(test_old_values_open_under_their_key),
        cmocka_unit_test(test_an_index_finds_equal_values),
        cmocka_unit_test(test_an_index_under_each_key),
        cmocka_unit_test(test_a_digest_of_a_purpose),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
