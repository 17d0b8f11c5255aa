#include "platform/web/once.h"

#include "base/random.h"
#include "platform/crypt/crypt.h"
#include "platform/web/forms.h"

#include "gen/web_queries.h"

#include <sodium/crypto_generichash.h>

enum { DIGEST_BYTES = 32 };

struct once {
    const struct key_ring *ring; /* since once_find() */
    struct str key, digest; /* of BLAKE2b: only in memory, as anybody could try texts against it */
};

/* The digest as it is stored. */
static struct str keyed(const struct key *key, struct str digest, struct arena *arena)
{
    unsigned char *hash = arena_new(arena, unsigned char, HASH_BYTES);
    crypt_digest(key, "form_done.digest", digest, hash);
    return (struct str){ (const char *)hash, HASH_BYTES };
}

/* Under each key there is: the form may have been done before a new one. */
static bool find(struct request *rq, const struct key_ring *ring, struct form_done_of_args which, struct form_done_of *ret,
                 bool *ret_found, struct error *err)
{
    struct str digest = which.digest;
    *ret_found = false;
    for (int i = 0; i < ring->count && !*ret_found; i++) {
        which.digest = keyed(&ring->keys[i], digest, rq->arena);
        if (!form_done_of(rq->txn->db, &which, rq->arena, ret, ret_found, err))
            return false;
    }
    return true;
}

static void add(crypto_generichash_state *state, struct str s)
{
    /* with its length: "ab", "c" is not "a", "bc" */
    crypto_generichash_update(state, (const unsigned char *)&s.len, sizeof s.len);
    crypto_generichash_update(state, (const unsigned char *)s.data, (unsigned long long)s.len);
}

/* Browsers end a line of a form that is sent with CR LF, scripts with LF. */
static struct str without_cr(struct arena *arena, struct str s)
{
    struct buf out = buf_make(arena, s.len);
    struct str line, rest = s;
    if (str_find(s, STR("\r")) < 0)
        return s;
    while (str_cut(rest, '\r', &line, &rest))
        buf_put(&out, line);
    buf_put(&out, line);
    return buf_str(&out);
}

/* What the form says, whatever was sent beside its fields; without a form all that was sent. */
static struct str digest_of(struct request *rq, const struct form *form)
{
    crypto_generichash_state state;
    unsigned char *digest = arena_new(rq->arena, unsigned char, DIGEST_BYTES);
    crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
    for (int i = 0; form && i < form->field_count; i++)
        add(&state, without_cr(rq->arena, param(&rq->fields, form->fields[i].name)));
    for (ptrdiff_t i = 0; !form && i < rq->fields.n; i++) {
        add(&state, rq->fields.at[i].name);
        add(&state, rq->fields.at[i].value);
    }
    add(&state, rq->upload.name);
    add(&state, rq->upload.bytes);
    crypto_generichash_final(&state, digest, DIGEST_BYTES);
    return (struct str){ (const char *)digest, DIGEST_BYTES };
}

struct str once_key(struct arena *arena, struct instant now)
{
    enum { RANDOM_CHARACTERS = 13 }; /* 65 bits */
    struct str random = random_token(arena, RANDOM_CHARACTERS);
    return str_format(arena, "%011llx%.*s", (long long)(now.us / 1000), STR_ARG(random));
}

void once_begin(struct request *rq)
{
    struct str key = param(&rq->fields, "once");
    if (rq->actor.account.n == 0 || key.len == 0 || (rq->route->form && form_has_secret(rq->route->form)))
        return;
    rq->once = arena_new(rq->arena, struct once, 1);
    *rq->once = (struct once){ .key = key, .digest = digest_of(rq, rq->route->form) };
}

bool once_find(struct request *rq, bool *ret_is_done, struct url *ret_location, struct error *err)
{
    struct form_done_of row;
    *ret_is_done = false;
    if (!rq->once)
        return true;
    struct form_done_of_args args = { rq->actor.account, rq->once->key, rq->x->path, rq->once->digest };
    rq->once->ring = crypt_ring(rq->txn->db);
    if (!find(rq, rq->once->ring, args, &row, ret_is_done, err))
        return false;
    if (*ret_is_done)
        *ret_location = url_local(rq->arena, row.location);
    return true;
}

bool once_remember(struct request *rq, const struct reply *reply, struct error *err)
{
    if (!rq->once)
        return true;
    struct form_done_add_args args = { .account = rq->actor.account,
                                       .key = rq->once->key,
                                       .address = rq->x->path,
                                       .location = reply->location.text,
                                       .at = rq->now };
    args.digest = keyed(key_ring_current(rq->once->ring), rq->once->digest, rq->arena);
    return form_done_add(rq->txn, &args, err);
}

bool once_was_sent(struct request *rq, const struct form *form, struct str address, bool *ret, struct error *err)
{
    struct form_done_of row;
    struct form_done_of_args args = { rq->actor.account, param(&rq->fields, "once"), address, digest_of(rq, form) };
    return find(rq, crypt_ring(rq->txn->db), args, &row, ret, err);
}
