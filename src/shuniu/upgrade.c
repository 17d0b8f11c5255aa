/*
 * upgrade.c - an older program's data: brought to this program's tables when the server starts, or by shuniu upgrade.
 */
#include "platform/db/upgrade.h"

#include "platform/audit/audit.h"
#include "platform/crypt/crypt.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"

static bool note(struct txn *txn, int from, struct error *err)
{
    char detail[64];
    (void)snprintf(detail, sizeof detail, "%d -> %d", from, SCHEMA_VERSION);
    struct audit_event event = { .action = STR("data.upgrade"), .subject = STR("schema"), .detail = str_of(detail) };
    return audit_append(txn, &event, err) && remember_keys(txn, crypt_ring(txn->db), err);
}

bool upgrade_data(const struct options *options, struct keeper *keeper, struct upgraded *ret, struct error *err)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    const struct upgrade *rooms[SHUNIU_SCHEMAS_MAX];
    struct upgrade_plan plan = { .schemas = schemas, .rooms = rooms, .keeper = keeper, .finish = note };
    char place[PLACE_BYTES];
    plan.schema_count = shuniu_schemas(schemas);
    plan.room_count = shuniu_upgrades(rooms);
    return data_place(options, place, err) && database_upgrade(place, &plan, ret, err);
}

int command_upgrade(const struct options *options)
{
    struct error err;
    struct database *database;
    struct keeper *keeper;
    struct upgraded done;
    if (!options->db) {
        if (!open_copy(options, &database, &err))
            return say_fault("cannot open the data", &err);
        database_close(database);
    }
    bool ok = open_keys(options, NULL, &keeper, &err);
    if (ok) {
        ok = upgrade_data(options, keeper, &done, &err);
        keeper_close(keeper);
    }
    if (!ok)
        return say_fault("the data was not upgraded", &err);
    if (done.from == SCHEMA_VERSION)
        printf("the data is of schema %d already\n", SCHEMA_VERSION);
    else if (options->db)
        printf("upgraded from schema %d to %d\n", done.from, SCHEMA_VERSION);
    else
        printf("upgraded from schema %d to %d; the data as it was: %s\n", done.from, SCHEMA_VERSION, done.snapshot);
    return 0;
}
