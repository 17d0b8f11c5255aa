#include "features/clocks/limits.h"

static bool holds(const struct limit_entry *limit, const struct limit_question *question)
{
    return limit->kind == question->kind && (limit->type == 0 || limit->type == question->type) &&
           (limit->channel == 0 || limit->channel == question->channel) &&
           division_contains(limit->division, question->division) &&
           (limit->line.n == 0 || limit->line.n == question->line.n) && limit->valid_from.days <= question->on.days &&
           question->on.days < limit->valid_to.days;
}

/* Both hold, so the deeper division lies inside the other one. */
static bool is_nearer(const struct limit_entry *a, const struct limit_entry *b)
{
    if (a->division.code != b->division.code)
        return division_level(a->division) > division_level(b->division);
    if (a->line.n != b->line.n)
        return a->line.n != 0;
    if (a->channel != b->channel)
        return a->channel != 0;
    if (a->type != b->type)
        return a->type != 0;
    return a->number > b->number;
}

const struct limit_entry *limits_choose(struct limits limits, const struct limit_question *question)
{
    const struct limit_entry *best = NULL;
    for (ptrdiff_t i = 0; i < limits.n; i++)
        if (holds(&limits.at[i], question) && (!best || is_nearer(&limits.at[i], best)))
            best = &limits.at[i];
    return best;
}

const struct limit_entry *limits_find(struct limits limits, int64_t number)
{
    for (ptrdiff_t i = 0; i < limits.n; i++)
        if (limits.at[i].number == number)
            return &limits.at[i];
    return NULL;
}
