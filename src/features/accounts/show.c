#include "features/accounts/show.h"

#include "features/accounts/rules.h"
#include "features/accounts/words.h"
#include "features/territory/territory.h"

static struct grant_view show_grant(struct request *rq, const struct grant *grant, const struct actor *who)
{
    return (struct grant_view){
        .role = role_text(grant->role),
        .line = account_line_label(grant->line),
        .division = territory_name(rq->db, grant->division, rq->today, rq->arena),
        .role_value = str_format(rq->arena, "%d", (int)grant->role),
        .line_value = str_format(rq->arena, "%d", grant->line.n),
        .division_value = division_text(rq->arena, grant->division),
        .may_take = who && may_grant(who, grant),
    };
}

struct grant_views show_grants(struct request *rq, const struct grant *grants, int count, const struct actor *who)
{
    struct grant_views views = { .at = arena_new(rq->arena, struct grant_view, count), .n = count };
    for (int i = 0; i < count; i++)
        views.at[i] = show_grant(rq, &grants[i], who);
    return views;
}
