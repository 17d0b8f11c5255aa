/*
 * actions.c - signing in and out, passwords, and looking after other people's accounts.
 *
 * What is about one account has the subject "account:ID" in the audit chain of district 0.
 */
#include "features/accounts/actions.h"

#include "base/random.h"
#include "base/utf8.h"
#include "features/accounts/address.h"
#include "features/accounts/find.h"
#include "features/accounts/note.h"
#include "features/accounts/rules.h"
#include "platform/limits.h"

#include "gen/accounts_queries.h"
#include "gen/accounts_texts.h"

#include <sodium.h>

/* --- in a worker --------------------------------------------------------------------------------------------- */

/* What an unknown login is checked against, so that the time taken does not tell that it is unknown. */
static const char nobodys_hash[] =
    "$argon2id$v=19$m=19456,t=2,p=1$dYiaUTzufkdQNXe/J56mOw$NEQw7c5gCCkmSFLLMIAxFdPd8FjlYtqaVKwuZrugDTc";

struct str password_hash(struct arena *arena, struct str password)
{
    enum { OPS = 2, MEMORY = 19 * 1024 * 1024 }; /* OWASP's least for argon2id: t=2, m=19 MiB, p=1 */
    char *hash = arena_new(arena, char, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(hash, password.data, (unsigned long long)password.len, OPS, MEMORY) != 0)
        BUG("no memory to hash a password");
    return str_of(hash);
}

static bool is_password_of(struct arena *arena, struct str hash, struct str password)
{
    return crypto_pwhash_str_verify(str_z(arena, hash), password.data, (unsigned long long)password.len) == 0;
}

bool account_verify(struct db *db, struct str login, struct str password, struct str network, struct instant now,
                    struct arena *arena, struct verified *ret, struct error *err)
{
    struct account_by_login row = { 0 };
    struct hold hold;
    bool is_known;
    if (!account_by_login(db, &(struct account_by_login_args){ login }, arena, &row, &is_known, err) ||
        !address_look(db, network, row.id, now, arena, &hold, err))
        return false;
    *ret = (struct verified){ .is_held = true };
    if (hold.is_held && (!hold.is_familiar || row.locked_until.us > now.us))
        return true;
    bool is_right = is_password_of(arena, is_known ? row.password_hash : str_of(nobodys_hash), password);
    *ret = (struct verified){ .account = row.id, .version = row.version, .is_right = is_known && is_right };
    return true;
}

bool account_verify_own(struct db *db, struct account_id id, struct str password, struct arena *arena,
                        struct verified *ret, struct error *err)
{
    struct account_by_id row;
    if (!account_by_id(db, &(struct account_by_id_args){ id }, arena, &row, err))
        return false;
    *ret = (struct verified){ .account = id,
                              .version = row.version,
                              .is_right = is_password_of(arena, row.password_hash, password) };
    return true;
}

/* --- signing in ---------------------------------------------------------------------------------------------- */

static const int64_t SECOND = 1000000; /* in microseconds */

static bool is_locked(const struct account *account, struct instant now)
{
    return account->locked_until.us > now.us;
}

/* Adds a problem while the account has to wait after too many wrong passwords: for who is signed in. */
static bool check_lock(const struct account *account, struct instant now, struct problems *problems)
{
    int64_t left = account->locked_until.us - now.us;
    if (!is_locked(account, now))
        return true;
    return problem_add(problems, STR(""), t_account_locked((left + 60 * SECOND - 1) / (60 * SECOND)));
}

/* by: who tried, as far as that is known. */
static bool count_failure(struct txn *txn, const struct account *account, struct account_id by, const char *action,
                          struct str address, struct error *err)
{
    int64_t failures = account->failures + 1;
    struct account_failures_set_args args = {
        .failures = failures,
        .locked_until = { txn->now.us + sign_in_wait(failures) * SECOND },
        .id = account->id,
    };
    return account_failures_set(txn, &args, err) && account_note(txn, by, action, account->id, address, err);
}

/* The browser's own words, if they are text at all: at most so many characters. */
static struct str agent_cut(struct str agent)
{
    enum { AGENT_MAX = 200 };
    ptrdiff_t at = 0;
    if (!utf8_is_valid(agent))
        return (struct str){ 0 };
    for (int i = 0; i < AGENT_MAX && at < agent.len; i++)
        (void)utf8_next(agent, &at);
    return str_slice(agent, 0, at);
}

static bool open_session(struct txn *txn, struct account_id account, const struct visit *visit, struct arena *arena,
                         struct str token, struct error *err)
{
    enum { CSRF_CHARACTERS = 26 };
    int64_t ended;
    struct session_end_expired_args expired = { .account = account, .now = txn->now };
    struct session_add_args args = {
        .token_hash = session_hash(arena, token),
        .id = txn_id(txn),
        .account = account,
        .csrf = random_token(arena, CSRF_CHARACTERS),
        .created_at = txn->now,
        .expires_at = { txn->now.us + LIMIT_SESSION_HOURS * 3600 * SECOND },
        .address = visit->address,
        .agent = agent_cut(visit->agent),
    };
    struct account_failures_set_args none = { .id = account };
    return session_end_expired(txn, &expired, &ended, err) && session_add(txn, &args, err) &&
           account_failures_set(txn, &none, err) && address_welcome(txn, visit->network, account, err) &&
           account_note(txn, account, "accounts.sign-in", account, visit->address, err);
}

/* A wrong password; account: whose it was to be, NULL: nobody's. */
static bool count_wrong(struct txn *txn, const struct account *account, const struct visit *visit, bool is_held,
                        struct arena *arena, struct error *err)
{
    static const char failed[] = "accounts.sign-in-failed";
    static const struct account_id nobody = { 0 };
    if (account ? !count_failure(txn, account, nobody, failed, visit->address, err)
                : !account_note(txn, nobody, failed, nobody, visit->address, err))
        return false;
    return is_held || address_count(txn, visit->network, arena, err); /* else whoever is held would stay so */
}

/* In the same words whatever the reason: they must not tell which logins exist. */
static bool refuse_sign_in(struct problems *problems, bool is_held)
{
    return problem_add(problems, STR(""), is_held ? t_account_address_held() : t_account_wrong());
}

bool account_sign_in(struct txn *txn, const struct verified *verified, const struct visit *visit,
                     struct arena *arena, struct problems *problems, struct signed_in *ret, struct error *err)
{
    enum { TOKEN_CHARACTERS = 52 }; /* 260 bits */
    struct account account;
    struct hold hold;
    if (!address_look(txn->db, visit->network, verified->account, txn->now, arena, &hold, err))
        return false;
    *ret = (struct signed_in){ .is_held = hold.is_held || verified->is_held };
    if (verified->is_held || (hold.is_held && !hold.is_familiar))
        return refuse_sign_in(problems, true);
    if (verified->account.n == 0)
        return count_wrong(txn, NULL, visit, hold.is_held, arena, err) && refuse_sign_in(problems, hold.is_held);
    if (!account_load(txn->db, verified->account, arena, &account, err))
        return false;
    if (is_locked(&account, txn->now))
        return refuse_sign_in(problems, hold.is_held);
    if (!verified->is_right || verified->version != account.version || !account.is_active)
        return count_wrong(txn, &account, visit, hold.is_held, arena, err) && refuse_sign_in(problems, hold.is_held);
    struct str token = random_token(arena, TOKEN_CHARACTERS);
    if (!open_session(txn, account.id, visit, arena, token, err))
        return false;
    *ret = (struct signed_in){ .token = token, .must_change = account.must_change };
    return true;
}

static bool end_session(struct txn *txn, const struct actor *who, int64_t session, const char *action,
                        struct error *err)
{
    int64_t ended;
    if (!session_end(txn, &(struct session_end_args){ .id = session, .account = who->account }, &ended, err))
        return false;
    if (ended == 0)
        return error_fail(err, ERROR_NOT_FOUND, "no such session");
    return account_note(txn, who->account, action, who->account, STR(""), err);
}

bool account_sign_out(struct txn *txn, const struct actor *who, int64_t session, struct error *err)
{
    return end_session(txn, who, session, "accounts.sign-out", err);
}

bool account_end_session(struct txn *txn, const struct actor *who, int64_t session, struct error *err)
{
    return end_session(txn, who, session, "accounts.session-end", err);
}

/* --- one's own password -------------------------------------------------------------------------------------- */

static bool refuse_password(struct problems *problems, enum password_fault fault)
{
    static const struct str field = STR_INIT("new");
    switch (fault) {
    case PASSWORD_FINE:
        return true;
    case PASSWORD_TOO_SHORT:
        return problem_add(problems, field, t_account_password_short(LIMIT_PASSWORD_MIN));
    case PASSWORD_TOO_LONG:
        return problem_add(problems, field, t_account_password_long(LIMIT_PASSWORD_MAX));
    case PASSWORD_HAS_LOGIN:
        return problem_add(problems, field, t_account_password_login());
    case PASSWORD_HAS_NAME:
        return problem_add(problems, field, t_account_password_name());
    case PASSWORD_COMMON:
        return problem_add(problems, field, t_account_password_common());
    }
    BUG("password fault %d", (int)fault);
}

static bool check_new_password(const struct account *account, const struct new_password *password,
                               struct problems *problems)
{
    bool is_fine = refuse_password(problems, password_check(password->fresh, account->login, account->name));
    if (is_fine && str_equal(password->fresh, password->old))
        is_fine = problem_add(problems, STR("new"), t_account_password_same());
    if (!str_equal(password->fresh, password->again))
        is_fine = problem_add(problems, STR("again"), t_account_password_differs());
    return is_fine;
}

bool account_change_password(struct txn *txn, const struct actor *who, const struct verified *verified,
                             const struct new_password *password, struct arena *arena, struct problems *problems,
                             struct error *err)
{
    int64_t ended;
    struct account account;
    if (!account_load(txn->db, who->account, arena, &account, err) || !check_lock(&account, txn->now, problems))
        return false;
    if (!verified->is_right) { /* a session left open must not be a place to guess at leisure */
        if (!count_failure(txn, &account, who->account, "accounts.password-failed", STR(""), err))
            return false;
        return problem_add(problems, STR("old"), t_account_password_wrong());
    }
    if (!check_new_password(&account, password, problems))
        return false;
    struct account_password_set_args args = { .password_hash = password->fresh_hash,
                                              .must_change = false,
                                              .id = account.id,
                                              .was = verified->version };
    struct session_end_others_args others = { .account = account.id, .keep = password->session };
    return account_password_set(txn, &args, err) && session_end_others(txn, &others, &ended, err) &&
           account_note(txn, who->account, "accounts.password", account.id, STR(""), err);
}
