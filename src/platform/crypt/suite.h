/*
 * suite.h - the two sets of algorithms values are sealed with.
 *
 *   xchacha  XChaCha20-Poly1305 (libsodium), keyed BLAKE2b
 *   sm       SM4-GCM (GB/T 32907, RFC 8998) and HMAC-SM3 (GB/T 32905), both of libgcrypt
 *
 * Either takes a nonce of 24 bytes, so that one can be drawn at random for each value without ever meeting itself.  GCM
 * has room for 12, too few for the values of a nation under one key; so the first half makes a key for this one value
 * (HMAC-SM3, 16 bytes of it) and the second half is the nonce of GCM.
 */
#pragma once
#include "base/error.h"
#include "base/str.h"

/* Stored in every sealed value: the numbers never change their meaning. */
enum suite_number { SUITE_XCHACHA = 1, SUITE_SM = 2 };

enum { KEY_BYTES = 32, NONCE_BYTES = 24, TAG_BYTES = 16, HASH_BYTES = 32 };

struct suite {
    enum suite_number number;
    const char *name; /* "xchacha": in the key file and on the command line */
    /* Before its first use, which no two threads may be at; ERROR_IO when there is no memory that can be locked. */
    bool (*start)(struct error *err);
    /* A hash nobody can make without the key; also makes keys of keys. */
    void (*hash)(const unsigned char key[KEY_BYTES], struct str text, unsigned char ret_hash[HASH_BYTES]);
    /* Writes plain.len bytes and the tag. */
    void (*seal)(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES], struct str bound,
                 struct str plain, unsigned char *ret_sealed);
    /* Writes sealed.len - TAG_BYTES bytes; false: another key, nonce or bound, or not as it was sealed. */
    bool (*open)(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES], struct str bound,
                 struct str sealed, unsigned char *ret_plain);
};

extern const struct suite suite_xchacha, suite_sm;

const struct suite *suite_of(int64_t number);      /* NULL: there is none */
const struct suite *suite_named(struct str name);  /* NULL: there is none */

/* What suite_sm is made of, for the tests with published vectors. */
enum { SM4_KEY_BYTES = 16, GCM_NONCE_BYTES = 12 };
void sm4_gcm_seal(const unsigned char key[SM4_KEY_BYTES], const unsigned char nonce[GCM_NONCE_BYTES], struct str bound,
                  struct str plain, unsigned char *ret_sealed);
bool sm4_gcm_open(const unsigned char key[SM4_KEY_BYTES], const unsigned char nonce[GCM_NONCE_BYTES], struct str bound,
                  struct str sealed, unsigned char *ret_plain);
