/*
 * anchor.c - a published line of the audit, which comes from a newspaper or a mail.  It is tried as it is, and with the
 * root that fits it, so that the fuzzer need not find hashes.
 */
#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "platform/audit/anchor.h"

#include <sodium.h>

static struct str with_root(struct str line, struct arena *arena)
{
    unsigned char root[AUDIT_HASH_BYTES];
    char hex[2 * AUDIT_HASH_BYTES + 1];
    crypto_generichash(root, sizeof root, (const unsigned char *)line.data, (unsigned long long)line.len, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, root, sizeof root);
    struct buf out = buf_make(arena, line.len + 100);
    buf_put(&out, line);
    buf_put(&out, STR(" root "));
    buf_put(&out, str_of(hex));
    return buf_str(&out);
}

static void check(struct str line, struct arena *arena)
{
    struct audit_anchor anchor;
    struct error err;
    if (!audit_anchor_read(line, arena, &anchor, &err))
        return;
    if (anchor.head_count < 0 || anchor.root.len != (ptrdiff_t)sizeof anchor.heads->hash * 2 || anchor.events < 0)
        BUG("%td heads, %lld events", anchor.head_count, (long long)anchor.events);
    for (ptrdiff_t i = 0; i < anchor.head_count; i++)
        if (anchor.heads[i].seq < 1 || (i > 0 && anchor.heads[i].district <= anchor.heads[i - 1].district))
            BUG("head %td: %lld of district %lld", i, (long long)anchor.heads[i].seq, (long long)anchor.heads[i].district);
}

void fuzz_one(struct str input, struct arena *arena)
{
    check(input, arena);
    check(with_root(input, arena), arena);
}
