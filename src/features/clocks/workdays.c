#include "features/clocks/workdays.h"

static struct date first_of(int year)
{
    return date_of_civil((struct civil){ year, 1, 1 });
}

static int year_of(struct date date)
{
    return civil_of_date(date).year;
}

bool workdays_is_weekday(struct date date)
{
    int32_t since_monday = (date.days + 3) % 7; /* 1970-01-01 was a Thursday */
    return since_monday < 5;
}

static const struct workdays_year *year_at(const struct workdays *workdays, int year)
{
    bool is_there = year >= WORKDAYS_FIRST_YEAR && year <= WORKDAYS_LAST_YEAR;
    return is_there && workdays->years[year - WORKDAYS_FIRST_YEAR].is_known ? &workdays->years[year - WORKDAYS_FIRST_YEAR] : NULL;
}

bool workdays_knows(const struct workdays *workdays, int year)
{
    return year_at(workdays, year) != NULL;
}

/* --- telling ----------------------------------------------------------------------------------------------------- */

static void set(struct workdays_year *year, int32_t day, bool is_working)
{
    uint64_t bit = UINT64_C(1) << (day % 64);
    year->bits[day / 64] = is_working ? year->bits[day / 64] | bit : year->bits[day / 64] & ~bit;
}

bool workdays_tell(struct workdays *workdays, int year, const struct workdays_exception *exceptions, ptrdiff_t count,
                   ptrdiff_t *ret_bad)
{
    struct workdays_year told = { .is_known = true };
    if (year < WORKDAYS_FIRST_YEAR || year > WORKDAYS_LAST_YEAR)
        BUG("a year outside of %d to %d: %d", WORKDAYS_FIRST_YEAR, WORKDAYS_LAST_YEAR, year);
    int32_t first = first_of(year).days, end = first_of(year + 1).days;
    for (int32_t day = first; day < end; day++)
        set(&told, day - first, workdays_is_weekday((struct date){ day }));
    for (ptrdiff_t i = 0; i < count; i++) {
        *ret_bad = i;
        if (year_of(exceptions[i].date) != year || exceptions[i].is_working == workdays_is_weekday(exceptions[i].date))
            return false;
        set(&told, exceptions[i].date.days - first, exceptions[i].is_working);
    }
    workdays->years[year - WORKDAYS_FIRST_YEAR] = told;
    return true;
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

bool workdays_is_working(const struct workdays *workdays, struct date date)
{
    int number = year_of(date);
    const struct workdays_year *year = year_at(workdays, number);
    if (!year)
        BUG("the working days of %d are not known", number);
    int32_t day = date.days - first_of(number).days;
    return year->bits[day / 64] >> (day % 64) & 1;
}

/* Of the bits from..to of a year, both among them. */
static int64_t count_bits(const struct workdays_year *year, int32_t from, int32_t to)
{
    int64_t count = 0;
    for (int32_t word = from / 64; word <= to / 64; word++) {
        uint64_t bits = year->bits[word];
        if (word == from / 64)
            bits &= ~UINT64_C(0) << (from % 64);
        if (word == to / 64)
            bits &= ~UINT64_C(0) >> (63 - to % 64);
        count += __builtin_popcountll(bits);
    }
    return count;
}

int64_t workdays_count(const struct workdays *workdays, struct date after, struct date to)
{
    int64_t count = 0;
    int32_t day = after.days + 1;
    while (day <= to.days) {
        int number = year_of((struct date){ day });
        const struct workdays_year *year = year_at(workdays, number);
        if (!year)
            BUG("the working days of %d are not known", number);
        int32_t first = first_of(number).days, last = first_of(number + 1).days - 1;
        int32_t end = to.days < last ? to.days : last;
        count += count_bits(year, day - first, end - first);
        day = end + 1;
    }
    return count;
}

/* The n-th of the year's working days from a day of it on; false: there are fewer, *ret_had of them. */
static bool nth_in_year(const struct workdays_year *year, int32_t from, int32_t days, int64_t n, int32_t *ret_day, int64_t *ret_had)
{
    int64_t had = 0;
    for (int32_t word = from / 64; word * 64 < days; word++) {
        uint64_t bits = year->bits[word];
        if (word == from / 64)
            bits &= ~UINT64_C(0) << (from % 64);
        int count = __builtin_popcountll(bits);
        if (had + count < n) {
            had += count;
            continue;
        }
        for (int64_t skip = n - had - 1; skip > 0; skip--)
            bits &= bits - 1;
        *ret_day = word * 64 + __builtin_ctzll(bits);
        return true;
    }
    *ret_had = had;
    return false;
}

bool workdays_after(const struct workdays *workdays, struct date after, int64_t n, struct date *ret, int *ret_year)
{
    struct date day = { after.days + 1 };
    assert(n > 0);
    for (;;) {
        int number = year_of(day);
        const struct workdays_year *year = year_at(workdays, number);
        int32_t first = first_of(number).days, found;
        int64_t had;
        *ret_year = number;
        if (!year)
            return false;
        if (nth_in_year(year, day.days - first, first_of(number + 1).days - first, n, &found, &had)) {
            *ret = (struct date){ first + found };
            return true;
        }
        n -= had;
        day = first_of(number + 1);
    }
}
