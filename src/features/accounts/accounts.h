/*
 * accounts.h - people who sign in, what they may do where, and their sessions.
 *
 * A password is kept as argon2id only.  A session is a random token in a cookie; the database has its hash.  After
 * LIMIT_SIGN_IN_FAILURES wrong passwords each further try must wait, twice as long every time.  Sign-ins, failures,
 * grants and password changes are audited in district 0.
 */
#pragma once
#include "platform/access/access.h"
#include "platform/db/db.h"
#include "platform/web/web.h"

extern const struct feature accounts_feature;
extern const struct schema accounts_schema;
extern const struct upgrade accounts_upgrade; /* platform/db/upgrade.h */

struct new_account {
    struct str login;    /* 2-40 of a-z 0-9 . - _ ; unique */
    struct str name;     /* as shown: 何佩珊 */
    struct str hash;     /* of password_hash(), made outside the writer */
    bool must_change;    /* the first sign-in asks for a new password; until then there are no rights */
    struct account_id by; /* who makes it; 0: the program itself */
};

/* For commands (first administrator, demo). ERROR_CONFLICT: the login is taken; ERROR_REFUSED: the detail says why. */
bool account_create(struct txn *txn, const struct new_account *account, struct account_id *ret,
                    struct error *err) MUST_USE;
/* Whether there is any account. */
bool accounts_exist(struct db *db, bool *ret, struct error *err) MUST_USE;
bool account_grant(struct txn *txn, struct account_id by, struct account_id account, struct grant grant,
                   struct error *err) MUST_USE;
bool account_revoke(struct txn *txn, struct account_id by, struct account_id account, struct grant grant,
                    struct error *err) MUST_USE;
/* Hashes take 20-150 ms and 19 MiB: never inside the writer. */
struct str password_hash(struct arena *arena, struct str password);

/* For struct app: who holds this session token; a visitor when nobody does. */
bool accounts_authenticate(struct db *db, struct str token, struct instant now, struct arena *arena,
                           struct session *ret_session, struct actor *ret_actor, struct error *err) MUST_USE;
/* For struct app: whose session this was until it ended, at most LIMIT_RESCUE_HOURS ago; 0: nobody's. */
bool accounts_ended_session(struct db *db, struct str token, struct instant now, struct arena *arena,
                            struct account_id *ret, struct error *err) MUST_USE;
/*
 * What an account may do now, for work that goes on after its request: one that is switched off, or still has its first
 * password, has no grants. ERROR_NOT_FOUND: there is no such account.
 */
bool accounts_actor(struct db *db, struct account_id id, struct arena *arena, struct actor *ret,
                    struct error *err) MUST_USE;
/* The name of an account, for timelines; empty for 0. */
struct str account_name(struct db *db, struct account_id id, struct arena *arena);

struct account_choice {
    struct account_id id;
    struct str name;
};

struct account_choices {
    struct account_choice *at;
    ptrdiff_t n;
};

/* Who could take on work in this division and line: people with one of these roles there. */
bool accounts_with_role(struct db *db, unsigned roles, struct division division, struct line line,
                        struct arena *arena, struct account_choices *ret, struct error *err) MUST_USE;
