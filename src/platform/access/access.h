/*
 * access.h - who may do what, where: roles, capabilities, grants, and one question.
 *
 * A person's rights are grants: (role, line or all lines, division subtree).  A capability is declared by the feature
 * that checks it and lists the roles that have it; a route names its capability, and the gate asks once.  Outside
 * one's scope a record is 'not found', never 'forbidden': its existence is not told.
 */
#pragma once
#include "platform/access/scope.h"

/* To add a role: one row here, its name in messages/, and the capabilities that list it. */
#define ROLES(row)                          \
    row(VILLAGE_WORKER, "village-worker")   \
    row(TOWN_OFFICER, "town-officer")       \
    row(DISTRICT_OFFICER, "district-officer") \
    row(LEADER, "leader")                   \
    row(AUDITOR, "auditor")                 \
    row(ADMINISTRATOR, "administrator")

enum role {
#define ROLE_ENUM(name, text) ROLE_##name,
    ROLES(ROLE_ENUM)
#undef ROLE_ENUM
    ROLE_COUNT
};

/* For a capability's list of roles: HAS(TOWN_OFFICER) | HAS(LEADER) */
#define HAS(name) (1u << ROLE_##name)
#define HAS_ALL ((1u << ROLE_COUNT) - 1)

struct capability {
    const char *name; /* "network.read" */
    unsigned roles;   /* HAS(...) | ... */
    bool is_public;   /* no account needed */
};

/* The only capability of the platform: pages anyone may open, such as the sign-in form. */
extern const struct capability cap_public;
/* Signed in, whatever the role: one's own account. */
extern const struct capability cap_signed_in;

struct account_id { int64_t n; };

struct grant {
    enum role role;
    struct line line; /* 0: all */
    struct division division;
};

enum { GRANTS_MAX = 32 };

struct actor {
    struct account_id account; /* 0: a visitor without an account */
    struct str name;
    struct grant grants[GRANTS_MAX];
    int grant_count;
};

const char *role_name(enum role role);
bool role_parse(struct str s, enum role *ret);

/* May the actor do it anywhere at all? What the gate and the menus ask. */
bool access_has(const struct actor *actor, const struct capability *capability);
/* May the actor do it for a record of this division and line (0: one that belongs to no line)? */
bool access_may(const struct actor *actor, const struct capability *capability, struct division division,
                struct line line);
/*
 * Narrows what was asked for to what one of the actor's grants allows: the grant that covers the asked division, or
 * else one inside it.  False: nothing of it.  *ret is what the queries get.
 */
bool access_scope(const struct actor *actor, const struct capability *capability, struct division asked,
                  struct line asked_line, struct scope *ret);
/* Where the actor is at home: the division of the first grant; the nation for a visitor. */
struct division access_home(const struct actor *actor);
