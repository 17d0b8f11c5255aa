/*
 * sqlite_query.c - the statements of a connection: prepared once and kept.
 */
#include "platform/db/sqlite.h"

#include <string.h>

static sqlite3_stmt *statement_of(const struct cursor *cursor)
{
    return cursor->slot->statement;
}

bool sqlite_statement_open(struct cursor *cursor, struct error *err)
{
    sqlite3 *sqlite = sqlite_of(cursor->db)->sqlite;
    const struct query *query = cursor->query;
    sqlite3_stmt *statement = NULL;
    if (cursor->slot->statement)
        return true;
    int rc = sqlite3_prepare_v3(sqlite, query->sqlite, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    cursor->slot->statement = statement;
    return rc == SQLITE_OK || sqlite_fail(sqlite, rc, query->name, err);
}

void sqlite_statement_bind(struct cursor *cursor, int index, struct cell cell)
{
    sqlite3_stmt *statement = statement_of(cursor);
    const char *data = cell.data ? cell.data : "";
    uint64_t len = (uint64_t)cell.n;
    int rc = SQLITE_OK;
    switch (cell.kind) {
    case CELL_NULL:
        rc = sqlite3_bind_null(statement, index);
        break;
    case CELL_INT:
        rc = sqlite3_bind_int64(statement, index, cell.n);
        break;
    case CELL_TEXT:
        rc = sqlite3_bind_text64(statement, index, data, len, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case CELL_BLOB:
        rc = sqlite3_bind_blob64(statement, index, data, len, SQLITE_STATIC);
        break;
    }
    /* the last parameters may be for the other engine alone */
    bool is_unused = rc == SQLITE_RANGE && index <= (int)strlen(cursor->query->params);
    if (rc != SQLITE_OK && !is_unused)
        BUG("query %s: parameter %d: %s", cursor->query->name, index, sqlite3_errstr(rc));
}

bool sqlite_statement_step(struct cursor *cursor, bool *ret_row, struct error *err)
{
    int rc = sqlite3_step(statement_of(cursor));
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sqlite_fail(sqlite_of(cursor->db)->sqlite, rc, cursor->query->name, err);
    *ret_row = rc == SQLITE_ROW;
    return true;
}

bool sqlite_statement_post(struct cursor *cursor, bool is_one, struct error *err)
{
    bool has_row;
    if (!sqlite_statement_step(cursor, &has_row, err))
        return false;
    return !is_one || sqlite_statement_changed(cursor) == 1 || error_fail(err, ERROR_CONFLICT, "%s", cursor->query->name);
}

int sqlite_statement_columns(const struct cursor *cursor)
{
    return sqlite3_column_count(statement_of(cursor));
}

struct cell sqlite_statement_cell(const struct cursor *cursor, int column)
{
    sqlite3_stmt *statement = statement_of(cursor);
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return (struct cell){ .kind = CELL_INT, .n = sqlite3_column_int64(statement, column) };
    case SQLITE_NULL:
        return (struct cell){ .kind = CELL_NULL };
    case SQLITE_FLOAT:
        BUG("query %s: column %d is no whole number", cursor->query->name, column);
    default: {
        const char *data = sqlite3_column_blob(statement, column);
        return (struct cell){ .kind = CELL_TEXT, .n = sqlite3_column_bytes(statement, column), .data = data };
    }
    }
}

int64_t sqlite_statement_changed(const struct cursor *cursor)
{
    return sqlite3_changes64(sqlite_of(cursor->db)->sqlite);
}

void sqlite_statement_close(struct cursor *cursor)
{
    sqlite3_reset(statement_of(cursor));
    sqlite3_clear_bindings(statement_of(cursor));
}
