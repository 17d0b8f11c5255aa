/*
 * upgrade.c - what became of the tables of accounts from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "features/accounts/accounts.h"

#include "gen/accounts_upgrade.h"

static const struct upgrade_step steps[] = {
    { .to = 2, .sqlite = accounts_upgrade_2_sqlite },
    { .to = 3, .sqlite = accounts_upgrade_3_sqlite },
};

const struct upgrade accounts_upgrade = { steps, COUNT_OF(steps) };
