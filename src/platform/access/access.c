#include "platform/access/access.h"

const struct capability cap_public = { .name = "public", .roles = HAS_ALL, .is_public = true };
const struct capability cap_signed_in = { .name = "signed-in", .roles = HAS_ALL };

static const char *const role_names[] = {
#define ROLE_NAME(name, text) text,
    ROLES(ROLE_NAME)
#undef ROLE_NAME
};

const char *role_name(enum role role)
{
    return role_names[role];
}

bool role_parse(struct str s, enum role *ret)
{
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        if (str_equal(s, str_of(role_names[role]))) {
            *ret = role;
            return true;
        }
    }
    return false;
}

static bool grants_role(const struct grant *grant, const struct capability *capability)
{
    return (capability->roles >> grant->role & 1) != 0;
}

bool access_has(const struct actor *actor, const struct capability *capability)
{
    if (capability->is_public)
        return true;
    if (capability == &cap_signed_in)
        return actor->account.n != 0;
    for (int i = 0; i < actor->grant_count; i++)
        if (grants_role(&actor->grants[i], capability))
            return true;
    return false;
}

bool access_may(const struct actor *actor, const struct capability *capability, struct division division,
                struct line line)
{
    for (int i = 0; i < actor->grant_count; i++) {
        const struct grant *grant = &actor->grants[i];
        bool covers_line = grant->line.n == 0 || line.n == 0 || grant->line.n == line.n;
        if (grants_role(grant, capability) && covers_line && division_contains(grant->division, division))
            return true;
    }
    return false;
}

bool access_scope(const struct actor *actor, const struct capability *capability, struct division asked,
                  struct line asked_line, struct scope *ret)
{
    const struct grant *inside = NULL;
    for (int i = 0; i < actor->grant_count; i++) {
        const struct grant *grant = &actor->grants[i];
        bool covers_line = grant->line.n == 0 || asked_line.n == 0 || grant->line.n == asked_line.n;
        if (!grants_role(grant, capability) || !covers_line)
            continue;
        if (division_contains(grant->division, asked)) {
            *ret = scope_of(asked, asked_line.n != 0 ? asked_line : grant->line);
            return true;
        }
        if (!inside && division_contains(asked, grant->division))
            inside = grant;
    }
    if (!inside)
        return false;
    *ret = scope_of(inside->division, asked_line.n != 0 ? asked_line : inside->line);
    return true;
}

struct division access_home(const struct actor *actor)
{
    return actor->grant_count > 0 ? actor->grants[0].division : (struct division){ 0 };
}
