/*
 * shard.c - shuniu check shard, shuniu shard: fit to be spread over servers by district, and spreading.
 */
#include "platform/db/postgres_shard.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"

static int want_address(void)
{
    fputs("Give the address of the database: --db postgres://... (its tables must be there: any command that makes data makes "
          "them)\n",
          stderr);
    return 2;
}

int command_check_shard(const struct options *options)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    struct arena arena = { 0 };
    struct shard_report report;
    struct error err;
    if (!options->db)
        return want_address();
    bool ok = postgres_check_shards(options->db, schemas, shuniu_schemas(schemas), &arena, &report, &err);
    if (ok) {
        printf("%.*s", STR_ARG(buf_str(&report.faults)));
        printf("%d tables are spread by district; %d queries, %d of them declared roll-ups; %d faults\n", report.table_count,
               report.query_count, report.rollup_count, report.fault_count);
    }
    arena_release(&arena);
    return ok ? report.fault_count > 0 : say_fault("cannot check", &err);
}

int command_shard(const struct options *options)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    struct arena arena = { 0 };
    struct error err;
    struct str sql;
    bool has_citus = false;
    if (!options->db)
        return want_address();
    bool ok = postgres_shard_sql(options->db, schemas, shuniu_schemas(schemas), &arena, &sql, &has_citus, &err);
    if (ok && !has_citus)
        printf("-- The extension citus is not in this database; where it is, 'shuniu shard' runs this:\n%.*s", STR_ARG(sql));
    ok = ok && (!has_citus || postgres_run_sql(options->db, str_z(&arena, sql), &err));
    if (ok && has_citus)
        printf("the tables are spread by district\n");
    arena_release(&arena);
    return ok ? 0 : say_fault("not spread", &err);
}
