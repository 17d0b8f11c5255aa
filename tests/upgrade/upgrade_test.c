/*
 * upgrade_test.c - the data of every earlier version becomes that of this one: the tables are those of new data, and
 * nothing is lost on the way.
 */
#include "upgrade/old.h"

#include "features/network/network.h"
#include "harness/words.h"
#include "platform/audit/audit.h"
#include "shuniu/features.h"

#include <setjmp.h>
#include <signal.h>
#include <sodium/core.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int set_up(void **state)
{
    static struct old old;
    old_make(&old);
    *state = &old;
    return 0;
}

static int tear_down(void **state)
{
    old_remove(*state);
    return 0;
}

static void upgrade(const struct old *old, int version)
{
    struct upgraded done;
    struct error err;
    old_put(old, version);
    if (!old_upgrade(old, &done, &err))
        fail_msg("version %d: %s", version, err.detail);
    assert_int_equal(done.from, version);
    assert_string_equal(done.snapshot, old->snapshot);
    assert_int_not_equal(access(old->part, F_OK), 0);
}

/* --- the tables ------------------------------------------------------------------------------------------------ */

/* What a table is, said by SQLite itself and not by the text that made it. */
static const char shape[] =
    "SELECT group_concat(row, char(10)) FROM ("
    "SELECT t.name || ' ' || c.name || ' ' || c.type || c.\"notnull\" || c.pk AS row"
    "  FROM pragma_table_list AS t, pragma_table_info(t.name) AS c"
    " WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%'"
    " UNION ALL SELECT t.name || ' strict ' || t.strict || t.wr FROM pragma_table_list AS t WHERE t.schema = 'main'"
    " UNION ALL SELECT t.name || ' refers ' || f.seq || f.\"table\" || f.\"from\" || f.\"to\" || f.on_delete"
    "  FROM pragma_table_list AS t, pragma_foreign_key_list(t.name) AS f WHERE t.schema = 'main'"
    " UNION ALL SELECT t.name || ' index ' || CASE i.origin WHEN 'c' THEN i.name ELSE '' END || i.\"unique\""
    " || i.partial"
    " || ' ' || ifnull(x.name, '') || x.seqno"
    "  FROM pragma_table_list AS t, pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS x"
    " WHERE t.schema = 'main' ORDER BY 1)";

static char *shape_of(const char *path)
{
    sqlite3 *sqlite = file_open(path);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(sqlite, shape, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    char *text = sqlite3_mprintf("%s", sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(sqlite);
    return text;
}

static char *shape_of_new_data(const struct old *old)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    struct database *database;
    struct error err;
    old_put(old, 1);
    assert_int_equal(unlink(old->file), 0);
    assert_true(database_open(old->file, schemas, shuniu_schemas(schemas), &database, &err));
    database_close(database);
    return shape_of(old->file);
}

static void tables_are_those_of_new_data(void **state)
{
    const struct old *old = *state;
    char *wanted = shape_of_new_data(old);
    assert_true(strlen(wanted) > 5000);
    for (int version = 1; version < SCHEMA_VERSION; version++) {
        upgrade(old, version);
        char *found = shape_of(old->file);
        assert_string_equal(found, wanted);
        sqlite3_free(found);
    }
    sqlite3_free(wanted);
}

/* --- the rows -------------------------------------------------------------------------------------------------- */

enum { SEALED_FROM = 6 };

/* What stands sealed from then on. */
static const struct {
    const char *table, *column, *record, *owner;
} sealed[] = {
    { "unit", "contact", "id", "district" },   { "organisation", "contact", "id", "district" },
    { "draft", "fields", "id", "account" },    { "job", "result", "id", "0" },
    { "job_payload", "bytes", "job", "0" },
};

/* A column as SQL that gives what was stored; is_opened: what was sealed is. */
static char *as_stored(const char *table, const char *column, bool is_opened)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(sealed); i++) {
        if (strcmp(sealed[i].table, table) != 0 || strcmp(sealed[i].column, column) != 0)
            continue;
        const char *place = strcmp(table, "job_payload") == 0 ? "job.payload" : NULL;
        if (!is_opened)
            return sqlite3_mprintf("CAST(%s AS BLOB)", column);
        return place ? sqlite3_mprintf("opened('%s', %s, %s, %s)", place, sealed[i].record, sealed[i].owner, column)
                     : sqlite3_mprintf("opened('%s.%s', %s, %s, %s)", table, column, sealed[i].record, sealed[i].owner,
                                       column);
    }
    return sqlite3_mprintf("%s", column);
}

/* The columns that a table has before and after; NULL: it is not in both. */
static char *common_columns(sqlite3 *sqlite, const char *table, bool is_opened)
{
    char *all = NULL;
    char *sql = sqlite3_mprintf("SELECT n.name FROM pragma_table_info(%Q, 'main') AS n"
                                " JOIN pragma_table_info(%Q, 'old') AS o ON o.name = n.name", table, table);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        char *column = as_stored(table, (const char *)sqlite3_column_text(statement, 0), is_opened);
        char *more = sqlite3_mprintf("%s%s%s", all ? all : "", all ? ", " : "", column);
        sqlite3_free(column);
        sqlite3_free(all);
        all = more;
    }
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return all;
}

/* Rows of one side that the other does not have. */
static int64_t missing(sqlite3 *sqlite, int version, const char *table, bool is_from_old)
{
    bool is_sealed_by_it = version < SEALED_FROM; /* else nobody touches it */
    char *is = common_columns(sqlite, table, is_sealed_by_it && !is_from_old);
    char *in = common_columns(sqlite, table, is_sealed_by_it && is_from_old);
    char *sql = sqlite3_mprintf("SELECT count(*) FROM (SELECT %s FROM %s.%s EXCEPT SELECT %s FROM %s.%s)", is,
                                is_from_old ? "old" : "main", table, in, is_from_old ? "main" : "old", table);
    int64_t n = file_number(sqlite, sql);
    sqlite3_free(sql);
    sqlite3_free(is);
    sqlite3_free(in);
    return n;
}

static void compare_table(sqlite3 *sqlite, int version, const char *table)
{
    bool is_job = strncmp(table, "job", 3) == 0; /* an import below 5 is ended: what_follows_is_there() */
    char *columns = common_columns(sqlite, table, false);
    assert_non_null(columns); /* no table has gone */
    sqlite3_free(columns);
    if ((is_job && version < 5) || strcmp(table, "form_done") == 0) /* whose digests fit no form any more */
        return;
    if (missing(sqlite, version, table, true) != 0)
        fail_msg("version %d: rows of %s are lost", version, table);
    /* these have a word about the upgrade, and the fingerprint of the key */
    bool has_more = strncmp(table, "audit", 5) == 0 || strcmp(table, "setting") == 0;
    if (!has_more && missing(sqlite, version, table, false) != 0)
        fail_msg("version %d: rows of %s come from nowhere", version, table);
}

static sqlite3 *open_both(const struct old *old)
{
    sqlite3 *sqlite = file_open(old->file);
    char *sql = sqlite3_mprintf("ATTACH %Q AS old", old->snapshot);
    assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_free(sql);
    file_open_sealed(sqlite, old);
    return sqlite;
}

static void rows_are_all_there(void **state)
{
    const struct old *old = *state;
    for (int version = 1; version < SCHEMA_VERSION; version++) {
        upgrade(old, version);
        sqlite3 *sqlite = open_both(old);
        sqlite3_stmt *tables = NULL;
        int n = 0;
        assert_int_equal(sqlite3_prepare_v2(sqlite,
                                            "SELECT name FROM pragma_table_list WHERE schema = 'old' AND type = 'table'"
                                            " AND name NOT LIKE 'sqlite%' AND name NOT IN ('audit_head', 'shuniu')",
                                            -1, &tables, NULL), SQLITE_OK);
        for (; sqlite3_step(tables) == SQLITE_ROW; n++)
            compare_table(sqlite, version, (const char *)sqlite3_column_text(tables, 0));
        assert_true(n >= 16);
        sqlite3_finalize(tables);
        sqlite3_close(sqlite);
    }
}

/* Nor in pages that are free now, nor in a log beside the file. */
static void nothing_sealed_is_left_in_the_clear(void **state)
{
    static const char *const contacts[] = { "何主任 0757-22330000", "林主席" }; /* make.mjs */
    const struct old *old = *state;
    for (int version = 1; version < SCHEMA_VERSION; version++) {
        struct arena arena = { 0 };
        struct str before, after;
        char log[OLD_PATH_BYTES + 8];
        upgrade(old, version);
        assert_true(read_text(old->snapshot, &arena, 64 << 20, &before) && read_text(old->file, &arena, 64 << 20, &after));
        for (ptrdiff_t i = 0; i < COUNT_OF(contacts); i++) {
            assert_int_equal(str_find(before, str_of(contacts[i])) >= 0, version < SEALED_FROM);
            assert_int_equal(str_find(after, str_of(contacts[i])), -1);
        }
        (void)snprintf(log, sizeof log, "%s-wal", old->file);
        assert_int_not_equal(access(log, F_OK), 0);
        arena_release(&arena);
    }
}

static void the_copy_is_the_old_data(void **state)
{
    const struct old *old = *state;
    for (int version = 1; version < SCHEMA_VERSION; version++) {
        old_put(old, version);
        struct digest before = file_digest(old->file);
        upgrade(old, version);
        struct digest copy = file_digest(old->snapshot);
        assert_int_equal(copy.version, version);
        assert_true(digest_equal(&copy, &before));
        struct digest after = file_digest(old->file);
        assert_int_equal(after.version, SCHEMA_VERSION);
    }
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static void check_chains_and_tallies(const struct old *old)
{
    struct database *database;
    struct db *db;
    struct error err;
    struct arena arena = { 0 };
    struct audit_report report;
    struct recount recount;
    assert_true(database_open_existing(old->file, &database, &err));
    assert_true(database_reader(database, &db, &err));
    assert_true(audit_verify(db, &arena, &report, &err));
    assert_int_equal(report.bad_seq, 0);
    assert_int_equal(report.districts, 2);
    assert_true(network_recount(db, &arena, &recount, &err));
    assert_int_equal(recount.different, 0);
    assert_int_equal(recount.tallies, 98);
    db_release(db);
    database_close(database);
    arena_release(&arena);
}

static void it_is_whole(void **state)
{
    const struct old *old = *state;
    for (int version = 1; version < SCHEMA_VERSION; version++) {
        upgrade(old, version);
        sqlite3 *sqlite = file_open(old->file);
        assert_int_equal(file_number(sqlite, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM audit_event WHERE action = 'data.upgrade'"), 1);
        sqlite3_close(sqlite);
        check_chains_and_tallies(old);
    }
}

/* What a version did not know follows from what it did. */
static void what_follows_is_there(void **state)
{
    const struct old *old = *state;
    for (int version = 1; version < SCHEMA_VERSION; version++) {
        upgrade(old, version);
        sqlite3 *sqlite = file_open(old->file);
        /* the time limits that ship, for data that had none */
        assert_true(file_number(sqlite, "SELECT count(*) FROM time_limit") > 0);
        /* every organisation is found by its name, and has a life; one was dissolved */
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM organisation_search"
                                             " WHERE organisation_search MATCH '\"工会\"'"),
                         file_number(sqlite, "SELECT count(*) FROM organisation WHERE name LIKE '%工会%'"));
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM organisation AS o WHERE NOT EXISTS (SELECT 1"
                                             " FROM organisation_event AS e WHERE e.organisation = o.id)"), 0);
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM organisation AS o WHERE o.state <> (SELECT e.state"
                                             " FROM organisation_event AS e WHERE e.organisation = o.id"
                                             " ORDER BY e.id DESC LIMIT 1)"), 0);
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM organisation_event WHERE act = 'dissolve'"), 1);
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM organisation_event"
                                             " WHERE happened_on > at / 86400000000 + 1"), 0);
        /* the relation that the end of one side ended knows which step it was */
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM organisation_relation AS r"
                                             " JOIN organisation_event AS e ON e.id = r.ended_by AND e.act = 'dissolve'"),
                         version == 1 ? 0 : 1);
        /* an import that waits to be saved goes on, or says that it is to be started again */
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM job_payload JOIN job ON id = job WHERE state = 3"),
                         version < 5 ? 0 : 1);
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM job WHERE kind = 'network.import' AND state = 5"
                                             " AND message = 'job_interrupted'"), version < 5 ? 1 : 0);
        assert_int_equal(file_number(sqlite, "SELECT count(*) FROM job_payload"), version < 5 ? 0 : 1);
        sqlite3_close(sqlite);
    }
}

/* --- what is left alone ------------------------------------------------------------------------------------------ */

static void what_is_new_is_left_alone(void **state)
{
    const struct old *old = *state;
    struct upgraded done;
    struct error err;
    upgrade(old, SCHEMA_VERSION - 1);
    struct digest before = file_digest(old->file);
    assert_int_equal(unlink(old->snapshot), 0);
    assert_true(old_upgrade(old, &done, &err));
    assert_int_equal(done.from, SCHEMA_VERSION);
    struct digest after = file_digest(old->file);
    assert_true(digest_equal(&before, &after));
    assert_int_not_equal(access(old->snapshot, F_OK), 0);
    /* no file: none is made */
    assert_int_equal(unlink(old->file), 0);
    assert_true(old_upgrade(old, &done, &err));
    assert_int_equal(done.from, SCHEMA_VERSION);
    assert_int_not_equal(access(old->file, F_OK), 0);
}

static void refuse(const struct old *old, enum error_kind kind, const char *why)
{
    struct upgraded done;
    struct error err;
    struct digest before = file_digest(old->file);
    assert_false(old_upgrade(old, &done, &err));
    assert_int_equal(err.kind, kind);
    if (!strstr(err.detail, why))
        fail_msg("%s, not %s", err.detail, why);
    struct digest after = file_digest(old->file);
    assert_true(digest_equal(&before, &after));
    assert_int_not_equal(access(old->part, F_OK), 0);
}

static sqlite3 *change_file_and_stay(const struct old *old, const char *sql)
{
    sqlite3 *sqlite = file_open(old->file);
    assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
    return sqlite;
}

static void change_file(const struct old *old, const char *sql)
{
    sqlite3_close(change_file_and_stay(old, sql));
}

/* Of a program between two versions, or changed by hand; newer; of another program; with a row that refers to nothing. */
static void what_it_does_not_know_is_refused(void **state)
{
    const struct old *old = *state;
    old_put(old, 3);
    change_file(old, "DROP INDEX job_state");
    refuse(old, ERROR_VERSION, "its tables are not those of its version: job_state");
    old_put(old, 3);
    change_file(old, "ALTER TABLE setting ADD COLUMN more TEXT");
    refuse(old, ERROR_VERSION, "its tables are not those of its version: setting");
    old_put(old, 2);
    change_file(old, "DROP INDEX coverage_place; DROP TABLE organisation_relation");
    refuse(old, ERROR_IO, "organisation_relation");
    old_put(old, 5);
    change_file(old, "PRAGMA user_version=99");
    refuse(old, ERROR_VERSION, "data of the newer schema 99");
    old_put(old, 5);
    change_file(old, "PRAGMA application_id=1");
    refuse(old, ERROR_INPUT, "not one of this program");
    old_put(old, 5);
    change_file(old, "PRAGMA foreign_keys=OFF; UPDATE spot_event SET spot = 1 WHERE rowid = 1");
    refuse(old, ERROR_INPUT, "a row of spot_event points to nothing");
}

static void data_in_use_is_refused(void **state)
{
    const struct old *old = *state;
    struct upgraded done;
    struct error err;
    old_put(old, 4);
    sqlite3 *other = file_open(old->file); /* a server of the old version, with nothing to do */
    assert_true(file_number(other, "SELECT count(*) FROM unit") > 0);
    assert_false(old_upgrade(old, &done, &err));
    assert_int_equal(err.kind, ERROR_BUSY);
    assert_int_not_equal(access(old->snapshot, F_OK), 0);
    sqlite3_close(other);
    assert_true(old_upgrade(old, &done, &err));
}

/* What an old server that was killed had answered stands in its log alone. */
static void the_log_of_a_killed_server_counts(void **state)
{
    const struct old *old = *state;
    struct upgraded done;
    struct error err;
    int status = 0;
    old_put(old, 5);
    pid_t child = fork();
    if (child == 0) {
        (void)change_file_and_stay(old, "INSERT INTO setting (name, value) VALUES ('late', '1')");
        (void)kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_true(old_upgrade(old, &done, &err));
    sqlite3 *sqlite = open_both(old);
    assert_int_equal(file_number(sqlite, "SELECT count(*) FROM main.setting WHERE name = 'late'"), 1);
    assert_int_equal(file_number(sqlite, "SELECT count(*) FROM old.setting WHERE name = 'late'"), 1);
    sqlite3_close(sqlite);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_those_of_new_data),
        cmocka_unit_test(rows_are_all_there),
        cmocka_unit_test(nothing_sealed_is_left_in_the_clear),
        cmocka_unit_test(the_copy_is_the_old_data),
        cmocka_unit_test(it_is_whole),
        cmocka_unit_test(what_follows_is_there),
        cmocka_unit_test(what_is_new_is_left_alone),
        cmocka_unit_test(what_it_does_not_know_is_refused),
        cmocka_unit_test(data_in_use_is_refused),
        cmocka_unit_test(the_log_of_a_killed_server_counts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
