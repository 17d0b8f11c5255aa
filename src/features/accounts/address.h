/*
 * address.h - wrong passwords by where they come from, whatever the login: against trying one password on all accounts.
 *
 * address is that of exchange_network(); an empty one is unknown and never held.
 */
#pragma once
#include "platform/db/db.h"

/* Whether nothing is to be tried from there for a moment. */
bool address_look(struct db *db, struct str address, struct instant now, struct arena *arena, bool *ret_is_held,
                  struct error *err) MUST_USE;
/* Counts a failure. */
bool address_count(struct txn *txn, struct str address, struct arena *arena, struct error *err) MUST_USE;
