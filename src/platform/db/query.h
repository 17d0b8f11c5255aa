/*
 * query.h - how a compiled query (tools/sqlc) talks to an engine.  Features call the functions sqlc makes, not these.
 *
 * A cursor is one run of one statement: open, bind every parameter (counted from 1), step, read columns (from 0), close.
 * Statements are prepared once per connection and kept.  Texts are copied into the caller's arena.
 */
#pragma once
#include "base/error.h"
#include "platform/db/db.h"

struct query {
    const char *name;     /* for logs and errors */
    const char *sqlite;   /* placeholders ?1, ?2, ... */
    const char *postgres; /* placeholders $1, $2, ... */
    /* A letter for each: i number, t text, b bytes; w words to be found, m what is looked for among them (bigram.h). */
    const char *params;
    bool is_cached;  /* its results may be given again while the data is the same (cache.h) */
    bool is_long;    /* more rows than should be held at once */
    bool is_rollup;  /* reads many districts on purpose */
    bool is_writing;
};

/* A table as it is: every row by the primary key, and putting in a row of the same columns.  For moving an installation. */
struct table {
    const char *name;
    struct query read, add; /* add.params: a letter for each column */
    bool is_reference;      /* small, and the same on every server of a spread installation */
};

struct result;
struct statement_slot;

struct cursor {
    struct db *db;
    const struct query *query;
    struct statement_slot *slot; /* once there is a statement */
    bool is_cached;
    const struct result *result; /* once there is a row, or none, of a cached query */
    ptrdiff_t row;               /* rows of it given */
};

bool cursor_open(struct db *db, const struct query *query, struct cursor *ret_cursor, struct error *err) MUST_USE;
void cursor_bind_int(struct cursor *cursor, int index, int64_t value);
void cursor_bind_text(struct cursor *cursor, int index, struct str value); /* value must live until close */
void cursor_bind_blob(struct cursor *cursor, int index, struct str value);
void cursor_bind_null(struct cursor *cursor, int index);
/* *ret_row is false after the last row. */
bool cursor_next(struct cursor *cursor, bool *ret_row, struct error *err) MUST_USE;
/*
 * Runs a statement whose rows and counts nobody wants, without waiting for it where the engine is far away: if it fails,
 * that is said by a later call on this connection, at the latest by db_keep() or db_commit().
 */
bool cursor_post(struct cursor *cursor, struct error *err) MUST_USE;
/* The same for a statement that changes exactly one row: another number is an ERROR_CONFLICT. */
bool cursor_change(struct cursor *cursor, struct error *err) MUST_USE;
bool cursor_is_null(const struct cursor *cursor, int column);
int64_t cursor_int(const struct cursor *cursor, int column);
struct str cursor_text(const struct cursor *cursor, int column, struct arena *arena); /* TEXT or BLOB */
int64_t cursor_changed(const struct cursor *cursor); /* rows the statement inserted, updated or deleted */
void cursor_close(struct cursor *cursor); /* of a zeroed or closed cursor: nothing */
