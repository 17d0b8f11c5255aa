#include "features/accounts/show.h"

#include "features/accounts/rules.h"
#include "features/accounts/words.h"
#include "features/territory/territory.h"

bool load_lines(struct request *rq, struct choices *ret)
{
    *ret = (struct choices){ 0 };
    return !rq->app->lines || rq->app->lines(rq, ret, &rq->err);
}

/* A line that is no more has only its number. */
static struct str line_label(struct request *rq, const struct choices *lines, struct line line)
{
    for (ptrdiff_t i = 0; i < lines->n; i++)
        if (lines->at[i].value == line.n)
            return lines->at[i].label;
    return text_in(rq->arena, rq->lang, account_line_label(line));
}

static struct grant_view show_grant(struct request *rq, const struct choices *lines, const struct grant *grant,
                                    const struct actor *who)
{
    return (struct grant_view){
        .role = role_text(grant->role),
        .line = line_label(rq, lines, grant->line),
        .division = territory_name(rq->db, grant->division, rq->today, rq->arena),
        .role_value = str_int(rq->arena, grant->role),
        .line_value = str_int(rq->arena, grant->line.n),
        .division_value = division_text(rq->arena, grant->division),
        .may_take = who && may_grant(who, grant),
    };
}

struct grant_views show_grants(struct request *rq, const struct choices *lines, const struct grant *grants, int count,
                               const struct actor *who)
{
    struct grant_views views = { .at = arena_new(rq->arena, struct grant_view, count), .n = count };
    for (int i = 0; i < count; i++)
        views.at[i] = show_grant(rq, lines, &grants[i], who);
    return views;
}
