/*
 * postgres_query.c - the statements of a connection: prepared on the server once, values and results in binary.
 *
 * All rows of a result are held here, but for a query marked ':each' (is_long): its rows come through a cursor on the server,
 * some hundred at a time.
 */
#include "platform/db/postgres.h"

#include "platform/db/bigram_query.h"
#include "platform/limits.h"

#include <endian.h>
#include <string.h>

/* Numbers of types, fixed in the server's catalogue (pg_type.dat). */
enum {
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_NUMERIC = 1700,
    OID_TSVECTOR = 3614,
    OID_TSQUERY = 3615
};

enum { FETCH_ROWS = 500 };

static struct pg_statement *statement_of(const struct cursor *cursor)
{
    return cursor->slot->statement;
}

static int seconds_for(const struct query *query)
{
    return query->is_long ? LIMIT_LONG_STATEMENT_SECONDS : LIMIT_STATEMENT_SECONDS;
}

/* --- preparing and binding ---------------------------------------------------------------------------------------- */

static Oid type_of(char param)
{
    switch (param) {
    case 'i': return OID_INT8;
    case 't': return OID_TEXT;
    case 'b': return OID_BYTEA;
    case 'w': return OID_TSVECTOR;
    case 'm': return OID_TSQUERY;
    default: BUG("a parameter of type '%c'", param);
    }
}

static struct pg_statement *make_statement(struct pg_db *db, const struct cursor *cursor)
{
    struct arena *arena = &db->arena;
    int n = (int)strlen(cursor->query->params);
    struct pg_statement *statement = arena_new(arena, struct pg_statement, 1);
    *statement = (struct pg_statement){
        .param_count = n,
        .types = arena_new(arena, Oid, n + 1),
        .values = arena_new(arena, const char *, n + 1),
        .lengths = arena_new(arena, int, n + 1),
        .formats = arena_new(arena, int, n + 1),
        .numbers = arena_new(arena, uint64_t, n + 1),
    };
    (void)snprintf(statement->name, sizeof statement->name, "s%d", (int)(cursor->slot - db->db.slots));
    for (int i = 0; i < n; i++)
        statement->types[i] = type_of(cursor->query->params[i]);
    return statement;
}

bool pg_statement_open(struct cursor *cursor, struct error *err)
{
    struct pg_db *db = pg_of(cursor->db);
    bool is_alone = !cursor->db->is_writer && !db->is_in_transaction; /* outside of a snapshot nothing is lost with a connection */
    if (is_alone && !db->wire && !pg_connect(db, err))
        return false;
    if (!cursor->slot->statement)
        cursor->slot->statement = make_statement(pg_of(cursor->db), cursor);
    for (int i = 0; i < statement_of(cursor)->param_count; i++)
        statement_of(cursor)->values[i] = NULL;
    return true;
}

static void bind_bytes(struct pg_statement *statement, int i, struct str value, bool is_binary)
{
    statement->values[i] = value.data ? value.data : "";
    statement->lengths[i] = (int)value.len;
    statement->formats[i] = is_binary;
}

void pg_statement_bind(struct cursor *cursor, int index, struct cell cell)
{
    struct pg_statement *statement = statement_of(cursor);
    struct str text = { cell.data, cell.n };
    int i = index - 1;
    char param = cursor->query->params[i];
    if (cell.kind == CELL_NULL) {
        statement->values[i] = NULL;
    } else if (cell.kind == CELL_INT) {
        statement->numbers[i] = htobe64((uint64_t)cell.n);
        bind_bytes(statement, i, (struct str){ (const char *)&statement->numbers[i], sizeof statement->numbers[i] }, true);
    } else if (param == 'w') {
        bind_bytes(statement, i, str_of(str_z(&statement->scratch, bigram_tsvector(&statement->scratch, text))), false);
    } else if (param == 'm') {
        bind_bytes(statement, i, str_of(str_z(&statement->scratch, bigram_tsquery(&statement->scratch, text))), false);
    } else {
        bind_bytes(statement, i, text, true);
    }
}

/* --- running ------------------------------------------------------------------------------------------------------- */

/* What is written is noted. */
static bool is_prepared(struct cursor *cursor)
{
    struct pg_db *db = pg_of(cursor->db);
    struct pg_statement *statement = statement_of(cursor);
    db->has_written = db->has_written || cursor->query->is_writing;
    return statement->era == db->era || pg_prepare(db, statement, cursor->query->postgres);
}

/* A cursor lives in a transaction that was begun; one that is under way only gets the word. */
static bool begin_for_cursor(struct pg_db *db)
{
    if (!db->is_in_transaction)
        return pg_send(db, "BEGIN READ ONLY");
    bool ok = !db->is_implicit || pg_send(db, "BEGIN");
    db->is_implicit = false;
    return ok;
}

static bool declare(struct cursor *cursor)
{
    struct pg_db *db = pg_of(cursor->db);
    struct pg_statement *statement = statement_of(cursor);
    struct str sql = str_format(&statement->scratch, "DECLARE %s NO SCROLL CURSOR FOR %s", statement->name,
                                cursor->query->postgres);
    statement->has_own_transaction = !db->is_in_transaction;
    statement->has_cursor = begin_for_cursor(db) && pg_run_sql(db, statement, sql.data);
    db->is_in_transaction = statement->has_cursor;
    return statement->has_cursor;
}

/* The next rows of a cursor; they have no parameters of their own. */
static bool fetch(struct cursor *cursor)
{
    struct pg_statement *statement = statement_of(cursor);
    char sql[64];
    (void)snprintf(sql, sizeof sql, "FETCH %d FROM %s", FETCH_ROWS, statement->name);
    int params = statement->param_count;
    statement->param_count = 0;
    bool ok = pg_run_sql(pg_of(cursor->db), statement, sql);
    statement->param_count = params;
    return ok;
}

static bool run(struct cursor *cursor, struct error *err)
{
    struct pg_db *db = pg_of(cursor->db);
    struct pg_statement *statement = statement_of(cursor);
    bool is_more = statement->has_cursor;
    bool ok = cursor->query->is_long ? (is_more || declare(cursor)) && fetch(cursor)
                                      : is_prepared(cursor) && pg_run(db, statement);
    if (!ok || !pg_collect(db, seconds_for(cursor->query)))
        return pg_failure(db, cursor->query->name, err);
    if (!statement->result)
        BUG("query %s: no answer and no failure", cursor->query->name);
    return true;
}

bool pg_statement_step(struct cursor *cursor, bool *ret_row, struct error *err)
{
    struct pg_statement *statement = statement_of(cursor);
    bool is_used_up = statement->result && statement->row + 1 >= PQntuples(statement->result);
    bool has_more = is_used_up && statement->has_cursor && PQntuples(statement->result) == FETCH_ROWS;
    if ((!statement->result || has_more) && !run(cursor, err))
        return false;
    *ret_row = ++statement->row < PQntuples(statement->result);
    return true;
}

bool pg_statement_post(struct cursor *cursor, bool is_one, struct error *err)
{
    struct pg_db *db = pg_of(cursor->db);
    if (!db->is_in_transaction)
        BUG("query %s: a change outside a transaction", cursor->query->name);
    bool ok = is_prepared(cursor) && pg_post(db, statement_of(cursor), is_one ? cursor->query : NULL);
    return ok || pg_failure(db, cursor->query->name, err);
}

/* Without a result the query has failed, and a transaction of its own can only be undone. */
static void end_cursor(struct pg_db *db, struct pg_statement *statement)
{
    char sql[32];
    bool is_whole = statement->result != NULL, had_posted = db->has_posted;
    (void)snprintf(sql, sizeof sql, "CLOSE %s", statement->name);
    bool ok = !is_whole || pg_send(db, sql);
    if (ok && statement->has_own_transaction)
        ok = pg_send(db, is_whole ? "COMMIT" : "ROLLBACK");
    ok = ok && pg_collect(db, LIMIT_STATEMENT_SECONDS);
    if (!ok && !had_posted)
        db->has_failed = false; /* the rows were read, or their failure was told */
    statement->has_cursor = false;
    db->is_in_transaction = db->is_in_transaction && !statement->has_own_transaction;
}

void pg_statement_close(struct cursor *cursor)
{
    struct pg_statement *statement = statement_of(cursor);
    if (statement->has_cursor)
        end_cursor(pg_of(cursor->db), statement);
    PQclear(statement->result);
    statement->result = NULL;
    arena_reset(&statement->scratch);
}

void pg_statement_free(struct pg_statement *statement)
{
    PQclear(statement->result);
    arena_release(&statement->scratch);
}

/* --- results ------------------------------------------------------------------------------------------------------- */

/* A numeric is digits of base 10,000 and the weight of the first (numeric_send()); sums of numbers come so. */
static int64_t numeric_of(const struct cursor *cursor, const unsigned char *data)
{
    enum { BASE = 10000, NEGATIVE = 0x4000 };
    int digits = data[0] << 8 | data[1];
    int weight = (int16_t)(data[2] << 8 | data[3]);
    int sign = data[4] << 8 | data[5];
    int64_t value = 0;
    if (digits > weight + 1 || weight > 4 || (sign != 0 && sign != NEGATIVE))
        BUG("query %s: a sum that is no whole number of 64 bits", cursor->query->name);
    for (int i = 0; i <= weight; i++) {
        int digit = i < digits ? data[8 + 2 * i] << 8 | data[9 + 2 * i] : 0;
        if (__builtin_mul_overflow(value, BASE, &value) || __builtin_add_overflow(value, digit, &value))
            BUG("query %s: a sum over 64 bits", cursor->query->name);
    }
    return sign == NEGATIVE ? -value : value;
}

static uint64_t big_endian(const unsigned char *data, int len)
{
    uint64_t value = 0;
    for (int i = 0; i < len; i++)
        value = value << 8 | data[i];
    return value;
}

int pg_statement_columns(const struct cursor *cursor)
{
    return PQnfields(statement_of(cursor)->result);
}

struct cell pg_statement_cell(const struct cursor *cursor, int column)
{
    const struct pg_statement *statement = statement_of(cursor);
    const PGresult *result = statement->result;
    if (PQgetisnull(result, statement->row, column))
        return (struct cell){ .kind = CELL_NULL };
    const unsigned char *data = (const unsigned char *)PQgetvalue(result, statement->row, column);
    int len = PQgetlength(result, statement->row, column);
    switch (PQftype(result, column)) {
    case OID_INT2: return (struct cell){ .kind = CELL_INT, .n = (int16_t)big_endian(data, len) };
    case OID_INT4: return (struct cell){ .kind = CELL_INT, .n = (int32_t)big_endian(data, len) };
    case OID_INT8: return (struct cell){ .kind = CELL_INT, .n = (int64_t)big_endian(data, len) };
    case OID_NUMERIC: return (struct cell){ .kind = CELL_INT, .n = numeric_of(cursor, data) };
    case OID_TEXT:
    case OID_BYTEA: return (struct cell){ .kind = CELL_TEXT, .n = len, .data = (const char *)data };
    default: BUG("query %s: column %d has a type of its own (%u)", cursor->query->name, column, PQftype(result, column));
    }
}

int64_t pg_statement_changed(const struct cursor *cursor)
{
    return statement_of(cursor)->changed;
}

bool pg_ask(struct db *db, const struct query *query, const int64_t *params, int param_count, bool *ret_found,
            int64_t *ret, struct error *err)
{
    struct cursor cursor;
    if (!cursor_open(db, query, &cursor, err))
        return false;
    for (int i = 0; i < param_count; i++)
        cursor_bind_int(&cursor, i + 1, params[i]);
    bool ok = cursor_next(&cursor, ret_found, err);
    if (ok && *ret_found)
        *ret = cursor_int(&cursor, 0);
    cursor_close(&cursor);
    return ok;
}
