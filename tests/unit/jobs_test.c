/*
 * jobs_test.c - the life of a job on a real data file: run, cancelled, interrupted, deleted; and what it keeps.
 */
#include "harness/place.h"
#include "platform/audit/audit.h"
#include "platform/crypt/crypt.h"
#include "platform/db/query.h"
#include "platform/jobs/message.h"
#include "platform/jobs/record.h"
#include "platform/limits.h"
#include "unit/jobs_world.h"

#include "gen/jobs_queries.h"
#include "gen/jobs_texts.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <cmocka.h>
#include <unistd.h>

/* The clock of the writer and of the background: one writes, the other reads, so it moves only while nothing runs. */
static struct instant now;

static struct instant clock_now(void)
{
    return now;
}

/* What the kind under test does, told by its payload. */
static bool run_test_job(struct job_run *run, struct error *err)
{
    if (str_equal(run->payload, STR("fault")))
        return error_fail(err, ERROR_FULL, "no space");
    if (!job_progress(run, 5, 10, err))
        return false;
    run->outcome = (struct job_outcome){ .state = JOB_DONE,
                                         .message = t_job_progress(10),
                                         .has_result = true,
                                         .result = STR("fruit"),
                                         .has_payload = true };
    if (str_equal(run->payload, STR("ask")) && run->job.step == 1)
        run->outcome = (struct job_outcome){ .state = JOB_WAITING };
    return true;
}

static const struct job_kind kind = { .name = "test", .title = &text_key_job_title, .run = run_test_job };
static const struct job_kind *const kinds[] = { &kind };
static const struct feature feature = { .name = "test", .jobs = kinds, .job_count = 1 };
static const struct feature *const features[] = { &feature };

static int open_world(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &jobs_schema };
    (void)state;
    now = (struct instant){ INT64_C(1795500000) * 1000000 };
    return world_begin(schemas, COUNT_OF(schemas), features, COUNT_OF(features), clock_now);
}

static int close_world(void **state)
{
    (void)state;
    return world_end();
}

static const struct account_id somebody = { 7 };

static struct job_id started(struct str payload)
{
    return job_started((struct new_job){
        .district = 1, .kind = &kind, .account = somebody, .name = STR("x"), .payload = payload });
}

static struct job found(struct job_id id)
{
    return job_found(somebody, 1, id);
}

static const char *message_of(const struct job *job)
{
    struct text text = job_message(&kind, &world.arena, job->message);
    return text.key ? text.key->name : "";
}

static void done(void **state)
{
    (void)state;
    struct job_id first = started(STR("a")), second = started(STR("b"));
    assert_int_equal(found(first).state, JOB_QUEUED);
    assert_true(job_run_one());
    struct job job = found(first);
    assert_int_equal(job.state, JOB_DONE);
    assert_string_equal(message_of(&job), "job_progress");
    assert_int_equal(found(second).state, JOB_QUEUED); /* one at a time, the oldest first */
    assert_true(job_run_one());
    assert_false(job_run_one());
    struct str result;
    struct db *db = world_reader();
    ok(job_read_result(db, &job, &world.arena, &result, &world.err));
    assert_true(str_equal(result, STR("fruit")));
    struct job other;
    assert_false(job_find(db, (struct account_id){ 8 }, 1, first, &world.arena, &other, &world.err));
    assert_int_equal(world.err.kind, ERROR_NOT_FOUND);
    db_release(db);
}

static void two_steps(void **state)
{
    (void)state;
    struct job_id id = started(STR("ask"));
    assert_true(job_run_one());
    struct job job = found(id);
    assert_int_equal(job.state, JOB_WAITING);
    assert_false(job_run_one());
    ok(job_continued(&job));
    assert_false(job_continued(&job));
    assert_int_equal(world.err.kind, ERROR_CONFLICT); /* a second click */
    assert_true(job_run_one());
    assert_int_equal(found(id).state, JOB_DONE);
}

static void faults_are_told(void **state)
{
    (void)state;
    struct job_id id = started(STR("fault"));
    assert_false(job_run_one());
    assert_int_equal(world.err.kind, ERROR_FULL); /* for the log */
    struct job job = found(id);
    assert_int_equal(job.state, JOB_FAILED);
    assert_string_equal(message_of(&job), "job_disk_full");
}

static void cancelled_before_and_after(void **state)
{
    (void)state;
    struct job_id id = started(STR("a"));
    struct job job = found(id);
    ok(job_cancelled(&job));
    assert_false(job_run_one());
    job = found(id);
    assert_int_equal(job.state, JOB_CANCELLED);
    assert_string_equal(message_of(&job), "job_was_cancelled");
    assert_false(job_cancelled(&job));
    assert_int_equal(world.err.kind, ERROR_CONFLICT);
}

/* Cancels itself while it runs, as a click meanwhile would. */
static bool run_cancelled(struct job_run *run, struct error *err)
{
    struct job job = run->job;
    job.state = JOB_RUNNING;
    ok(job_cancelled(&job));
    assert_false(job_progress(run, 1, 2, err));
    return false;
}

static void cancelled_while_it_runs(void **state)
{
    (void)state;
    static const struct job_kind cancelling = { .name = "test", .title = &text_key_job_title, .run = run_cancelled };
    static const struct job_kind *const cancelling_kinds[] = { &cancelling };
    static const struct feature one = { .name = "test", .jobs = cancelling_kinds, .job_count = 1 };
    static const struct feature *const only[] = { &one };
    world.app.features = only;
    struct job_id id = started(STR("a"));
    assert_true(job_run_one());
    assert_int_equal(found(id).state, JOB_CANCELLED);
}

static bool run_busy(struct job_run *run, struct error *err)
{
    (void)run;
    return error_fail(err, ERROR_BUSY, "another program holds the data");
}

static struct feature feature_of(const struct job_kind *const *only)
{
    return (struct feature){ .name = "test", .jobs = only, .job_count = 1 };
}

/* Another program was faster: that is no reason to give a job up. */
static void busy_is_queued_again(void **state)
{
    (void)state;
    static const struct job_kind busy = { .name = "test", .title = &text_key_job_title, .run = run_busy };
    static const struct job_kind *const only[] = { &busy };
    const struct feature one = feature_of(only);
    world.app.features = (const struct feature *const[]){ &one };
    struct job_id id = started(STR("a"));
    assert_true(job_run_one());
    struct job job = found(id);
    assert_int_equal(job.state, JOB_QUEUED);
    assert_string_equal(message_of(&job), "");
    assert_true(job_run_one());
    assert_int_equal(found(id).state, JOB_QUEUED);
}

/* Whether the disk has room, as far as the writer's connection knows. */
static bool set_room(void *self, struct txn *txn, struct error *err)
{
    static const struct query none = { .name = "no_more", .sqlite = "PRAGMA max_page_count = 1", .params = "" };
    static const struct query many = { .name = "many_more", .sqlite = "PRAGMA max_page_count = 1000000", .params = "" };
    struct cursor cursor;
    bool has_row;
    if (!cursor_open(txn->db, self ? &many : &none, &cursor, err))
        return false;
    bool ok = cursor_next(&cursor, &has_row, err);
    cursor_close(&cursor);
    return ok;
}

static bool run_into_a_full_disk(struct job_run *run, struct error *err)
{
    enum { BYTES = 1000 * 1000 };
    struct str large = { arena_new(run->arena, char, BYTES), BYTES };
    run->outcome = (struct job_outcome){ .state = JOB_DONE, .has_result = true, .result = large };
    return background_change(run->background, set_room, NULL, err);
}

static void *make_room(void *self)
{
    struct error err;
    usleep(700 * 1000);
    return background_change(world.background, set_room, self, &err) ? self : NULL;
}

/* The step has ended well: its end is stored as soon as there is room. */
static void an_end_waits_for_room(void **state)
{
    (void)state;
    static const struct job_kind full = { .name = "test", .title = &text_key_job_title, .run = run_into_a_full_disk };
    static const struct job_kind *const only[] = { &full };
    const struct feature one = feature_of(only);
    pthread_t thread;
    void *made_room = NULL;
    world.app.features = (const struct feature *const[]){ &one };
    struct job_id id = started(STR("a"));
    assert_int_equal(pthread_create(&thread, NULL, make_room, &world), 0);
    assert_true(job_run_one());
    pthread_join(thread, &made_room);
    assert_non_null(made_room);
    assert_int_equal(found(id).state, JOB_DONE);
}

/* A clock that may move while the thread looks at it. */
static atomic_llong moving_us;
static atomic_int tries;

static struct instant moving_clock(void)
{
    return (struct instant){ atomic_load(&moving_us) };
}

static bool fail_first(struct txn *txn, bool *ret_more, struct error *err)
{
    (void)txn;
    *ret_more = false;
    return atomic_fetch_add(&tries, 1) > 0 || error_fail(err, ERROR_FULL, "no space");
}

static bool has_tried(int count)
{
    for (int hundredths = 0; hundredths < 500 && atomic_load(&tries) < count; hundredths++)
        usleep(10000);
    usleep(1200 * 1000); /* more than the thread ever rests */
    return atomic_load(&tries) == count;
}

/* The duties of a day that failed are tried again the same day, not at once and not for ever; jobs go on meanwhile. */
static void duties_are_tried_again(void **state)
{
    (void)state;
    struct feature one = feature;
    one.daily = fail_first;
    world.app.features = (const struct feature *const[]){ &one };
    atomic_store(&moving_us, now.us);
    atomic_store(&tries, 0);
    struct background *background =
        background_start(world.database, NULL, world.writer, NULL, moving_clock, jobs_run, &world.app);
    assert_true(has_tried(1));
    struct job_id id = started(STR("a"));
    usleep(1200 * 1000);
    assert_int_equal(found(id).state, JOB_DONE);
    atomic_fetch_add(&moving_us, INT64_C(61) * 1000000);
    assert_true(has_tried(2));
    background_end(background);
    background_free(background);
}

static bool mark_running(void *self, struct txn *txn, struct error *err)
{
    const struct job *job = self;
    struct audit_event event = { .action = STR("test"), .subject = STR("job") };
    struct job_move_args args = { .district = job->district, .id = job->id,          .from = JOB_QUEUED,
                                  .to = JOB_RUNNING,         .step = 1,              .changed_at = txn->now };
    return job_move(txn, &args, err) && audit_append(txn, &event, err);
}

/* The process dies in the middle of a job: the next one says so. */
static void interrupted(void **state)
{
    (void)state;
    struct job_id id = started(STR("a"));
    struct job job = found(id);
    ok(world_change(mark_running, &job));
    world_restart();
    ok(jobs_tidy(world.background, true, &world.err));
    job = found(id);
    assert_int_equal(job.state, JOB_FAILED);
    assert_string_equal(message_of(&job), "job_interrupted");
}

static void deleted_after_a_week(void **state)
{
    (void)state;
    struct job_id id = started(STR("a"));
    now.us += INT64_C(6) * 86400 * 1000000;
    ok(jobs_tidy(world.background, false, &world.err));
    assert_int_equal(found(id).state, JOB_QUEUED);
    now.us += INT64_C(2) * 86400 * 1000000;
    ok(jobs_tidy(world.background, false, &world.err));
    struct job job;
    struct db *db = world_reader();
    assert_false(job_find(db, somebody, 1, id, &world.arena, &job, &world.err));
    db_release(db);
}

/* --- what an account may keep ------------------------------------------------------------------------------------- */

static int64_t payload_bytes(struct job_id id)
{
    bool is_there;
    struct job_payload_of row = { 0 };
    struct db *db = world_reader();
    ok(job_payload_of(db, &(struct job_payload_of_args){ 1, id }, &world.arena, &row, &is_there, &world.err));
    db_release(db);
    return is_there ? row.bytes.len : -1;
}

static void a_job_that_is_over_keeps_no_payload(void **state)
{
    (void)state;
    struct job_id first = started(STR("ask")), second = started(STR("ask")), third = started(STR("fault"));
    assert_true(job_run_one());
    assert_true(job_run_one());
    assert_false(job_run_one());
    assert_int_equal(payload_bytes(first), 3 + SEALED_OVERHEAD);
    assert_int_equal(payload_bytes(third), -1); /* failed */
    struct job job = found(first);
    ok(job_cancelled(&job));
    assert_int_equal(payload_bytes(first), -1);
    job = found(second);
    ok(job_continued(&job));
    assert_int_equal(payload_bytes(second), 3 + SEALED_OVERHEAD);
    assert_true(job_run_one());
    assert_int_equal(found(second).state, JOB_DONE);
    assert_int_equal(payload_bytes(second), -1);
}

static bool has_room(struct account_id account)
{
    bool has;
    struct db *db = world_reader();
    ok(job_has_room(db, account, &has, &world.err));
    db_release(db);
    return has;
}

static void only_a_few_unfinished(void **state)
{
    struct job_id id = { 0 };
    (void)state;
    for (int i = 0; i < LIMIT_JOBS_UNFINISHED; i++) {
        assert_true(has_room(somebody));
        id = started(STR("ask"));
        assert_true(job_run_one()); /* it waits for the person: that counts too */
    }
    assert_false(has_room(somebody));
    assert_true(has_room((struct account_id){ 8 }));
    struct job job = found(id);
    ok(job_cancelled(&job));
    assert_true(has_room(somebody));
}

static void old_results_give_way(void **state)
{
    struct job gone;
    (void)state;
    struct job_id waiting = started(STR("ask")), first = { 0 }, second = { 0 };
    assert_true(job_run_one());
    for (int i = 0; i <= LIMIT_JOBS_KEPT; i++) {
        struct job_id id = started(STR("a"));
        assert_true(job_run_one());
        first = i == 0 ? id : first;
        second = i == 1 ? id : second;
    }
    assert_int_equal(found(first).state, JOB_DONE);
    (void)started(STR("a"));
    assert_int_equal(found(second).state, JOB_DONE);
    assert_int_equal(found(waiting).state, JOB_WAITING); /* however old */
    struct db *db = world_reader();
    assert_false(job_find(db, somebody, 1, first, &world.arena, &gone, &world.err));
    db_release(db);
}

static void messages_and_records(void **state)
{
    (void)state;
    struct text text = t_job_progress_of(3, 100);
    struct str line = message_write(&world.arena, text);
    struct text back = message_read(jobs_text_keys, jobs_text_key_count, line);
    assert_ptr_equal(back.key, text.key);
    assert_int_equal(back.args[1].n, 100);
    assert_null(message_read(jobs_text_keys, jobs_text_key_count, STR("no_such_key")).key);
    assert_null(message_read(jobs_text_keys, jobs_text_key_count, STR("job_progress\x1Fix")).key);
    assert_null(message_read(jobs_text_keys, jobs_text_key_count, STR("")).key);

    struct buf out = buf_make(&world.arena, 1000);
    record_int(&out, -5);
    record_text(&out, STR("a\x1F" "b\nc"));
    record_end(&out);
    struct records in = { .rest = buf_str(&out) };
    assert_true(records_next(&in));
    assert_int_equal(records_int(&in), -5);
    assert_true(str_equal(records_text(&in), STR("a b c")));
    assert_false(records_next(&in));
    assert_false(in.bad);
    in = (struct records){ .rest = STR("x\x1F\x1E") };
    assert_true(records_next(&in));
    assert_int_equal(records_int(&in), 0);
    assert_true(in.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(done, open_world, close_world),
        cmocka_unit_test_setup_teardown(two_steps, open_world, close_world),
        cmocka_unit_test_setup_teardown(faults_are_told, open_world, close_world),
        cmocka_unit_test_setup_teardown(cancelled_before_and_after, open_world, close_world),
        cmocka_unit_test_setup_teardown(cancelled_while_it_runs, open_world, close_world),
        cmocka_unit_test_setup_teardown(busy_is_queued_again, open_world, close_world),
        cmocka_unit_test_setup_teardown(an_end_waits_for_room, open_world, close_world),
        cmocka_unit_test_setup_teardown(duties_are_tried_again, open_world, close_world),
        cmocka_unit_test_setup_teardown(interrupted, open_world, close_world),
        cmocka_unit_test_setup_teardown(deleted_after_a_week, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_job_that_is_over_keeps_no_payload, open_world, close_world),
        cmocka_unit_test_setup_teardown(only_a_few_unfinished, open_world, close_world),
        cmocka_unit_test_setup_teardown(old_results_give_way, open_world, close_world),
        cmocka_unit_test_setup_teardown(messages_and_records, open_world, close_world),
    };
    if (test_is_on_postgres())
        cmocka_set_skip_filter("an_end_waits_for_room"); /* its pages have no limit of their own */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
