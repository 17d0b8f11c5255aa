/*
 * base_time_test.c - days, instants, numbers out of text, and ids that only grow.
 */
#include "base/parse.h"
#include "base/time.h"
#include "platform/db/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Four thousand years day by day against plain counting, there and back. */
static void test_every_day(void **state)
{
    int32_t days = date_of_civil((struct civil){ 1, 1, 1 }).days;
    (void)state;
    assert_int_equal(days, -719162);
    for (int year = 1; year <= 4000; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= days_of(year, month); day++, days++) {
                struct civil back = civil_of_date((struct date){ days });
                if (date_of_civil((struct civil){ year, month, day }).days != days || back.year != year ||
                    back.month != month || back.day != day)
                    fail_msg("%d-%d-%d", year, month, day);
            }
    assert_int_equal(date_of_civil((struct civil){ 1970, 1, 1 }).days, 0);
    assert_int_equal(date_of_civil((struct civil){ 9999, 12, 31 }).days, 2932896);
    assert_int_equal(date_of_civil((struct civil){ 2026, 11, 24 }).days, 20781);
}

static void test_reading_dates(void **state)
{
    static const char *const bad[] = { "",           "2026-11-31", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-01",
                                       "2026-01-00", "2026-1-1",   "26-01-01",   "2026/01/01", "2026-01-01 ", "0999-01-01",
                                       "20260101",   "2026-01-+1", "2026-01--1", "２０２６-01-01" };
    struct arena arena = { 0 };
    struct date date = { 7 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(bad); i++)
        if (date_parse(str_of(bad[i]), &date))
            fail_msg("'%s' is no date", bad[i]);
    assert_int_equal(date.days, 7);
    static const char *const good[] = { "2024-02-29", "2000-02-29", "1000-01-01", "9999-12-31", "1969-12-31" };
    for (ptrdiff_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(date_parse(str_of(good[i]), &date));
        assert_string_equal(str_z(&arena, date_iso(&arena, date)), good[i]);
    }
    arena_release(&arena);
}

/* The day is the one in China: it begins at 16:00 UTC. */
static void test_instants(void **state)
{
    static const struct instant morning = { INT64_C(1795482000) * 1000000 };
    static const struct instant midnight = { INT64_C(1795536000) * 1000000 };
    struct arena arena = { 0 };
    (void)state;
    assert_string_equal(str_z(&arena, instant_iso(&arena, morning)), "2026-11-24T01:00:00Z");
    assert_string_equal(str_z(&arena, instant_minute(&arena, morning)), "2026-11-24 09:00");
    assert_string_equal(str_z(&arena, instant_minute(&arena, midnight)), "2026-11-25 00:00");
    assert_string_equal(str_z(&arena, instant_iso(&arena, midnight)), "2026-11-24T16:00:00Z");
    assert_int_equal(date_of(midnight).days, 20782);
    assert_int_equal(date_of((struct instant){ midnight.us - 1 }).days, 20781);
    assert_int_equal(date_of((struct instant){ 0 }).days, 0);
    assert_int_equal(date_of((struct instant){ INT64_C(-8) * 3600 * 1000000 - 1 }).days, -1);
    assert_string_equal(str_z(&arena, instant_iso(&arena, (struct instant){ -1 })), "1969-12-31T23:59:59Z");
    arena_release(&arena);
}

static void test_numbers(void **state)
{
    static const char *const bad[] = { "",   "-",   "+1",  " 1",  "1 ", "1.0", "0x10",
                                       "1e3", "--1", "1-", "１", "9223372036854775808", "-9223372036854775809",
                                       "99999999999999999999999999" };
    int64_t n = 7;
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(bad); i++)
        if (parse_int(str_of(bad[i]), INT64_MIN, INT64_MAX, &n))
            fail_msg("'%s' is no number", bad[i]);
    assert_int_equal(n, 7);
    assert_false(parse_int(STR("1\0"), 0, 9, &n));
    assert_true(parse_int(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &n) && n == INT64_MAX);
    assert_true(parse_int(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &n) && n == INT64_MIN);
    assert_true(parse_int(STR("0"), 0, 0, &n) && n == 0);
    assert_true(parse_int(STR("-0"), 0, 0, &n) && n == 0);
    assert_true(parse_int(STR("000000000000000000000000005"), 0, 9, &n) && n == 5);
    assert_true(parse_int(STR("9"), 9, 9, &n) && parse_int(STR("-5"), -5, 5, &n));
    assert_false(parse_int(STR("10"), 0, 9, &n) || parse_int(STR("-1"), 0, 9, &n));
    assert_int_equal(n, -5);
}

/* --- ids --------------------------------------------------------------------------------------------------------- */

static void test_ids_grow(void **state)
{
    struct ids ids = { .node = 5 };
    struct instant now = { INT64_C(1795482000) * 1000000 };
    int64_t last = 0;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        /* the clock stands, goes on, and steps back an hour now and then */
        now.us += i % 3 == 0 ? 700 : 0;
        now.us -= i % 10007 == 10006 ? INT64_C(3600) * 1000000 : 0;
        int64_t id = ids_next(&ids, now);
        assert_true(id > last);
        assert_int_equal(id >> 10 & 0xFFF, 5); /* also when the sequence of a millisecond is used up */
        last = id;
    }
}

static void test_ids_tell_the_time(void **state)
{
    struct ids ids = { .node = 4095 };
    struct instant now = { INT64_C(1795482000123) * 1000 };
    (void)state;
    int64_t id = ids_next(&ids, now);
    assert_int_equal(id >> 22, INT64_C(1795482000123) - INT64_C(1577836800000)); /* since 2020 */
    assert_int_equal(id >> 10 & 0xFFF, 4095);
    assert_int_equal(ids_next(&ids, now), id + 1);
    now.us += 1000;
    assert_int_equal(ids_next(&ids, now) >> 22, INT64_C(1795482000124) - INT64_C(1577836800000));
    assert_true(id > 0);
}

static int64_t nth(struct id_run run, int64_t k)
{
    return run.first + k / run.length * run.step + k % run.length;
}

static void test_a_run_of_ids(void **state)
{
    struct ids ids = { .node = 5 };
    struct instant now = { INT64_C(1795482000) * 1000000 };
    (void)state;
    int64_t last = ids_next(&ids, now);
    struct id_run run = ids_run(&ids, now, 5000);
    for (int64_t k = 0; k < 5000; k++) {
        assert_true(nth(run, k) > last);
        assert_int_equal(nth(run, k) >> 10 & 0xFFF, 5); /* never another node's */
        last = nth(run, k);
    }
    assert_true(ids_next(&ids, now) > last);
    struct ids counting = { .is_counting = true };
    run = ids_run(&counting, now, 3);
    assert_int_equal(nth(run, 0), 1);
    assert_int_equal(nth(run, 2), 3);
    assert_int_equal(ids_next(&counting, now), 4);
}

static void test_ids_that_count(void **state)
{
    struct ids ids = { .is_counting = true };
    (void)state;
    for (int i = 1; i <= 3; i++)
        assert_int_equal(ids_next(&ids, (struct instant){ INT64_C(1795482000) * 1000000 * i }), i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day), cmocka_unit_test(test_reading_dates), cmocka_unit_test(test_instants),
        cmocka_unit_test(test_numbers),   cmocka_unit_test(test_ids_grow),      cmocka_unit_test(test_ids_tell_the_time),
        cmocka_unit_test(test_ids_that_count), cmocka_unit_test(test_a_run_of_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
