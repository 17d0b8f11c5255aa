/*
 * types.h - an account as rules and actions look at it.
 */
#pragma once
#include "base/time.h"
#include "platform/access/access.h"
#include "platform/limits.h"

/* Who may look after accounts: everywhere the same list. */
enum { ROLES_MANAGING = HAS(ADMINISTRATOR) | HAS(DISTRICT_OFFICER) };

struct account {
    struct account_id id;
    struct str login, name;
    bool is_active, must_change;
    int64_t failures;
    struct instant locked_until; /* 0: not locked */
    struct instant created_at;
    struct account_id created_by; /* 0: the program itself */
    int64_t version;
    struct grant grants[GRANTS_MAX];
    int grant_count;
};
