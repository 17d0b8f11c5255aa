/*
 * jobs_test.c - the life of a job on a real data file: run, cancelled, interrupted, deleted; and what it keeps.
 */
#include "platform/audit/audit.h"
#include "platform/db/ids.h"
#include "platform/db/query.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/message.h"
#include "platform/jobs/record.h"

#include "gen/jobs_queries.h"
#include "gen/jobs_texts.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <cmocka.h>
#include <sodium.h>
#include <unistd.h>

static struct world {
    char folder[40], path[60];
    struct database *database;
    struct ids ids;
    struct writer *writer;
    struct background *background;
    struct arena arena;
    struct error err;
    struct app app;
} world;

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

static void ok(bool is_ok)
{
    if (!is_ok)
        fail_msg("%s: %s (%s:%d)", error_kind_name(world.err.kind), world.err.detail, world.err.file, world.err.line);
}

static void start_threads(void)
{
    ok(writer_start(world.database, &world.ids, clock_now, &world.writer, &world.err));
    world.background = background_start(world.database, world.writer, clock_now, NULL, NULL);
}

static void stop_threads(void)
{
    background_end(world.background);
    writer_drain(world.writer);
    writer_free(world.writer);
    background_free(world.background);
}

static int open_world(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &jobs_schema };
    (void)state;
    now = (struct instant){ INT64_C(1795500000) * 1000000 };
    world = (struct world){ .folder = "/tmp/jobs-test-XXXXXX",
                            .ids = { .is_counting = true },
                            .app = { .features = features, .feature_count = 1 } };
    if (sodium_init() < 0 || !mkdtemp(world.folder))
        return -1;
    (void)snprintf(world.path, sizeof world.path, "%s/data.db", world.folder);
    ok(database_open(world.path, schemas, COUNT_OF(schemas), &world.database, &world.err));
    start_threads();
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    stop_threads();
    database_close(world.database);
    arena_release(&world.arena);
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (int i = 0; i < COUNT_OF(ends); i++) {
        (void)snprintf(world.path, sizeof world.path, "%s/data.db%s", world.folder, ends[i]);
        (void)unlink(world.path);
    }
    return rmdir(world.folder);
}

struct asking {
    struct new_job job;
    struct job_id id;
    const struct job *go_on, *cancel, *run;
};

static bool ask(void *self, struct txn *txn, struct error *err)
{
    struct asking *asking = self;
    if (asking->go_on)
        return job_go_on(txn, asking->go_on, 2, err);
    if (asking->cancel)
        return job_cancel(txn, asking->cancel, err);
    return job_start(txn, &asking->job, &asking->id, err);
}

static struct job_id started(struct str payload)
{
    struct asking asking = {
        .job = { .district = 1, .kind = &kind, .account = { 7 }, .name = STR("x"), .payload = payload }
    };
    ok(background_change(world.background, ask, &asking, &world.err));
    return asking.id;
}

static struct job found(struct job_id id)
{
    struct db *db;
    struct job job;
    ok(database_reader(world.database, &db, &world.err));
    ok(job_find(db, (struct account_id){ 7 }, 1, id, &world.arena, &job, &world.err));
    db_release(db);
    return job;
}

static bool run_one(void)
{
    bool ran;
    bool is_ok = jobs_run_next(&world.app, world.background, &ran, &world.err);
    return is_ok && ran;
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
    assert_true(run_one());
    struct job job = found(first);
    assert_int_equal(job.state, JOB_DONE);
    assert_string_equal(message_of(&job), "job_progress");
    assert_int_equal(found(second).state, JOB_QUEUED); /* one at a time, the oldest first */
    assert_true(run_one());
    assert_false(run_one());
    struct db *db;
    struct str result;
    ok(database_reader(world.database, &db, &world.err));
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
    assert_true(run_one());
    struct job job = found(id);
    assert_int_equal(job.state, JOB_WAITING);
    assert_false(run_one());
    ok(background_change(world.background, ask, &(struct asking){ .go_on = &job }, &world.err));
    assert_false(background_change(world.background, ask, &(struct asking){ .go_on = &job }, &world.err));
    assert_int_equal(world.err.kind, ERROR_CONFLICT); /* a second click */
    assert_true(run_one());
    assert_int_equal(found(id).state, JOB_DONE);
}

static void faults_are_told(void **state)
{
    (void)state;
    struct job_id id = started(STR("fault"));
    assert_false(run_one());
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
    ok(background_change(world.background, ask, &(struct asking){ .cancel = &job }, &world.err));
    assert_false(run_one());
    job = found(id);
    assert_int_equal(job.state, JOB_CANCELLED);
    assert_string_equal(message_of(&job), "job_was_cancelled");
    assert_false(background_change(world.background, ask, &(struct asking){ .cancel = &job }, &world.err));
    assert_int_equal(world.err.kind, ERROR_CONFLICT);
}

/* Cancels itself while it runs, as a click meanwhile would. */
static bool run_cancelled(struct job_run *run, struct error *err)
{
    struct job job = run->job;
    job.state = JOB_RUNNING;
    ok(background_change(run->background, ask, &(struct asking){ .cancel = &job }, &world.err));
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
    assert_true(run_one());
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
    assert_true(run_one());
    struct job job = found(id);
    assert_int_equal(job.state, JOB_QUEUED);
    assert_string_equal(message_of(&job), "");
    assert_true(run_one());
    assert_int_equal(found(id).state, JOB_QUEUED);
}

/* Whether the disk has room, as far as the writer's connection knows. */
static bool set_room(void *self, struct txn *txn, struct error *err)
{
    static const struct query none = { "no_more", "PRAGMA max_page_count = 1" };
    static const struct query many = { "many_more", "PRAGMA max_page_count = 1000000" };
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
    assert_true(run_one());
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
        background_start(world.database, world.writer, moving_clock, jobs_run, &world.app);
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
    ok(background_change(world.background, mark_running, &job, &world.err));
    stop_threads();
    start_threads();
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
    struct db *db;
    struct job job;
    ok(database_reader(world.database, &db, &world.err));
    assert_false(job_find(db, (struct account_id){ 7 }, 1, id, &world.arena, &job, &world.err));
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
        cmocka_unit_test_setup_teardown(messages_and_records, open_world, close_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
