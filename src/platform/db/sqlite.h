/*
 * sqlite.h - a connection to SQLite, for the two files of this engine: sqlite.c and sqlite_query.c.
 */
#pragma once
#include "platform/db/engine.h"

#include <sqlite3.h>

struct sqlite_db {
    struct db db;
    sqlite3 *sqlite;
};

static inline struct sqlite_db *sqlite_of(const struct db *db)
{
    return (struct sqlite_db *)(uintptr_t)db;
}

bool sqlite_fail(sqlite3 *sqlite, int rc, const char *what, struct error *err);

/* sqlite_query.c */
bool sqlite_statement_open(struct cursor *cursor, struct error *err);
void sqlite_statement_bind(struct cursor *cursor, int index, struct cell cell);
bool sqlite_statement_step(struct cursor *cursor, bool *ret_row, struct error *err);
bool sqlite_statement_post(struct cursor *cursor, struct error *err);
int sqlite_statement_columns(const struct cursor *cursor);
struct cell sqlite_statement_cell(const struct cursor *cursor, int column);
int64_t sqlite_statement_changed(const struct cursor *cursor);
void sqlite_statement_close(struct cursor *cursor);
