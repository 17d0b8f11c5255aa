/*
 * sqlite_upgrade.c - upgrading a data file.
 *
 * The connection has the file to itself from before the copy until the end, so nothing can be written between the two.
 * Foreign keys are off while tables are made anew under another name and renamed (sqlite.org/lang_altertable.html), and
 * are checked as a whole before the transaction ends.  What a step takes away or seals is overwritten in the pages it
 * stood in (secure_delete), so that none of it stays readable in the file.
 */
#include "platform/db/bigram.h"
#include "platform/db/files.h"
#include "platform/db/ids.h"
#include "platform/db/sqlite.h"
#include "platform/db/upgrade.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct upgrade_work {
    const char *path;
    const struct upgrade_plan *plan;
    struct sqlite_db *db; /* the connection that has the file to itself */
    int from;
    struct arena arena;
};

/* --- the copy ------------------------------------------------------------------------------------------------- */

/* Complete and on the disk before it gets its name. */
static bool keep_copy(struct upgrade_work *work, struct upgraded *ret, struct error *err)
{
    int len = snprintf(ret->snapshot, sizeof ret->snapshot, "%s.before-v%d", work->path, SCHEMA_VERSION);
    if (len < 0 || len >= (int)sizeof ret->snapshot)
        return error_fail(err, ERROR_LIMIT, "the name of the data folder is too long");
    const char *part = str_z(&work->arena, str_format(&work->arena, "%s.new", ret->snapshot));
    (void)unlink(part); /* of an upgrade that was killed */
    bool ok = sqlite_copy(work->db->sqlite, part, err) && file_sync(part, err);
    if (ok && rename(part, ret->snapshot) != 0)
        ok = error_fail(err, ERROR_IO, "cannot name the copy %s: %s", ret->snapshot, strerror(errno));
    if (!ok)
        (void)unlink(part);
    return ok && file_sync_folder(work->path, err);
}

/* --- the tables ----------------------------------------------------------------------------------------------- */

static bool run_steps(const struct upgrade_work *work, struct error *err)
{
    for (int to = work->from + 1; to <= SCHEMA_VERSION; to++) {
        for (int r = 0; r < work->plan->room_count; r++) {
            const struct upgrade *room = work->plan->rooms[r];
            for (int i = 0; i < room->step_count; i++)
                if (room->steps[i].to == to && room->steps[i].sqlite &&
                    !sqlite_run(work->db->sqlite, room->steps[i].sqlite, err))
                    return false;
        }
    }
    return true;
}

/* Blanks and the quotes that a renaming leaves around a name make no difference. */
static bool same_sql(const char *a, const char *b)
{
    static const char ignored[] = " \n\"";
    for (;; a++, b++) {
        a += strspn(a, ignored);
        b += strspn(b, ignored);
        if (*a != *b)
            return false;
        if (*a == '\0')
            return true;
    }
}

static const char *text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

/* The next table or index of two files: the same? Both may be at their end. */
static bool same_row(sqlite3_stmt *is, sqlite3_stmt *must, bool *ret_more, struct error *err)
{
    int is_rc = sqlite3_step(is), must_rc = sqlite3_step(must);
    if ((is_rc != SQLITE_ROW && is_rc != SQLITE_DONE) || (must_rc != SQLITE_ROW && must_rc != SQLITE_DONE))
        return error_fail(err, ERROR_IO, "cannot read the tables (%d, %d)", is_rc, must_rc);
    *ret_more = is_rc == SQLITE_ROW && must_rc == SQLITE_ROW;
    bool ok = is_rc == must_rc;
    for (int column = 0; ok && *ret_more && column < sqlite3_column_count(is); column++)
        ok = same_sql(text_at(is, column), text_at(must, column));
    if (ok)
        return true;
    /* in the order of names the lesser one is missing on the other side */
    bool is_extra = must_rc == SQLITE_DONE || (*ret_more && strcmp(text_at(is, 0), text_at(must, 0)) < 0);
    return error_fail(err, ERROR_VERSION, "its tables are not those of its version: %s",
                      text_at(is_extra ? is : must, 0));
}

static bool same_tables(sqlite3 *is, sqlite3 *must, struct error *err)
{
    /* without the engine's own table, which is in no schema */
    static const char sql[] =
        "SELECT name, type, tbl_name, ifnull(sql, '') FROM sqlite_schema WHERE tbl_name <> 'shuniu' ORDER BY name";
    sqlite3_stmt *is_rows = NULL, *must_rows = NULL;
    bool more = true;
    bool ok = (sqlite3_prepare_v2(is, sql, -1, &is_rows, NULL) == SQLITE_OK &&
               sqlite3_prepare_v2(must, sql, -1, &must_rows, NULL) == SQLITE_OK) ||
              error_fail(err, ERROR_IO, "cannot read the tables");
    while (ok && more)
        ok = same_row(is_rows, must_rows, &more, err);
    sqlite3_finalize(is_rows);
    sqlite3_finalize(must_rows);
    return ok;
}

/* What the steps made is what new data has; or the file was never of the version it names. */
static bool check_tables(const struct upgrade_work *work, struct error *err)
{
    sqlite3 *fresh = NULL;
    int rc = sqlite3_open_v2(":memory:", &fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = bigram_register(fresh);
    bool ok = rc == SQLITE_OK || sqlite_fail(fresh, rc, "tables to compare with", err);
    for (int i = 0; ok && i < work->plan->schema_count; i++)
        ok = sqlite_run(fresh, work->plan->schemas[i]->sqlite, err);
    ok = ok && same_tables(work->db->sqlite, fresh, err);
    sqlite3_close(fresh);
    return ok;
}

static bool check_references(sqlite3 *sqlite, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(sqlite, "PRAGMA foreign_key_check", -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    bool ok = rc == SQLITE_DONE;
    if (rc == SQLITE_ROW)
        (void)error_fail(err, ERROR_INPUT, "a row of %s points to nothing", text_at(statement, 0));
    else if (!ok)
        (void)sqlite_fail(sqlite, rc, "foreign keys", err);
    sqlite3_finalize(statement);
    return ok;
}

/* --- the transaction ------------------------------------------------------------------------------------------ */

static bool change_all(const struct upgrade_work *work, struct error *err)
{
    struct ids ids = { 0 };
    struct txn txn = { .db = &work->db->db, .now = instant_now(), .ids = &ids };
    sqlite3 *sqlite = work->db->sqlite;
    char sql[64];
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version=%d", SCHEMA_VERSION);
    bool ok = sqlite_run(sqlite, "PRAGMA foreign_keys=OFF; BEGIN EXCLUSIVE", err) && run_steps(work, err) &&
              check_tables(work, err) && sqlite_find_own_table(work->db, err) && upgrade_derive(work->plan, work->from, &txn, err) &&
              work->plan->finish(&txn, work->from, err) && check_references(sqlite, err) &&
              sqlite_run(sqlite, sql, err) && sqlite_run(sqlite, "COMMIT", err);
    if (!ok)
        db_rollback(&work->db->db);
    return ok;
}

/* Nobody else has the file open, and nobody can open it until this connection is closed. */
static bool take_alone(struct upgrade_work *work, struct error *err)
{
    static const char sql[] = "PRAGMA temp_store=FILE; PRAGMA secure_delete=ON; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT";
    int rc = sqlite3_exec(work->db->sqlite, sql, NULL, NULL, NULL);
    if ((rc & 0xFF) == SQLITE_BUSY)
        return error_fail(err, ERROR_BUSY, "%s is in use: stop the server first", work->path);
    return rc == SQLITE_OK || sqlite_fail(work->db->sqlite, rc, work->path, err);
}

static bool upgrade_file(struct upgrade_work *work, struct upgraded *ret, struct error *err)
{
    struct database *database = sqlite_make(work->path);
    database_use_keys(database, work->plan->keeper);
    bool ok = sqlite_connect(database, true, 0, &work->db, err);
    if (ok) {
        ok = take_alone(work, err) && keep_copy(work, ret, err) && change_all(work, err);
        sqlite_disconnect(&work->db->db);
    }
    database_close(database);
    return ok;
}

/* The version of the data there; that of this program where there is none. */
static bool version_of(const char *path, int *ret, struct error *err)
{
    struct database *database = sqlite_make(path);
    struct sqlite_db *db = NULL;
    bool ok = sqlite_connect(database, false, 0, &db, err) && sqlite_check_file(db->sqlite, ret, err);
    if (db)
        sqlite_disconnect(&db->db);
    database_close(database);
    return ok;
}

bool sqlite_upgrade(const char *path, const struct upgrade_plan *plan, struct upgraded *ret, struct error *err)
{
    struct upgrade_work work = { .path = path, .plan = plan };
    struct upgraded done = { .from = SCHEMA_VERSION };
    if (access(path, F_OK) == 0 && !version_of(path, &work.from, err))
        return false;
    bool is_old = work.from != 0 && work.from != SCHEMA_VERSION; /* 0: there are no tables, or there is no file */
    bool ok = !is_old || upgrade_file(&work, &done, err);
    arena_release(&work.arena);
    if (!ok)
        return false;
    if (is_old)
        done.from = work.from;
    *ret = done;
    return true;
}
