/*
 * upgrade.c - what became of the tables of appeals from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "features/appeals/appeals.h"

#include "gen/appeals_upgrade.h"

static const struct upgrade_step steps[] = {
    { .to = 8, .sqlite = appeals_upgrade_8_sqlite, .postgres = appeals_upgrade_8_postgres, .derive = appeals_load_defaults },
};

const struct upgrade appeals_upgrade = { steps, COUNT_OF(steps) };
