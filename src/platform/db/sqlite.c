/*
 * sqlite.c - the SQLite engine: one file in WAL mode, one connection that writes, one per thread that reads.
 *
 * Durability: synchronous=FULL, so COMMIT returns after the log is on the disk.  Every table is STRICT and foreign keys
 * are on.  The file carries our application_id and, as user_version, the number of the schema it holds.
 * Statements and cursors are in sqlite_query.c.  Beside the features' tables there is one of the engine: 'shuniu', with the
 * last id that was given, so that ids grow on though the clock of another start is behind.
 */
#include "platform/db/sqlite.h"

#include "platform/db/bigram.h"
#include "platform/db/files.h"
#include "platform/db/ids.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x53484E55 /* "SHNU" */

enum { BUSY_MS = 5000, MMAP_BYTES = 1 << 30, CACHE_KIB = 4096 };

/* --- faults ------------------------------------------------------------------------------------------------- */

static enum error_kind kind_of(int rc)
{
    if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
        return ERROR_CONFLICT;
    switch (rc & 0xFF) { /* any other constraint was to be kept by the program: not the person's doing */
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERROR_BUSY;
    case SQLITE_FULL:
        return ERROR_FULL;
    case SQLITE_TOOBIG:
        return ERROR_LIMIT;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return ERROR_INPUT;
    default:
        return ERROR_IO;
    }
}

bool sqlite_fail(sqlite3 *sqlite, int rc, const char *what, struct error *err)
{
    return error_fail(err, kind_of(rc), "%s: %s (%d)", what, sqlite ? sqlite3_errmsg(sqlite) : sqlite3_errstr(rc), rc);
}

bool sqlite_run(sqlite3 *sqlite, const char *sql, struct error *err)
{
    int rc = sqlite3_exec(sqlite, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || sqlite_fail(sqlite, rc, sql, err);
}

static bool pragma_int(sqlite3 *sqlite, const char *sql, int64_t *ret, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int64(statement, 0);
    bool ok = rc == SQLITE_ROW || sqlite_fail(sqlite, rc, sql, err);
    sqlite3_finalize(statement);
    return ok;
}

/* --- connections -------------------------------------------------------------------------------------------- */

void sqlite_disconnect(struct db *base)
{
    struct sqlite_db *db = sqlite_of(base);
    for (int i = 0; i < STATEMENT_SLOTS; i++)
        sqlite3_finalize(base->slots[i].statement);
    sqlite3_close(db->sqlite);
    cache_release(&base->cache);
    sqlite3_free(db);
}

static bool configure(struct sqlite_db *db, struct error *err)
{
    sqlite3 *sqlite = db->sqlite;
    sqlite3_extended_result_codes(sqlite, 1);
    sqlite3_busy_timeout(sqlite, BUSY_MS);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    int rc = bigram_register(sqlite);
    if (rc != SQLITE_OK)
        return sqlite_fail(sqlite, rc, "bigram", err);
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=%d;"
                   "PRAGMA cache_size=-%d; PRAGMA query_only=%d; PRAGMA wal_autocheckpoint=4000",
                   MMAP_BYTES, CACHE_KIB, !db->db.is_writer);
    rc = sqlite3_exec(sqlite, sql, NULL, NULL, NULL); /* the first look into the file: it may be anything */
    return rc == SQLITE_OK || sqlite_fail(sqlite, rc, db->db.database->place, err);
}

bool sqlite_connect(struct database *database, bool is_writer, int create_flag, struct sqlite_db **ret,
                    struct error *err)
{
    struct sqlite_db *db = sqlite3_malloc64(sizeof *db);
    if (!db)
        BUG("out of memory");
    *db = (struct sqlite_db){ .db = { .database = database, .is_writer = is_writer } };
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | create_flag;
    int rc = sqlite3_open_v2(database->place, &db->sqlite, flags, NULL);
    bool ok = rc == SQLITE_OK || sqlite_fail(db->sqlite, rc, database->place, err);
    if (!ok || !configure(db, err)) {
        sqlite_disconnect(&db->db);
        return false;
    }
    *ret = db;
    return true;
}

static bool connect_more(struct database *database, bool is_writer, struct db **ret, struct error *err)
{
    struct sqlite_db *db;
    if (!sqlite_connect(database, is_writer, 0, &db, err))
        return false;
    *ret = &db->db;
    return true;
}

static bool is_idle(struct db *db)
{
    return sqlite3_get_autocommit(sqlite_of(db)->sqlite) != 0;
}

/* --- opening ------------------------------------------------------------------------------------------------ */

static const char own_table[] =
    "CREATE TABLE shuniu (one INTEGER PRIMARY KEY CHECK (one = 1), last_id INTEGER NOT NULL) STRICT;"
    "INSERT INTO shuniu (one, last_id) VALUES (1, 0)";

static bool create_schema(sqlite3 *sqlite, const struct schema *const *schemas, int count, struct error *err)
{
    if (!sqlite_run(sqlite, "BEGIN EXCLUSIVE", err))
        return false;
    bool ok = sqlite_run(sqlite, own_table, err);
    for (int i = 0; i < count && ok; i++)
        ok = sqlite_run(sqlite, schemas[i]->sqlite, err);
    char sql[128];
    (void)snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID, SCHEMA_VERSION);
    ok = ok && sqlite_run(sqlite, sql, err) && sqlite_run(sqlite, "COMMIT", err);
    if (!ok)
        (void)sqlite3_exec(sqlite, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

bool sqlite_check_file(sqlite3 *sqlite, int *ret_version, struct error *err)
{
    int64_t tables = 0, application = 0, version = 0;
    if (!pragma_int(sqlite, "SELECT count(*) FROM sqlite_schema", &tables, err) ||
        !pragma_int(sqlite, "PRAGMA application_id", &application, err) ||
        !pragma_int(sqlite, "PRAGMA user_version", &version, err))
        return false;
    if (tables > 0 && application != APPLICATION_ID)
        return error_fail(err, ERROR_INPUT, "a database, but not one of this program");
    if (tables > 0 && version < 1)
        return error_fail(err, ERROR_VERSION, "data of schema %lld, which there never was", (long long)version);
    if (tables > 0 && version > SCHEMA_VERSION)
        return error_fail(err, ERROR_VERSION, "data of the newer schema %lld; this program knows %d",
                          (long long)version, SCHEMA_VERSION);
    *ret_version = tables > 0 ? (int)version : 0;
    return true;
}

static bool check_current(int version, struct error *err)
{
    return version == SCHEMA_VERSION ||
           error_fail(err, ERROR_VERSION, "data of the older schema %d; 'shuniu upgrade' brings it to %d", version,
                      SCHEMA_VERSION);
}

static bool prepare_file(sqlite3 *sqlite, const struct schema *const *schemas, int count, struct error *err)
{
    int version;
    return sqlite_check_file(sqlite, &version, err) && (version == 0 || check_current(version, err)) &&
           sqlite_run(sqlite, "PRAGMA journal_mode=WAL", err) && /* a backup is written without a log */
           (version != 0 || create_schema(sqlite, schemas, count, err));
}

static bool find_data(sqlite3 *sqlite, bool takes_older, struct error *err)
{
    int version;
    return sqlite_check_file(sqlite, &version, err) &&
           (version != 0 || error_fail(err, ERROR_INPUT, "an empty database")) &&
           (takes_older || check_current(version, err));
}

struct database *sqlite_make(const char *path)
{
    /* no lock around every allocation for a statistic nobody reads: 5 % of a read (measured) */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return database_make(&sqlite_engine, (ptrdiff_t)sizeof(struct database), path);
}

/* Ends the first connection, which only looked at the file; all is well so far or not. */
static bool opened(struct database *database, struct sqlite_db *first, bool ok, struct database **ret)
{
    if (first)
        sqlite_disconnect(&first->db);
    if (ok)
        *ret = database;
    else
        database_close(database);
    return ok;
}

/* A restore that was cut short has set the old file aside, and the new one has no name yet: not the moment for empty data. */
static bool may_begin_anew(const char *path, struct error *err)
{
    static const char *const tails[] = { ".before", ".new" };
    char other[4096];
    for (ptrdiff_t i = 0; access(path, F_OK) != 0 && i < COUNT_OF(tails); i++) {
        if (snprintf(other, sizeof other, "%s%s", path, tails[i]) < (int)sizeof other && access(other, F_OK) == 0)
            return error_fail(err, ERROR_INPUT, "there is %s, but no %s: restore again, or give it its name back", other, path);
    }
    return true;
}

static bool open_file(const char *path, const struct schema *const *schemas, int schema_count, struct database **ret,
                      struct error *err)
{
    if (!may_begin_anew(path, err))
        return false;
    struct database *database = sqlite_make(path);
    struct sqlite_db *first = NULL;
    bool ok = sqlite_connect(database, true, SQLITE_OPEN_CREATE, &first, err) &&
              prepare_file(first->sqlite, schemas, schema_count, err);
    return opened(database, first, ok, ret);
}

static bool open_there(const char *path, bool takes_older, struct database **ret, struct error *err)
{
    if (access(path, R_OK) != 0)
        return errno == ENOENT || errno == ENOTDIR ? error_fail(err, ERROR_NOT_FOUND, "no data at %s", path)
                                                   : error_fail(err, ERROR_FORBIDDEN, "%s: %s", path, strerror(errno));
    struct database *database = sqlite_make(path);
    struct sqlite_db *first = NULL;
    bool ok = sqlite_connect(database, false, 0, &first, err) && find_data(first->sqlite, takes_older, err);
    return opened(database, first, ok, ret);
}

static bool open_existing_file(const char *path, struct database **ret, struct error *err)
{
    return open_there(path, false, ret, err);
}

static bool open_copy_of_file(const char *path, struct database **ret, struct error *err)
{
    return open_there(path, true, ret, err);
}

static void close_file(struct database *database)
{
    (void)database; /* nothing but its connections */
}

/* --- snapshots and changes ----------------------------------------------------------------------------------- */

/* Prepared once, as any query: these run with every request. */
static bool run_kept(struct db *db, const struct query *query, struct error *err)
{
    struct cursor cursor;
    bool has_row;
    if (!cursor_open(db, query, &cursor, err))
        return false;
    bool ok = cursor_next(&cursor, &has_row, err);
    cursor_close(&cursor);
    return ok;
}

static const struct query begin = { .name = "begin", .sqlite = "BEGIN", .params = "" };
static const struct query begin_change = { .name = "begin_change", .sqlite = "BEGIN IMMEDIATE", .params = "" };
static const struct query data_version = { .name = "data_version", .sqlite = "PRAGMA data_version", .params = "" };
static const struct query mark_change = { .name = "mark", .sqlite = "SAVEPOINT change", .params = "" };
static const struct query keep_change = { .name = "keep", .sqlite = "RELEASE change", .params = "" };
static const struct query last_id_of = { .name = "last_id", .sqlite = "SELECT last_id FROM shuniu", .params = "" };
static const struct query last_id_set = { .name = "last_id_set",
                                          .sqlite = "UPDATE shuniu SET last_id = ?1 WHERE last_id < ?1",
                                          .params = "i" };
static const struct query commit_all = { .name = "commit", .sqlite = "COMMIT", .params = "" };

static void rollback(struct db *db)
{
    if (!is_idle(db))
        (void)sqlite3_exec(sqlite_of(db)->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

/* The snapshot begins with the first reading: that of the version, another one after every commit of anybody. */
static bool snapshot_begin(struct db *db, int64_t *ret_version, struct error *err)
{
    struct cursor cursor = { 0 };
    bool has_row = false;
    bool ok = run_kept(db, &begin, err) && cursor_open(db, &data_version, &cursor, err) &&
              cursor_next(&cursor, &has_row, err);
    if (ok)
        *ret_version = cursor_int(&cursor, 0);
    cursor_close(&cursor);
    return ok;
}

static void snapshot_end(struct db *db)
{
    struct error unused;
    if (!run_kept(db, &commit_all, &unused))
        rollback(db); /* the next one to get this connection must be able to begin */
}

/* Data of versions before 6 has no such table; all its ids were made before now. */
bool sqlite_find_own_table(struct sqlite_db *db, struct error *err)
{
    int64_t tables = 0;
    if (db->has_own_table)
        return true;
    bool ok = pragma_int(db->sqlite, "SELECT count(*) FROM sqlite_schema WHERE name = 'shuniu'", &tables, err);
    db->has_own_table = ok && tables > 0; /* one that is made now may be undone with the transaction */
    if (ok && tables == 0)
        ok = sqlite_run(db->sqlite, own_table, err) &&
             sqlite_run(db->sqlite, "UPDATE shuniu SET last_id = (CAST(strftime('%s', 'now') AS INTEGER) + 1) * 1000 << 22", err);
    return ok;
}

static bool last_id(struct db *db, int64_t *ret, struct error *err)
{
    struct cursor cursor = { 0 };
    bool has_row = false;
    bool ok = cursor_open(db, &last_id_of, &cursor, err) && cursor_next(&cursor, &has_row, err);
    if (ok && has_row)
        *ret = cursor_int(&cursor, 0);
    cursor_close(&cursor);
    return ok;
}

static bool begin_writing(struct db *base, struct ids *ids, struct error *err)
{
    struct sqlite_db *db = sqlite_of(base);
    int64_t last = 0;
    if (!run_kept(base, &begin_change, err))
        return false;
    if (!sqlite_find_own_table(db, err) || !last_id(base, &last, err)) {
        rollback(base);
        return false;
    }
    ids_go_on(ids, last);
    db->transaction_changes = db->changes_before = sqlite3_total_changes64(db->sqlite);
    return true;
}

static bool mark(struct db *db, struct error *err)
{
    sqlite_of(db)->changes_before = sqlite3_total_changes64(sqlite_of(db)->sqlite);
    return run_kept(db, &mark_change, err);
}

static bool keep(struct db *db, struct error *err)
{
    return run_kept(db, &keep_change, err);
}

static bool undo(struct db *db)
{
    return !is_idle(db) &&
           sqlite3_exec(sqlite_of(db)->sqlite, "ROLLBACK TO change; RELEASE change", NULL, NULL, NULL) == SQLITE_OK;
}

static bool keep_last_id(struct db *db, const struct ids *ids, struct error *err)
{
    struct cursor cursor;
    if (sqlite3_total_changes64(sqlite_of(db)->sqlite) == sqlite_of(db)->transaction_changes)
        return true;
    if (!cursor_open(db, &last_id_set, &cursor, err))
        return false;
    cursor_bind_int(&cursor, 1, ids->last);
    bool ok = cursor_post(&cursor, err);
    cursor_close(&cursor);
    return ok;
}

static bool commit(struct db *db, const struct ids *ids, struct error *err)
{
    if (keep_last_id(db, ids, err) && run_kept(db, &commit_all, err))
        return true;
    rollback(db);
    return false;
}

static bool has_changed(struct db *db)
{
    return sqlite3_total_changes64(sqlite_of(db)->sqlite) != sqlite_of(db)->changes_before;
}

/* --- backup ------------------------------------------------------------------------------------------------- */

bool sqlite_copy(sqlite3 *sqlite, const char *to_path, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(sqlite, "VACUUM INTO ?1", -1, &statement, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, to_path, -1, SQLITE_STATIC);
        rc = sqlite3_step(statement);
    }
    bool ok = rc == SQLITE_DONE || sqlite_fail(sqlite, rc, "backup", err);
    sqlite3_finalize(statement);
    return ok;
}

/* A new file of nobody else's, for what has no name yet; of a copy that was killed it takes the place. */
static int make_part(const char *part, struct error *err)
{
    (void)unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        (void)error_fail(err, errno == ENOSPC ? ERROR_FULL : ERROR_IO, "%s: %s", part, strerror(errno));
    return fd;
}

/* Never over anything that is there, a link that leads nowhere included. */
static bool name_part(int fd, const char *part, const char *to_path, struct error *err)
{
    struct stat made, there;
    if (fstat(fd, &made) != 0 || lstat(part, &there) != 0 || made.st_ino != there.st_ino)
        return error_fail(err, ERROR_BUSY, "another copy is being made as %s", to_path);
    if (lstat(to_path, &there) == 0)
        return error_fail(err, ERROR_CONFLICT, "%s is there already and is not overwritten", to_path);
    return rename(part, to_path) == 0 || error_fail(err, ERROR_IO, "%s: %s", to_path, strerror(errno));
}

static bool backup(struct db *db, const char *to_path, struct error *err)
{
    sqlite3 *sqlite = sqlite_of(db)->sqlite;
    char part[4096];
    if (snprintf(part, sizeof part, "%s.part", to_path) >= (int)sizeof part)
        return error_fail(err, ERROR_LIMIT, "the name of the copy is too long");
    int fd = make_part(part, err);
    if (fd < 0)
        return false;
    /* a snapshot: readers and the writer go on; the copy is compact and has no log beside it */
    sqlite3_exec(sqlite, "PRAGMA query_only=0", NULL, NULL, NULL);
    bool ok = sqlite_copy(sqlite, part, err) && file_sync(part, err);
    sqlite3_exec(sqlite, "PRAGMA query_only=1", NULL, NULL, NULL);
    bool is_named = ok && name_part(fd, part, to_path, err);
    if (!is_named)
        (void)unlink(part);
    close(fd);
    return is_named && file_sync_folder(to_path, err);
}

const struct engine sqlite_engine = {
    .open = open_file,
    .open_existing = open_existing_file,
    .open_copy = open_copy_of_file,
    .upgrade = sqlite_upgrade,
    .close = close_file,
    .backup = backup,
    .connect = connect_more,
    .disconnect = sqlite_disconnect,
    .is_idle = is_idle,
    .snapshot_begin = snapshot_begin,
    .snapshot_end = snapshot_end,
    .begin = begin_writing,
    .mark = mark,
    .keep = keep,
    .undo = undo,
    .commit = commit,
    .rollback = rollback,
    .has_changed = has_changed,
    .statement_open = sqlite_statement_open,
    .statement_bind = sqlite_statement_bind,
    .statement_step = sqlite_statement_step,
    .statement_post = sqlite_statement_post,
    .statement_columns = sqlite_statement_columns,
    .statement_cell = sqlite_statement_cell,
    .statement_changed = sqlite_statement_changed,
    .statement_close = sqlite_statement_close,
};
