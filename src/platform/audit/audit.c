#include "platform/audit/audit.h"

#include "platform/audit/chain.h"

#include <sodium.h>
#include <string.h>

static void hash_part(crypto_generichash_state *state, const void *data, ptrdiff_t len)
{
    int64_t length = len; /* the length first, so that no two lists of fields look the same */
    crypto_generichash_update(state, (const unsigned char *)&length, sizeof length);
    if (len > 0)
        crypto_generichash_update(state, data, (unsigned long long)len);
}

struct str audit_hash(struct arena *arena, struct str before, const struct audit_event_add_args *event)
{
    crypto_generichash_state state;
    unsigned char *hash = arena_new(arena, unsigned char, AUDIT_HASH_BYTES);
    int64_t numbers[] = { event->district, event->seq, event->at.us, event->account.n };
    crypto_generichash_init(&state, NULL, 0, AUDIT_HASH_BYTES);
    hash_part(&state, before.data, before.len);
    hash_part(&state, numbers, sizeof numbers);
    hash_part(&state, event->action.data, event->action.len);
    hash_part(&state, event->subject.data, event->subject.len);
    hash_part(&state, event->detail.data, event->detail.len);
    crypto_generichash_final(&state, hash, AUDIT_HASH_BYTES);
    return (struct str){ (const char *)hash, AUDIT_HASH_BYTES };
}

static struct audit_known_head *known_head(struct audit_heads *heads, int64_t district)
{
    for (int i = 0; heads && i < heads->n; i++)
        if (heads->at[i].district == district)
            return &heads->at[i];
    return NULL;
}

static bool read_head(struct txn *txn, int64_t district, struct arena *arena, struct audit_head_of *ret, struct error *err)
{
    const struct audit_known_head *known = known_head(txn->heads, district);
    struct audit_head_of_args which = { .district = district };
    bool has_head;
    if (!known)
        return audit_head_of(txn->db, &which, arena, ret, &has_head, err);
    *ret = (struct audit_head_of){ .seq = known->seq, .hash = { (const char *)known->hash, AUDIT_HASH_BYTES } };
    return true;
}

static bool write_head(struct txn *txn, int64_t district, const struct audit_head_of *head, struct error *err)
{
    struct audit_head_set_args next = { .district = district, .seq = head->seq, .hash = head->hash };
    struct audit_known_head *known = known_head(txn->heads, district);
    if (!audit_head_set(txn, &next, NULL, err))
        return false;
    if (!known && txn->heads && txn->heads->n < AUDIT_HEADS_MAX)
        known = &txn->heads->at[txn->heads->n++];
    if (known) {
        *known = (struct audit_known_head){ .district = district, .seq = head->seq };
        memcpy(known->hash, head->hash.data, AUDIT_HASH_BYTES);
    }
    return true;
}

/* Events of one district. */
static bool append(struct txn *txn, const struct audit_event *events, ptrdiff_t n, struct arena *arena,
                   struct error *err)
{
    struct audit_head_of head = { 0 };
    int64_t district = events[0].district;
    if (!read_head(txn, district, arena, &head, err))
        return false;
    for (ptrdiff_t i = 0; i < n; i++) {
        const struct audit_event *event = &events[i];
        struct audit_event_add_args row = {
            .district = event->district, .seq = ++head.seq,          .at = txn->now,
            .account = event->account,   .action = event->action,    .subject = event->subject,
            .detail = event->detail,
        };
        row.hash = audit_hash(arena, head.hash, &row);
        head.hash = row.hash;
        if (!audit_event_add(txn, &row, NULL, err))
            return false;
    }
    if (!write_head(txn, district, &head, err))
        return false;
    txn->audited += n;
    return true;
}

bool audit_append_all(struct txn *txn, const struct audit_event *events, ptrdiff_t n, struct error *err)
{
    struct arena arena = { 0 };
    bool ok = true;
    for (ptrdiff_t from = 0, to = 0; from < n && ok; from = to) {
        while (to < n && events[to].district == events[from].district)
            to++;
        ok = append(txn, events + from, to - from, &arena, err);
    }
    arena_release(&arena);
    return ok;
}

bool audit_append(struct txn *txn, const struct audit_event *event, struct error *err)
{
    return audit_append_all(txn, event, 1, err);
}

bool audit_history(struct db *db, int64_t district, struct str subject, int64_t limit, struct arena *arena,
                   struct audit_entries *ret, struct error *err)
{
    struct audit_of_subject_rows rows;
    struct audit_of_subject_args args = { .district = district, .subject = subject, .limit = limit };
    if (!audit_of_subject(db, &args, arena, &rows, err))
        return false;
    *ret = (struct audit_entries){ arena_new(arena, struct audit_entry, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct audit_of_subject *row = &rows.at[rows.n - 1 - i]; /* shown oldest first */
        ret->at[i] = (struct audit_entry){ row->at, row->account, row->action, row->detail };
    }
    return true;
}
