/*
 * postgres.c - the PostgreSQL engine: databases and transactions.
 *
 * The tables lie in the schema that the address names as search_path, else in 'public'.  Beside the features' tables there
 * are two of the engine: 'shuniu', one row with the version of the tables and the last id that was given; and
 * 'shuniu_commit', a mark for each transaction of the last hour, by which a commit whose answer was lost is found again.
 *
 * Every transaction that writes locks the row of 'shuniu' first.  So there is one writer at a time, whatever number of servers
 * and commands are at work, as with SQLite: what an action read is still so when it writes, and ids only grow.
 */
#include "platform/db/postgres.h"

#include "base/random.h"
#include "platform/db/ids.h"
#include "platform/limits.h"

#include <string.h>
#include <time.h>

/* --- connections ------------------------------------------------------------------------------------------------- */

static void disconnect(struct db *base)
{
    struct pg_db *db = pg_of(base);
    pg_lose(db);
    for (int i = 0; i < STATEMENT_SLOTS; i++) {
        if (base->slots[i].statement)
            pg_statement_free(base->slots[i].statement);
    }
    cache_release(&base->cache);
    struct arena arena = db->arena; /* it holds the struct itself */
    arena_release(&arena);
}

static struct pg_db *make_connection(struct database *database, bool is_writer)
{
    struct arena arena = { 0 };
    struct pg_db *db = arena_new(&arena, struct pg_db, 1);
    *db = (struct pg_db){ .db = { .database = database, .is_writer = is_writer }, .arena = arena };
    return db;
}

static bool connect_more(struct database *database, bool is_writer, struct db **ret, struct error *err)
{
    struct pg_db *db = make_connection(database, is_writer);
    if (!pg_connect(db, err)) {
        disconnect(&db->db);
        return false;
    }
    *ret = &db->db;
    return true;
}

static bool is_idle(struct db *db)
{
    return !pg_of(db)->is_in_transaction;
}

/* The server says so by itself, and again when it becomes the leader. */
static bool is_replica(struct db *db)
{
    const PGconn *wire = pg_of(db)->wire;
    const char *said = wire ? PQparameterStatus(wire, "in_hot_standby") : NULL;
    return said && strcmp(said, "on") == 0;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static const char own_tables[] =
    "CREATE TABLE shuniu (one SMALLINT PRIMARY KEY CHECK (one = 1), schema_version BIGINT NOT NULL, last_id BIGINT NOT NULL);"
    "CREATE TABLE shuniu_commit (mark BIGINT PRIMARY KEY, at BIGINT NOT NULL);"
    "CREATE INDEX shuniu_commit_age ON shuniu_commit (at);";

static bool create_tables(PGconn *wire, const struct schema *const *schemas, int count, struct error *err)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "INSERT INTO shuniu VALUES (1, %d, 0)", SCHEMA_VERSION);
    bool ok = pg_exec(wire, own_tables, NULL, err) && pg_exec(wire, sql, NULL, err);
    for (int i = 0; i < count && ok; i++)
        ok = pg_exec(wire, schemas[i]->postgres, NULL, err);
    return ok;
}

/* In a transaction of its own; two programs that find the database empty make the tables one after the other. */
static bool check_tables(PGconn *wire, const struct schema *const *schemas, int count, struct error *err)
{
    int64_t tables = 0, own = 0, version = 0;
    if (!pg_exec(wire, "SELECT pg_advisory_xact_lock(1397247573)", NULL, err) ||
        !pg_exec_number(wire, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()", &tables, err) ||
        !pg_exec_number(wire, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'shuniu'",
                     &own, err))
        return false;
    if (tables == 0 && count == 0)
        return error_fail(err, ERROR_INPUT, "an empty database");
    if (tables == 0)
        return create_tables(wire, schemas, count, err);
    if (own == 0)
        return error_fail(err, ERROR_INPUT, "a database, but not one of this program");
    if (!pg_exec_number(wire, "SELECT schema_version FROM shuniu", &version, err))
        return false;
    if (version < SCHEMA_VERSION)
        return error_fail(err, ERROR_VERSION, "data of the older schema %lld: stop every server, make a copy (pg_dump), then "
                                              "'shuniu upgrade --db ...' brings it to %d", (long long)version, SCHEMA_VERSION);
    return version == SCHEMA_VERSION ||
           error_fail(err, ERROR_VERSION, "data of schema %lld; this program has %d", (long long)version, SCHEMA_VERSION);
}

/* In any other the server counts and compares bytes, or refuses characters. */
static bool check_encoding(PGconn *wire, struct error *err)
{
    const char *encoding = PQparameterStatus(wire, "server_encoding");
    return (encoding && strcmp(encoding, "UTF8") == 0) ||
           error_fail(err, ERROR_INPUT, "the database is of encoding %s, not UTF8 (docs/operations.md)", encoding ? encoding : "?");
}

static bool prepare(struct pg_database *database, const struct schema *const *schemas, int count, struct error *err)
{
    PGconn *wire = pg_find(database->database.place, err);
    int64_t citus = 0;
    bool ok = wire && check_encoding(wire, err) && pg_exec(wire, "SET client_min_messages = warning", NULL, err) && pg_exec(wire, "BEGIN", NULL, err) &&
         check_tables(wire, schemas, count, err) &&
         pg_exec_number(wire, "SELECT count(*) FROM pg_extension WHERE extname = 'citus'", &citus, err) &&
         pg_exec(wire, "COMMIT", NULL, err);
    PQfinish(wire);
    database->has_citus = citus > 0;
    return ok;
}

static bool open_database(const char *place, const struct schema *const *schemas, int schema_count, struct database **ret,
                          struct error *err)
{
    struct database *database = database_make(&postgres_engine, sizeof(struct pg_database), place);
    if (!prepare((struct pg_database *)database, schemas, schema_count, err)) {
        database_close(database);
        return false;
    }
    *ret = database;
    return true;
}

static bool open_existing(const char *place, struct database **ret, struct error *err)
{
    return open_database(place, NULL, 0, ret, err);
}

/* Only one that follows: who would be sent to the leader is better off with the connections that are there. */
static bool open_replica(const char *place, struct database **ret, struct error *err)
{
    struct arena arena = { 0 };
    struct str s = str_of(place);
    if (str_find(s, STR("target_session_attrs=")) < 0)
        s = str_format(&arena, "%s%ctarget_session_attrs=standby", place, str_find(s, STR("?")) < 0 ? '?' : '&');
    bool ok = open_existing(str_z(&arena, s), ret, err);
    arena_release(&arena);
    return ok;
}

static void close_database(struct database *database)
{
    (void)database; /* nothing but its connections */
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const struct query snapshot_query = {
    .name = "snapshot",
    .postgres = "SELECT CAST(pg_current_snapshot() AS TEXT)",
    .params = "",
};

/*
 * A snapshot's text names the transactions it does not see: as long as it is the same, so is the data.  A page whose other
 * results are cached costs one way to the server and back: the transaction begins with the first statement of a pipeline and
 * ends with the pipeline, without a word (reader_settings).
 */
static bool read_snapshot(struct db *base, struct error *err)
{
    struct pg_db *db = pg_of(base);
    struct cursor cursor = { 0 };
    bool has_row;
    db->is_in_transaction = db->is_implicit = true;
    bool ok = cursor_open(base, &snapshot_query, &cursor, err) && cursor_next(&cursor, &has_row, err);
    if (ok) {
        struct str text = { 0 };
        struct cell cell = pg_statement_cell(&cursor, 0);
        text = (struct str){ cell.data, cell.n };
        bool is_same = str_equal(text, str_of(db->snapshot));
        db->version += !is_same;
        bool is_short = text.len < (ptrdiff_t)sizeof db->snapshot;
        (void)snprintf(db->snapshot, sizeof db->snapshot, "%.*s", is_short ? (int)text.len : 0, text.data);
    }
    cursor_close(&cursor);
    return ok;
}

static bool snapshot_begin(struct db *base, int64_t *ret_version, struct error *err)
{
    struct pg_db *db = pg_of(base);
    pg_doubt(db);
    bool was_there = db->wire != NULL;
    db->has_failed = false;
    bool ok = (was_there || pg_connect(db, err)) && read_snapshot(base, err);
    /* a connection that lay in the pool may have died there: nothing is lost by asking again on another one */
    if (!ok && was_there && !db->wire)
        ok = pg_connect(db, err) && read_snapshot(base, err);
    /* on a standby that text says less: it leaves out which are under way */
    *ret_version = ((struct pg_database *)base->database)->has_citus || is_replica(base) ? 0 : db->version;
    return ok;
}

/* Not waited for: the answers come with those of the next snapshot. */
static void snapshot_end(struct db *base)
{
    struct pg_db *db = pg_of(base);
    if (db->is_in_transaction && (db->is_implicit || pg_send(db, "COMMIT")))
        pg_end_pipeline(db);
    db->is_in_transaction = false;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static const struct query lock_query = {
    .name = "lock",
    .postgres = "SELECT last_id FROM shuniu WHERE one = 1 FOR UPDATE",
    .params = "",
};
static const struct query last_id_query = {
    .name = "last_id",
    .postgres = "UPDATE shuniu SET last_id = greatest(last_id, $1) WHERE one = 1",
    .params = "i",
};
static const struct query mark_query = {
    .name = "mark",
    .postgres = "INSERT INTO shuniu_commit (mark, at) VALUES ($1, CAST(extract(epoch FROM now()) AS BIGINT))",
    .params = "i",
};
static const struct query forget_query = {
    .name = "forget",
    .postgres = "DELETE FROM shuniu_commit WHERE at < CAST(extract(epoch FROM now()) AS BIGINT) - $1",
    .params = "i",
};
static const struct query marked_query = {
    .name = "marked",
    .postgres = "SELECT count(*) FROM shuniu_commit WHERE mark = $1",
    .params = "i",
};

static void begin_change(struct pg_db *db)
{
    db->change++;
    db->has_failed_in_change = false;
    db->rows_changed = 0;
}

static bool begin_locked(struct db *base, int64_t *ret_last_id, struct error *err)
{
    struct pg_db *db = pg_of(base);
    bool found = false;
    pg_doubt(db);
    if (!db->wire && !pg_connect(db, err))
        return false;
    db->has_failed = db->must_retry = false;
    db->has_written = false;
    db->marks = 0;
    begin_change(db);
    if (!pg_send(db, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"))
        return pg_failure(db, "begin", err);
    db->is_in_transaction = true;
    if (!pg_ask(base, &lock_query, NULL, 0, &found, ret_last_id, err))
        return false;
    return found || error_fail(err, ERROR_INPUT, "the row of 'shuniu' is gone");
}

static void rollback(struct db *base)
{
    struct pg_db *db = pg_of(base);
    if (db->is_implicit)
        pg_end_pipeline(db);
    else if (db->is_in_transaction && pg_send(db, "ROLLBACK"))
        (void)pg_collect(db, LIMIT_STATEMENT_SECONDS);
    db->is_in_transaction = false;
    db->has_failed = false;
}

/* A server that is gone is waited for: another one may take over. */
static bool begin_patiently(struct db *base, int64_t *ret_last_id, struct error *err)
{
    const struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
    int64_t until = monotonic_ms() + LIMIT_RECONNECT_SECONDS * 1000;
    while (!begin_locked(base, ret_last_id, err)) {
        rollback(base);
        if (err->kind != ERROR_BUSY || monotonic_ms() >= until)
            return false;
        pg_lose(pg_of(base)); /* it may be of a server that leads no more */
        (void)nanosleep(&pause, NULL);
    }
    return true;
}

static bool begin_writing(struct db *base, struct ids *ids, struct error *err)
{
    int64_t last_id = 0;
    if (!begin_patiently(base, &last_id, err))
        return false;
    ids_go_on(ids, last_id);
    return true;
}

/* Each savepoint has a name of its own: undoing never reaches into the change before. */
static bool send_numbered(struct pg_db *db, const char *words)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "%s change%lld", words, (long long)db->change);
    return pg_send(db, sql);
}

static bool mark(struct db *base, struct error *err)
{
    struct pg_db *db = pg_of(base);
    begin_change(db);
    db->marks++;
    return send_numbered(db, "SAVEPOINT") || pg_failure(db, "mark", err);
}

static void collect_posted(struct pg_db *db)
{
    if (db->has_posted)
        (void)pg_collect(db, LIMIT_STATEMENT_SECONDS);
}

/* What it posted is not waited for: a failure of that is met in the change that comes next, or by commit(). */
static bool keep(struct db *base, struct error *err)
{
    struct pg_db *db = pg_of(base);
    if (db->has_failed)
        return pg_failure(db, "keep", err);
    if (db->has_failed_in_change)
        return error_fail(err, ERROR_IO, "a statement of this change failed, and nobody listened");
    return send_numbered(db, "RELEASE") || pg_failure(db, "keep", err);
}

static bool undo(struct db *base)
{
    struct pg_db *db = pg_of(base);
    collect_posted(db);
    db->has_failed = false;
    bool ok = db->wire && !db->must_retry && send_numbered(db, "ROLLBACK TO") && send_numbered(db, "RELEASE") &&
              pg_collect(db, LIMIT_STATEMENT_SECONDS);
    db->has_failed = false;
    return ok;
}

/*
 * The answers to all that was posted.  Whose failure it is can be told where there was one change; several are tried again,
 * each in a transaction of its own.
 */
static bool settle(struct pg_db *db, struct error *err)
{
    collect_posted(db);
    if (!db->has_failed)
        return true;
    (void)pg_failure(db, "commit", err);
    err->kind = db->marks > 1 ? ERROR_BUSY : err->kind;
    return false;
}

/* Sends a statement with one number, whose answer comes with the commit's. */
static bool post(struct db *base, const struct query *query, int64_t number, struct error *err)
{
    struct cursor cursor;
    if (!cursor_open(base, query, &cursor, err))
        return false;
    cursor_bind_int(&cursor, 1, number);
    bool ok = cursor_post(&cursor, err);
    cursor_close(&cursor);
    return ok;
}

static bool send_commit(struct db *base, const struct ids *ids, int64_t commit_mark, struct error *err)
{
    enum { MARKS_KEPT_SECONDS = 3600 };
    struct pg_db *db = pg_of(base);
    bool ok = !db->has_written || (post(base, &last_id_query, ids->last, err) && post(base, &mark_query, commit_mark, err));
    if (ok && db->has_written && commit_mark % 256 == 0)
        ok = post(base, &forget_query, MARKS_KEPT_SECONDS, err);
    if (!ok)
        return false;
    bool is_sent = pg_send(db, "COMMIT") && pg_collect(db, LIMIT_STATEMENT_SECONDS);
    return is_sent || pg_failure(db, "commit", err);
}

/*
 * The answer to COMMIT was lost.  Whoever holds the lock of the installation's row after it knows: either the mark is there,
 * or the transaction is over without it.
 */
static bool find_out(struct db *base, int64_t commit_mark, struct error *err)
{
    int64_t unused, marked = 0;
    bool found = false;
    struct error why;
    bool ok = begin_patiently(base, &unused, &why) && pg_ask(base, &marked_query, &commit_mark, 1, &found, &marked, &why);
    rollback(base);
    if (!ok)
        return error_fail(err, ERROR_UNKNOWN, "the answer to COMMIT was lost: %s", why.detail);
    return marked > 0 || error_fail(err, ERROR_BUSY, "the connection was lost before COMMIT");
}

static bool commit(struct db *base, const struct ids *ids, struct error *err)
{
    struct pg_db *db = pg_of(base);
    int64_t commit_mark;
    random_bytes(&commit_mark, sizeof commit_mark);
    bool is_settled = settle(db, err);
    bool ok = is_settled && send_commit(base, ids, commit_mark, err);
    bool is_lost = is_settled && !ok && !db->wire;
    if (!ok && !is_lost)
        rollback(base);
    db->is_in_transaction = false;
    return ok || (is_lost && find_out(base, commit_mark, err));
}

static bool has_changed(struct db *base)
{
    collect_posted(pg_of(base));
    return pg_of(base)->rows_changed > 0;
}

const struct engine postgres_engine = {
    .open = open_database,
    .open_existing = open_existing,
    .open_replica = open_replica,
    .upgrade = pg_upgrade,
    .close = close_database,
    .backup = NULL,
    .connect = connect_more,
    .disconnect = disconnect,
    .is_idle = is_idle,
    .is_replica = is_replica,
    .snapshot_begin = snapshot_begin,
    .snapshot_end = snapshot_end,
    .begin = begin_writing,
    .mark = mark,
    .keep = keep,
    .undo = undo,
    .commit = commit,
    .rollback = rollback,
    .has_changed = has_changed,
    .statement_open = pg_statement_open,
    .statement_bind = pg_statement_bind,
    .statement_step = pg_statement_step,
    .statement_post = pg_statement_post,
    .statement_columns = pg_statement_columns,
    .statement_cell = pg_statement_cell,
    .statement_changed = pg_statement_changed,
    .statement_close = pg_statement_close,
};
