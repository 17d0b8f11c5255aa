/*
 * db_test.c - what happens to a data file that is not what it should be, and to changes that fail.
 */
#include "platform/audit/audit.h"
#include "platform/db/db.h"
#include "platform/db/ids.h"
#include "platform/db/query.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
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
    static const char *const names[] = { "shuniu.db",        "shuniu.db-wal",        "shuniu.db-shm",
                                         "shuniu.db.before", "shuniu.db.before-wal", "shuniu.db.before-shm",
                                         "copy.db",          "copy.db.part" };
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
    (void)fclose(file);
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

static void test_an_older_program_s_data(void **state)
{
    const struct place *place = *state;
    database_close(open_new(place));
    meddle(place, "PRAGMA user_version = 0");
    assert_int_equal(open_kind(place->file), ERROR_VERSION);
}

static enum error_kind existing_kind(const char *path)
{
    struct database *database;
    struct error err = { 0 };
    if (database_open_existing(path, &database, &err))
        database_close(database);
    return err.kind;
}

static void test_what_is_not_there_is_not_made(void **state)
{
    const struct place *place = *state;
    struct stat stat_of;
    assert_int_equal(existing_kind(place->file), ERROR_NOT_FOUND);
    assert_int_not_equal(access(place->file, F_OK), 0);
    (void)fclose(fopen(place->file, "w"));
    assert_int_equal(existing_kind(place->file), ERROR_INPUT);
    assert_int_equal(stat(place->file, &stat_of), 0);
    assert_int_equal(stat_of.st_size, 0);
    meddle(place, "CREATE TABLE recipe (name TEXT)");
    assert_int_equal(existing_kind(place->file), ERROR_INPUT);
    (void)unlink(place->file);
    database_close(open_new(place));
    assert_int_equal(existing_kind(place->file), ERROR_NONE);
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
/* Writes over the first bytes of the data file. */
static void scribble(const struct place *place, const char *text)
{
    FILE *file = fopen(place->file, "r+");
    fputs(text, file);
    (void)fclose(file);
}

/* A connection that could not read once serves the next request again. */
static void test_a_snapshot_that_fails_leaves_no_transaction(void **state)
{
    const struct place *place = *state;
    struct database *database = open_new(place);
    struct db *reader;
    struct error err = { 0 };
    assert_true(database_reader(database, &reader, &err));
    /* so that it has to look at the file again */
    meddle(place, "CREATE TABLE beside (n INTEGER); PRAGMA wal_checkpoint(TRUNCATE)");
    scribble(place, "no data anymore"); /* as long as what it was */
    assert_false(db_snapshot_begin(reader, &err));
    scribble(place, "SQLite format 3");
    meddle(place, "CREATE TABLE beside_too (n INTEGER)");
    db_release(reader);
    assert_true(database_reader(database, &reader, &err)); /* the same one, out of the pool */
    if (!db_snapshot_begin(reader, &err))
        fail_msg("%s", err.detail);
    db_snapshot_end(reader);
    db_release(reader);
    database_close(database);
}

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

static enum error_kind query_kind(struct db *db, const struct query *query)
{
    struct cursor cursor;
    struct error err = { 0 };
    bool has_row;
    assert_true(cursor_open(db, query, &cursor, &err));
    if (!cursor_next(&cursor, &has_row, &err))
        assert_int_not_equal(err.kind, ERROR_NONE);
    cursor_close(&cursor);
    return err.kind;
}

/* A number that is taken is a lost race; any other constraint is the program's own fault. */
static void test_which_constraints_are_conflicts(void **state)
{
    static const struct query twice = { .name = "twice", .sqlite = "INSERT INTO audit_event SELECT * FROM audit_event", .params = "" };
    static const struct query nulls = { .name = "nulls", .sqlite = "INSERT INTO audit_event DEFAULT VALUES", .params = "" };
    struct database *database = open_new(*state);
    struct db *db;
    struct error err;
    assert_true(run(database, append_many, 1, &err));
    assert_true(database_writer(database, &db, &err));
    assert_int_equal(query_kind(db, &twice), ERROR_CONFLICT);
    assert_int_equal(query_kind(db, &nulls), ERROR_IO);
    db_release(db);
    database_close(database);
}

static void test_the_audit_finds_what_was_changed(void **state)
{
    static const char *const harms[] = {
        "UPDATE audit_event SET detail = 'other' WHERE seq = 2",
        "UPDATE audit_event SET at = at + 1 WHERE seq = 3",
        "DELETE FROM audit_event WHERE seq = 5", /* the tail */
        "DELETE FROM audit_event WHERE seq = 1",
        ("UPDATE audit_event SET seq = 9 WHERE seq = 2; UPDATE audit_event SET seq = 2 WHERE seq = 3;"
         "UPDATE audit_event SET seq = 3 WHERE seq = 9"),
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

/* What a killed one has left is no obstacle; what has the name of the copy is, a link that leads nowhere included. */
static void test_a_backup_takes_no_other_s_place(void **state)
{
    const struct place *place = *state;
    struct database *database = open_new(place);
    struct error err;
    char part[128], elsewhere[128];
    struct stat it;
    (void)snprintf(part, sizeof part, "%s.part", place->copy);
    (void)snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", place->folder);
    assert_int_equal(symlink(elsewhere, part), 0);
    assert_int_equal(symlink(elsewhere, place->copy), 0);
    assert_false(database_backup(database, place->copy, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_not_equal(lstat(elsewhere, &it), 0);
    assert_int_not_equal(lstat(part, &it), 0);
    assert_int_equal(unlink(place->copy), 0);
    assert_true(database_backup(database, place->copy, &err));
    assert_int_not_equal(lstat(part, &it), 0);
    assert_int_equal(lstat(place->copy, &it), 0);
    assert_int_equal(it.st_mode & 0777, 0600);
    assert_false(database_backup(database, place->copy, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    database_close(database);
}

static int64_t events_in(const char *path)
{
    struct database *database;
    struct error err;
    assert_true(database_open_existing(path, &database, &err));
    struct audit_report report = verify(database);
    database_close(database);
    assert_int_equal(report.bad_seq, 0);
    return report.events;
}

/* A backup of this many events at place->copy, and nothing at place->file. */
static struct database *backup_of(const struct place *place, int events)
{
    struct database *database = open_new(place), *copy;
    struct error err;
    assert_true(run(database, append_many, events, &err));
    assert_true(database_backup(database, place->copy, &err));
    database_close(database);
    assert_int_equal(unlink(place->file), 0);
    assert_true(database_open_existing(place->copy, &copy, &err));
    return copy;
}

/* A process that was killed leaves a log; it is no reason to wait, and what is in it is not lost. */
static void test_a_restore_after_a_crash(void **state)
{
    const struct place *place = *state;
    struct database *copy = backup_of(place, 3);
    char path[128];
    struct error err;
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct database *database;
        struct db *db;
        struct ids ids = { 0 };
        int count = 5;
        bool ok = database_open(place->file, schemas, COUNT_OF(schemas), &database, &err) &&
                  database_writer(database, &db, &err) &&
                  txn_run(db, &ids, (struct instant){ 1 }, append_many, &count, &err);
        _exit(ok ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    (void)snprintf(path, sizeof path, "%s-wal", place->file);
    assert_int_equal(access(path, F_OK), 0);
    assert_true(database_replace(copy, place->file, &err));
    database_close(copy);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(events_in(place->file), 3);
    (void)snprintf(path, sizeof path, "%s.before", place->file);
    assert_int_equal(events_in(path), 5);
}

/* The old data may be what one restores because of. */
static void test_a_restore_over_a_broken_file(void **state)
{
    const struct place *place = *state;
    struct database *copy = backup_of(place, 3);
    struct error err;
    FILE *file = fopen(place->file, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this was a database once. ", file);
    (void)fclose(file);
    assert_true(database_replace(copy, place->file, &err));
    database_close(copy);
    assert_int_equal(events_in(place->file), 3);
}

static void test_a_restore_that_fails_leaves_all_as_it_was(void **state)
{
    const struct place *place = *state;
    struct database *copy = backup_of(place, 3);
    struct database *database = open_new(place);
    char before[128], fresh[128];
    struct error err;
    assert_true(run(database, append_many, 5, &err));
    database_close(database);
    (void)snprintf(before, sizeof before, "%s.before", place->file);
    (void)snprintf(fresh, sizeof fresh, "%s.new", place->file);
    assert_int_equal(mkdir(before, 0700), 0); /* no file can get this name */
    assert_false(database_replace(copy, place->file, &err));
    assert_int_equal(err.kind, ERROR_IO);
    database_close(copy);
    assert_int_equal(rmdir(before), 0);
    assert_int_not_equal(access(fresh, F_OK), 0);
    assert_int_equal(events_in(place->file), 5);
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
        cmocka_unit_test_setup_teardown(test_an_older_program_s_data, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_not_there_is_not_made, set_up, tear_down),
        cmocka_unit_test(test_a_folder_that_is_not_there),
        cmocka_unit_test_setup_teardown(test_a_failed_change_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_snapshot_that_fails_leaves_no_transaction, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_constraints_are_conflicts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_audit_finds_what_was_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_backup_can_be_restored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_backup_takes_no_other_s_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_restore_after_a_crash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_restore_over_a_broken_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_restore_that_fails_leaves_all_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_restore_waits_for_the_server, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
