/*
 * postgres_upgrade.c - upgrading a database on PostgreSQL: all steps in one transaction, as its tables are made and dropped in one.
 *
 * There is no copy of the data as it was: a server has its own tools for that (pg_dump), and only 'shuniu upgrade' comes here.
 * What the steps made is held against new tables, which are made beside them in a schema that goes again.
 */
#include "platform/db/postgres.h"
#include "platform/db/upgrade.h"

#include "platform/db/ids.h"

#include <string.h>

struct pg_upgrade {
    const struct upgrade_plan *plan;
    struct db *db;
    int from;
};

/* --- the tables -------------------------------------------------------------------------------------------------- */

static bool run_steps(const struct pg_upgrade *upgrade, PGconn *wire, struct error *err)
{
    for (int to = upgrade->from + 1; to <= SCHEMA_VERSION; to++) {
        for (int r = 0; r < upgrade->plan->room_count; r++) {
            const struct upgrade *room = upgrade->plan->rooms[r];
            for (int i = 0; i < room->step_count; i++)
                if (room->steps[i].to == to && room->steps[i].postgres && !pg_exec(wire, room->steps[i].postgres, NULL, err))
                    return false;
        }
    }
    return true;
}

/* What the current schema is made of, a line each, without the names of what has none in schema.sql. */
#define MADE_OF                                                                                                                 \
    "SELECT c.relname || ': ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || "     \
    "       coalesce(l.collname, '') || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS line "                           \
    "  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "                      \
    "  LEFT JOIN pg_collation l ON l.oid = a.attcollation "                                                                     \
    "  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "                                                     \
    " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT IN ('shuniu', 'shuniu_commit') "              \
    "UNION ALL "                                                                                                                \
    "SELECT c.relname || ': ' || pg_get_constraintdef(k.oid) "                                                                  \
    "  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "                                                             \
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname NOT IN ('shuniu', 'shuniu_commit') "                                  \
    "UNION ALL "                                                                                                                \
    "SELECT c.relname || ': ' || replace(pg_get_indexdef(i.indexrelid), current_schema() || '.', '') "                          \
    "  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "                                                                  \
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname NOT IN ('shuniu', 'shuniu_commit') "                                  \
    "   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))"

static bool note_tables(PGconn *wire, const char *name, struct error *err)
{
    char sql[4096];
    int len = snprintf(sql, sizeof sql, "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT line, count(*) AS times FROM (" MADE_OF
                                        ") AS all_lines GROUP BY line", name);
    assert(len > 0 && len < (int)sizeof sql);
    return pg_exec(wire, sql, NULL, err);
}

static bool same_tables(PGconn *wire, struct error *err)
{
    static const char difference[] =
        "SELECT line FROM (SELECT line, times FROM tables_are EXCEPT SELECT line, times FROM tables_must) AS more "
        "UNION ALL "
        "SELECT line FROM (SELECT line, times FROM tables_must EXCEPT SELECT line, times FROM tables_are) AS less ORDER BY 1 LIMIT 1";
    PGresult *result;
    if (!pg_exec(wire, difference, &result, err))
        return false;
    bool ok = PQntuples(result) == 0 ||
              error_fail(err, ERROR_VERSION, "its tables are not those of its version: %.200s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return ok;
}

static bool check_tables(const struct pg_upgrade *upgrade, PGconn *wire, struct error *err)
{
    bool ok = pg_exec(wire, "SELECT set_config('shuniu.path', current_setting('search_path'), true)", NULL, err) &&
              note_tables(wire, "tables_are", err) &&
              pg_exec(wire, "CREATE SCHEMA shuniu_new; SET LOCAL search_path = shuniu_new", NULL, err);
    for (int i = 0; ok && i < upgrade->plan->schema_count; i++)
        ok = pg_exec(wire, upgrade->plan->schemas[i]->postgres, NULL, err);
    return ok && note_tables(wire, "tables_must", err) && same_tables(wire, err) &&
           pg_exec(wire, "SELECT set_config('search_path', current_setting('shuniu.path'), true); DROP SCHEMA shuniu_new CASCADE",
                   NULL, err);
}

/* --- the transaction --------------------------------------------------------------------------------------------- */

static const struct query version_query = {
    .name = "version",
    .postgres = "UPDATE shuniu SET schema_version = $1 WHERE one = 1",
    .params = "i",
    .is_writing = true,
};

static bool set_version(struct db *db, struct error *err)
{
    struct cursor cursor;
    if (!cursor_open(db, &version_query, &cursor, err))
        return false;
    cursor_bind_int(&cursor, 1, SCHEMA_VERSION);
    bool ok = cursor_change(&cursor, err);
    cursor_close(&cursor);
    return ok;
}

/* Steps are several statements each, which a pipeline does not take. */
static bool change_tables(const struct pg_upgrade *upgrade, struct error *err)
{
    struct pg_db *db = pg_of(upgrade->db);
    if (!PQexitPipelineMode(db->wire))
        return error_fail(err, ERROR_IO, "%s", PQerrorMessage(db->wire));
    bool ok = run_steps(upgrade, db->wire, err) && check_tables(upgrade, db->wire, err);
    return PQenterPipelineMode(db->wire) && ok;
}

static bool change_all(const struct pg_upgrade *upgrade, struct error *err)
{
    struct ids ids = { 0 };
    struct txn txn = { .db = upgrade->db, .now = instant_now(), .ids = &ids };
    if (!db_begin(upgrade->db, &ids, err))
        return false;
    bool ok = change_tables(upgrade, err) && upgrade_derive(upgrade->plan, upgrade->from, &txn, err) &&
              upgrade->plan->finish(&txn, upgrade->from, err) && set_version(upgrade->db, err);
    if (!ok)
        db_rollback(upgrade->db);
    return ok && db_commit(upgrade->db, &ids, err);
}

/* A server of the older program would go on with tables it does not know. */
static bool check_alone(PGconn *wire, struct error *err)
{
    static const char others[] = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                                 "AND application_name = 'shuniu' AND pid <> pg_backend_pid()";
    int64_t count = 0;
    return pg_exec_number(wire, others, &count, err) &&
           (count == 0 || error_fail(err, ERROR_BUSY, "the database is in use by %lld connections: stop the servers first",
                                     (long long)count));
}

/* The version of the data there; that of this program where there is none. */
static bool version_of(PGconn *wire, int *ret, struct error *err)
{
    int64_t own = 0, version = SCHEMA_VERSION;
    bool ok = pg_exec_number(wire, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'shuniu'", &own, err) &&
              (own == 0 || pg_exec_number(wire, "SELECT schema_version FROM shuniu", &version, err));
    *ret = (int)version;
    return ok;
}

bool pg_upgrade(const char *place, const struct upgrade_plan *plan, struct upgraded *ret, struct error *err)
{
    struct pg_upgrade upgrade = { .plan = plan };
    PGconn *wire = pg_find(place, err);
    bool ok = wire && version_of(wire, &upgrade.from, err);
    bool is_old = ok && upgrade.from < SCHEMA_VERSION;
    ok = ok && (!is_old || check_alone(wire, err));
    PQfinish(wire);
    *ret = (struct upgraded){ .from = SCHEMA_VERSION };
    if (!ok || !is_old)
        return ok;
    struct database *database = database_make(&postgres_engine, sizeof(struct pg_database), place);
    database_use_keys(database, plan->keeper);
    ok = database_writer(database, &upgrade.db, err);
    if (ok) {
        ok = change_all(&upgrade, err);
        db_release(upgrade.db);
    }
    database_close(database);
    ret->from = upgrade.from;
    return ok;
}
