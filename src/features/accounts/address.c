#include "features/accounts/address.h"

#include "features/accounts/rules.h"
#include "platform/limits.h"

#include "gen/accounts_queries.h"

static bool read_owed(struct db *db, struct str address, struct arena *arena, struct instant *ret, struct error *err)
{
    struct sign_in_address_of row = { 0 };
    bool is_found;
    if (!sign_in_address_of(db, &(struct sign_in_address_of_args){ address }, arena, &row, &is_found, err))
        return false;
    *ret = row.owed_until;
    return true;
}

static struct instant familiar_since(struct instant now)
{
    static const int64_t DAY_US = INT64_C(86400) * 1000000;
    return (struct instant){ now.us - LIMIT_FAMILIAR_DAYS * DAY_US };
}

bool address_look(struct db *db, struct str address, struct account_id account, struct instant now,
                  struct arena *arena, struct hold *ret, struct error *err)
{
    struct instant owed;
    struct sign_in_familiar_of row;
    struct sign_in_familiar_of_args args = { account, address, familiar_since(now) };
    *ret = (struct hold){ .is_held = false };
    if (!read_owed(db, address, arena, &owed, err))
        return false;
    ret->is_held = address_is_held(owed, now);
    return !ret->is_held || sign_in_familiar_of(db, &args, arena, &row, &ret->is_familiar, err);
}

bool address_count(struct txn *txn, struct str address, struct arena *arena, struct error *err)
{
    struct instant owed;
    int64_t forgotten, dropped;
    if (address.len == 0)
        return true;
    if (!read_owed(txn->db, address, arena, &owed, err))
        return false;
    struct sign_in_address_set_args set = { address, address_failed(owed, txn->now) };
    return sign_in_address_set(txn, &set, err) &&
           sign_in_address_forget(txn, &(struct sign_in_address_forget_args){ txn->now }, &forgotten, err) &&
           sign_in_address_trim(txn, &(struct sign_in_address_trim_args){ LIMIT_ADDRESSES }, &dropped, err);
}

bool address_welcome(struct txn *txn, struct str address, struct account_id account, struct error *err)
{
    int64_t forgotten, dropped;
    if (address.len == 0)
        return true;
    struct sign_in_familiar_set_args set = { account, address, txn->now };
    struct sign_in_familiar_forget_args old = { familiar_since(txn->now) };
    struct sign_in_familiar_trim_args many = { account, LIMIT_FAMILIAR };
    return sign_in_familiar_set(txn, &set, err) && sign_in_familiar_forget(txn, &old, &forgotten, err) &&
           sign_in_familiar_trim(txn, &many, &dropped, err);
}
