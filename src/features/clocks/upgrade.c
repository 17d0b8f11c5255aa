/*
 * upgrade.c - what became of the tables of clocks from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "features/clocks/clocks.h"

#include "gen/clocks_upgrade.h"

static const struct upgrade_step steps[] = {
    { .to = 7, .sqlite = clocks_upgrade_7_sqlite, .postgres = clocks_upgrade_7_postgres },
    { .to = 8, .sqlite = clocks_upgrade_8_sqlite, .postgres = clocks_upgrade_8_postgres, .derive = clocks_load_defaults },
};

const struct upgrade clocks_upgrade = { steps, COUNT_OF(steps) };
