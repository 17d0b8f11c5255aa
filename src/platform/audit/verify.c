/*
 * verify.c - one walk over all events, chain after chain; the heads and the anchors are walked beside it, in the same
 * order.  The first fault of a chain is told; behind it nothing in that chain can be said with certainty.
 */
#include "platform/audit/anchor.h"
#include "platform/audit/chain.h"

#include <stdlib.h>
#include <string.h>

/* What an anchor says of one chain. */
struct mark {
    const struct audit_anchor_head *head;
    struct str at;
};

struct marks {
    struct mark *at;
    ptrdiff_t n;
    ptrdiff_t next; /* all before it are behind the walk */
};

struct walk {
    struct arena *arena;
    struct audit_report report;
    struct audit_head_all_rows heads;
    ptrdiff_t next_head;
    struct marks marks;
    /* the chain one is in */
    bool is_inside, is_bad;
    int64_t district, seq, confirmed;
    unsigned char hash[AUDIT_HASH_BYTES]; /* of event seq, as it is stored */
    /* the event of a finding AUDIT_CHANGED that was told: perhaps it only stands in the wrong place */
    struct arena odd_arena;
    struct audit_event_add_args odd;
    struct audit_finding *odd_finding;
};

static struct audit_finding *tell(struct walk *walk, struct audit_finding finding)
{
    struct audit_report *report = &walk->report;
    if (report->bad_chains++ == 0) {
        report->bad_district = finding.district;
        report->bad_seq = finding.seq;
    }
    walk->is_bad = true;
    if (report->finding_count == AUDIT_FINDINGS_MAX)
        return NULL;
    report->findings[report->finding_count] = finding;
    return &report->findings[report->finding_count++];
}

/* --- anchors -------------------------------------------------------------------------------------------------------- */

static int compare_marks(const void *a, const void *b)
{
    const struct mark *one = a, *other = b;
    if (one->head->district != other->head->district)
        return one->head->district < other->head->district ? -1 : 1;
    if (one->head->seq != other->head->seq)
        return one->head->seq < other->head->seq ? -1 : 1;
    return str_compare(one->at, other->at);
}

static struct marks marks_of(const struct audit_anchors *anchors, struct arena *arena)
{
    struct marks marks = { 0 };
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < anchors->n; i++)
        n += anchors->at[i].head_count;
    marks.at = arena_new(arena, struct mark, n);
    for (ptrdiff_t i = 0; i < anchors->n; i++)
        for (ptrdiff_t h = 0; h < anchors->at[i].head_count; h++)
            marks.at[marks.n++] = (struct mark){ &anchors->at[i].heads[h], anchors->at[i].at };
    if (n > 0)
        qsort(marks.at, (size_t)n, sizeof marks.at[0], compare_marks);
    return marks;
}

/* NULL: none is left. */
static const struct mark *next_mark(const struct walk *walk)
{
    return walk->marks.next < walk->marks.n ? &walk->marks.at[walk->marks.next] : NULL;
}

static void pass_marks_of(struct walk *walk, int64_t district)
{
    while (next_mark(walk) && next_mark(walk)->head->district == district)
        walk->marks.next++;
}

/* NULL: all are. */
static bool is_below(int64_t district, const int64_t *below)
{
    return !below || district < *below;
}

/* Anchored chains below this district that the walk has not met. */
static void tell_unmet_marks(struct walk *walk, const int64_t *below)
{
    const struct mark *mark = next_mark(walk);
    for (; mark && is_below(mark->head->district, below); mark = next_mark(walk)) {
        int64_t district = mark->head->district;
        (void)tell(walk, (struct audit_finding){ .fault = AUDIT_GONE, .district = district, .seq = 1,
                                                 .other = mark->head->seq, .anchored_at = mark->at });
        pass_marks_of(walk, district);
    }
}

/* The chain has come to event seq with this stored hash. */
static void check_marks(struct walk *walk)
{
    const struct mark *mark = next_mark(walk);
    for (; mark && mark->head->district == walk->district && mark->head->seq <= walk->seq; mark = next_mark(walk)) {
        bool fits = mark->head->seq == walk->seq && memcmp(mark->head->hash, walk->hash, AUDIT_HASH_BYTES) == 0;
        if (fits && !walk->is_bad)
            walk->confirmed = walk->seq;
        if (!fits && !walk->is_bad)
            (void)tell(walk, (struct audit_finding){ .fault = AUDIT_REMADE, .district = walk->district,
                                                     .seq = mark->head->seq, .anchored_at = mark->at,
                                                     .fits_to = walk->confirmed });
        walk->marks.next++;
    }
}

/* --- heads ------------------------------------------------------------------------------------------------------------ */

/* Heads below this district, of chains without an event. */
static void tell_unmet_heads(struct walk *walk, const int64_t *below)
{
    for (; walk->next_head < walk->heads.n; walk->next_head++) {
        const struct audit_head_all *head = &walk->heads.at[walk->next_head];
        if (!is_below(head->district, below))
            return;
        tell_unmet_marks(walk, &head->district);
        (void)tell(walk, (struct audit_finding){ .fault = AUDIT_GONE, .district = head->district, .seq = 1,
                                                 .other = head->seq });
        pass_marks_of(walk, head->district);
    }
}

static void check_head(struct walk *walk)
{
    const struct audit_head_all *head = NULL;
    if (walk->next_head < walk->heads.n && walk->heads.at[walk->next_head].district == walk->district)
        head = &walk->heads.at[walk->next_head++];
    struct audit_finding finding = { .district = walk->district, .seq = walk->seq };
    int64_t said = head ? head->seq : 0;
    if (walk->is_bad)
        return;
    if (said > walk->seq) {
        finding.fault = AUDIT_CUT;
        finding.seq = walk->seq + 1;
        finding.other = said;
        (void)tell(walk, finding);
    } else if (said < walk->seq) {
        finding.fault = AUDIT_ADDED;
        finding.seq = said + 1;
        (void)tell(walk, finding);
    } else if (head && (head->hash.len != AUDIT_HASH_BYTES || memcmp(head->hash.data, walk->hash, AUDIT_HASH_BYTES) != 0)) {
        finding.fault = AUDIT_HEAD;
        (void)tell(walk, finding);
    }
}

/* --- the walk ---------------------------------------------------------------------------------------------------------- */

static void end_chain(struct walk *walk)
{
    if (!walk->is_inside)
        return;
    check_head(walk);
    const struct mark *mark = next_mark(walk);
    if (mark && mark->head->district == walk->district && !walk->is_bad)
        (void)tell(walk, (struct audit_finding){ .fault = AUDIT_CUT, .district = walk->district, .seq = walk->seq + 1,
                                                 .other = mark->head->seq, .anchored_at = mark->at });
    pass_marks_of(walk, walk->district);
    walk->is_inside = false;
    walk->odd_finding = NULL;
}

static void begin_chain(struct walk *walk, int64_t district)
{
    end_chain(walk);
    tell_unmet_heads(walk, &district);
    tell_unmet_marks(walk, &district);
    walk->is_inside = true;
    walk->is_bad = false;
    walk->district = district;
    walk->seq = 0;
    walk->confirmed = 0;
    walk->report.districts++;
}

/* An event that fits behind another one than it stands behind was moved. */
static void look_for_place(struct walk *walk, struct str before, int64_t seq)
{
    struct audit_finding *finding = walk->odd_finding;
    struct audit_event_add_args event = walk->odd;
    event.seq = seq;
    if (!finding || !str_equal(audit_hash(walk->arena, before, &event), event.hash))
        return;
    finding->fault = AUDIT_MOVED;
    finding->other = seq;
    walk->odd_finding = NULL;
}

static void tell_changed(struct walk *walk, const struct audit_event_add_args *event)
{
    walk->odd_finding = tell(walk, (struct audit_finding){ .fault = AUDIT_CHANGED, .district = event->district,
                                                           .seq = event->seq });
    arena_reset(&walk->odd_arena);
    walk->odd = *event;
    walk->odd.action = str_copy(&walk->odd_arena, event->action);
    walk->odd.subject = str_copy(&walk->odd_arena, event->subject);
    walk->odd.detail = str_copy(&walk->odd_arena, event->detail);
    walk->odd.hash = str_copy(&walk->odd_arena, event->hash);
}

static bool visit(void *self, const struct audit_event_each *row, struct error *err)
{
    (void)err;
    struct walk *walk = self;
    if (!walk->is_inside || row->district != walk->district)
        begin_chain(walk, row->district);
    struct audit_event_add_args event = { .district = row->district, .seq = row->seq,       .at = row->at,
                                          .account = row->account,   .action = row->action, .subject = row->subject,
                                          .detail = row->detail,     .hash = row->hash };
    struct str before = { (const char *)walk->hash, walk->seq == 0 ? 0 : AUDIT_HASH_BYTES };
    if (walk->odd_finding && row->hash.len == AUDIT_HASH_BYTES) {
        look_for_place(walk, row->hash, row->seq);
        look_for_place(walk, row->hash, row->seq + 1);
    }
    if (!walk->is_bad && row->seq != walk->seq + 1)
        (void)tell(walk, (struct audit_finding){ .fault = AUDIT_MISSING, .district = row->district,
                                                 .seq = walk->seq + 1 });
    if (!walk->is_bad && !str_equal(audit_hash(walk->arena, before, &event), row->hash))
        tell_changed(walk, &event);
    walk->seq = row->seq;
    memset(walk->hash, 0, sizeof walk->hash);
    if (row->hash.len == AUDIT_HASH_BYTES)
        memcpy(walk->hash, row->hash.data, AUDIT_HASH_BYTES);
    check_marks(walk);
    walk->report.events++;
    return true;
}

bool audit_verify_anchored(struct db *db, const struct audit_anchors *anchors, struct arena *arena,
                           struct audit_report *ret, struct error *err)
{
    struct walk walk = { .arena = arena, .marks = marks_of(anchors, arena) };
    bool ok = audit_head_all(db, arena, &walk.heads, err) && audit_event_each(db, arena, visit, &walk, err);
    if (ok) {
        end_chain(&walk);
        tell_unmet_heads(&walk, NULL);
        tell_unmet_marks(&walk, NULL);
        *ret = walk.report;
    }
    arena_release(&walk.odd_arena);
    return ok;
}

bool audit_verify(struct db *db, struct arena *arena, struct audit_report *ret, struct error *err)
{
    return audit_verify_anchored(db, &(struct audit_anchors){ 0 }, arena, ret, err);
}

/* --- in words ----------------------------------------------------------------------------------------------------------- */

static struct str words(struct arena *arena, const struct audit_finding *finding)
{
    long long seq = finding->seq, other = finding->other;
    switch (finding->fault) {
    case AUDIT_CHANGED:
        return str_format(arena, "event %lld was changed, or is not what followed event %lld", seq, seq - 1);
    case AUDIT_MOVED:
        return str_format(arena, "what stands as event %lld was written as event %lld: they were put in another order", seq,
                          other);
    case AUDIT_MISSING:
        return str_format(arena, "event %lld is missing, and later ones are there", seq);
    case AUDIT_CUT:
        return str_format(arena, "events %lld to %lld are gone from the end", seq, other);
    case AUDIT_ADDED:
        return str_format(arena, "event %lld and what follows were put in behind the head", seq);
    case AUDIT_HEAD:
        return str_format(arena, "the head is not the hash of event %lld, the last one", seq);
    case AUDIT_GONE:
        return str_format(arena, "the whole chain of %lld events is gone", other);
    case AUDIT_REMADE:
        return str_format(arena,
                          "event %lld is not the one that was anchored: the chain was made anew; up to event %lld it fits an "
                          "anchor",
                          seq, (long long)finding->fits_to);
    }
    BUG("fault %d", (int)finding->fault);
}

struct str audit_finding_text(struct arena *arena, const struct audit_finding *finding)
{
    struct str by = finding->anchored_at.len > 0
                        ? str_format(arena, " (anchor of %.*s)", STR_ARG(finding->anchored_at))
                        : (struct str){ 0 };
    return str_format(arena, "district %lld: %.*s%.*s", (long long)finding->district, STR_ARG(words(arena, finding)),
                      STR_ARG(by));
}
