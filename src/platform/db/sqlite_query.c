/*
 * sqlite_query.c - the statements of a connection: prepared once, found again by the address of their struct query; and
 * the results that need no statement, because the connection still has them (cache.h).
 */
#include "platform/db/sqlite.h"

static struct statement_slot *slot_of(struct db *db, const struct query *query)
{
    uintptr_t hash = (uintptr_t)query / sizeof *query * 0x9E3779B97F4A7C15u;
    for (int probe = 0; probe < STATEMENT_SLOTS; probe++) {
        struct statement_slot *slot = &db->slots[((hash >> 32) + (uintptr_t)probe) % STATEMENT_SLOTS];
        if (!slot->query || slot->query == query)
            return slot;
    }
    BUG("more than %d queries", STATEMENT_SLOTS);
}

/* The statement behind a cursor; prepared when it is first needed. */
static bool statement_open(struct cursor *cursor, struct error *err)
{
    struct db *db = cursor->db;
    const struct query *query = cursor->query;
    struct statement_slot *slot = slot_of(db, query);
    if (slot->is_open)
        BUG("query %s runs inside itself", query->name);
    if (!slot->statement) {
        int rc = sqlite3_prepare_v3(db->sqlite, query->sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->statement, NULL);
        if (rc != SQLITE_OK)
            return sqlite_fail(db->sqlite, rc, query->name, err);
        slot->query = query;
    }
    slot->is_open = true;
    cursor->statement = slot;
    return true;
}

bool cursor_open(struct db *db, const struct query *query, struct cursor *ret_cursor, struct error *err)
{
    *ret_cursor = (struct cursor){ .db = db, .query = query, .is_cached = query->is_cached && db->is_snapshot };
    if (!ret_cursor->is_cached)
        return statement_open(ret_cursor, err);
    db->cache.param_count = 0;
    return true;
}

static sqlite3_stmt *statement_of(const struct cursor *cursor)
{
    return ((struct statement_slot *)cursor->statement)->statement;
}

static void bound(const struct cursor *cursor, int index, int rc)
{
    if (rc != SQLITE_OK)
        BUG("query %s: parameter %d: %s", cursor->query->name, index, sqlite3_errstr(rc));
}

static void bind_cell(struct cursor *cursor, int index, struct cell cell)
{
    sqlite3_stmt *statement = statement_of(cursor);
    const char *data = cell.data ? cell.data : "";
    uint64_t len = (uint64_t)cell.n;
    switch (cell.kind) {
    case CELL_NULL:
        bound(cursor, index, sqlite3_bind_null(statement, index));
        break;
    case CELL_INT:
        bound(cursor, index, sqlite3_bind_int64(statement, index, cell.n));
        break;
    case CELL_TEXT:
        bound(cursor, index, sqlite3_bind_text64(statement, index, data, len, SQLITE_STATIC, SQLITE_UTF8));
        break;
    case CELL_BLOB:
        bound(cursor, index, sqlite3_bind_blob64(statement, index, data, len, SQLITE_STATIC));
        break;
    }
}

/* Of a cached query there may be no statement yet. */
static void bind(struct cursor *cursor, int index, struct cell cell)
{
    if (cursor->is_cached)
        cache_param(&cursor->db->cache, index, cell);
    else
        bind_cell(cursor, index, cell);
}

void cursor_bind_int(struct cursor *cursor, int index, int64_t value)
{
    bind(cursor, index, (struct cell){ .kind = CELL_INT, .n = value });
}

void cursor_bind_text(struct cursor *cursor, int index, struct str value)
{
    bind(cursor, index, (struct cell){ .kind = CELL_TEXT, .n = value.len, .data = value.data });
}

void cursor_bind_blob(struct cursor *cursor, int index, struct str value)
{
    bind(cursor, index, (struct cell){ .kind = CELL_BLOB, .n = value.len, .data = value.data });
}

void cursor_bind_null(struct cursor *cursor, int index)
{
    bind(cursor, index, (struct cell){ .kind = CELL_NULL });
}

/* --- results --------------------------------------------------------------------------------------------------- */

static bool step(struct cursor *cursor, bool *ret_row, struct error *err)
{
    int rc = sqlite3_step(statement_of(cursor));
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sqlite_fail(cursor->db->sqlite, rc, cursor->query->name, err);
    *ret_row = rc == SQLITE_ROW;
    return true;
}

static struct cell column_cell(const struct cursor *cursor, int column)
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

/* Runs the query to its end and keeps all its rows; a result that was not read to the end is not kept. */
static bool fill(struct cursor *cursor, struct error *err)
{
    struct cache *cache = &cursor->db->cache;
    bool has_row = false;
    if (!statement_open(cursor, err))
        return false;
    for (int i = 0; i < cache->param_count; i++)
        bind_cell(cursor, i + 1, cache->params[i]);
    struct result *result = result_make(cache, cursor->query, sqlite3_column_count(statement_of(cursor)));
    bool ok = step(cursor, &has_row, err);
    while (ok && has_row) {
        struct cell *row = result_add_row(cache, result);
        for (int i = 0; i < result->columns; i++)
            row[i] = cell_copy(cache, column_cell(cursor, i));
        ok = step(cursor, &has_row, err);
    }
    if (ok) {
        cache_add(cache, result);
        cursor->result = result;
    }
    return ok;
}

bool cursor_next(struct cursor *cursor, bool *ret_row, struct error *err)
{
    if (!cursor->is_cached)
        return step(cursor, ret_row, err);
    if (!cursor->result)
        cursor->result = cache_find(&cursor->db->cache, cursor->query);
    if (!cursor->result && !fill(cursor, err))
        return false;
    *ret_row = cursor->row < cursor->result->rows;
    cursor->row += *ret_row;
    return true;
}

/* Of the row cursor_next() gave. */
static struct cell cached_cell(const struct cursor *cursor, int column)
{
    return cursor->result->cells[(cursor->row - 1) * cursor->result->columns + column];
}

bool cursor_is_null(const struct cursor *cursor, int column)
{
    if (cursor->is_cached)
        return cached_cell(cursor, column).kind == CELL_NULL;
    return sqlite3_column_type(statement_of(cursor), column) == SQLITE_NULL;
}

int64_t cursor_int(const struct cursor *cursor, int column)
{
    return cursor->is_cached ? cached_cell(cursor, column).n : sqlite3_column_int64(statement_of(cursor), column);
}

struct str cursor_text(const struct cursor *cursor, int column, struct arena *arena)
{
    struct cell cell = cursor->is_cached ? cached_cell(cursor, column) : column_cell(cursor, column);
    if (cell.kind == CELL_INT)
        BUG("query %s: column %d is no text", cursor->query->name, column);
    return str_copy(arena, (struct str){ cell.data, cell.n });
}

int64_t cursor_changed(const struct cursor *cursor)
{
    return sqlite3_changes64(cursor->db->sqlite);
}

void cursor_close(struct cursor *cursor)
{
    struct statement_slot *slot = cursor->statement;
    if (!slot)
        return;
    sqlite3_reset(slot->statement);
    sqlite3_clear_bindings(slot->statement);
    slot->is_open = false;
    cursor->statement = NULL;
}

