/*
 * jobs.c - the life of a job, as changes.
 */
#include "platform/jobs/jobs.h"

#include "platform/audit/audit.h"
#include "platform/jobs/message.h"
#include "platform/jobs/sealed.h"
#include "platform/limits.h"

#include "gen/jobs_queries.h"
#include "gen/jobs_texts.h"

static bool note(struct txn *txn, int64_t district, struct job_id id, struct account_id account, const char *action,
                 struct str detail, struct error *err)
{
    char subject[40];
    (void)snprintf(subject, sizeof subject, "job:%lld", (long long)id.n);
    struct audit_event event = { .district = district,
                                 .account = account,
                                 .action = str_of(action),
                                 .subject = str_of(subject),
                                 .detail = detail };
    return audit_append(txn, &event, err);
}

bool job_has_room(struct db *db, struct account_id account, bool *ret, struct error *err)
{
    struct job_unfinished_count count;
    struct arena arena = { 0 };
    bool ok = job_unfinished_count(db, &(struct job_unfinished_count_args){ account }, &arena, &count, err);
    arena_release(&arena);
    if (ok)
        *ret = count.n < LIMIT_JOBS_UNFINISHED;
    return ok;
}

static bool store(struct txn *txn, const struct job_add_args *row, struct str payload, struct arena *arena,
                  struct error *err)
{
    struct job_payload_set_args bytes = { row->district, row->id, job_payload_seal(txn, row->id, payload, arena) };
    struct job_purge_old_args old = { row->account, LIMIT_JOBS_KEPT };
    return job_add(txn, row, NULL, err) && job_payload_set(txn, &bytes, NULL, err) &&
           job_purge_old(txn, &old, NULL, err) &&
           note(txn, row->district, row->id, row->account, "job.start", row->kind, err);
}

bool job_start(struct txn *txn, const struct new_job *job, struct job_id *ret, struct error *err)
{
    struct job_count_in count;
    struct arena arena = { 0 };
    struct job_add_args row = { .district = job->district,
                                .id = { txn_id(txn) },
                                .kind = str_of(job->kind->name),
                                .account = job->account,
                                .step = 1,
                                .lang = job->lang,
                                .created_at = txn->now,
                                .changed_at = txn->now,
                                .name = job->name };
    bool ok = job_count_in(txn->db, &(struct job_count_in_args){ JOB_QUEUED }, &arena, &count, err);
    if (ok && count.n >= LIMIT_JOBS_WAITING)
        ok = error_fail(err, ERROR_BUSY, "%lld jobs wait", (long long)count.n);
    row.result = job_result_seal(txn, row.id, (struct str){ 0 }, &arena);
    ok = ok && store(txn, &row, job->payload, &arena, err);
    arena_release(&arena);
    if (ok)
        *ret = row.id;
    return ok;
}

static bool is_over(enum job_state state)
{
    return state == JOB_DONE || state == JOB_FAILED || state == JOB_CANCELLED;
}

static bool move(struct txn *txn, const struct job *job, enum job_state from, enum job_state to, int64_t step,
                 struct str message, const char *action, struct error *err)
{
    struct job_payload_drop_args payload = { job->district, job->id };
    struct job_move_args args = { .district = job->district,  .id = job->id,     .from = from,
                                  .to = to,                   .step = step,      .message = message,
                                  .changed_at = txn->now };
    return job_move(txn, &args, err) && (!is_over(to) || job_payload_drop(txn, &payload, NULL, err)) &&
           note(txn, job->district, job->id, job->account, action, job->kind, err);
}

bool job_go_on(struct txn *txn, const struct job *job, int64_t step, struct error *err)
{
    return move(txn, job, JOB_WAITING, JOB_QUEUED, step, (struct str){ 0 }, "job.go-on", err);
}

bool job_cancel(struct txn *txn, const struct job *job, struct error *err)
{
    if (is_over(job->state))
        return error_fail(err, ERROR_CONFLICT, "the job is over");
    struct arena arena = { 0 };
    bool ok = move(txn, job, job->state, JOB_CANCELLED, job->step, message_write(&arena, t_job_was_cancelled()),
                   "job.cancel", err);
    arena_release(&arena);
    return ok;
}

bool job_end(struct txn *txn, const struct job *job, const struct job_outcome *outcome, struct error *err)
{
    struct arena arena = { 0 };
    int64_t changed, step = outcome->step != 0 ? outcome->step : job->step;
    struct job_set_result_args result = { .district = job->district, .id = job->id };
    struct job_payload_set_args payload = { .district = job->district, .job = job->id };
    bool has_payload = outcome->has_payload && !is_over(outcome->state);
    bool ok = move(txn, job, JOB_RUNNING, outcome->state, step, message_write(&arena, outcome->message), "job.end",
                   err);
    if (outcome->has_result)
        result.result = job_result_seal(txn, job->id, outcome->result, &arena);
    if (has_payload)
        payload.bytes = job_payload_seal(txn, job->id, outcome->payload, &arena);
    ok = ok && (!outcome->has_result || job_set_result(txn, &result, err)) &&
         (!has_payload || job_payload_set(txn, &payload, &changed, err));
    arena_release(&arena);
    return ok;
}

#define JOB_OF(row)                                                                                              \
    ((struct job){ (row)->district, (row)->id, (row)->kind, (row)->account, (row)->state, (row)->step,           \
                   (row)->lang, (row)->created_at, (row)->changed_at, (row)->name, (row)->message })

bool job_find(struct db *db, struct account_id account, int64_t district, struct job_id id, struct arena *arena,
              struct job *ret, struct error *err)
{
    struct job_by_id row;
    struct job_by_id_args args = { district, id, account };
    if (!job_by_id(db, &args, arena, &row, err))
        return false;
    *ret = JOB_OF(&row);
    return true;
}

bool job_read_result(struct db *db, const struct job *job, struct arena *arena, struct str *ret, struct error *err)
{
    struct job_result row;
    struct job_result_args args = { job->district, job->id };
    if (!job_result(db, &args, arena, &row, err))
        return false;
    return job_result_open(db, job->id, row.result, arena, ret, err);
}

/* --- the thread -------------------------------------------------------------------------------------------------- */

bool job_progress(struct job_run *run, int64_t done, int64_t total, struct error *err)
{
    struct db *db;
    struct arena arena = { 0 };
    struct job_state_of row = { 0 };
    bool found = false;
    struct job_state_of_args args = { run->job.district, run->job.id };
    background_progress(run->background, run->job.id.n, done, total);
    if (background_is_stopping(run->background))
        return error_fail(err, ERROR_BUSY, "the process is to end");
    if (!background_reader(run->background, &db, err)) /* its own snapshot would not show a cancel */
        return false;
    bool ok = job_state_of(db, &args, &arena, &row, &found, err);
    db_release(db);
    arena_release(&arena);
    if (!ok)
        return false;
    return (found && row.state == JOB_RUNNING) || error_fail(err, ERROR_BUSY, "the job was cancelled");
}

/* A move asked for by the thread. */
struct moving {
    const struct job *job;
    enum job_state from, to;
    struct text message;
    const struct job_outcome *outcome; /* else: an end */
};

static bool run_move(void *self, struct txn *txn, struct error *err)
{
    const struct moving *moving = self;
    struct arena arena = { 0 };
    bool ok = moving->outcome ? job_end(txn, moving->job, moving->outcome, err)
                              : move(txn, moving->job, moving->from, moving->to, moving->job->step,
                                     message_write(&arena, moving->message), "job.move", err);
    arena_release(&arena);
    return ok;
}

/* What went wrong, for the person; the detail is in the log. */
static struct text fault_text(const struct error *err)
{
    switch (err->kind) {
    case ERROR_FULL:
        return t_job_disk_full();
    case ERROR_CONFLICT:
        return t_job_conflict();
    case ERROR_NONE:
    case ERROR_NOT_FOUND:
    case ERROR_FORBIDDEN:
    case ERROR_REFUSED:
    case ERROR_INPUT:
    case ERROR_LIMIT:
    case ERROR_BUSY:
    case ERROR_IO:
    case ERROR_VERSION:
    case ERROR_UNKNOWN:
    case ERROR_SEALED:
        break;
    }
    return t_job_broken();
}

/* A change that waits for room on the disk or for another program; false only when the process is to end before. */
static bool change_at_last(struct background *background, struct moving *moving, struct error *err)
{
    enum { REST_MS = 500 };
    while (!background_change(background, run_move, moving, err)) {
        bool may_pass = err->kind == ERROR_BUSY || err->kind == ERROR_FULL || err->kind == ERROR_UNKNOWN;
        if (!may_pass || background_is_stopping(background))
            return false;
        background_rest(background, REST_MS);
    }
    return true;
}

/*
 * Stores how the step ended; one that could not go on now is queued again.  A job that was cancelled meanwhile has
 * nothing more to say.
 */
static bool finish(struct job_run *run, bool ok, const struct error *fault, struct error *err)
{
    struct moving moving = { .job = &run->job, .outcome = &run->outcome };
    struct job_outcome failed = { .state = JOB_FAILED, .message = !ok ? fault_text(fault) : (struct text){ 0 } };
    if (ok && run->is_ended)
        return true;
    if (!ok && (fault->kind == ERROR_BUSY || background_is_stopping(run->background)))
        moving = (struct moving){ .job = &run->job, .from = JOB_RUNNING, .to = JOB_QUEUED };
    else if (!ok)
        moving.outcome = &failed;
    struct error late = { 0 };
    if (change_at_last(run->background, &moving, &late) || late.kind == ERROR_CONFLICT)
        return true;
    *err = late;
    return false;
}

static bool run_step(const struct app *app, struct job_run *run, struct error *err)
{
    struct job_payload_of row = { 0 };
    struct job_payload_of_args args = { run->job.district, run->job.id };
    bool found;
    const struct job_kind *kind = job_kind_of(app, run->job.kind);
    if (!kind)
        return error_fail(err, ERROR_VERSION, "no feature runs jobs of kind %.*s", STR_ARG(run->job.kind));
    if (!job_payload_of(run->db, &args, run->arena, &row, &found, err))
        return false;
    if (found && !job_payload_open(run->db, run->job.id, row.bytes, run->arena, &run->payload, err))
        return false;
    if (kind->may_be_old && replica_begin(background_replica(run->background), &run->replica)) {
        bool ok = kind->run(run, err);
        replica_end(run->replica);
        run->replica = NULL;
        if (ok || run->is_ended || background_is_stopping(run->background))
            return ok;
        run->outcome = (struct job_outcome){ 0 };
    }
    return kind->run(run, err);
}

static bool run_job(const struct app *app, struct job_run *run, struct error *err)
{
    enum { REST_WHEN_BUSY_MS = 500 };
    struct error fault = { 0 };
    struct moving start = { .job = &run->job, .from = JOB_QUEUED, .to = JOB_RUNNING };
    if (!background_change(run->background, run_move, &start, err))
        return err->kind == ERROR_CONFLICT; /* cancelled just now */
    background_progress(run->background, run->job.id.n, 0, 0);
    bool ok = background_reader(run->background, &run->db, &fault);
    if (ok) {
        ok = db_snapshot_begin(run->db, &fault);
        if (ok) {
            ok = run_step(app, run, &fault);
            db_snapshot_end(run->db);
        }
        db_release(run->db);
    }
    bool is_stored = finish(run, ok, &fault, err);
    background_progress(run->background, 0, 0, 0);
    if (!ok && fault.kind == ERROR_BUSY)
        background_rest(run->background, REST_WHEN_BUSY_MS); /* it is the next one again */
    if (!ok && fault.kind != ERROR_BUSY && is_stored) {
        *err = fault; /* for the log: the job says it in other words */
        return false;
    }
    return is_stored;
}

bool jobs_run_next(const struct app *app, struct background *background, bool *ret_ran, struct error *err)
{
    struct arena arena = { 0 };
    struct db *db;
    struct job_first row;
    *ret_ran = false;
    if (!background_reader(background, &db, err))
        return false;
    bool ok = job_first(db, &(struct job_first_args){ JOB_QUEUED }, &arena, &row, ret_ran, err);
    db_release(db);
    if (ok && *ret_ran) {
        struct job_run run = { .background = background,
                               .arena = &arena,
                               .job = JOB_OF(&row),
                               .today = date_of(background_now(background)) };
        ok = run_job(app, &run, err);
    }
    arena_release(&arena);
    return ok;
}

static bool purge(void *self, struct txn *txn, struct error *err)
{
    (void)self;
    static const int64_t DAY_US = INT64_C(86400) * 1000000;
    int64_t changed;
    struct job_purge_args args = { { txn->now.us - LIMIT_JOB_DAYS * DAY_US } };
    struct job_purge_payloads_args payloads = { args.before };
    struct audit_event event = { .action = STR("job.purge"), .subject = STR("jobs") };
    return job_purge_payloads(txn, &payloads, &changed, err) && job_purge(txn, &args, &changed, err) &&
           (changed == 0 || audit_append(txn, &event, err));
}

bool jobs_tidy(struct background *background, bool is_start, struct error *err)
{
    bool found = is_start;
    while (found) {
        struct arena arena = { 0 };
        struct db *db;
        struct job_first row;
        if (!background_reader(background, &db, err))
            return false;
        bool ok = job_first(db, &(struct job_first_args){ JOB_RUNNING }, &arena, &row, &found, err);
        db_release(db);
        if (ok && found) {
            struct job job = JOB_OF(&row);
            struct moving moving = {
                .job = &job, .from = JOB_RUNNING, .to = JOB_FAILED, .message = t_job_interrupted()
            };
            ok = background_change(background, run_move, &moving, err);
        }
        arena_release(&arena);
        if (!ok)
            return false;
    }
    return background_change(background, purge, NULL, err);
}
