/*
 * upgrade.c - what became of the network's tables from one version of the schema to the next.
 */
#include "platform/db/upgrade.h"

#include "features/network/contacts.h"
#include "features/network/network.h"
#include "features/network/organisation_index.h"

#include "gen/network_upgrade.h"

static bool seal_contacts(struct txn *txn, struct error *err)
{
    return crypt_seal_column(txn, &unit_contact_column, err) && crypt_seal_column(txn, &organisation_contact_column, err);
}

static const struct upgrade_step steps[] = {
    { .to = 2, .sqlite = network_upgrade_2_sqlite, .derive = organisation_reindex },
    { .to = 4, .sqlite = network_upgrade_4_sqlite },
    { .to = 5, .sqlite = network_upgrade_5_sqlite },
    { .to = 6, .sqlite = network_upgrade_6_sqlite, .derive = seal_contacts },
};

const struct upgrade network_upgrade = { steps, COUNT_OF(steps) };
