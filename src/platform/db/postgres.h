/*
 * postgres.h - a connection to PostgreSQL, for the files of this engine: postgres.c (databases and transactions),
 * postgres_query.c (statements), postgres_wire.c (what is under way on the wire) and postgres_connect.c (which server).
 *
 * A connection is always in libpq's pipeline mode.  Commands are sent, and their answers collected by pg_collect(), so that
 * several travel together.  Every wait has a deadline of our own: a server that is paused keeps its TCP connection alive,
 * and libpq alone would wait for ever.  A connection that missed it is closed, and the next transaction makes a new one.
 * A server that is silent for LIMIT_SILENCE_MS is asked beside that whether it lives, so a paused one is left long before.
 */
#pragma once
#include "platform/db/engine.h"

#include <libpq-fe.h>

enum { PG_PENDING_MAX = 256 };

/* A prepared statement and one run of it. */
struct pg_statement {
    char name[16];
    int64_t era; /* of the connection that has it; another one: to be prepared */
    int param_count;
    Oid *types;
    const char **values; /* what is bound; NULL: NULL */
    int *lengths, *formats;
    uint64_t *numbers; /* in the order of the network */
    struct arena scratch; /* for values that had to be rewritten, until they are sent */
    PGresult *result;     /* NULL: not run yet */
    int row;              /* of the result, the one that was given */
    int64_t changed;
    bool has_cursor;     /* the rows come through a cursor on the server */
    bool has_own_transaction;
};

/* What an answer is awaited for. */
struct pg_pending {
    bool is_sync;                    /* the end of a pipeline */
    bool is_preparing;               /* the statement, not running it */
    struct pg_statement *statement; /* who wants the result; NULL: nobody */
    const struct query *must_change; /* it is to change one row */
    int64_t change; /* that it is of */
};

struct pg_db {
    struct db db;
    PGconn *wire;  /* NULL: lost, or never there */
    int64_t era;   /* one more with each connection */
    int64_t since; /* monotonic_ms() when it was made */
    struct arena arena; /* of the statements */
    struct pg_pending pending[PG_PENDING_MAX]; /* in the order of sending */
    int pending_count;
    bool is_in_transaction;
    bool is_implicit; /* it is the server's own, without BEGIN: it lasts to the end of the pipeline */
    bool has_posted; /* writes whose answers have not come yet */
    bool has_written; /* in this transaction */
    bool has_failed_in_change; /* anything since its savepoint, told to somebody or not */
    int64_t change; /* the number of its savepoint; counts on over all transactions */
    int marks;      /* savepoints of this transaction */
    bool has_failed; /* the first failure since it was last told to somebody, in failure */
    struct error failure;
    bool must_retry; /* it was one of those after which the whole transaction is to be tried again */
    int64_t rows_changed; /* by this change, as far as answers have come */
    int64_t version;             /* counts different snapshots */
    char snapshot[128];          /* the last one, as the server writes it */
};

struct pg_database {
    struct database database;
    bool has_citus; /* a snapshot of this node says nothing of the others */
    _Atomic int64_t silent_at; /* when a server was last found silent: what was connected before is with it, perhaps */
    _Atomic int64_t retry_at;  /* no server was found: when those who read try again; 0: there was one */
};

static inline struct pg_db *pg_of(const struct db *db)
{
    return (struct pg_db *)(uintptr_t)db;
}

/* --- postgres_connect.c --- */
/* Connects to the one of the hosts that takes changes, or to what the address asks for; NULL: ERROR_BUSY. */
PGconn *pg_find(const char *place, struct error *err);
/* One command, or several, of a connection that is not in pipeline mode; the last result is the caller's, if it asks for it. */
bool pg_exec(PGconn *wire, const char *sql, PGresult **ret, struct error *err);
/* One number; *ret stays if there is no row. */
bool pg_exec_number(PGconn *wire, const char *sql, int64_t *ret, struct error *err);
/* Whether the server of this connection does not even answer a new one. */
bool pg_is_silent(const PGconn *wire, const char *place);

/* --- postgres_wire.c --- */
bool pg_connect(struct pg_db *db, struct error *err);
/* Closes a connection that is with a server found silent since. */
void pg_doubt(struct pg_db *db);
void pg_lose(struct pg_db *db); /* closes the connection; what was under way is nobody's any more */
/* Sends without waiting.  False, with failure set, when the connection is lost. */
bool pg_send(struct pg_db *db, const char *sql);
bool pg_prepare(struct pg_db *db, struct pg_statement *statement, const char *sql);
bool pg_run(struct pg_db *db, struct pg_statement *statement);
/* Nobody wants the answer, unless there is a query that must change one row. */
bool pg_post(struct pg_db *db, struct pg_statement *statement, const struct query *must_change);
bool pg_run_sql(struct pg_db *db, struct pg_statement *statement, const char *sql); /* with the statement's values */
/* Ends the pipeline and sends it off, for answers that are collected later. */
void pg_end_pipeline(struct pg_db *db);
/* Waits for every answer; false: something failed, see pg_failure(). */
bool pg_collect(struct pg_db *db, int seconds);
/* Hands over the failure that pg_collect() or pg_send() noted; returns false. */
bool pg_failure(struct pg_db *db, const char *what, struct error *err);
/* The kind of a failure by its SQLSTATE. */
enum error_kind pg_kind(const char *state);

/* --- postgres_query.c --- */
bool pg_statement_open(struct cursor *cursor, struct error *err);
void pg_statement_bind(struct cursor *cursor, int index, struct cell cell);
bool pg_statement_step(struct cursor *cursor, bool *ret_row, struct error *err);
bool pg_statement_post(struct cursor *cursor, bool is_one, struct error *err);
int pg_statement_columns(const struct cursor *cursor);
struct cell pg_statement_cell(const struct cursor *cursor, int column);
int64_t pg_statement_changed(const struct cursor *cursor);
void pg_statement_close(struct cursor *cursor);
void pg_statement_free(struct pg_statement *statement);
/* The first number of a statement without rows to come, or nothing: for postgres.c's own queries. */
bool pg_ask(struct db *db, const struct query *query, const int64_t *params, int param_count, bool *ret_found,
            int64_t *ret, struct error *err);

/* --- postgres_upgrade.c --- */
bool pg_upgrade(const char *place, const struct upgrade_plan *plan, struct upgraded *ret, struct error *err);
