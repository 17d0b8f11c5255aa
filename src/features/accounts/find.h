/*
 * find.h - loading accounts for this feature's own pages and actions.
 */
#pragma once
#include "features/accounts/types.h"
#include "platform/db/db.h"

bool account_load(struct db *db, struct account_id id, struct arena *arena, struct account *ret,
                  struct error *err) MUST_USE;
/* One that this manager sees; else ERROR_NOT_FOUND. */
bool account_find(struct db *db, const struct actor *who, struct account_id id, struct arena *arena,
                  struct account *ret, struct error *err) MUST_USE;

struct grants {
    struct grant at[GRANTS_MAX];
    int n;
};

bool account_grants(struct db *db, struct account_id id, struct arena *arena, struct grants *ret,
                    struct error *err) MUST_USE;
/* What a session is known by in the database: BLAKE2b-256 of its token. */
struct str session_hash(struct arena *arena, struct str token);
