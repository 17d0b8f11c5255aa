/*
 * writer_test.c - group commit: what fails is undone alone, what is acknowledged is on the disk, and a full queue says so.
 */
#include "platform/serve/writer.h"

#include "harness/place.h"
#include "platform/audit/audit.h"
#include "platform/db/ids.h"
#include "platform/db/query.h"
#include "platform/limits.h"

#include "gen/audit_queries.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>
#include <sodium/core.h>

enum { THREADS = 4, EACH = 50, TIMEOUT_SECONDS = 60 };

struct world {
    char folder[40], path[60];
    struct arena arena;
    struct database *database;
    struct writer *writer;
    struct ids ids;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t moved;
    int answered;
    bool is_blocked, has_begun;
};

/* One change of a test: an audit event, and then it fails or not. */
struct piece {
    struct world *world;
    struct change change;
    int number;
    bool must_fail, is_answered, is_on_disk;
    enum error_kind kind; /* of the answer; ERROR_NONE: acknowledged */
};

static void must(bool ok, const struct error *err)
{
    if (!ok)
        fail_msg("%s (%s:%d)", err->detail, err->file, err->line);
}

static struct instant standing_clock(void)
{
    return (struct instant){ INT64_C(1795482000) * 1000000 };
}

static int begin(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema };
    static struct world world;
    struct error err;
    world = (struct world){ .folder = "/tmp/writer-test-XXXXXX", .ids = { .is_counting = true } };
    if (sodium_init() < 0 || !mkdtemp(world.folder))
        return -1;
    (void)snprintf(world.path, sizeof world.path, "%s/data.db", world.folder);
    pthread_mutex_init(&world.lock, NULL);
    pthread_cond_init(&world.moved, NULL);
    must(database_open(test_place(&world.arena, world.path), schemas, 1, &world.database, &err), &err);
    must(writer_start(world.database, &world.ids, standing_clock, &world.writer, &err), &err);
    *state = &world;
    return 0;
}

static int end(void **state)
{
    static const char *const tails[] = { "", "-wal", "-shm" };
    struct world *world = *state;
    writer_drain(world->writer);
    writer_free(world->writer);
    database_close(world->database);
    arena_release(&world->arena);
    for (ptrdiff_t i = 0; i < COUNT_OF(tails); i++) {
        char path[80];
        (void)snprintf(path, sizeof path, "%s%s", world->path, tails[i]);
        (void)unlink(path);
    }
    pthread_cond_destroy(&world->moved);
    pthread_mutex_destroy(&world->lock);
    return rmdir(world->folder);
}

/* --- changes ----------------------------------------------------------------------------------------------------- */

static bool run_piece(void *self, struct txn *txn, struct error *err)
{
    struct piece *piece = self;
    struct arena arena = { 0 };
    struct audit_event event = { .district = 440606,
                                 .action = STR("test"),
                                 .subject = str_format(&arena, "piece:%d", piece->number) };
    bool ok = audit_append(txn, &event, err);
    arena_release(&arena);
    if (ok && piece->must_fail)
        return error_fail(err, ERROR_REFUSED, "piece %d is to fail", piece->number);
    return ok;
}

/* A reader of its own, beside the writer: does it see the change? */
static bool is_on_disk(struct world *world, int number)
{
    struct arena arena = { 0 };
    struct db *db;
    struct error err;
    struct audit_of_subject_rows rows;
    struct audit_of_subject_args args = { 440606, str_format(&arena, "piece:%d", number), 2 };
    bool ok = database_reader(world->database, &db, &err);
    if (ok) {
        ok = audit_of_subject(db, &args, &arena, &rows, &err) && rows.n == 1;
        db_release(db);
    }
    arena_release(&arena);
    return ok;
}

static void piece_done(void *self, const struct error *err)
{
    struct piece *piece = self;
    struct world *world = piece->world;
    piece->kind = err ? err->kind : ERROR_NONE;
    piece->is_on_disk = is_on_disk(world, piece->number);
    pthread_mutex_lock(&world->lock);
    piece->is_answered = true;
    world->answered++;
    pthread_cond_broadcast(&world->moved);
    pthread_mutex_unlock(&world->lock);
}

static void prepare(struct world *world, struct piece *piece, int number, bool must_fail)
{
    *piece = (struct piece){ .world = world, .number = number, .must_fail = must_fail };
    piece->change = (struct change){ .run = run_piece, .done = piece_done, .self = piece };
}

static void wait_for_answers(struct world *world, int count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += TIMEOUT_SECONDS;
    pthread_mutex_lock(&world->lock);
    int failed = 0;
    while (world->answered < count && failed == 0)
        failed = pthread_cond_timedwait(&world->moved, &world->lock, &until);
    pthread_mutex_unlock(&world->lock);
    assert_int_equal(failed, 0);
}

/* --- many threads ------------------------------------------------------------------------------------------------ */

static void *submit_some(void *self)
{
    struct piece *pieces = self;
    for (int i = 0; i < EACH; i++) {
        struct error err;
        while (!writer_submit(pieces[i].world->writer, &pieces[i].change, &err))
            usleep(1000);
    }
    return NULL;
}

static void test_from_many_threads(void **state)
{
    struct world *world = *state;
    static struct piece pieces[THREADS * EACH];
    pthread_t threads[THREADS];
    int failed = 0;
    for (int i = 0; i < THREADS * EACH; i++) {
        prepare(world, &pieces[i], i, i % 7 == 3);
        failed += pieces[i].must_fail;
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, submit_some, &pieces[i * EACH]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    wait_for_answers(world, THREADS * EACH);
    for (int i = 0; i < THREADS * EACH; i++) {
        assert_true(pieces[i].is_answered);
        assert_int_equal(pieces[i].kind, pieces[i].must_fail ? ERROR_REFUSED : ERROR_NONE);
        /* looked at from inside done(): answered only after the commit, and undone alone */
        assert_int_equal(pieces[i].is_on_disk, !pieces[i].must_fail);
    }
    struct writer_counts counts = writer_counts(world->writer);
    assert_int_equal(counts.changes, THREADS * EACH);
    assert_int_equal(counts.failed, failed);
    assert_in_range(counts.batches, 1, THREADS * EACH);
}

/* --- a writer that is kept busy ---------------------------------------------------------------------------------- */

static bool run_blocked(void *self, struct txn *txn, struct error *err)
{
    struct piece *piece = self;
    struct world *world = piece->world;
    pthread_mutex_lock(&world->lock);
    world->has_begun = true;
    pthread_cond_broadcast(&world->moved);
    while (world->is_blocked)
        pthread_cond_wait(&world->moved, &world->lock);
    pthread_mutex_unlock(&world->lock);
    return run_piece(self, txn, err);
}

/* The writer is in this change, alone in its batch, until unblock(). */
static void block(struct world *world, struct piece *piece)
{
    struct error err;
    prepare(world, piece, 100000, false);
    piece->change.run = run_blocked;
    world->is_blocked = true;
    must(writer_submit(world->writer, &piece->change, &err), &err);
    pthread_mutex_lock(&world->lock);
    while (!world->has_begun)
        pthread_cond_wait(&world->moved, &world->lock);
    pthread_mutex_unlock(&world->lock);
}

static void unblock(struct world *world)
{
    pthread_mutex_lock(&world->lock);
    world->is_blocked = false;
    pthread_cond_broadcast(&world->moved);
    pthread_mutex_unlock(&world->lock);
}

static bool run_nothing(void *self, struct txn *txn, struct error *err)
{
    (void)self, (void)txn, (void)err;
    return true;
}

static void nothing_done(void *self, const struct error *err)
{
    struct world *world = ((struct piece *)self)->world;
    assert_null(err);
    pthread_mutex_lock(&world->lock);
    world->answered++;
    pthread_cond_broadcast(&world->moved);
    pthread_mutex_unlock(&world->lock);
}

static void test_a_full_queue(void **state)
{
    struct world *world = *state;
    static struct piece pieces[LIMIT_WRITER_QUEUE + 1];
    struct piece blocker;
    struct error err = { 0 };
    block(world, &blocker);
    for (int i = 0; i <= LIMIT_WRITER_QUEUE; i++) {
        pieces[i].world = world;
        pieces[i].change = (struct change){ .run = run_nothing, .done = nothing_done, .self = &pieces[i] };
        assert_int_equal(writer_submit(world->writer, &pieces[i].change, &err), i < LIMIT_WRITER_QUEUE);
    }
    assert_int_equal(err.kind, ERROR_BUSY);
    unblock(world);
    wait_for_answers(world, LIMIT_WRITER_QUEUE + 1);
    assert_int_equal(writer_counts(world->writer).changes, LIMIT_WRITER_QUEUE + 1);
    /* the rest went in full batches: one commit for each */
    assert_int_equal(writer_counts(world->writer).batches, 1 + LIMIT_WRITER_QUEUE / LIMIT_WRITER_BATCH);
    must(writer_submit(world->writer, &pieces[LIMIT_WRITER_QUEUE].change, &err), &err);
    wait_for_answers(world, LIMIT_WRITER_QUEUE + 2);
}

/* In one batch: the first and the last stay, the one between is gone with all it wrote. */
static void test_one_batch(void **state)
{
    struct world *world = *state;
    struct piece blocker, pieces[3];
    struct error err;
    block(world, &blocker);
    for (int i = 0; i < 3; i++) {
        prepare(world, &pieces[i], i, i == 1);
        must(writer_submit(world->writer, &pieces[i].change, &err), &err);
    }
    assert_false(is_on_disk(world, 0));
    unblock(world);
    wait_for_answers(world, 4);
    assert_int_equal(writer_counts(world->writer).batches, 2);
    assert_true(pieces[0].is_on_disk && !pieces[1].is_on_disk && pieces[2].is_on_disk);
    assert_int_equal(pieces[1].kind, ERROR_REFUSED);
}

static bool set_page_limit(struct db *db, const struct query *query)
{
    struct cursor cursor;
    struct error err;
    bool has_row;
    bool ok = cursor_open(db, query, &cursor, &err);
    if (ok) {
        ok = cursor_next(&cursor, &has_row, &err);
        cursor_close(&cursor);
    }
    return ok;
}

/* A disk without room for more pages, while this change runs. */
static bool run_full(void *self, struct txn *txn, struct error *err)
{
    static const struct query none = { .name = "no_more", .sqlite = "PRAGMA max_page_count = 1", .params = "" };
    static const struct query many = { .name = "many_more", .sqlite = "PRAGMA max_page_count = 1000000", .params = "" };
    static const char bytes[1000 * 1000];
    struct audit_event event = { .district = 440606,
                                 .action = STR("test"),
                                 .subject = STR("piece:full"),
                                 .detail = { bytes, sizeof bytes } };
    (void)self;
    assert_true(set_page_limit(txn->db, &none));
    bool ok = audit_append(txn, &event, err);
    assert_true(set_page_limit(txn->db, &many));
    return ok;
}

/* The engine throws the whole transaction away in the middle of a batch: the others are made again, one by one. */
static void test_a_transaction_thrown_away(void **state)
{
    struct world *world = *state;
    struct piece blocker, pieces[5];
    struct error err;
    block(world, &blocker);
    for (int i = 0; i < 5; i++) {
        prepare(world, &pieces[i], i, i == 3);
        if (i == 1)
            pieces[i].change.run = run_full;
        must(writer_submit(world->writer, &pieces[i].change, &err), &err);
    }
    unblock(world);
    wait_for_answers(world, 6);
    assert_int_equal(pieces[1].kind, ERROR_FULL);
    assert_int_equal(pieces[3].kind, ERROR_REFUSED);
    for (int i = 0; i < 5; i += 2) {
        assert_int_equal(pieces[i].kind, ERROR_NONE);
        assert_true(pieces[i].is_on_disk);
    }
    assert_false(pieces[1].is_on_disk || pieces[3].is_on_disk);
    assert_int_equal(writer_counts(world->writer).failed, 2);
}

/* Changes no row where it is to change one: where the engine is far away, that comes out after the change has ended. */
static bool run_conflict(void *self, struct txn *txn, struct error *err)
{
    static const struct query none = { .name = "no_row",
                                       .sqlite = "UPDATE audit_head SET seq = 0 WHERE district = ?1",
                                       .postgres = "UPDATE audit_head SET seq = 0 WHERE district = $1",
                                       .params = "i",
                                       .is_writing = true };
    struct cursor cursor;
    if (!run_piece(self, txn, err) || !cursor_open(txn->db, &none, &cursor, err))
        return false;
    cursor_bind_int(&cursor, 1, 1);
    bool ok = cursor_change(&cursor, err);
    cursor_close(&cursor);
    return ok;
}

/* Writes an event that is there already, which the engine refuses. */
static bool run_twin(void *self, struct txn *txn, struct error *err)
{
    struct audit_event_add_args twin = { .district = 440606, .seq = 1, .at = txn->now, .action = STR("twin") };
    twin.subject = twin.detail = twin.hash = STR("twin");
    return run_piece(self, txn, err) && audit_event_add(txn, &twin, NULL, err);
}

static void check_chain(struct world *world, int64_t events)
{
    struct arena arena = { 0 };
    struct audit_report report;
    struct db *db;
    struct error err;
    must(database_reader(world->database, &db, &err), &err);
    must(audit_verify(db, &arena, &report, &err), &err);
    db_release(db);
    arena_release(&arena);
    assert_int_equal(report.bad_seq, 0);
    assert_int_equal(report.events, events);
}

/* Whatever place in the batch it has, it alone fails, as what it is; and a batch of one is told the same. */
static void test_a_late_refusal(void **state)
{
    static change_fn *const bad[] = { run_conflict, run_twin };
    enum { BATCH = 4, ROUNDS = COUNT_OF(bad) * BATCH };
    struct world *world = *state;
    struct error err;
    for (int round = 0; round < ROUNDS; round++) {
        struct piece blocker, pieces[BATCH];
        int at = round % BATCH, size = at == 0 ? 1 : BATCH;
        int before = world->answered;
        block(world, &blocker);
        for (int i = 0; i < size; i++) {
            prepare(world, &pieces[i], round * 10 + i, false);
            if (i == at)
                pieces[i].change.run = bad[round / BATCH];
            must(writer_submit(world->writer, &pieces[i].change, &err), &err);
        }
        unblock(world);
        wait_for_answers(world, before + 1 + size);
        for (int i = 0; i < size; i++) {
            assert_int_equal(pieces[i].kind, i == at ? ERROR_CONFLICT : ERROR_NONE);
            assert_int_equal(pieces[i].is_on_disk, i != at);
        }
        world->has_begun = false;
    }
    check_chain(world, COUNT_OF(bad) * (BATCH + (BATCH - 1) * (BATCH - 1)));
}

/* What waits at the end is still made; what comes later is refused, and never answered twice. */
static void test_draining(void **state)
{
    struct world *world = *state;
    struct piece pieces[10], late;
    struct error err;
    for (int i = 0; i < 10; i++) {
        prepare(world, &pieces[i], i, false);
        must(writer_submit(world->writer, &pieces[i].change, &err), &err);
    }
    writer_drain(world->writer);
    assert_int_equal(world->answered, 10);
    for (int i = 0; i < 10; i++)
        assert_true(pieces[i].is_on_disk);
    prepare(world, &late, 10, false);
    assert_false(writer_submit(world->writer, &late.change, &err));
    assert_int_equal(err.kind, ERROR_BUSY);
    assert_false(late.is_answered);
    writer_free(world->writer);
    must(writer_start(world->database, &world->ids, standing_clock, &world->writer, &err), &err);
}

/* After all of it the chain of the audit is whole: what failed has left no gap. */
static void test_the_chain_is_whole(void **state)
{
    struct world *world = *state;
    struct piece pieces[100];
    struct error err;
    for (int i = 0; i < 100; i++) {
        prepare(world, &pieces[i], i, i % 3 == 0);
        must(writer_submit(world->writer, &pieces[i].change, &err), &err);
    }
    wait_for_answers(world, 100);
    check_chain(world, 66);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(test_from_many_threads), IN_A_WORLD(test_one_batch), IN_A_WORLD(test_a_full_queue),
        IN_A_WORLD(test_draining),          IN_A_WORLD(test_the_chain_is_whole), IN_A_WORLD(test_a_late_refusal),
        IN_A_WORLD(test_a_transaction_thrown_away),
    };
    if (test_is_on_postgres())
        cmocka_set_skip_filter("test_a_transaction_thrown_away"); /* its pages have no limit of their own */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
