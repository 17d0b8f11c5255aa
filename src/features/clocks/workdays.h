/*
 * workdays.h - on which days people work: Monday to Friday, but for the public holidays and the make-up days that the State
 * Council sets for each year, mostly in November of the one before (全国年节及纪念日放假办法).
 *
 * A year nobody has told of is not known, and nothing is guessed about it: what runs into one says which year is missing.
 */
#pragma once
#include "base/time.h"

enum { WORKDAYS_FIRST_YEAR = 2004, WORKDAYS_LAST_YEAR = 2099, WORKDAYS_YEARS = WORKDAYS_LAST_YEAR - WORKDAYS_FIRST_YEAR + 1 };

/* A day on which it is not as its day of the week says. */
struct workdays_exception {
    struct date date;
    bool is_working; /* a make-up day; else a holiday */
};

/* One bit a day, from the lowest; 1: people work. */
struct workdays_year {
    bool is_known;
    uint64_t bits[6];
};

struct workdays {
    struct workdays_year years[WORKDAYS_YEARS];
};

/*
 * Tells of a year, anew if it was known: all exceptions lie in it, on a day that its day of the week says otherwise; false: one does
 * not, *ret_bad is its number, and nothing has changed.
 */
bool workdays_tell(struct workdays *workdays, int year, const struct workdays_exception *exceptions, ptrdiff_t count,
                   ptrdiff_t *ret_bad);
bool workdays_is_weekday(struct date date); /* Monday to Friday */
bool workdays_knows(const struct workdays *workdays, int year);
/* Of a year that is known. */
bool workdays_is_working(const struct workdays *workdays, struct date date);
/* How many of the days after 'after' up to and with 'to' are working days; all their years are known. */
int64_t workdays_count(const struct workdays *workdays, struct date after, struct date to);
/*
 * The n-th working day (n > 0) after a day.  False: it lies in a year that is not known, or behind one: *ret_year.
 */
bool workdays_after(const struct workdays *workdays, struct date after, int64_t n, struct date *ret, int *ret_year);

/* The years this program was built with (tools/workdays). */
extern const struct workdays workdays_built_in;
