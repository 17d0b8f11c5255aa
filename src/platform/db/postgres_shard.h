/*
 * postgres_shard.h - is the schema fit to be spread over servers by district (Citus), and spreading it.
 *
 * A table with a column 'district' is spread by it; all of a district lie together.  Those with '-- reference' above them in
 * schema.sql are the same on every server; the rest (accounts, sessions, drafts) stay on the first.
 */
#pragma once
#include "base/buf.h"
#include "platform/db/db.h"

struct shard_report {
    struct buf faults;   /* a line each */
    int fault_count;
    int table_count;     /* spread by district */
    int query_count;     /* looked at */
    int rollup_count;    /* of these, reading many districts, as they are declared to */
};

/*
 * Makes the same tables again, divided by a hash of the district as Citus divides them, in a transaction that is undone; plans
 * every compiled query against them; and notes each key without the district, and each query that is not declared a roll-up
 * ('rollup' in queries.sql) and reads more than one part of a table.  False: trouble with the server.
 */
bool postgres_check_shards(const char *place, const struct schema *const *schemas, int schema_count, struct arena *arena,
                           struct shard_report *ret, struct error *err) MUST_USE;
/* The SQL that spreads the tables, for a database where the extension 'citus' is. */
bool postgres_shard_sql(const char *place, const struct schema *const *schemas, int schema_count, struct arena *arena,
                        struct str *ret_sql, bool *ret_has_citus, struct error *err) MUST_USE;
/* Runs it, in one transaction. */
bool postgres_run_sql(const char *place, const char *sql, struct error *err) MUST_USE;
