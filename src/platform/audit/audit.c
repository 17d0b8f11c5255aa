#include "platform/audit/audit.h"

#include "gen/audit_queries.h"

#include <sodium.h>
#include <string.h>

static void hash_part(crypto_generichash_state *state, const void *data, ptrdiff_t len)
{
    int64_t length = len; /* the length first, so that no two lists of fields look the same */
    crypto_generichash_update(state, (const unsigned char *)&length, sizeof length);
    if (len > 0)
        crypto_generichash_update(state, data, (unsigned long long)len);
}

static struct str hash_of(struct arena *arena, struct str before, const struct audit_event_add_args *event)
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

/* Events of one district. */
static bool append(struct txn *txn, const struct audit_event *events, ptrdiff_t n, struct arena *arena,
                   struct error *err)
{
    struct audit_head_of head = { 0 };
    bool has_head;
    int64_t changed;
    struct audit_head_of_args which = { .district = events[0].district };
    if (!audit_head_of(txn->db, &which, arena, &head, &has_head, err))
        return false;
    for (ptrdiff_t i = 0; i < n; i++) {
        const struct audit_event *event = &events[i];
        struct audit_event_add_args row = {
            .district = event->district, .seq = ++head.seq,          .at = txn->now,
            .account = event->account,   .action = event->action,    .subject = event->subject,
            .detail = event->detail,
        };
        row.hash = hash_of(arena, head.hash, &row);
        head.hash = row.hash;
        if (!audit_event_add(txn, &row, &changed, err))
            return false;
    }
    struct audit_head_set_args next = { .district = which.district, .seq = head.seq, .hash = head.hash };
    if (!audit_head_set(txn, &next, &changed, err))
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

struct walk {
    struct arena *arena;
    struct audit_report report;
    int64_t district, seq;
    unsigned char hash[AUDIT_HASH_BYTES];
    struct audit_head_all_rows heads;
};

static void broken(struct walk *walk, int64_t district, int64_t seq)
{
    if (walk->report.bad_seq == 0) {
        walk->report.bad_district = district;
        walk->report.bad_seq = seq;
    }
}

static bool head_fits(const struct walk *walk)
{
    for (ptrdiff_t i = 0; i < walk->heads.n; i++) {
        const struct audit_head_all *head = &walk->heads.at[i];
        if (head->district == walk->district)
            return head->seq == walk->seq && head->hash.len == AUDIT_HASH_BYTES &&
                   memcmp(head->hash.data, walk->hash, AUDIT_HASH_BYTES) == 0;
    }
    return false;
}

static void end_chain(struct walk *walk)
{
    if (walk->seq > 0 && !head_fits(walk))
        broken(walk, walk->district, walk->seq + 1);
}

static bool visit(void *self, const struct audit_event_each *row, struct error *err)
{
    (void)err;
    struct walk *walk = self;
    bool is_first = walk->report.events == 0 || row->district != walk->district;
    if (is_first) {
        end_chain(walk);
        walk->district = row->district;
        walk->seq = 0;
        walk->report.districts++;
    }
    struct audit_event_add_args event = { .district = row->district, .seq = row->seq,         .at = row->at,
                                          .account = row->account,   .action = row->action,   .subject = row->subject,
                                          .detail = row->detail };
    struct str before = is_first ? (struct str){ 0 } : (struct str){ (const char *)walk->hash, AUDIT_HASH_BYTES };
    struct str hash = hash_of(walk->arena, before, &event);
    if (row->seq != walk->seq + 1 || !str_equal(hash, row->hash))
        broken(walk, row->district, row->seq);
    walk->seq = row->seq;
    memcpy(walk->hash, hash.data, AUDIT_HASH_BYTES);
    walk->report.events++;
    return true;
}

bool audit_verify(struct db *db, struct arena *arena, struct audit_report *ret, struct error *err)
{
    struct walk walk = { .arena = arena };
    if (!audit_head_all(db, arena, &walk.heads, err) || !audit_event_each(db, arena, visit, &walk, err))
        return false;
    end_chain(&walk);
    if (walk.heads.n != walk.report.districts)
        broken(&walk, 0, 1); /* a whole chain is gone */
    *ret = walk.report;
    return true;
}
