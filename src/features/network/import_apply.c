/*
 * import_apply.c - the plan, as one change: units, their coverage, blank spots, tallies, and the end of the job.
 *
 * Everything was decided before; the writer only runs the statements.  A unit that somebody changed since the plan was
 * made stops it all, and every such row is listed.
 */
#include "features/network/import.h"

#include "features/network/pages.h"
#include "platform/audit/audit.h"

#include "gen/network_texts.h"

enum { NOTES_MAX = 256 };

struct applying {
    const struct import_change *change;
    struct txn *txn;
    struct tally_sum sum;
    struct new_units added; /* of the district that is being done */
    struct audit_event notes[NOTES_MAX]; /* about units, not yet appended */
    int note_count;
    struct arena *arena; /* since the last notes were appended */
    struct arena_mark mark;
};

/* Not where somebody changed the unit since, or gave its code to another one. */
static bool is_as_planned(struct applying *applying, const struct import_item *item, bool *ret, struct error *err)
{
    struct db *db = applying->txn->db;
    struct unit_version_of now = { 0 };
    struct unit_version_of_args self = { item->district, item->id };
    struct unit_by_uscc holder = { 0 };
    struct unit_by_uscc_args code = { item->district, item->uscc };
    bool found = true, is_held = false;
    if (item->fate != IMPORT_NEW && !unit_version_of(db, &self, applying->arena, &now, &found, err))
        return false;
    if (item->uscc.len > 0 && !unit_by_uscc(db, &code, applying->arena, &holder, &is_held, err))
        return false;
    *ret = found && now.version == item->version && (!is_held || holder.id.n == item->id.n);
    return true;
}

static bool store(struct applying *applying, const struct import_item *item, struct unit_id id, struct error *err)
{
    struct unit_key key = { item->district, id, item->kind, item->division };
    struct unit_input input = item->input;
    if (item->fate == IMPORT_NEW)
        return unit_store_new(applying->txn, &key, &input, item->uscc, applying->arena, err);
    input.version = item->version; /* that the person saw when the plan was confirmed */
    return unit_store_edit(applying->txn, &key, item->before, &input, item->uscc, applying->arena, err);
}

static bool append_notes(struct applying *applying, struct error *err)
{
    bool ok = audit_append_all(applying->txn, applying->notes, applying->note_count, err);
    applying->note_count = 0;
    arena_rewind(applying->arena, applying->mark);
    return ok;
}

/* As the form does it, so that a unit's page tells of an import like of any other change. */
static bool note_unit(struct applying *applying, const struct import_item *item, struct unit_id id, struct error *err)
{
    struct arena *arena = applying->arena;
    struct audit_event event = { .district = item->district,
                                 .account = applying->change->by,
                                 .action = item->before ? STR("unit.change") : STR("unit.add"),
                                 .subject = str_format(arena, "unit:%lld", (long long)id.n),
                                 .detail = item->before
                                               ? form_difference(arena, &unit_form, item->before, &item->input)
                                               : item->input.name };
    applying->notes[applying->note_count++] = event;
    return applying->note_count < NOTES_MAX || append_notes(applying, err);
}

static bool open_spots(struct applying *applying, struct error *err)
{
    struct new_units added = applying->added;
    applying->added = (struct new_units){ 0 };
    return coverage_open_new(applying->txn, applying->change->by, &added, err);
}

static bool cover(struct applying *applying, const struct import_item *item, struct unit_id id, struct error *err)
{
    const struct book *book = applying->change->book;
    struct covered_unit unit = { item->district, id, item->division,
                                 unit_figures_of(item->kind, item->division, &item->input) };
    if (item->fate == IMPORT_NEW)
        return coverage_add_new(applying->txn, book, &unit, &applying->added, &applying->sum, err);
    return coverage_refresh_summed(applying->txn, applying->change->by, book, &unit, &applying->sum, applying->arena,
                                   err);
}

static bool apply_item(struct applying *applying, const struct import_item *item, struct error *err)
{
    struct unit_id id = item->fate != IMPORT_NEW ? item->id : (struct unit_id){ txn_id(applying->txn) };
    if (applying->added.district != item->district && !open_spots(applying, err))
        return false;
    bool is_fit = false;
    if (!is_as_planned(applying, item, &is_fit, err))
        return false;
    if (!is_fit) {
        import_problem_add(applying->change->conflicts, item->number, -1, t_import_conflict());
        return true; /* the others are looked at too; nothing is kept */
    }
    return store(applying, item, id, err) && cover(applying, item, id, err) && note_unit(applying, item, id, err);
}

static bool apply_all(struct applying *applying, struct error *err)
{
    const struct import_plan *plan = applying->change->plan;
    for (ptrdiff_t i = 0; i < plan->n; i++)
        if (plan->at[i].fate != IMPORT_SAME && !apply_item(applying, &plan->at[i], err))
            return false;
    int64_t conflicts = applying->change->conflicts->total;
    if (!open_spots(applying, err) || !append_notes(applying, err))
        return false;
    return conflicts == 0 || error_fail(err, ERROR_CONFLICT, "%lld units were changed meanwhile", (long long)conflicts);
}

static bool note(const struct applying *applying, struct error *err)
{
    const struct import_change *change = applying->change;
    struct audit_event event = { .district = change->job->district,
                                 .account = change->by,
                                 .action = STR("unit.import"),
                                 .subject = str_format(applying->arena, "job:%lld", (long long)change->job->id.n),
                                 .detail = str_format(applying->arena, "%lld new, %lld changed",
                                                      (long long)change->plan->added,
                                                      (long long)change->plan->changed) };
    return audit_append(applying->txn, &event, err);
}

bool import_apply(void *self, struct txn *txn, struct error *err)
{
    struct import_change *change = self;
    struct arena arena = { 0 }, sums = { 0 };
    struct applying applying = { .change = change, .txn = txn, .arena = &arena, .sum = { .arena = &sums } };
    *change->conflicts = (struct import_problems){ 0 }; /* a batch may be run again */
    (void)arena_new(&arena, char, 1); /* so that there is a block to fall back to */
    applying.mark = arena_mark(&arena);
    bool ok = apply_all(&applying, err) && tally_sum_move(txn, &applying.sum, err) && note(&applying, err) &&
              job_end(txn, change->job, change->outcome, err);
    arena_release(&arena);
    arena_release(&sums);
    return ok;
}
