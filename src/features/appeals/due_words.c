#include "features/appeals/due_words.h"

#include "gen/appeals_texts.h"

enum { NEAR_DAYS = 1 };

struct str due_at_text(struct arena *arena, struct instant due)
{
    struct date last = clock_last_day(due);
    return clock_day_end(last).us == due.us ? date_iso(arena, last) : instant_minute(arena, due);
}

/* Working days from tomorrow to the last day; -1: not known. */
static int64_t days_left(struct request *rq, const struct workdays *workdays, struct date last)
{
    for (int year = civil_of_date(rq->today).year; year <= civil_of_date(last).year; year++)
        if (!workdays_knows(workdays, year))
            return -1;
    return workdays_count(workdays, rq->today, last);
}

struct str due_left_text(struct request *rq, const struct workdays *workdays, struct instant due)
{
    struct date last = clock_last_day(due);
    if (due.us == INSTANT_NEVER.us)
        return (struct str){ 0 };
    if (due.us < rq->now.us)
        return text_in(rq->arena, rq->lang, t_appeal_clock_late());
    if (last.days <= rq->today.days)
        return text_in(rq->arena, rq->lang, t_appeal_clock_today());
    int64_t left = days_left(rq, workdays, last);
    return left < 1 ? (struct str){ 0 } : text_in(rq->arena, rq->lang, t_appeal_clock_left_days(left));
}

struct due_view due_view_of(struct request *rq, const struct workdays *workdays, struct instant due, int64_t kind)
{
    if (kind == 0)
        return (struct due_view){ 0 };
    struct due_view view = { .is_there = true, .kind = text_in(rq->arena, rq->lang, label_clock_kind((enum clock_kind)kind)) };
    if (due.us == INSTANT_NEVER.us)
        return view;
    int64_t left = days_left(rq, workdays, clock_last_day(due));
    view.at = due_at_text(rq->arena, due);
    view.left = due_left_text(rq, workdays, due);
    view.is_late = due.us < rq->now.us;
    view.is_near = left >= 0 && left <= NEAR_DAYS;
    return view;
}

static struct text status_of(struct request *rq, const struct clock_state *clock, struct instant ended)
{
    struct arena *arena = rq->arena;
    if (!clock_is_open(clock)) {
        struct str at = instant_minute(arena, clock->met);
        if (clock->met.us == ended.us)
            return t_appeal_clock_ended(at);
        return clock_is_late(clock, rq->now) ? t_appeal_clock_met_late(at) : t_appeal_clock_met(at);
    }
    if (clock->missing_year != 0)
        return t_appeal_clock_unknown(clock->missing_year);
    if (clock_is_paused(clock, rq->now))
        return t_appeal_clock_paused(due_at_text(arena, clock->paused_until));
    return t_appeal_clock_due(due_at_text(arena, clock->due));
}

struct clock_row clock_row_of(struct request *rq, const struct appeal_words *words, const struct clock_state *clock,
                              struct instant ended)
{
    const struct limit_entry *limit = limits_find(words->limits, clock->limit);
    bool is_open = clock_is_open(clock);
    return (struct clock_row){ .kind = text_in(rq->arena, rq->lang, label_clock_kind(clock->kind)),
                               .length = text_in(rq->arena, rq->lang, label_time_limit(&clock->runs)),
                               .basis = limit ? limit->basis[rq->lang] : (struct str){ 0 },
                               .status = text_in(rq->arena, rq->lang, status_of(rq, clock, ended)),
                               .left = is_open ? due_left_text(rq, words->workdays, clock->due) : (struct str){ 0 },
                               .is_late = clock_is_late(clock, rq->now),
                               .is_met = !is_open };
}
