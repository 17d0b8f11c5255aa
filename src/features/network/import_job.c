/*
 * import_job.c - the two steps of an import: reading and comparing, and, once the person has said so, saving.
 *
 * The payload is the file, and for the second step the sheet that was read from it.  Rights are never kept: each step
 * asks what the person may do now, and the writer once more.
 */
#include "features/network/import.h"

#include "features/accounts/accounts.h"
#include "features/network/capabilities.h"
#include "features/network/import_pages.h"
#include "platform/limits.h"

#include "gen/network_texts.h"

struct import_run {
    struct job_run *run;
    struct actor actor;
    struct import_sheet sheet;
    struct import_plan plan;
    struct import_problems problems;
    struct book book;
};

static bool progress(void *self, int64_t done, int64_t total, struct error *err)
{
    return job_progress(self, done, total, err);
}

static bool make_plan(struct import_run *import, struct error *err)
{
    struct job_run *run = import->run;
    struct import_world world = {
        .db = run->db, .actor = &import->actor, .book = &import->book, .today = run->today, .lang = run->job.lang
    };
    return book_load(run->db, run->today, run->arena, &import->book, err) &&
           import_plan(&world, &import->sheet, run->arena, progress, run, &import->plan, &import->problems, err);
}

static void report(struct import_run *import, enum job_state state, struct text message)
{
    struct arena *arena = import->run->arena;
    import->run->outcome = (struct job_outcome){
        .state = state,
        .message = message,
        .has_result = true,
        .result = import_report_write(arena, &import->plan, &import->problems),
    };
}

static bool run_read(struct import_run *import, struct error *err)
{
    struct job_run *run = import->run;
    struct import_plan *plan = &import->plan;
    if (!import_read(run->payload, run->arena, progress, run, &import->sheet, &import->problems, err))
        return false;
    if (import->sheet.n > 0 && !make_plan(import, err))
        return false;
    struct str sheet = import_sheet_write(run->arena, &import->sheet);
    if (sheet.len > LIMIT_JOB_PAYLOAD)
        import_problem_add(&import->problems, 0, -1, t_import_too_large());
    if (import->problems.total > 0) {
        report(import, JOB_FAILED, t_import_has_problems(import->problems.total));
    } else if (plan->added + plan->changed == 0) {
        report(import, JOB_DONE, t_import_nothing_new(plan->same));
    } else {
        report(import, JOB_WAITING, t_import_please_confirm());
        run->outcome.has_payload = true;
        run->outcome.payload = sheet;
    }
    return true;
}

/* What is to be saved is not what was confirmed: somebody was at work in between. */
static bool is_as_confirmed(struct import_run *import, bool *ret, struct error *err)
{
    struct job_run *run = import->run;
    struct str stored, fresh = import_report_write(run->arena, &import->plan, &import->problems);
    struct import_report *before = arena_new(run->arena, struct import_report, 1);
    struct import_report *now = arena_new(run->arena, struct import_report, 1);
    if (!job_read_result(run->db, &run->job, run->arena, &stored, err) ||
        !import_report_read(run->arena, stored, before, err) || !import_report_read(run->arena, fresh, now, err))
        return false;
    *ret = str_equal(before->digest, now->digest);
    return true;
}

/* Rows that are no longer the person's to change count like those somebody else changed meanwhile. */
static bool check_rights(const struct import_change *change, struct db *db, struct error *err)
{
    struct actor actor;
    struct arena arena = { 0 };
    *change->conflicts = (struct import_problems){ 0 }; /* a batch may be run again */
    bool ok = accounts_actor(db, change->by, &arena, &actor, err);
    arena_release(&arena);
    if (!ok)
        return false;
    for (ptrdiff_t i = 0; i < change->plan->n; i++) {
        const struct import_item *item = &change->plan->at[i];
        if (item->fate != IMPORT_SAME && !access_may(&actor, &cap_network_edit, item->division, (struct line){ 0 }))
            import_problem_add(change->conflicts, item->number, -1, t_unit_bad_division());
    }
    return change->conflicts->total == 0 || error_fail(err, ERROR_CONFLICT, "rights that were taken away meanwhile");
}

static bool apply(void *self, struct txn *txn, struct error *err)
{
    return check_rights(self, txn->db, err) && import_apply(self, txn, err);
}

static bool save(struct import_run *import, struct error *err)
{
    struct job_run *run = import->run;
    report(import, JOB_DONE, t_import_done(import->plan.added, import->plan.changed));
    struct import_change change = { .plan = &import->plan,
                                    .book = &import->book,
                                    .by = run->job.account,
                                    .job = &run->job,
                                    .outcome = &run->outcome,
                                    .conflicts = &import->problems };
    run->is_ended = background_change(run->background, apply, &change, err);
    if (run->is_ended || import->problems.total == 0)
        return run->is_ended;
    report(import, JOB_FAILED, t_import_has_problems(import->problems.total));
    return true;
}

static bool run_save(struct import_run *import, struct error *err)
{
    bool is_same = false;
    if (!import_sheet_read(import->run->arena, import->run->payload, &import->sheet, err) || !make_plan(import, err))
        return false;
    if (import->problems.total > 0) {
        report(import, JOB_FAILED, t_import_has_problems(import->problems.total));
        return true;
    }
    if (!is_as_confirmed(import, &is_same, err))
        return false;
    if (!is_same) {
        report(import, JOB_WAITING, t_import_changed_meanwhile());
        return true;
    }
    return save(import, err);
}

static bool run_import(struct job_run *run, struct error *err)
{
    struct import_run *import = arena_new(run->arena, struct import_run, 1);
    import->run = run;
    if (!accounts_actor(run->db, run->job.account, run->arena, &import->actor, err))
        return false;
    if (!access_has(&import->actor, &cap_network_edit)) {
        report(import, JOB_FAILED, t_import_no_rights());
        return true;
    }
    return run->job.step == IMPORT_SAVE ? run_save(import, err) : run_read(import, err);
}

/* To add a message of the job: one line here. */
static const struct text_key *const messages[] = {
    &text_key_import_please_confirm, &text_key_import_nothing_new, &text_key_import_done,
    &text_key_import_has_problems,   &text_key_import_changed_meanwhile, &text_key_import_no_rights,
};

const struct job_kind import_kind = { .name = "network.import",
                                      .title = &text_key_import_title,
                                      .texts = messages,
                                      .text_count = COUNT_OF(messages),
                                      .run = run_import,
                                      .show = import_result_show };
