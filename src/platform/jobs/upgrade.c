/*
 * upgrade.c - what became of the tables of jobs from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "platform/crypt/reseal.h"
#include "platform/jobs/jobs.h"

#include "gen/jobs_upgrade.h"

static bool seal_jobs(struct txn *txn, struct error *err)
{
    return crypt_seal_column(txn, &job_payload_column, err) && crypt_seal_column(txn, &job_result_column, err);
}

static const struct upgrade_step steps[] = {
    { .to = 2, .sqlite = jobs_upgrade_2_sqlite },
    { .to = 6, .derive = seal_jobs },
};

const struct upgrade jobs_upgrade = { steps, COUNT_OF(steps) };
