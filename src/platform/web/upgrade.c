/*
 * upgrade.c - what became of the tables of drafts and sent forms from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "platform/web/drafts.h"

#include "gen/web_upgrade.h"

static const struct upgrade_step steps[] = {
    { .to = 2, .sqlite = web_upgrade_2_sqlite },
};

const struct upgrade web_upgrade = { steps, COUNT_OF(steps) };
