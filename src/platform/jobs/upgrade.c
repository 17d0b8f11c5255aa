/*
 * upgrade.c - what became of the tables of jobs from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "platform/jobs/jobs.h"

#include "gen/jobs_upgrade.h"

static const struct upgrade_step steps[] = {
    { .to = 2, .sqlite = jobs_upgrade_2_sqlite },
};

const struct upgrade jobs_upgrade = { steps, COUNT_OF(steps) };
