/*
 * workday_text.h - the exceptions of a year as a person writes them, and as they are kept.
 *
 * A line for each holiday or make-up day, or for a run of days: "2027-02-05 休", "2027-02-05 2027-02-11 休", "2027-01-31 班"; also
 * with 至, ~, - or to between the days, and off or work at the end.  Empty lines and what follows a '#' say nothing.  The notices name
 * holidays with the weekends among them: those are left out, as nobody works then anyway.
 */
#pragma once
#include "features/clocks/workdays.h"
#include "platform/web/problems.h"

enum { WORKDAY_TEXT_MAX = 4000 };

struct workday_exceptions {
    struct workdays_exception *at;
    ptrdiff_t n;
};

/* In the order of days, none twice.  False: problems of the field have been added, with the line they are in. */
bool workday_text_read(struct str text, int year, struct arena *arena, struct problems *problems, struct str field,
                       struct workday_exceptions *ret);
/* A line for each day; reading it again gives the same. */
struct str workday_text_write(struct arena *arena, const struct workday_exceptions *exceptions);
/* What makes a known year another one than its days of the week say. */
struct workday_exceptions workday_exceptions_of(const struct workdays *workdays, int year, struct arena *arena);
