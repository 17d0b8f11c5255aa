/*
 * pages.c - what the pages of appeals share: names for the numbers of a row.
 */
#include "features/appeals/pages.h"

#include "features/clocks/clocks.h"

bool appeal_words_load(struct request *rq, struct db *db, struct appeal_words *ret)
{
    return topics_load(db, rq->today, rq->arena, &ret->topics, &rq->err) && rq->app->lines(rq, &ret->lines, &rq->err) &&
           clocks_workdays(db, rq->arena, &ret->workdays, &rq->err) && clocks_limits(db, rq->arena, &ret->limits, &rq->err);
}

struct str appeal_line_name(const struct appeal_words *words, struct line line)
{
    for (ptrdiff_t i = 0; i < words->lines.n; i++)
        if (words->lines.at[i].value == line.n)
            return words->lines.at[i].label;
    return (struct str){ 0 };
}

struct str appeal_office(struct request *rq, const struct appeal_words *words, struct division desk, struct line line)
{
    return str_format(rq->arena, "%.*s · %.*s", STR_ARG(place_name(rq, desk)), STR_ARG(appeal_line_name(words, line)));
}

struct url appeal_url(struct arena *arena, int64_t district, struct appeal_id id)
{
    return url_below(arena, url_below(arena, url_literal("/appeals"), district), id.n);
}
