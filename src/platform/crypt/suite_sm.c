/*
 * suite_sm.c - the national algorithms, of libgcrypt: the one library of Debian 12 that has SM4-GCM.
 *
 * Its handles hold expanded keys, so they live in libgcrypt's locked memory and only as long as one call.  What fails
 * here beside a wrong tag is a machine without memory, which stops the process (docs/decisions/0002).
 */
#include "platform/crypt/suite.h"

#include <gcrypt.h>
#include <sodium.h>
#include <string.h>

enum { LOCKED_BYTES = 32 * 1024 }; /* a handle takes 1.5 KiB, and each thread has at most one */

static void must(gcry_error_t error, const char *what)
{
    if (error)
        BUG("%s: %s", what, gcry_strerror(error));
}

static bool start(struct error *err)
{
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
        return true;
    if (!gcry_check_version("1.10.0"))
        return error_fail(err, ERROR_IO, "libgcrypt is older than 1.10");
    if (gcry_control(GCRYCTL_INIT_SECMEM, LOCKED_BYTES, 0) || gcry_control(GCRYCTL_AUTO_EXPAND_SECMEM, LOCKED_BYTES, 0))
        return error_fail(err, ERROR_IO, "the memory of keys cannot be locked (ulimit -l, LimitMEMLOCK)");
    must(gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0), "libgcrypt");
    return true;
}

static void hash(const unsigned char key[KEY_BYTES], struct str text, unsigned char ret_hash[HASH_BYTES])
{
    gcry_mac_hd_t mac;
    size_t len = HASH_BYTES;
    must(gcry_mac_open(&mac, GCRY_MAC_HMAC_SM3, GCRY_MAC_FLAG_SECURE, NULL), "HMAC-SM3");
    must(gcry_mac_setkey(mac, key, KEY_BYTES), "HMAC-SM3 key");
    must(gcry_mac_write(mac, text.data, (size_t)text.len), "HMAC-SM3 text");
    must(gcry_mac_read(mac, ret_hash, &len), "HMAC-SM3 hash");
    gcry_mac_close(mac);
    assert(len == HASH_BYTES);
}

static gcry_cipher_hd_t sm4_gcm(const unsigned char key[SM4_KEY_BYTES], const unsigned char nonce[GCM_NONCE_BYTES],
                                struct str bound)
{
    gcry_cipher_hd_t cipher;
    must(gcry_cipher_open(&cipher, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, GCRY_CIPHER_SECURE), "SM4-GCM");
    must(gcry_cipher_setkey(cipher, key, SM4_KEY_BYTES), "SM4-GCM key");
    must(gcry_cipher_setiv(cipher, nonce, GCM_NONCE_BYTES), "SM4-GCM nonce");
    must(gcry_cipher_authenticate(cipher, bound.data, (size_t)bound.len), "SM4-GCM bound");
    return cipher;
}

void sm4_gcm_seal(const unsigned char key[SM4_KEY_BYTES], const unsigned char nonce[GCM_NONCE_BYTES], struct str bound,
                  struct str plain, unsigned char *ret_sealed)
{
    gcry_cipher_hd_t cipher = sm4_gcm(key, nonce, bound);
    must(gcry_cipher_final(cipher), "SM4-GCM end");
    if (plain.len > 0)
        must(gcry_cipher_encrypt(cipher, ret_sealed, (size_t)plain.len, plain.data, (size_t)plain.len), "SM4-GCM");
    must(gcry_cipher_gettag(cipher, ret_sealed + plain.len, TAG_BYTES), "SM4-GCM tag");
    gcry_cipher_close(cipher);
}

bool sm4_gcm_open(const unsigned char key[SM4_KEY_BYTES], const unsigned char nonce[GCM_NONCE_BYTES], struct str bound,
                  struct str sealed, unsigned char *ret_plain)
{
    size_t len = (size_t)(sealed.len - TAG_BYTES);
    gcry_cipher_hd_t cipher = sm4_gcm(key, nonce, bound);
    must(gcry_cipher_final(cipher), "SM4-GCM end");
    if (len > 0)
        must(gcry_cipher_decrypt(cipher, ret_plain, len, sealed.data, len), "SM4-GCM");
    bool is_right = gcry_cipher_checktag(cipher, sealed.data + len, TAG_BYTES) == 0;
    gcry_cipher_close(cipher);
    if (!is_right)
        sodium_memzero(ret_plain, len); /* GCM deciphers before it knows: nobody is to see it */
    return is_right;
}

/* The key of one value; nonce is 12 bytes of key material and the nonce of GCM. */
static void value_key(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES],
                      unsigned char ret_key[HASH_BYTES])
{
    hash(key, (struct str){ (const char *)nonce, NONCE_BYTES - GCM_NONCE_BYTES }, ret_key);
}

static void seal(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES], struct str bound,
                 struct str plain, unsigned char *ret_sealed)
{
    unsigned char own[HASH_BYTES];
    value_key(key, nonce, own);
    sm4_gcm_seal(own, nonce + NONCE_BYTES - GCM_NONCE_BYTES, bound, plain, ret_sealed);
    sodium_memzero(own, sizeof own);
}

static bool open(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES], struct str bound,
                 struct str sealed, unsigned char *ret_plain)
{
    unsigned char own[HASH_BYTES];
    value_key(key, nonce, own);
    bool is_right = sm4_gcm_open(own, nonce + NONCE_BYTES - GCM_NONCE_BYTES, bound, sealed, ret_plain);
    sodium_memzero(own, sizeof own);
    return is_right;
}

const struct suite suite_sm = { SUITE_SM, "sm", start, hash, seal, open };

/* --- both ------------------------------------------------------------------------------------------------------ */

static const struct suite *const suites[] = { &suite_xchacha, &suite_sm };

const struct suite *suite_of(int64_t number)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(suites); i++)
        if (suites[i]->number == number)
            return suites[i];
    return NULL;
}

const struct suite *suite_named(struct str name)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(suites); i++)
        if (str_equal(name, str_of(suites[i]->name)))
            return suites[i];
    return NULL;
}
