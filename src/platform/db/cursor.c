/*
 * cursor.c - one run of one query, whatever the engine; and the results that need no statement, because the connection
 * still has them (cache.h).
 */
#include "platform/db/engine.h"

static const struct engine *engine_of(const struct cursor *cursor)
{
    return cursor->db->database->engine;
}

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

/* The statement behind a cursor. */
static bool statement_open(struct cursor *cursor, struct error *err)
{
    struct statement_slot *slot = slot_of(cursor->db, cursor->query);
    if (slot->is_open)
        BUG("query %s runs inside itself", cursor->query->name);
    slot->query = cursor->query;
    cursor->slot = slot;
    slot->is_open = engine_of(cursor)->statement_open(cursor, err);
    if (!slot->is_open)
        cursor->slot = NULL;
    return slot->is_open;
}

bool cursor_open(struct db *db, const struct query *query, struct cursor *ret_cursor, struct error *err)
{
    *ret_cursor = (struct cursor){ .db = db, .query = query, .is_cached = query->is_cached && db->is_snapshot };
    if (!ret_cursor->is_cached)
        return statement_open(ret_cursor, err);
    db->cache.param_count = 0;
    return true;
}

/* Of a cached query there may be no statement yet. */
static void bind(struct cursor *cursor, int index, struct cell cell)
{
    if (cursor->is_cached)
        cache_param(&cursor->db->cache, index, cell);
    else
        engine_of(cursor)->statement_bind(cursor, index, cell);
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

/* Runs the query to its end and keeps all its rows; a result that was not read to the end is not kept. */
static bool fill(struct cursor *cursor, struct error *err)
{
    const struct engine *engine = engine_of(cursor);
    struct cache *cache = &cursor->db->cache;
    bool has_row = false;
    if (!statement_open(cursor, err))
        return false;
    for (int i = 0; i < cache->param_count; i++)
        engine->statement_bind(cursor, i + 1, cache->params[i]);
    bool ok = engine->statement_step(cursor, &has_row, err);
    if (!ok)
        return false;
    struct result *result = result_make(cache, cursor->query, engine->statement_columns(cursor));
    while (ok && has_row) {
        struct cell *row = result_add_row(cache, result);
        for (int i = 0; i < result->columns; i++)
            row[i] = cell_copy(cache, engine->statement_cell(cursor, i));
        ok = engine->statement_step(cursor, &has_row, err);
    }
    if (ok) {
        cache_add(cache, result);
        cursor->result = result;
    }
    return ok;
}

static bool next(struct cursor *cursor, bool *ret_row, struct error *err)
{
    if (!cursor->is_cached)
        return engine_of(cursor)->statement_step(cursor, ret_row, err);
    if (!cursor->result)
        cursor->result = cache_find(&cursor->db->cache, cursor->query);
    if (!cursor->result && !fill(cursor, err))
        return false;
    *ret_row = cursor->row < cursor->result->rows;
    cursor->row += *ret_row;
    return true;
}

bool cursor_next(struct cursor *cursor, bool *ret_row, struct error *err)
{
    bool ok = next(cursor, ret_row, err);
    if (!ok) {
        cursor->db->has_failed = true;
        cursor->db->failure = *err;
    }
    return ok;
}

bool cursor_post(struct cursor *cursor, struct error *err)
{
    return engine_of(cursor)->statement_post(cursor, false, err);
}

bool cursor_change(struct cursor *cursor, struct error *err)
{
    return engine_of(cursor)->statement_post(cursor, true, err);
}

/* Of the row cursor_next() gave. */
static struct cell cell_of(const struct cursor *cursor, int column)
{
    if (cursor->is_cached)
        return cursor->result->cells[(cursor->row - 1) * cursor->result->columns + column];
    return engine_of(cursor)->statement_cell(cursor, column);
}

bool cursor_is_null(const struct cursor *cursor, int column)
{
    return cell_of(cursor, column).kind == CELL_NULL;
}

int64_t cursor_int(const struct cursor *cursor, int column)
{
    struct cell cell = cell_of(cursor, column);
    if (cell.kind >= CELL_TEXT)
        BUG("query %s: column %d is no whole number", cursor->query->name, column);
    return cell.kind == CELL_INT ? cell.n : 0;
}

struct str cursor_text(const struct cursor *cursor, int column, struct arena *arena)
{
    struct cell cell = cell_of(cursor, column);
    if (cell.kind == CELL_INT)
        BUG("query %s: column %d is no text", cursor->query->name, column);
    return str_copy(arena, (struct str){ cell.data, cell.kind == CELL_NULL ? 0 : cell.n });
}

int64_t cursor_changed(const struct cursor *cursor)
{
    return engine_of(cursor)->statement_changed(cursor);
}

void cursor_close(struct cursor *cursor)
{
    if (!cursor->slot)
        return;
    engine_of(cursor)->statement_close(cursor);
    cursor->slot->is_open = false;
    cursor->slot = NULL;
}
