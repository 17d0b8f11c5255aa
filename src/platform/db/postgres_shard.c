/*
 * postgres_shard.c - the planner as a witness: which parts of divided tables a query would read.
 */
#include "platform/db/postgres_shard.h"

#include "platform/db/postgres.h"

#include <string.h>

enum { PARTS = 8, TEXT_MAX = 1 << 20, REPORT_MAX = 1 << 16, PLAN_SCANS_MAX = 512 };

struct checking {
    PGconn *wire;
    struct arena scratch;
    struct shard_report *report;
};

/* --- asking ------------------------------------------------------------------------------------------------------- */

static bool open_wire(const char *place, PGconn **ret, struct error *err)
{
    *ret = pg_find(place, err);
    return *ret && pg_exec(*ret, "SET client_min_messages = error", NULL, err);
}

static void fault(struct checking *checking, const char *format, ...) PRINTF_LIKE(2, 3);
static void fault(struct checking *checking, const char *format, ...)
{
    va_list args;
    char line[512];
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    buf_format(&checking->report->faults, "%s\n", line);
    checking->report->fault_count++;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

/* Unique keys of spread tables without their district, and references between spread tables without it. */
static const char bad_keys[] =
    "WITH spread AS (SELECT a.attrelid AS id, a.attnum AS district FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "                 WHERE a.attname = 'district' AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace) "
    "SELECT c.relname, i.indexrelid::regclass::text || ' is unique without the district' "
    "  FROM pg_index i JOIN spread ON spread.id = i.indrelid JOIN pg_class c ON c.oid = i.indrelid "
    " WHERE i.indisunique AND NOT spread.district = ANY (i.indkey) "
    "UNION ALL "
    "SELECT c.relname, f.conname || ' refers to another spread table without the district' "
    "  FROM pg_constraint f JOIN spread a ON a.id = f.conrelid JOIN spread b ON b.id = f.confrelid "
    "  JOIN pg_class c ON c.oid = f.conrelid "
    " WHERE f.contype = 'f' AND NOT (a.district = ANY (f.conkey) AND b.district = ANY (f.confkey)) "
    "UNION ALL "
    "SELECT c.relname, t.tgname || ' is a trigger' FROM pg_trigger t JOIN spread ON spread.id = t.tgrelid "
    "  JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal";

static bool check_keys(struct checking *checking, struct error *err)
{
    PGresult *keys;
    if (!pg_exec(checking->wire, bad_keys, &keys, err))
        return false;
    for (int i = 0; i < PQntuples(keys); i++)
        fault(checking, "table %s: %s", PQgetvalue(keys, i, 0), PQgetvalue(keys, i, 1));
    PQclear(keys);
    return true;
}

/* --- the same tables, divided ------------------------------------------------------------------------------------- */

static const char all_tables[] =
    "SELECT c.relname, current_schema(), EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'district') "
    "  FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1";

static bool divide(struct checking *checking, const char *from, const char *table, struct error *err)
{
    struct buf sql = buf_make(&checking->scratch, TEXT_MAX);
    buf_format(&sql, "CREATE TABLE \"%s\" (LIKE \"%s\".\"%s\" INCLUDING ALL) PARTITION BY HASH (district);", table, from, table);
    for (int part = 0; part < PARTS; part++)
        buf_format(&sql, "CREATE TABLE \"%s_part%d\" PARTITION OF \"%s\" FOR VALUES WITH (MODULUS %d, REMAINDER %d);", table, part,
                   table, PARTS, part);
    checking->report->table_count++;
    return pg_exec(checking->wire, str_z(&checking->scratch, buf_str(&sql)), NULL, err);
}

static bool copy_whole(struct checking *checking, const char *from, const char *table, struct error *err)
{
    struct str sql = str_format(&checking->scratch, "CREATE TABLE \"%s\" (LIKE \"%s\".\"%s\" INCLUDING ALL)", table, from, table);
    return pg_exec(checking->wire, sql.data, NULL, err);
}

static bool divide_all(struct checking *checking, struct error *err)
{
    PGresult *tables;
    if (!pg_exec(checking->wire, all_tables, &tables, err))
        return false;
    bool ok = pg_exec(checking->wire, "CREATE SCHEMA shuniu_shard_check; SET LOCAL search_path = shuniu_shard_check", NULL, err);
    for (int i = 0; ok && i < PQntuples(tables); i++) {
        const char *table = PQgetvalue(tables, i, 0), *from = PQgetvalue(tables, i, 1);
        bool is_spread = PQgetvalue(tables, i, 2)[0] == 't';
        ok = is_spread ? divide(checking, from, table, err) : copy_whole(checking, from, table, err);
    }
    PQclear(tables);
    return ok;
}

/* --- plans -------------------------------------------------------------------------------------------------------- */

/* The parts of one table, under one name in the query, that a plan reads. */
struct scan {
    struct str alias;
    unsigned parts; /* bits */
};

struct scans {
    struct scan at[PLAN_SCANS_MAX];
    int n;
};

/* "Index Scan using x on unit_part3 u_4  (cost..." -> alias u, part 3 */
static void note_scan(struct scans *scans, struct str line)
{
    struct str before, rest, relation, alias;
    ptrdiff_t on = str_find(line, STR(" on "));
    if (on < 0 || str_find(str_slice(line, 0, on), STR("Scan")) < 0) /* "Update on" names every part, whatever is read */
        return;
    rest = str_slice(line, on + 4, line.len);
    if (!str_cut(rest, ' ', &relation, &rest))
        return;
    ptrdiff_t part = relation.len - 6; /* "_part3" at the end of its own name, or inside that of its index */
    while (part > 0 && !str_starts(str_slice(relation, part, relation.len), STR("_part")))
        part--;
    char digit = part > 0 ? relation.data[part + 5] : 0;
    if (digit < '0' || digit >= '0' + PARTS)
        return;
    before = str_slice(relation, 0, part);
    (void)str_cut(rest, ' ', &alias, &rest);
    while (alias.len > 0 && alias.data[alias.len - 1] >= '0' && alias.data[alias.len - 1] <= '9')
        alias.len--;
    if (str_equal(alias, STR("")) || alias.data[0] == '(')
        alias = before;
    unsigned bit = 1U << (digit - '0');
    int i = 0;
    while (i < scans->n && !str_equal(scans->at[i].alias, alias))
        i++;
    if (i == PLAN_SCANS_MAX)
        return;
    scans->at[i].alias = alias;
    scans->at[i].parts |= bit;
    scans->n = i == scans->n ? i + 1 : scans->n;
}

static bool reads_many(const PGresult *plan, struct arena *arena)
{
    struct scans *scans = arena_new(arena, struct scans, 1);
    for (int i = 0; i < PQntuples(plan); i++)
        note_scan(scans, str_of(PQgetvalue(plan, i, 0)));
    for (int i = 0; i < scans->n; i++)
        if ((scans->at[i].parts & (scans->at[i].parts - 1)) != 0)
            return true;
    return false;
}

static const char *type_name(char param)
{
    return param == 'i' ? "bigint" : param == 't' ? "text" : param == 'b' ? "bytea" : param == 'w' ? "tsvector" : "tsquery";
}

static const char *any_value(char param)
{
    return param == 'i' ? "440606" : param == 'm' ? "'a'" : "''";
}

/* PREPARE and EXPLAIN EXECUTE of one query, with a plan that knows no values. */
static bool plan(struct checking *checking, const struct query *query, PGresult **ret, struct error *err)
{
    struct buf sql = buf_make(&checking->scratch, TEXT_MAX), explain = buf_make(&checking->scratch, TEXT_MAX);
    bool has_params = query->params[0] != 0;
    buf_put(&sql, has_params ? STR("PREPARE looked_at (") : STR("PREPARE looked_at"));
    buf_put(&explain, has_params ? STR("EXPLAIN EXECUTE looked_at (") : STR("EXPLAIN EXECUTE looked_at"));
    for (const char *param = query->params; *param; param++) {
        bool is_last = param[1] == 0;
        buf_format(&sql, "%s%s", type_name(*param), is_last ? ")" : ", ");
        buf_format(&explain, "%s%s", any_value(*param), is_last ? ")" : ", ");
    }
    buf_format(&sql, " AS %s", query->postgres);
    return pg_exec(checking->wire, str_z(&checking->scratch, buf_str(&sql)), NULL, err) &&
           pg_exec(checking->wire, str_z(&checking->scratch, buf_str(&explain)), ret, err);
}

static bool check_query(struct checking *checking, const struct query *query, struct error *err)
{
    PGresult *planned = NULL;
    struct error why;
    if (!pg_exec(checking->wire, "SAVEPOINT one", NULL, err))
        return false;
    bool ok = plan(checking, query, &planned, &why);
    if (!ok)
        fault(checking, "query %s: %s", query->name, why.detail);
    bool is_wide = ok && reads_many(planned, &checking->scratch);
    if (is_wide && !query->is_rollup)
        fault(checking, "query %s reads many districts and is not declared a roll-up", query->name);
    checking->report->query_count++;
    checking->report->rollup_count += is_wide;
    PQclear(planned);
    arena_reset(&checking->scratch);
    return pg_exec(checking->wire, ok ? "DEALLOCATE looked_at; RELEASE one" : "ROLLBACK TO one; RELEASE one", NULL, err) &&
           (ok || pg_exec(checking->wire, "DEALLOCATE ALL", NULL, err));
}

bool postgres_check_shards(const char *place, const struct schema *const *schemas, int schema_count, struct arena *arena,
                           struct shard_report *ret, struct error *err)
{
    struct checking checking = { .report = ret };
    *ret = (struct shard_report){ .faults = buf_make(arena, REPORT_MAX) };
    bool ok = open_wire(place, &checking.wire, err) &&
              pg_exec(checking.wire, "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off", NULL, err) &&
              check_keys(&checking, err) && (ret->fault_count > 0 || divide_all(&checking, err));
    /* with such keys the tables cannot be divided */
    for (int i = 0; ok && ret->table_count > 0 && i < schema_count; i++) {
        for (ptrdiff_t q = 0; ok && q < schemas[i]->query_count; q++)
            ok = check_query(&checking, schemas[i]->queries[q], err);
    }
    if (checking.wire && PQstatus(checking.wire) == CONNECTION_OK) {
        struct error unused;
        (void)pg_exec(checking.wire, "ROLLBACK", NULL, &unused);
    }
    PQfinish(checking.wire);
    arena_release(&checking.scratch);
    return ok;
}

/* --- spreading ---------------------------------------------------------------------------------------------------- */

/* References come off before and on again after: Citus refuses them while one side is spread and the other is not yet. */
static const char spreading[] =
    "WITH tables AS (SELECT c.oid AS id, c.relname AS name, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND "
    "                       a.attname = 'district') AS is_spread "
    "                  FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace), "
    "links AS (SELECT f.*, a.name AS from_name, a.is_spread AS from_spread, b.is_spread AS to_spread, b.name AS to_name "
    "            FROM pg_constraint f JOIN tables a ON a.id = f.conrelid JOIN tables b ON b.id = f.confrelid WHERE f.contype = 'f') "
    "SELECT line FROM ("
    "SELECT 1 AS step, from_name AS name, format('ALTER TABLE %I DROP CONSTRAINT %I;', from_name, conname) AS line FROM links "
    " WHERE from_spread "
    "UNION ALL SELECT 3, name, format('SELECT create_distributed_table(%L, ''district'', colocate_with => %L);', name, "
    "                 CASE WHEN name = min(name) OVER () THEN 'none' ELSE min(name) OVER () END) FROM tables WHERE is_spread "
    "UNION ALL SELECT 4, from_name, format('ALTER TABLE %I ADD CONSTRAINT %I %s;', from_name, conname, pg_get_constraintdef(oid)) "
    "  FROM links WHERE from_spread) AS lines ORDER BY step, name, line";

bool postgres_shard_sql(const char *place, const struct schema *const *schemas, int schema_count, struct arena *arena,
                        struct str *ret_sql, bool *ret_has_citus, struct error *err)
{
    struct buf sql = buf_make(arena, TEXT_MAX);
    PGconn *wire;
    PGresult *lines = NULL, *citus = NULL;
    for (int i = 0; i < schema_count; i++) {
        for (ptrdiff_t t = 0; t < schemas[i]->table_count; t++)
            if (schemas[i]->tables[t].is_reference)
                buf_format(&sql, "SELECT create_reference_table('%s');\n", schemas[i]->tables[t].name);
    }
    bool ok = open_wire(place, &wire, err) && pg_exec(wire, spreading, &lines, err) &&
              pg_exec(wire, "SELECT 1 FROM pg_extension WHERE extname = 'citus'", &citus, err);
    for (int i = 0; ok && i < PQntuples(lines); i++)
        buf_format(&sql, "%s\n", PQgetvalue(lines, i, 0));
    if (ok) {
        *ret_has_citus = PQntuples(citus) > 0;
        *ret_sql = buf_str(&sql);
    }
    PQclear(lines);
    PQclear(citus);
    PQfinish(wire);
    return ok;
}

bool postgres_run_sql(const char *place, const char *sql, struct error *err)
{
    PGconn *wire;
    bool ok = open_wire(place, &wire, err) && pg_exec(wire, "BEGIN", NULL, err) && pg_exec(wire, sql, NULL, err) &&
              pg_exec(wire, "COMMIT", NULL, err);
    PQfinish(wire);
    return ok;
}
