/*
 * upgrade.c - what became of the tables of drafts and sent forms from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "platform/web/drafts.h"

#include "gen/web_upgrade.h"

static bool seal_drafts(struct txn *txn, struct error *err)
{
    return crypt_seal_column(txn, &draft_fields_column, err);
}

static const struct upgrade_step steps[] = {
    { .to = 2, .sqlite = web_upgrade_2_sqlite },
    { .to = 6, .sqlite = web_upgrade_6_sqlite, .derive = seal_drafts },
};

const struct upgrade web_upgrade = { steps, COUNT_OF(steps) };
