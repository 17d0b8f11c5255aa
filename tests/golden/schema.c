/*
 * schema.c - the number of the schema and a digest of all tables: one line, which changes as a whole or not at all.
 */
#include "platform/db/db.h"
#include "shuniu/features.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    enum { DIGEST_BYTES = 16 };
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    crypto_generichash_state state;
    unsigned char digest[DIGEST_BYTES];
    char text[DIGEST_BYTES * 2 + 1];
    int n = shuniu_schemas(schemas);
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (int i = 0; i < n; i++) {
        crypto_generichash_update(&state, (const unsigned char *)schemas[i]->sqlite, strlen(schemas[i]->sqlite));
        crypto_generichash_update(&state, (const unsigned char *)schemas[i]->postgres, strlen(schemas[i]->postgres));
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    printf("schema %d %s\n", SCHEMA_VERSION, sodium_bin2hex(text, sizeof text, digest, sizeof digest));
    return 0;
}
