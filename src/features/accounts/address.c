#include "features/accounts/address.h"

#include "features/accounts/rules.h"

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

bool address_look(struct db *db, struct str address, struct instant now, struct arena *arena, bool *ret_is_held,
                  struct error *err)
{
    struct instant owed;
    if (!read_owed(db, address, arena, &owed, err))
        return false;
    *ret_is_held = address_is_held(owed, now);
    return true;
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
