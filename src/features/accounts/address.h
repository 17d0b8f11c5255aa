/*
 * address.h - wrong passwords by where they come from, whatever the login: against trying one password on all accounts.
 *
 * While a network is held, only accounts that have signed in from there lately may try: else anybody inside could keep a
 * whole office out.  address is that of exchange_network(); an empty one is unknown and never held.
 */
#pragma once
#include "platform/access/access.h"
#include "platform/db/db.h"

struct hold {
    bool is_held;     /* too many wrong passwords came from there */
    bool is_familiar; /* and the account has signed in from there in the last LIMIT_FAMILIAR_DAYS; unasked: false */
};

/* account 0: no such login. */
bool address_look(struct db *db, struct str address, struct account_id account, struct instant now,
                  struct arena *arena, struct hold *ret, struct error *err) MUST_USE;
/* Counts a failure. */
bool address_count(struct txn *txn, struct str address, struct arena *arena, struct error *err) MUST_USE;
/* The account has signed in from there. */
bool address_welcome(struct txn *txn, struct str address, struct account_id account, struct error *err) MUST_USE;
