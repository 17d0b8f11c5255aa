#include "shuniu/settings.h"

#include "platform/audit/audit.h"

#include "gen/shuniu_queries.h"

bool setting_is(struct database *database, const char *name, const char *value, bool *ret, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_of row;
    struct setting_of_args args = { str_of(name) };
    bool found;
    struct db *db;
    if (!database_reader(database, &db, err))
        return false;
    bool ok = setting_of(db, &args, &arena, &row, &found, err);
    if (ok)
        *ret = found && str_equal(row.value, str_of(value));
    db_release(db);
    arena_release(&arena);
    return ok;
}

bool setting_change(struct txn *txn, const char *name, const char *value, struct error *err)
{
    struct setting_set_args args = { str_of(name), str_of(value) };
    struct audit_event event = { .action = STR("setting"), .subject = args.name, .detail = args.value };
    return setting_set(txn, &args, NULL, err) && audit_append(txn, &event, err);
}
