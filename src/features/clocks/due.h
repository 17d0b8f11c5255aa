/*
 * due.h - when something is due: a pure function of a time limit, what has happened to its clock, and the working days.
 *
 * Counting follows the Civil Code (民法典): the day of the start does not count (201), a period ends at the end of its last day
 * (203: 24:00), and where a rule says so a last day without work moves to the next working day (203).  Hours run through nights
 * and holidays from the moment of the start (200).
 *
 * A clock starts when the matter comes in, and nobody stops it: it can be paused, for a reason, to an end that is known from the
 * beginning, and sooner if the reason falls away.  While a clock is paused at the end of a day, that day does not count: pausing and
 * resuming within one day gains nothing.
 */
#pragma once
#include "features/clocks/workdays.h"

enum { CLOCK_AMOUNT_MAX = 3660 };

/* Stored numbers. */
enum clock_unit { CLOCK_DAYS = 1, CLOCK_WORKING_DAYS = 2, CLOCK_HOURS = 3 };

struct time_limit {
    enum clock_unit unit;
    int32_t amount;          /* 1 to CLOCK_AMOUNT_MAX, with what was added by extensions */
    bool moves_to_working_day; /* of days: a last day without work */
};

/* In the order of time, none overlapping another; the end is the one that came: as it was set, or when it was resumed. */
struct clock_pause {
    struct instant from, to;
};

struct clock_history {
    struct instant started;
    const struct clock_pause *pauses;
    ptrdiff_t pause_count;
};

/* Whether pauses are as they must be: each ends after it began, none begins before the start or the end of the one before. */
bool clock_history_holds(const struct clock_history *history);

/* The moment after which it is late.  False: that depends on a year whose working days are not known, *ret_year. */
bool clock_due(const struct time_limit *limit, const struct clock_history *history, const struct workdays *workdays,
               struct instant *ret_due, int *ret_year);
/* The moment a day ends, in China: 24:00, where limits in days end. */
struct instant clock_day_end(struct date date);
/* The last day on which it is in time, as a page says it. */
struct date clock_last_day(struct instant due);
