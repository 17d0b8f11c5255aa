/*
 * db_test.c - what happens to a data file that is not what it should be, and to changes that fail.
 */
#include "platform/audit/audit.h"
#include "platform/db/db.h"
#include "platform/db/ids.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static const struct schema *const schemas[] = { &audit_schema };

struct place {
    char folder[64], file[96], copy[96];
};

static int set_up(void **state)
{
    static struct place place;
    place = (struct place){ "/tmp/shuniu-db-XXXXXX", "", "" };
    if (!mkdtemp(place.folder))
        return -1;
    (void)snprintf(place.file, sizeof place.file, "%s/shuniu.db", place.folder);
    (void)snprintf(place.copy, sizeof place.copy, "%s/copy.db", place.folder);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "shuniu.db", "shuniu.db-wal", "shuniu.db-shm", "shuniu.db.before", "copy.db" };
    struct place *place = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", place->folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(place->folder);
}

static struct database *open_new(const struct place *place)
{
    struct database *database;
    struct error err;
    assert_true(database_open(place->file, schemas, COUNT_OF(schemas), &database, &err));
    return database;
}

static enum error_kind open_kind(const char *path)
{
    struct database *database;
    struct error err = { 0 };
    if (database_open(path, schemas, COUNT_OF(schemas), &database, &err))
        database_close(database);
    return err.kind;
}

/* Runs SQL on the file behind the program's back. */
static void meddle(const struct place *place, const char *sql)
{
    sqlite3 *sqlite;
    assert_int_equal(sqlite3_open(place->file, &sqlite), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sqlite);
}

static void test_a_file_that_is_no_database(void **state)
{
    const struct place *place = *state;
    FILE *file = fopen(place->file, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is a letter, not a database. ", file);
    fclose(file);
    assert_int_equal(open_kind(place->file), ERROR_INPUT);
    assert_true(access(place->file, F_OK) == 0); /* it is still there */
}

static void test_another_program_s_database(void **state)
{
    const struct place *place = *state;
    meddle(place, "CREATE TABLE recipe (name TEXT)");
    assert_int_equal(open_kind(place->file), ERROR_INPUT);
}

static void test_a_newer_program_s_data(void **state)
{
    const struct place *place = *state;
    database_close(open_new(place));
    meddle(place, "PRAGMA user_version = 9999");
    assert_int_equal(open_kind(place->file), ERROR_VERSION);
}

static void test_a_folder_that_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(open_kind("/nowhere/shuniu.db"), ERROR_IO);
}

static bool append_many(void *self, struct txn *txn, struct error *err)
{
    struct audit_event event = { .district = 440606, .action = STR("test"), .subject = STR("thing:1") };
    for (int i = 0; i < *(const int *)self; i++)
        if (!audit_append(txn, &event, err))
            return false;
    return true;
}

static bool append_and_fail(void *self, struct txn *txn, struct error *err)
{
    return append_many(self, txn, err) && error_fail(err, ERROR_CONFLICT, "changed its mind");
}

static bool run(struct database *database, change_fn *change, int count, struct error *err)
{
    struct db *db;
    struct ids ids = { 0 };
    assert_true(database_writer(database, &db, err));
    bool ok = txn_run(db, &ids, (struct instant){ 1 }, change, &count, err);
    db_release(db);
    return ok;
}

static struct audit_report verify(struct database *database)
{
    struct arena arena = { 0 };
    struct audit_report report;
    struct error err;
    struct db *db;
    assert_true(database_reader(database, &db, &err));
    assert_true(audit_verify(db, &arena, &report, &err));
    db_release(db);
    arena_release(&arena);
    return report;
}

static void test_a_failed_change_leaves_nothing(void **state)
{
    struct database *database = open_new(*state);
    struct error err;
    assert_true(run(database, append_many, 3, &err));
    assert_false(run(database, append_and_fail, 5, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(verify(database).events, 3);
    assert_int_equal(verify(database).bad_seq, 0);
    database_close(database);
}

/* A full disk, played by a limit on the size of files. */
static void test_a_full_disk(void **state)
{
    struct database *database = open_new(*state);
    struct error err;
    struct rlimit before, small = { 400 * 1024, 400 * 1024 };
    assert_true(run(database, append_many, 10, &err));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_false(run(database, append_many, 20000, &err));
    assert_true(err.kind == ERROR_FULL || err.kind == ERROR_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(verify(database).events, 10);
    assert_true(run(database, append_many, 1, &err)); /* with room again, work goes on */
    database_close(database);
}

static void test_the_audit_finds_what_was_changed(void **state)
{
    static const char *const harms[] = {
        "UPDATE audit_event SET detail = 'other' WHERE seq = 2",
        "UPDATE audit_event SET at = at + 1 WHERE seq = 3",
        "DELETE FROM audit_event WHERE seq = 5", /* the tail */
        "DELETE FROM audit_event WHERE seq = 1",
        "UPDATE audit_event SET seq = 9 WHERE seq = 2; UPDATE audit_event SET seq = 2 WHERE seq = 3;"
        "UPDATE audit_event SET seq = 3 WHERE seq = 9",
        "DELETE FROM audit_event",
    };
    const struct place *place = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(harms); i++) {
        struct error err;
        (void)unlink(place->file);
        struct database *database = open_new(place);
        assert_true(run(database, append_many, 5, &err));
        assert_int_equal(verify(database).bad_seq, 0);
        meddle(place, harms[i]);
        assert_int_not_equal(verify(database).bad_seq, 0);
        database_close(database);
    }
}

static void test_a_backup_can_be_restored(void **state)
{
    const struct place *place = *state;
    struct database *database = open_new(place);
    struct error err;
    assert_true(run(database, append_many, 7, &err));
    assert_true(database_backup(database, place->copy, &err));
    assert_true(run(database, append_many, 2, &err));
    database_close(database);
    assert_true(database_open(place->copy, schemas, COUNT_OF(schemas), &database, &err));
    assert_true(database_replace(database, place->file, &err));
    database_close(database);
    database = open_new(place);
    assert_int_equal(verify(database).events, 7);
    database_close(database);
}

static void test_a_restore_waits_for_the_server(void **state)
{
    const struct place *place = *state;
    struct database *database = open_new(place), *copy;
    struct error err;
    assert_true(run(database, append_many, 1, &err));
    assert_true(database_backup(database, place->copy, &err));
    assert_true(run(database, append_many, 1, &err));
    struct db *reader; /* keeps the log of the running server in place */
    assert_true(database_reader(database, &reader, &err));
    assert_true(db_snapshot_begin(reader, &err));
    assert_true(database_open(place->copy, schemas, COUNT_OF(schemas), &copy, &err));
    assert_false(database_replace(copy, place->file, &err));
    assert_int_equal(err.kind, ERROR_BUSY);
    database_close(copy);
    db_snapshot_end(reader);
    db_release(reader);
    assert_int_equal(verify(database).events, 2);
    database_close(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_file_that_is_no_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_program_s_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_newer_program_s_data, set_up, tear_down),
        cmocka_unit_test(test_a_folder_that_is_not_there),
        cmocka_unit_test_setup_teardown(test_a_failed_change_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_audit_finds_what_was_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_backup_can_be_restored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_restore_waits_for_the_server, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
