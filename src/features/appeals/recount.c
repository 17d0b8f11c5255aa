#include "features/appeals/recount.h"

#include "base/parse.h"
#include "features/appeals/appeal_clocks.h"
#include "features/appeals/appeals.h"
#include "features/appeals/rules.h"

#include "gen/appeals_texts.h"

/* Clocks of one change: others' changes wait a few milliseconds at most. */
enum { SLICE = 200 };

struct slice {
    struct instant from;
    struct clock_unsettled *after; /* NULL: from the beginning */
    struct clock_unsettled last;
    ptrdiff_t count;
    int64_t changed; /* appeals */
};

/* The copy in the appeal follows in the same change; its version stays: nobody did anything about it. */
static bool follow(struct txn *txn, struct clock_matter matter, const struct appeal_due_of *appeal, struct arena *arena,
                   struct error *err)
{
    struct appeal_matter which = { .matter = matter };
    struct appeal_due due;
    if (!appeal_clocks_due(txn->db, &which, arena, &due, err))
        return false;
    if (due.at.us == appeal->due_at.us && due.kind == appeal->due_kind)
        return true;
    struct appeal_set_due_args set = { .due_at = due.at,
                                       .due_kind = due.kind,
                                       .look_at = appeal_look_first(due.at),
                                       .district = matter.district,
                                       .id = { matter.id },
                                       .version = appeal->version };
    return appeal_set_due(txn, &set, err);
}

/* Clocks of other features' matters are theirs. */
static bool recount_one(struct txn *txn, struct clock_matter matter, const struct workdays *workdays, struct arena *arena,
                        bool *ret_changed, struct error *err)
{
    struct appeal_due_of appeal;
    bool is_there;
    *ret_changed = false;
    if (!appeal_due_of(txn->db, &(struct appeal_due_of_args){ matter.district, { matter.id } }, arena, &appeal, &is_there, err))
        return false;
    if (!is_there)
        return true;
    return clock_recount(txn, matter, workdays, arena, ret_changed, err) &&
           (!*ret_changed || follow(txn, matter, &appeal, arena, err));
}

/* The batch may be run again: it starts from the same place. */
static bool recount_slice(void *self, struct txn *txn, struct error *err)
{
    struct slice *slice = self;
    struct arena arena = { 0 };
    const struct workdays *workdays;
    struct clock_unsettled_rows rows;
    slice->changed = 0;
    bool ok = clocks_workdays(txn->db, &arena, &workdays, err) &&
              clocks_unsettled(txn->db, slice->from, INSTANT_NEVER, slice->after, SLICE, &arena, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
        bool has_changed;
        ok = recount_one(txn, rows.at[i].matter, workdays, &arena, &has_changed, err);
        slice->changed += ok && has_changed;
    }
    if (ok) {
        slice->count = rows.n;
        slice->last = rows.n > 0 ? rows.at[rows.n - 1] : (struct clock_unsettled){ 0 };
    }
    arena_release(&arena);
    return ok;
}

static bool run_recount(struct job_run *run, struct error *err)
{
    int64_t year, done = 0, changed = 0;
    struct clock_unsettled after;
    if (!parse_int(run->payload, WORKDAYS_FIRST_YEAR, WORKDAYS_LAST_YEAR, &year))
        return error_fail(err, ERROR_INPUT, "no year: %.*s", STR_ARG(run->payload));
    struct slice slice = { .from = clock_day_end(date_of_civil((struct civil){ (int)year - 1, 12, 31 })), .count = SLICE };
    while (slice.count == SLICE) {
        if (!background_change(run->background, recount_slice, &slice, err))
            return false;
        after = slice.last;
        slice.after = &after;
        done += slice.count;
        changed += slice.changed;
        if (!job_progress(run, done, 0, err))
            return false;
    }
    run->outcome = (struct job_outcome){ .state = JOB_DONE, .message = t_appeals_recount_done(changed) };
    return true;
}

static const struct text_key *const texts[] = { &text_key_appeals_recount_done };

const struct job_kind appeals_recount_job = { .name = "appeals.recount",
                                              .title = &text_key_appeals_recount_title,
                                              .texts = texts,
                                              .text_count = COUNT_OF(texts),
                                              .run = run_recount };

bool appeals_recount(struct request *rq, int year, struct url *ret_job, struct error *err)
{
    struct job_id id;
    struct new_job job = { .kind = &appeals_recount_job,
                           .account = rq->actor.account,
                           .lang = rq->lang,
                           .name = str_int(rq->arena, year),
                           .payload = str_int(rq->arena, year) };
    if (!job_start(rq->txn, &job, &id, err))
        return false;
    *ret_job = job_url(rq->arena, job.district, id);
    return true;
}
