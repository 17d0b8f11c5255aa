/*
 * postgres_wire.c - what is under way on a connection: sending, waiting with a deadline, and what failed.
 */
#include "platform/db/postgres.h"

#include "platform/limits.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* --- faults ----------------------------------------------------------------------------------------------------- */

enum error_kind pg_kind(const char *state)
{
    static const struct {
        const char *begins;
        enum error_kind kind;
    } kinds[] = {
        { "23505", ERROR_CONFLICT },  /* unique_violation */
        { "40001", ERROR_BUSY },      /* serialization_failure */
        { "40P01", ERROR_BUSY },      /* deadlock_detected */
        { "55P03", ERROR_BUSY },      /* lock_not_available */
        { "53100", ERROR_FULL },      /* disk_full */
        { "53", ERROR_BUSY },         /* insufficient resources, too many connections */
        { "54", ERROR_LIMIT },        /* program limit exceeded */
        { "57", ERROR_BUSY },         /* shut down, cancelled */
        { "08", ERROR_BUSY },         /* connection exceptions */
        { "25P03", ERROR_BUSY },      /* idle_in_transaction_session_timeout */
        { "25006", ERROR_BUSY },      /* read_only_sql_transaction: the leader is another one now */
        { "3D000", ERROR_NOT_FOUND }, /* invalid_catalog_name: no such database */
    };
    for (ptrdiff_t i = 0; state && i < COUNT_OF(kinds); i++)
        if (str_starts(str_of(state), str_of(kinds[i].begins)))
            return kinds[i].kind;
    return ERROR_IO; /* any other constraint was to be kept by the program */
}

/* Only the first counts: the others follow from it. */
static void note_failure(struct pg_db *db, enum error_kind kind, const char *text)
{
    struct str first, rest;
    db->has_failed_in_change = true;
    if (db->has_failed)
        return;
    (void)str_cut(str_of(text), '\n', &first, &rest);
    (void)error_fail(&db->failure, kind, "%.*s", STR_ARG(first));
    db->has_failed = true;
}

bool pg_failure(struct pg_db *db, const char *what, struct error *err)
{
    assert(db->has_failed);
    (void)error_fail(err, db->failure.kind, "%s: %s", what, db->failure.detail);
    db->has_failed = false;
    return false;
}

void pg_lose(struct pg_db *db)
{
    PQfinish(db->wire);
    db->wire = NULL;
    db->pending_count = 0;
    db->is_in_transaction = db->is_implicit = false;
    db->has_posted = false;
    db->snapshot[0] = 0;
}

static bool lost(struct pg_db *db, const char *why)
{
    note_failure(db, ERROR_BUSY, why);
    pg_lose(db);
    return false;
}

/* --- connecting ------------------------------------------------------------------------------------------------- */

/*
 * Every query that runs in a request has its index, which tools/sqlc sees to.  The server chooses by statistics, which say of a
 * table that is being filled that it is empty: without the second setting, loads take a time that grows with the square.
 *
 * A machine that is gone in the middle of a transaction would hold the lock of the installation's row for hours: the rest is for
 * the server to notice it.
 */
static const char *const settings[] = {
    "SET jit = off",
    "SET enable_seqscan = off",
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
    "SET tcp_user_timeout = 10000",
    "SET client_connection_check_interval = '10s'",
};

/*
 * And one that stands still, of the connection that holds the lock; a reader may rest as long as it likes.  Who waits for the lock
 * gives up on the server too, when we have (LIMIT_STATEMENT_SECONDS).
 */
static const char *const writer_settings[] = {
    "SET idle_in_transaction_session_timeout = '30s'",
    "SET lock_timeout = '30s'",
};

/* A snapshot is a transaction that nobody begins: it has to be the right one by itself. */
static const char *const reader_settings[] = {
    "SET default_transaction_isolation = 'repeatable read'",
    "SET default_transaction_read_only = on",
};

/*
 * Where no server takes changes, asking takes its time, and requests that read would stand in line for it: one of them asks
 * each LIMIT_AWAY_MS, the others are refused meanwhile.  Whoever changes something may wait (begin_patiently()).
 */
static bool may_ask(struct pg_db *db)
{
    struct pg_database *database = (struct pg_database *)db->db.database;
    int64_t retry_at = database->retry_at, now = monotonic_ms();
    return db->db.is_writer || retry_at == 0 ||
           (now >= retry_at &&
            atomic_compare_exchange_strong(&database->retry_at, &retry_at, now + LIMIT_CONNECT_SECONDS * 1000));
}

static bool send_all(struct pg_db *db, const char *const *commands, ptrdiff_t count)
{
    bool ok = true;
    for (ptrdiff_t i = 0; ok && i < count; i++)
        ok = pg_send(db, commands[i]);
    return ok;
}

bool pg_connect(struct pg_db *db, struct error *err)
{
    struct pg_database *database = (struct pg_database *)db->db.database;
    pg_lose(db);
    db->has_failed = false;
    if (!may_ask(db))
        return error_fail(err, ERROR_BUSY, "no server took changes a moment ago");
    db->since = monotonic_ms();
    db->wire = pg_find(db->db.database->place, err);
    database->retry_at = db->wire ? 0 : monotonic_ms() + LIMIT_AWAY_MS;
    if (!db->wire)
        return false;
    db->era++;
    bool ok = PQsetnonblocking(db->wire, 1) == 0 && PQenterPipelineMode(db->wire) == 1;
    if (!ok)
        (void)lost(db, PQerrorMessage(db->wire));
    ok = ok && send_all(db, settings, COUNT_OF(settings)) &&
         (db->db.is_writer ? send_all(db, writer_settings, COUNT_OF(writer_settings))
                           : send_all(db, reader_settings, COUNT_OF(reader_settings)));
    pg_end_pipeline(db); /* a transaction of its own: nothing that follows undoes it */
    return ok || pg_failure(db, "cannot connect to the database", err);
}

void pg_doubt(struct pg_db *db)
{
    if (db->wire && db->since <= ((struct pg_database *)db->db.database)->silent_at)
        pg_lose(db);
}

/* --- sending ---------------------------------------------------------------------------------------------------- */

static bool push(struct pg_db *db, struct pg_pending pending)
{
    pending.change = db->change;
    db->pending[db->pending_count++] = pending;
    return true;
}

/* Room for one more command and the end of its pipeline. */
static bool has_room(struct pg_db *db)
{
    if (!db->wire) {
        note_failure(db, ERROR_BUSY, "the connection to the database was lost");
        return false;
    }
    return db->pending_count + 2 < PG_PENDING_MAX || pg_collect(db, LIMIT_STATEMENT_SECONDS);
}

bool pg_send(struct pg_db *db, const char *sql)
{
    if (!has_room(db))
        return false;
    if (!PQsendQueryParams(db->wire, sql, 0, NULL, NULL, NULL, NULL, 1))
        return lost(db, PQerrorMessage(db->wire));
    return push(db, (struct pg_pending){ 0 });
}

bool pg_prepare(struct pg_db *db, struct pg_statement *statement, const char *sql)
{
    if (!has_room(db))
        return false;
    if (!PQsendPrepare(db->wire, statement->name, sql, statement->param_count, statement->types))
        return lost(db, PQerrorMessage(db->wire));
    statement->era = db->era;
    return push(db, (struct pg_pending){ .statement = statement, .is_preparing = true });
}

static bool send_prepared(struct pg_db *db, struct pg_statement *statement)
{
    if (!has_room(db))
        return false;
    int ok = PQsendQueryPrepared(db->wire, statement->name, statement->param_count, statement->values, statement->lengths,
                                 statement->formats, 1);
    arena_reset(&statement->scratch);
    return ok || lost(db, PQerrorMessage(db->wire));
}

bool pg_run(struct pg_db *db, struct pg_statement *statement)
{
    return send_prepared(db, statement) && push(db, (struct pg_pending){ .statement = statement });
}

bool pg_post(struct pg_db *db, struct pg_statement *statement, const struct query *must_change)
{
    db->has_posted = true;
    return send_prepared(db, statement) && push(db, (struct pg_pending){ .must_change = must_change });
}

bool pg_run_sql(struct pg_db *db, struct pg_statement *statement, const char *sql)
{
    if (!has_room(db))
        return false;
    if (!PQsendQueryParams(db->wire, sql, statement->param_count, statement->types, statement->values, statement->lengths,
                           statement->formats, 1))
        return lost(db, PQerrorMessage(db->wire));
    return push(db, (struct pg_pending){ .statement = statement });
}

void pg_end_pipeline(struct pg_db *db)
{
    if (!db->wire)
        return;
    if (db->is_implicit)
        db->is_in_transaction = db->is_implicit = false;
    if (!PQpipelineSync(db->wire) || PQflush(db->wire) < 0)
        (void)lost(db, PQerrorMessage(db->wire));
    else
        (void)push(db, (struct pg_pending){ .is_sync = true });
}

/* --- collecting -------------------------------------------------------------------------------------------------- */

/* Asks beside the connection whether the server lives.  A slow statement is waited for, a paused machine is not. */
static bool is_alive(struct pg_db *db)
{
    struct pg_database *database = (struct pg_database *)db->db.database;
    if (!pg_is_silent(db->wire, database->database.place))
        return true;
    database->silent_at = monotonic_ms();
    return false;
}

/* Sends what waits and reads what comes, until an answer is complete or the deadline is over. */
static bool await(struct pg_db *db, int64_t deadline)
{
    int64_t heard = monotonic_ms();
    while (PQisBusy(db->wire)) {
        int unsent = PQflush(db->wire);
        int64_t left = deadline - monotonic_ms();
        struct pollfd socket = { .fd = PQsocket(db->wire), .events = unsent > 0 ? POLLIN | POLLOUT : POLLIN };
        if (unsent < 0)
            return lost(db, PQerrorMessage(db->wire));
        if (left <= 0)
            return lost(db, "the database did not answer in time");
        if (monotonic_ms() - heard > LIMIT_SILENCE_MS) {
            if (!is_alive(db))
                return lost(db, "the database does not answer any more");
            heard = monotonic_ms();
        }
        if (poll(&socket, 1, left > 500 ? 500 : (int)left) < 0 && errno != EINTR)
            return lost(db, strerror(errno));
        if (socket.revents)
            heard = monotonic_ms();
        if (socket.revents && !PQconsumeInput(db->wire))
            return lost(db, PQerrorMessage(db->wire));
    }
    return true;
}

static int64_t rows_changed(PGresult *result)
{
    struct str tag = str_of(PQcmdStatus(result));
    bool is_reading = str_starts(tag, STR("SELECT")) || str_starts(tag, STR("FETCH"));
    return is_reading ? 0 : strtoll(PQcmdTuples(result), NULL, 10);
}

/* The failure of a change that went before is not this one's: all are to be tried again, each alone. */
static void note_answer(struct pg_db *db, const struct pg_pending *pending, enum error_kind kind, const char *text)
{
    note_failure(db, kind, text);
    db->must_retry = db->must_retry || pending->change != db->change;
}

static void note_fault(struct pg_db *db, const struct pg_pending *pending, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    bool is_skipped = PQresultStatus(result) == PGRES_PIPELINE_ABORTED;
    note_answer(db, pending, pg_kind(state), is_skipped ? "what was asked before it failed" : PQresultErrorMessage(result));
    db->must_retry = db->must_retry || (state && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0));
}

static void take(struct pg_db *db, struct pg_pending pending, PGresult *result)
{
    struct pg_statement *statement = pending.statement;
    ExecStatusType status = PQresultStatus(result);
    bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    int64_t changed = ok ? rows_changed(result) : 0;
    if (!ok)
        note_fault(db, &pending, result);
    if (ok && pending.must_change && changed != 1)
        note_answer(db, &pending, ERROR_CONFLICT, pending.must_change->name);
    if (pending.is_preparing && !ok)
        statement->era = 0;
    if (pending.change == db->change)
        db->rows_changed += changed;
    if (pending.is_preparing || !statement) {
        PQclear(result);
        return;
    }
    PQclear(statement->result);
    statement->result = ok ? result : NULL;
    statement->row = -1;
    statement->changed = changed;
    if (!ok)
        PQclear(result);
}

/* After which the server closes the connection. */
static bool is_last_word(const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

/* One answer; after each command libpq says with NULL that there is no more of it. */
static bool collect_one(struct pg_db *db, struct pg_pending pending, int64_t deadline)
{
    if (!await(db, deadline))
        return false;
    PGresult *result = PQgetResult(db->wire);
    if (!result)
        return lost(db, PQerrorMessage(db->wire));
    if (pending.is_sync) {
        PQclear(result);
        return true;
    }
    bool is_last = is_last_word(result);
    take(db, pending, result);
    if (is_last)
        return lost(db, "the server ended the connection");
    if (!await(db, deadline))
        return false;
    PGresult *end = PQgetResult(db->wire);
    PQclear(end);
    return !end || lost(db, "more than one answer to a command");
}

/* The answers are to come: of a transaction that goes on by request, else at the end of the pipeline. */
static void ask_for_answers(struct pg_db *db)
{
    bool is_ended = db->pending_count > 0 && db->pending[db->pending_count - 1].is_sync;
    if (!db->wire || is_ended)
        return;
    if (!db->is_implicit)
        pg_end_pipeline(db);
    else if (!PQsendFlushRequest(db->wire) || PQflush(db->wire) < 0)
        (void)lost(db, PQerrorMessage(db->wire));
}

bool pg_collect(struct pg_db *db, int seconds)
{
    int64_t deadline = monotonic_ms() + (int64_t)seconds * 1000;
    db->has_posted = false;
    ask_for_answers(db);
    int count = db->pending_count; /* losing the connection forgets them */
    for (int i = 0; db->wire && i < count; i++)
        (void)collect_one(db, db->pending[i], deadline);
    db->pending_count = 0;
    if (db->wire && PQstatus(db->wire) != CONNECTION_OK)
        (void)lost(db, PQerrorMessage(db->wire));
    return !db->has_failed;
}
