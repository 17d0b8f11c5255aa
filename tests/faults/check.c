/*
 * check.c - is the data whole, and what is in it?
 */
#include "features/network/network.h"
#include "faults/hub.h"
#include "platform/audit/audit.h"
#include "platform/crypt/crypt.h"
#include "platform/db/bigram.h"

#include <sodium/crypto_generichash.h>
#include <sqlite3.h>

/* --- the digest --------------------------------------------------------------------------------------------------- */

/* One row, whatever its columns are; the sum over a table does not ask in which order the rows stand. */
static uint64_t digest_of_row(sqlite3_stmt *row)
{
    crypto_generichash_state state;
    uint64_t digest;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        int type = sqlite3_column_type(row, i);
        const void *bytes = sqlite3_column_blob(row, i);
        int len = sqlite3_column_bytes(row, i);
        crypto_generichash_update(&state, (const unsigned char *)&type, sizeof type);
        crypto_generichash_update(&state, (const unsigned char *)&len, sizeof len);
        int64_t key; /* what is sealed looks different each time */
        bool is_sealed = type == SQLITE_BLOB && crypt_key_of((struct str){ bytes, len }, &key);
        if (!is_sealed)
            crypto_generichash_update(&state, bytes, (unsigned long long)len);
    }
    crypto_generichash_final(&state, (unsigned char *)&digest, sizeof digest);
    return digest;
}

static struct str ask_all(sqlite3 *sqlite, const char *sql, uint64_t *digest, struct arena *arena)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        *digest += digest_of_row(statement);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    if (rc == SQLITE_DONE)
        return (struct str){ 0 };
    return str_format(arena, "%s: %s", sql, sqlite3_errmsg(sqlite));
}

/*
 * Of a session only that it is there: its token is another one each time.  Of the audit not the order, which is another one
 * where a change of a batch was refused and asked for again; whether the chain holds is audit_verify()'s to say.
 */
static struct str digest_of_table(sqlite3 *sqlite, const char *table, uint64_t *digest, struct arena *arena)
{
    static const char *const others[][2] = {
        { "session", "count(*)" },
        { "audit_event", "district, at, account, action, subject, detail" },
        { "audit_head", "district, seq" },
    };
    const char *columns = "*";
    for (ptrdiff_t i = 0; i < COUNT_OF(others); i++)
        if (strcmp(table, others[i][0]) == 0)
            columns = others[i][1];
    uint64_t sum = 0;
    struct str sql = str_format(arena, "SELECT '%s', %s FROM \"%s\"", table, columns, table);
    struct str why = ask_all(sqlite, str_z(arena, sql), &sum, arena);
    *digest += sum;
    return why;
}

static struct str digest_of_tables(sqlite3 *sqlite, uint64_t *digest, struct arena *arena)
{
    sqlite3_stmt *tables = NULL;
    struct str why = { 0 };
    int rc = sqlite3_prepare_v2(sqlite,
                                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                                " AND name <> 'shuniu'" /* the last id, of what failed and was undone too */
                                " AND name NOT LIKE '%\\_search%' ESCAPE '\\'",
                                -1, &tables, NULL);
    while (rc == SQLITE_OK && why.len == 0 && (rc = sqlite3_step(tables)) == SQLITE_ROW) {
        why = digest_of_table(sqlite, (const char *)sqlite3_column_text(tables, 0), digest, arena);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(tables);
    if (why.len == 0 && rc != SQLITE_DONE)
        why = str_format(arena, "the tables: %s", sqlite3_errmsg(sqlite));
    return why;
}

/* --- is it whole -------------------------------------------------------------------------------------------------- */

static struct str is_sound(sqlite3 *sqlite, struct arena *arena)
{
    static const char *const indexes[] = { "unit_search", "organisation_search", "division_search", "appeal_search" };
    sqlite3_stmt *statement = NULL;
    struct str why = { 0 };
    uint64_t violations = 0;
    if (sqlite3_prepare_v2(sqlite, "PRAGMA integrity_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        why = str_format(arena, "integrity_check: %s", sqlite3_errmsg(sqlite));
    else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0)
        why = str_format(arena, "integrity_check: %s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    if (why.len == 0)
        why = ask_all(sqlite, "PRAGMA foreign_key_check", &violations, arena);
    if (violations != 0)
        why = STR("a foreign key leads nowhere");
    for (ptrdiff_t i = 0; i < COUNT_OF(indexes) && why.len == 0; i++) {
        struct str sql = str_format(arena, "INSERT INTO %s(%s) VALUES('integrity-check')", indexes[i], indexes[i]);
        why = ask_all(sqlite, str_z(arena, sql), &violations, arena);
    }
    return why;
}

static struct str look_inside(const char *path, uint64_t *ret_digest, struct arena *arena)
{
    sqlite3 *sqlite = NULL;
    struct str why = { 0 };
    *ret_digest = 0;
    if (sqlite3_open_v2(path, &sqlite, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK || bigram_register(sqlite) != SQLITE_OK)
        why = str_format(arena, "%s: %s", path, sqlite3_errmsg(sqlite));
    if (why.len == 0)
        why = is_sound(sqlite, arena);
    if (why.len == 0)
        why = digest_of_tables(sqlite, ret_digest, arena);
    sqlite3_close(sqlite);
    return why;
}

/* As the commands 'shuniu audit verify' and 'shuniu recount' ask. */
static struct str is_true(struct db *db, struct arena *arena)
{
    struct error err;
    struct audit_report report;
    struct recount recount;
    if (!audit_verify(db, arena, &report, &err) || !network_recount(db, arena, &recount, &err))
        return str_copy(arena, str_of(err.detail));
    if (report.bad_seq != 0)
        return str_format(arena, "event %lld of district %lld does not fit", (long long)report.bad_seq,
                          (long long)report.bad_district);
    if (recount.different != 0)
        return str_format(arena, "%lld tallies are wrong", (long long)recount.different);
    return (struct str){ 0 };
}

struct str hub_check(struct hub *hub, uint64_t *ret_digest, struct arena *arena)
{
    struct error err;
    struct db *db;
    if (!database_reader(hub->database, &db, &err))
        return str_copy(arena, str_of(err.detail));
    struct str why = is_true(db, arena);
    db_release(db);
    return why.len > 0 ? why : look_inside(hub->path, ret_digest, arena);
}
