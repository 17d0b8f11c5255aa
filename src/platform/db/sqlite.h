/*
 * sqlite.h - a connection to SQLite, for the two files of this engine: sqlite.c and sqlite_query.c.
 */
#pragma once
#include "platform/db/cache.h"
#include "platform/db/db.h"

#include <sqlite3.h>

enum { STATEMENT_SLOTS = 1024 };

struct statement_slot {
    const struct query *query;
    sqlite3_stmt *statement;
    bool is_open; /* between cursor_open and cursor_close */
};

struct db {
    sqlite3 *sqlite;
    struct database *database;
    struct db *next; /* in the pool of idle readers */
    bool is_writer;
    bool is_snapshot; /* in which results may be cached */
    struct cache cache;
    struct statement_slot slots[STATEMENT_SLOTS];
};

bool sqlite_fail(sqlite3 *sqlite, int rc, const char *what, struct error *err);
