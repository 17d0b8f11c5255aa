/*
 * suite_xchacha.c - libsodium's; the nonce is as long as XChaCha20 wants it.
 */
#include "platform/crypt/suite.h"

#include <sodium.h>

_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "of libsodium");
_Static_assert(NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "of libsodium");
_Static_assert(TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "of libsodium");

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)s.data;
}

static bool start(struct error *err)
{
    return sodium_init() >= 0 || error_fail(err, ERROR_IO, "libsodium does not start");
}

static void hash(const unsigned char key[KEY_BYTES], struct str text, unsigned char ret_hash[HASH_BYTES])
{
    if (crypto_generichash(ret_hash, HASH_BYTES, bytes_of(text), (size_t)text.len, key, KEY_BYTES) != 0)
        BUG("BLAKE2b does not hash");
}

static void seal(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES], struct str bound,
                 struct str plain, unsigned char *ret_sealed)
{
    if (crypto_aead_xchacha20poly1305_ietf_encrypt(ret_sealed, NULL, bytes_of(plain), (size_t)plain.len, bytes_of(bound),
                                                   (size_t)bound.len, NULL, nonce, key) != 0)
        BUG("XChaCha20-Poly1305 does not seal");
}

static bool open(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES], struct str bound,
                 struct str sealed, unsigned char *ret_plain)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(ret_plain, NULL, NULL, bytes_of(sealed), (size_t)sealed.len,
                                                      bytes_of(bound), (size_t)bound.len, nonce, key) == 0;
}

const struct suite suite_xchacha = { SUITE_XCHACHA, "xchacha", start, hash, seal, open };
