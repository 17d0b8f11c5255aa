/*
 * find.c - who somebody is: by session, by id, by what they may do.
 */
#include "features/accounts/find.h"

#include "features/accounts/accounts.h"
#include "features/accounts/rules.h"
#include "platform/limits.h"

#include "gen/accounts_queries.h"

#include <sodium.h>
#include <string.h>

bool account_grants(struct db *db, struct account_id id, struct arena *arena, struct grants *ret, struct error *err)
{
    struct grant_of_account_args args = { .account = id, .limit = GRANTS_MAX };
    struct grant_of_account_rows rows;
    if (!grant_of_account(db, &args, arena, &rows, err))
        return false;
    *ret = (struct grants){ .n = (int)rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i] = (struct grant){ rows.at[i].role, rows.at[i].line, rows.at[i].division };
    return true;
}

bool account_load(struct db *db, struct account_id id, struct arena *arena, struct account *ret, struct error *err)
{
    struct account_by_id row;
    struct grants grants;
    if (!account_by_id(db, &(struct account_by_id_args){ id }, arena, &row, err) ||
        !account_grants(db, id, arena, &grants, err))
        return false;
    *ret = (struct account){ .id = row.id,
                             .login = row.login,
                             .name = row.name,
                             .is_active = row.is_active,
                             .must_change = row.must_change,
                             .failures = row.failures,
                             .locked_until = row.locked_until,
                             .created_at = row.created_at,
                             .created_by = row.created_by,
                             .version = row.version,
                             .grant_count = grants.n };
    memcpy(ret->grants, grants.at, sizeof grants.at);
    return true;
}

bool account_find(struct db *db, const struct actor *who, struct account_id id, struct arena *arena,
                  struct account *ret, struct error *err)
{
    struct account account;
    if (!account_load(db, id, arena, &account, err))
        return false;
    if (!may_see_account(who, &account))
        return error_fail(err, ERROR_NOT_FOUND, "an account out of sight");
    *ret = account;
    return true;
}

struct str session_hash(struct arena *arena, struct str token)
{
    enum { HASH_BYTES = 32 };
    unsigned char *hash = arena_new(arena, unsigned char, HASH_BYTES);
    if (crypto_generichash(hash, HASH_BYTES, (const unsigned char *)token.data, (unsigned long long)token.len, NULL,
                           0) != 0)
        BUG("generichash");
    return (struct str){ (const char *)hash, HASH_BYTES };
}

bool accounts_authenticate(struct db *db, struct str token, struct instant now, struct arena *arena,
                           struct session *ret_session, struct actor *ret_actor, struct error *err)
{
    struct session_holder_args args = { .token_hash = session_hash(arena, token) };
    struct session_holder row;
    struct grants grants = { 0 };
    bool is_found;
    if (!session_holder(db, &args, arena, &row, &is_found, err))
        return false;
    *ret_session = (struct session){ 0 };
    *ret_actor = (struct actor){ 0 };
    if (!is_found || row.expires_at.us <= now.us)
        return true;
    /* whoever still has a password that others know may do nothing but change it */
    if (!row.must_change && !account_grants(db, row.account, arena, &grants, err))
        return false;
    *ret_session = (struct session){ .id = row.id, .csrf = row.csrf, .must_change = row.must_change };
    *ret_actor = (struct actor){ .account = row.account, .name = row.name, .grant_count = grants.n };
    memcpy(ret_actor->grants, grants.at, sizeof grants.at);
    return true;
}

bool accounts_ended_session(struct db *db, struct str token, struct instant now, struct arena *arena,
                            struct account_id *ret, struct error *err)
{
    static const int64_t HOUR_US = INT64_C(3600) * 1000000;
    struct session_holder_args args = { .token_hash = session_hash(arena, token) };
    struct session_holder row;
    bool is_found;
    if (!session_holder(db, &args, arena, &row, &is_found, err))
        return false;
    bool is_ended = is_found && row.expires_at.us <= now.us && row.expires_at.us > now.us - LIMIT_RESCUE_HOURS * HOUR_US;
    *ret = is_ended ? row.account : (struct account_id){ 0 };
    return true;
}

bool accounts_actor(struct db *db, struct account_id id, struct arena *arena, struct actor *ret, struct error *err)
{
    struct account account;
    if (!account_load(db, id, arena, &account, err))
        return false;
    *ret = (struct actor){ .account = id, .name = account.name };
    if (!account.is_active || account.must_change)
        return true;
    ret->grant_count = account.grant_count;
    memcpy(ret->grants, account.grants, sizeof account.grants);
    return true;
}

struct str account_name(struct db *db, struct account_id id, struct arena *arena)
{
    struct account_name_of row;
    struct error err;
    bool is_found;
    if (id.n == 0 || !account_name_of(db, &(struct account_name_of_args){ id }, arena, &row, &is_found, &err))
        return (struct str){ 0 };
    return is_found ? row.name : (struct str){ 0 };
}

bool accounts_with_role(struct db *db, unsigned roles, struct division division, struct line line,
                        struct arena *arena, struct account_choices *ret, struct error *err)
{
    enum { CHOICES_MAX = 200 };
    struct account_with_role_args args = { .by_line = line.n != 0,
                                           .roles = roles,
                                           .province = division_at(division, DIVISION_PROVINCE),
                                           .city = division_at(division, DIVISION_CITY),
                                           .district = division_at(division, DIVISION_DISTRICT),
                                           .town = division_at(division, DIVISION_TOWN),
                                           .division = division,
                                           .line = line,
                                           .limit = CHOICES_MAX };
    struct account_with_role_rows rows;
    if (!account_with_role(db, &args, arena, &rows, err))
        return false;
    *ret = (struct account_choices){ .at = arena_new(arena, struct account_choice, rows.n), .n = rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i] = (struct account_choice){ rows.at[i].id, rows.at[i].name };
    return true;
}
