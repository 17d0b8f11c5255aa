#include "features/clocks/due.h"

static const int64_t HOUR_US = INT64_C(3600) * 1000000;

bool clock_history_holds(const struct clock_history *history)
{
    struct instant free_from = history->started;
    for (ptrdiff_t i = 0; i < history->pause_count; i++) {
        const struct clock_pause *pause = &history->pauses[i];
        if (pause->from.us < free_from.us || pause->to.us <= pause->from.us)
            return false;
        free_from = pause->to;
    }
    return true;
}

struct instant clock_day_end(struct date date)
{
    const int64_t DAY_US = 24 * HOUR_US;
    return (struct instant){ (date.days + INT64_C(1)) * DAY_US - 8 * HOUR_US };
}

struct date clock_last_day(struct instant due)
{
    return date_of((struct instant){ due.us - 1 });
}

static struct instant due_in_hours(int32_t hours, const struct clock_history *history)
{
    int64_t left = hours * HOUR_US;
    struct instant at = history->started;
    for (ptrdiff_t i = 0; i < history->pause_count; i++) {
        int64_t run = history->pauses[i].from.us - at.us;
        if (left <= run)
            break;
        left -= run;
        at = history->pauses[i].to;
    }
    return (struct instant){ at.us + left };
}

/* --- days -------------------------------------------------------------------------------------------------------- */

struct counting {
    bool is_working; /* only working days count */
    const struct workdays *workdays;
    int year; /* that is not known */
};

static bool nth_day(struct counting *counting, struct date after, int64_t n, struct date *ret)
{
    if (counting->is_working)
        return workdays_after(counting->workdays, after, n, ret, &counting->year);
    *ret = (struct date){ after.days + (int32_t)n };
    return true;
}

/* Of days that are known to be before the n-th one, so of years that are known. */
static int64_t count_days(const struct counting *counting, struct date after, struct date to)
{
    return counting->is_working ? workdays_count(counting->workdays, after, to) : to.days - after.days;
}

/* A day is lost if the clock is paused at its end: from the one a pause begins in to the one before it ends in. */
static bool last_day(struct counting *counting, int32_t days, const struct clock_history *history, struct date *ret)
{
    struct date after = date_of(history->started);
    int64_t left = days;
    for (ptrdiff_t i = 0; i < history->pause_count; i++) {
        struct date first_lost = date_of(history->pauses[i].from), resumed = date_of(history->pauses[i].to);
        if (resumed.days <= first_lost.days || resumed.days <= after.days + 1)
            continue;
        struct date before = { first_lost.days - 1 };
        if (before.days > after.days) {
            if (!nth_day(counting, after, left, ret))
                return false;
            if (ret->days <= before.days)
                return true;
            left -= count_days(counting, after, before);
        }
        after = (struct date){ resumed.days - 1 };
    }
    return nth_day(counting, after, left, ret);
}

static bool move_to_working_day(struct counting *counting, struct date *day)
{
    int year = civil_of_date(*day).year;
    counting->year = year;
    if (!workdays_knows(counting->workdays, year))
        return false;
    return workdays_is_working(counting->workdays, *day) || workdays_after(counting->workdays, *day, 1, day, &counting->year);
}

bool clock_due(const struct time_limit *limit, const struct clock_history *history, const struct workdays *workdays,
               struct instant *ret_due, int *ret_year)
{
    struct counting counting = { .is_working = limit->unit == CLOCK_WORKING_DAYS, .workdays = workdays };
    struct date last;
    assert(limit->amount > 0 && limit->amount <= CLOCK_AMOUNT_MAX && clock_history_holds(history));
    if (limit->unit == CLOCK_HOURS) {
        *ret_due = due_in_hours(limit->amount, history);
        return true;
    }
    bool ok = last_day(&counting, limit->amount, history, &last) &&
              (!limit->moves_to_working_day || move_to_working_day(&counting, &last));
    if (ok)
        *ret_due = clock_day_end(last);
    else
        *ret_year = counting.year;
    return ok;
}
