/*
 * manage.c - making accounts and looking after those of others.
 *
 * The first three functions are for commands and check no rights; the others are for people and do.
 */
#include "base/utf8.h"
#include "features/accounts/actions.h"
#include "features/accounts/find.h"
#include "features/accounts/note.h"
#include "features/accounts/rules.h"
#include "platform/limits.h"

#include "gen/accounts_queries.h"
#include "gen/accounts_texts.h"

/* --- for commands -------------------------------------------------------------------------------------------- */

static bool check_login_is_free(struct db *db, struct str login, struct error *err)
{
    struct account_by_login holder;
    struct account_by_login_args which = { login };
    struct arena arena = { 0 };
    bool is_held;
    bool ok = account_by_login(db, &which, &arena, &holder, &is_held, err);
    arena_release(&arena);
    return ok && (!is_held || error_fail(err, ERROR_CONFLICT, "this login is there already"));
}

bool account_create(struct txn *txn, const struct new_account *account, struct account_id *ret, struct error *err)
{
    ptrdiff_t name_count = utf8_count(account->name);
    if (!login_is_valid(account->login))
        return error_fail(err, ERROR_REFUSED, "a login has 2-40 of a-z 0-9 . - _");
    if (name_count < 1 || name_count > LIMIT_NAME || !utf8_is_valid(account->name))
        return error_fail(err, ERROR_REFUSED, "a name has 1-%d characters", LIMIT_NAME);
    if (account->hash.len == 0)
        return error_fail(err, ERROR_REFUSED, "an account needs a password");
    if (!check_login_is_free(txn->db, account->login, err))
        return false;
    struct account_add_args args = { .id = { txn_id(txn) },
                                     .login = account->login,
                                     .name = account->name,
                                     .password_hash = account->hash,
                                     .must_change = account->must_change,
                                     .created_at = txn->now,
                                     .created_by = account->by };
    if (!account_add(txn, &args, err) || !account_note(txn, account->by, "accounts.create", args.id, account->login, err))
        return false;
    *ret = args.id;
    return true;
}

bool accounts_exist(struct db *db, bool *ret, struct error *err)
{
    struct arena arena = { 0 };
    struct account_any row;
    bool ok = account_any(db, &arena, &row, ret, err);
    arena_release(&arena);
    return ok;
}

bool account_grant(struct txn *txn, struct account_id by, struct account_id account, struct grant grant,
                   struct error *err)
{
    struct grant_add_args args = { .account = account,
                                   .role = grant.role,
                                   .line = grant.line,
                                   .division = grant.division,
                                   .given_by = by,
                                   .given_at = txn->now };
    return grant_add(txn, &args, err) && account_note_grant(txn, by, "accounts.grant", account, &grant, err);
}

bool account_revoke(struct txn *txn, struct account_id by, struct account_id account, struct grant grant,
                    struct error *err)
{
    struct grant_remove_args args = {
        .account = account, .role = grant.role, .line = grant.line, .division = grant.division
    };
    return grant_remove(txn, &args, err) && account_note_grant(txn, by, "accounts.revoke", account, &grant, err);
}

/* --- for people ---------------------------------------------------------------------------------------------- */

bool account_open(struct txn *txn, const struct actor *who, const struct new_account *account,
                  const struct grant *grant, struct problems *problems, struct account_id *ret, struct error *err)
{
    struct error fault;
    if (!login_is_valid(account->login))
        return problem_add(problems, STR("login"), t_account_login_form());
    if (!may_grant(who, grant))
        return problem_add(problems, STR("division"), t_account_grant_too_wide());
    if (!account_create(txn, account, ret, &fault)) {
        if (fault.kind == ERROR_CONFLICT)
            return problem_add(problems, STR("login"), t_account_login_taken());
        *err = fault;
        return false;
    }
    return account_grant(txn, who->account, *ret, *grant, err);
}

static bool has_grant(const struct account *account, const struct grant *grant)
{
    for (int i = 0; i < account->grant_count; i++) {
        const struct grant *own = &account->grants[i];
        if (own->role == grant->role && own->line.n == grant->line.n && own->division.code == grant->division.code)
            return true;
    }
    return false;
}

bool account_give(struct txn *txn, const struct actor *who, struct account_id id, const struct grant *grant,
                  struct arena *arena, struct problems *problems, struct error *err)
{
    struct account account;
    if (!account_find(txn->db, who, id, arena, &account, err))
        return false;
    if (!may_change_account(who, &account))
        return error_fail(err, ERROR_FORBIDDEN, "one's own rights, or an account beyond the actor's reach");
    if (!may_grant(who, grant))
        return problem_add(problems, STR("division"), t_account_grant_too_wide());
    if (has_grant(&account, grant))
        return problem_add(problems, STR(""), t_account_grant_there());
    if (account.grant_count == GRANTS_MAX)
        return problem_add(problems, STR(""), t_account_grant_many(GRANTS_MAX));
    return account_grant(txn, who->account, id, *grant, err);
}

bool account_take(struct txn *txn, const struct actor *who, struct account_id id, const struct grant *grant,
                  struct arena *arena, struct error *err)
{
    struct account account;
    if (!account_find(txn->db, who, id, arena, &account, err))
        return false;
    if (!may_take_grant(who, &account, grant))
        return error_fail(err, ERROR_FORBIDDEN, "a right that is not the actor's to take");
    return account_revoke(txn, who->account, id, *grant, err);
}

/* An account this manager sees and may change. */
static bool find_in_reach(struct txn *txn, const struct actor *who, struct account_id id, struct arena *arena,
                          struct account *ret, struct error *err)
{
    if (!account_find(txn->db, who, id, arena, ret, err))
        return false;
    if (!may_change_account(who, ret))
        return error_fail(err, ERROR_FORBIDDEN, "an account with rights that are not the actor's to give");
    return true;
}

static bool end_all_sessions(struct txn *txn, struct account_id id, struct error *err)
{
    int64_t ended;
    return session_end_others(txn, &(struct session_end_others_args){ .account = id }, &ended, err);
}

bool account_switch(struct txn *txn, const struct actor *who, struct account_id id, bool is_active,
                    struct arena *arena, struct error *err)
{
    struct account account;
    struct account_active_set_args args = { .is_active = is_active, .id = id, .was = !is_active };
    if (!find_in_reach(txn, who, id, arena, &account, err) || !account_active_set(txn, &args, err))
        return false;
    if (!is_active && !end_all_sessions(txn, id, err))
        return false;
    return account_note(txn, who->account, is_active ? "accounts.enable" : "accounts.disable", id, STR(""), err);
}

bool account_reset(struct txn *txn, const struct actor *who, struct account_id id, struct str hash,
                   struct arena *arena, struct error *err)
{
    struct account account;
    if (!find_in_reach(txn, who, id, arena, &account, err))
        return false;
    struct account_password_set_args args = {
        .password_hash = hash, .must_change = true, .id = id, .was = account.version
    };
    return account_password_set(txn, &args, err) && end_all_sessions(txn, id, err) &&
           account_note(txn, who->account, "accounts.reset", id, STR(""), err);
}
