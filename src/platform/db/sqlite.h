/*
 * sqlite.h - a connection to SQLite, for the files of this engine: sqlite.c, sqlite_query.c, sqlite_upgrade.c.
 */
#pragma once
#include "platform/db/engine.h"

#include <sqlite3.h>

struct sqlite_db {
    struct db db;
    sqlite3 *sqlite;
    bool has_own_table;   /* 'shuniu' was seen */
    int64_t transaction_changes; /* changes when it began */
    int64_t changes_before;      /* and at the last mark */
};

static inline struct sqlite_db *sqlite_of(const struct db *db)
{
    return (struct sqlite_db *)(uintptr_t)db;
}

bool sqlite_find_own_table(struct sqlite_db *db, struct error *err); /* in a transaction; makes it if it is not there */
bool sqlite_fail(sqlite3 *sqlite, int rc, const char *what, struct error *err);
bool sqlite_run(sqlite3 *sqlite, const char *sql, struct error *err) MUST_USE;

/* sqlite.c, for an upgrade: connections of its own, outside of the pool. */
struct database *sqlite_make(const char *path);
bool sqlite_connect(struct database *database, bool is_writer, int create_flag, struct sqlite_db **ret,
                    struct error *err) MUST_USE;
void sqlite_disconnect(struct db *db);
/* The version of the data, 0: there are no tables.  Fails on what is not of this program, or newer. */
bool sqlite_check_file(sqlite3 *sqlite, int *ret_version, struct error *err) MUST_USE;
/* A compact copy of now under a name that is not there; not synced. */
bool sqlite_copy(sqlite3 *sqlite, const char *to_path, struct error *err) MUST_USE;

/* sqlite_upgrade.c */
bool sqlite_upgrade(const char *path, const struct upgrade_plan *plan, struct upgraded *ret, struct error *err) MUST_USE;

/* sqlite_query.c */
bool sqlite_statement_open(struct cursor *cursor, struct error *err);
void sqlite_statement_bind(struct cursor *cursor, int index, struct cell cell);
bool sqlite_statement_step(struct cursor *cursor, bool *ret_row, struct error *err);
bool sqlite_statement_post(struct cursor *cursor, bool is_one, struct error *err);
int sqlite_statement_columns(const struct cursor *cursor);
struct cell sqlite_statement_cell(const struct cursor *cursor, int column);
int64_t sqlite_statement_changed(const struct cursor *cursor);
void sqlite_statement_close(struct cursor *cursor);
