/*
 * rules.h - decisions about accounts: what a login and a password may be, how long to wait, who may give what.
 */
#pragma once
#include "features/accounts/types.h"

/* 2-40 of a-z 0-9 . - _, the first a letter or a digit. */
bool login_is_valid(struct str login);
/* Seconds until the next try after this many wrong passwords in a row. */
int64_t sign_in_wait(int64_t failures);

/*
 * Wrong passwords from one address.  Each adds LIMIT_ADDRESS_FORGET_SECONDS to when all of them are forgotten; while
 * that is more than LIMIT_ADDRESS_FAILURES of them away, nothing more is tried from there.
 */
bool address_is_held(struct instant owed_until, struct instant now);
struct instant address_failed(struct instant owed_until, struct instant now);

/* After NIST SP 800-63B 5.1.1.2: long enough and not easy to guess; no rules about kinds of characters. */
enum password_fault {
    PASSWORD_FINE,
    PASSWORD_TOO_SHORT, /* LIMIT_PASSWORD_MIN characters */
    PASSWORD_TOO_LONG,
    PASSWORD_HAS_LOGIN,
    PASSWORD_HAS_NAME,
    PASSWORD_COMMON
};

enum password_fault password_check(struct str password, struct str login, struct str name);

/*
 * Nobody hands out more than they have: an administrator any role, a district officer those of village and town,
 * both inside the subtree and the line of one of their own grants.
 */
bool may_grant(const struct actor *actor, const struct grant *grant);
/* Who has a grant inside the manager's subtree; one without grants: who made it, and the nation's administrator. */
bool may_see_account(const struct actor *actor, const struct account *account);
/* Those who belong to nobody else. */
bool is_nation_administrator(const struct actor *actor);
/* Take away one that one could have given: anybody's one sees but one's own. */
bool may_take_grant(const struct actor *actor, const struct account *account, const struct grant *grant);
/*
 * Give it more, reset its password, switch it off: only if one could have given all of its grants, else it would be a
 * way up, or one that only looks could be made one that acts.
 */
bool may_change_account(const struct actor *actor, const struct account *account);
