/*
 * time.c - civil days by Howard Hinnant's algorithms (chrono-compatible low-level date algorithms).
 */
#include "base/time.h"

#include "base/parse.h"

#include <time.h>

#define SECOND_US INT64_C(1000000)
#define DAY_US (86400 * SECOND_US)
#define CHINA_OFFSET_US (8 * 3600 * SECOND_US)

static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

struct instant instant_now(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        BUG("no clock");
    return (struct instant){ now.tv_sec * SECOND_US + now.tv_nsec / 1000 };
}

int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}

struct date date_of(struct instant instant)
{
    return (struct date){ (int32_t)floor_div(instant.us + CHINA_OFFSET_US, DAY_US) };
}

struct date date_of_civil(struct civil civil)
{
    int64_t y = civil.year - (civil.month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (civil.month + (civil.month > 2 ? -3 : 9)) + 2) / 5 + civil.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (struct date){ (int32_t)(era * 146097 + day_of_era - 719468) };
}

struct civil civil_of_date(struct date date)
{
    int64_t z = (int64_t)date.days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){ .year = (int)(yoe + era * 400 + (month <= 2)),
                           .month = month,
                           .day = (int)(doy - (153 * mp + 2) / 5 + 1) };
}

bool date_parse(struct str s, struct date *ret)
{
    int64_t year, month, day;
    if (s.len != 10 || s.data[4] != '-' || s.data[7] != '-')
        return false;
    if (!parse_int(str_slice(s, 0, 4), 1000, 9999, &year) || !parse_int(str_slice(s, 5, 7), 1, 12, &month) ||
        !parse_int(str_slice(s, 8, 10), 1, 31, &day))
        return false;
    struct civil civil = { (int)year, (int)month, (int)day };
    struct date date = date_of_civil(civil);
    struct civil back = civil_of_date(date);
    if (back.day != civil.day || back.month != civil.month)
        return false; /* 31 April */
    *ret = date;
    return true;
}

static void put_two(char at[2], int n)
{
    at[0] = (char)('0' + n / 10);
    at[1] = (char)('0' + n % 10);
}

struct str date_iso(struct arena *arena, struct date date)
{
    struct civil c = civil_of_date(date);
    if (c.year < 0 || c.year > 9999)
        return str_format(arena, "%d-%02d-%02d", c.year, c.month, c.day);
    enum { ISO_LEN = 10 };
    char *text = arena_new(arena, char, ISO_LEN); /* by hand: a list has one in every row */
    text[4] = '-';
    text[7] = '-';
    put_two(text, c.year / 100);
    put_two(text + 2, c.year % 100);
    put_two(text + 5, c.month);
    put_two(text + 8, c.day);
    return (struct str){ text, ISO_LEN };
}

static struct str clock_text(struct arena *arena, int64_t us, char between, bool seconds)
{
    int64_t day = floor_div(us, DAY_US);
    int64_t second = (us - day * DAY_US) / SECOND_US;
    struct civil c = civil_of_date((struct date){ (int32_t)day });
    int hour = (int)(second / 3600), minute = (int)(second / 60 % 60);
    if (seconds)
        return str_format(arena, "%04d-%02d-%02d%c%02d:%02d:%02dZ", c.year, c.month, c.day, between, hour, minute,
                          (int)(second % 60));
    return str_format(arena, "%04d-%02d-%02d%c%02d:%02d", c.year, c.month, c.day, between, hour, minute);
}

struct str instant_iso(struct arena *arena, struct instant instant)
{
    return clock_text(arena, instant.us, 'T', true);
}

struct str instant_minute(struct arena *arena, struct instant instant)
{
    return clock_text(arena, instant.us + CHINA_OFFSET_US, ' ', false);
}
