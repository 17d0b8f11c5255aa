/*
 * actions.h - what changes about accounts and sessions, beside accounts.h: each checks, stores and audits.
 *
 * False with a problem added is a refusal; false without one is a fault in err.  Passwords are checked and hashed
 * before, in a worker: a struct verified says what was found there, and is worth nothing once the account's version
 * is another.
 */
#pragma once
#include "features/accounts/accounts.h"
#include "features/accounts/types.h"

struct verified {
    struct account_id account; /* 0: no such login */
    int64_t version;
    bool is_right; /* the password */
    bool is_held;  /* nothing was tried: too many wrong ones came from there (address.h) */
};

/*
 * Checks a password that comes from a network in 20-150 ms; an unknown login takes as long.  Nothing is tried while the
 * network is held, but for an account that is familiar there and not locked.  Not inside the writer.
 */
bool account_verify(struct db *db, struct str login, struct str password, struct str network, struct instant now,
                    struct arena *arena, struct verified *ret, struct error *err) MUST_USE;
/* The same for who is signed in. */
bool account_verify_own(struct db *db, struct account_id id, struct str password, struct arena *arena,
                        struct verified *ret, struct error *err) MUST_USE;

struct visit {
    struct str address, agent; /* agent as sent; kept in part */
    struct str network;        /* whose failures count together (address.h); empty: unknown */
};

struct signed_in {
    struct str token;
    bool must_change;
    bool is_held; /* refused because of the network, or told so: 429 */
};

/*
 * Opens a session, or counts the failure, for the account and the network, which has to be kept: reply.keep.  While the
 * network is held, all refusals have the same words, and count for the account alone.
 */
bool account_sign_in(struct txn *txn, const struct verified *verified, const struct visit *visit,
                     struct arena *arena, struct problems *problems, struct signed_in *ret,
                     struct error *err) MUST_USE;
bool account_sign_out(struct txn *txn, const struct actor *who, int64_t session, struct error *err) MUST_USE;
/* Ends one of the actor's own sessions. */
bool account_end_session(struct txn *txn, const struct actor *who, int64_t session, struct error *err) MUST_USE;

/* A new password of one's own, with the hash a worker made. All sessions but this one end. */
struct new_password {
    struct str old, fresh, again, fresh_hash;
    int64_t session;
};

bool account_change_password(struct txn *txn, const struct actor *who, const struct verified *verified,
                             const struct new_password *password, struct arena *arena, struct problems *problems,
                             struct error *err) MUST_USE;

/* --- by those who look after accounts; one out of sight is ERROR_NOT_FOUND, one out of reach ERROR_FORBIDDEN --- */

bool account_open(struct txn *txn, const struct actor *who, const struct new_account *account,
                  const struct grant *grant, struct problems *problems, struct account_id *ret,
                  struct error *err) MUST_USE;
bool account_give(struct txn *txn, const struct actor *who, struct account_id id, const struct grant *grant,
                  struct arena *arena, struct problems *problems, struct error *err) MUST_USE;
bool account_take(struct txn *txn, const struct actor *who, struct account_id id, const struct grant *grant,
                  struct arena *arena, struct error *err) MUST_USE;
/* Off: all its sessions end, and nobody signs in with it. */
bool account_switch(struct txn *txn, const struct actor *who, struct account_id id, bool is_active,
                    struct arena *arena, struct error *err) MUST_USE;
/* A first password once more: it must be changed, and all sessions end. */
bool account_reset(struct txn *txn, const struct actor *who, struct account_id id, struct str hash,
                   struct arena *arena, struct error *err) MUST_USE;
