/*
 * clocks_due_test.c - working days against the notices of the State Council, and due dates against a slow model of the law.
 */
#include "features/clocks/due.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define built workdays_built_in /* the years the program knows */

static struct date day(int year, int month, int of_month)
{
    return date_of_civil((struct civil){ year, month, of_month });
}

/* A time of day in China. */
static struct instant at(struct date date, int hour, int minute)
{
    return (struct instant){ (((int64_t)date.days * 24 + hour - 8) * 60 + minute) * 60 * 1000000 };
}

static struct instant midnight_after(struct date date)
{
    return at((struct date){ date.days + 1 }, 0, 0);
}

/* --- working days ------------------------------------------------------------------------------------------------ */

/* 国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号. */
static void test_known_days(void **state)
{
    static const struct {
        struct civil date;
        bool is_working;
    } known[] = {
        { { 2024, 2, 4 }, true },   { { 2024, 2, 9 }, true },   { { 2024, 2, 10 }, false }, { { 2024, 2, 16 }, false },
        { { 2024, 2, 18 }, true },  { { 2024, 4, 4 }, false },  { { 2024, 4, 7 }, true },   { { 2024, 9, 14 }, true },
        { { 2024, 10, 7 }, false }, { { 2024, 10, 8 }, true },  { { 2024, 10, 12 }, true }, { { 2025, 1, 26 }, true },
        { { 2025, 1, 28 }, false }, { { 2025, 2, 4 }, false },  { { 2025, 2, 8 }, true },   { { 2025, 10, 8 }, false },
        { { 2025, 10, 11 }, true }, { { 2025, 11, 24 }, true }, { { 2026, 2, 14 }, true },  { { 2026, 2, 23 }, false },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(known); i++) {
        struct date date = date_of_civil(known[i].date);
        if (workdays_is_working(&built, date) != known[i].is_working)
            fail_msg("%d-%d-%d", known[i].date.year, known[i].date.month, known[i].date.day);
    }
    for (int year = 2004; year <= 2026; year++) /* by law 104 free weekends and 11 to 13 holidays */
        assert_in_range(workdays_count(&built, day(year - 1, 12, 31), day(year, 12, 31)), year == 2004 ? 240 : 246, 254);
}

static void test_telling(void **state)
{
    static struct workdays told;
    struct workdays_exception holiday = { day(2030, 1, 1), false }, weekend = { day(2030, 1, 5), false };
    struct workdays_exception elsewhere = { day(2031, 1, 1), false }, weekday = { day(2030, 1, 7), true };
    struct date found;
    ptrdiff_t bad = -1;
    int year = 0;
    (void)state;
    assert_false(workdays_knows(&told, 2030));
    assert_true(workdays_tell(&told, 2030, &holiday, 1, &bad));
    assert_true(workdays_knows(&told, 2030));
    assert_false(workdays_is_working(&told, day(2030, 1, 1)));
    assert_true(workdays_is_working(&told, day(2030, 1, 2)));
    const struct workdays_exception wrong[] = { elsewhere, weekend, weekday };
    for (ptrdiff_t i = 0; i < COUNT_OF(wrong); i++) {
        struct workdays_exception two[] = { holiday, wrong[i] };
        assert_false(workdays_tell(&told, 2030, two, 2, &bad));
        assert_int_equal(bad, 1);
        assert_false(workdays_is_working(&told, day(2030, 1, 1))); /* as it was */
    }
    assert_true(workdays_tell(&told, 2030, NULL, 0, &bad)); /* anew */
    assert_true(workdays_is_working(&told, day(2030, 1, 1)));
    assert_true(workdays_after(&told, day(2030, 12, 30), 1, &found, &year));
    assert_int_equal(found.days, day(2030, 12, 31).days);
    assert_false(workdays_after(&told, day(2030, 12, 30), 2, &found, &year));
    assert_int_equal(year, 2031);
    assert_false(workdays_after(&told, day(2029, 12, 30), 1, &found, &year));
    assert_int_equal(year, 2029);
    assert_false(workdays_knows(&told, 1999));
    assert_false(workdays_knows(&told, 2100));
}

/* --- due, case by case --------------------------------------------------------------------------------------------- */

static void check_due(const struct time_limit *limit, const struct clock_history *history, struct instant expected)
{
    struct instant due;
    int year = 0;
    assert_true(clock_history_holds(history));
    assert_true(clock_due(limit, history, &built, &due, &year));
    assert_int_equal(due.us, expected.us);
}

/* 12345 in Guangdong: an inquiry is answered in two working days. */
static void test_working_days(void **state)
{
    const struct time_limit two = { CLOCK_WORKING_DAYS, 2, false };
    struct clock_history history = { .started = at(day(2026, 11, 24), 9, 0) }; /* a Tuesday */
    (void)state;
    check_due(&two, &history, midnight_after(day(2026, 11, 26)));
    history.started = at(day(2026, 11, 27), 23, 59);
    check_due(&two, &history, midnight_after(day(2026, 12, 1)));
    history.started = at(day(2026, 11, 28), 10, 0); /* on a Saturday: the same */
    check_due(&two, &history, midnight_after(day(2026, 12, 1)));
    history.started = at(day(2024, 9, 30), 10, 0); /* over the National Day, with a make-up Saturday behind it */
    const struct time_limit five = { CLOCK_WORKING_DAYS, 5, false };
    check_due(&five, &history, midnight_after(day(2024, 10, 12)));
}

static void test_days(void **state)
{
    const struct time_limit fifteen = { CLOCK_DAYS, 15, false }, moving = { CLOCK_DAYS, 15, true };
    const struct clock_history to_national_day = { .started = at(day(2025, 9, 16), 0, 0) };
    (void)state;
    check_due(&fifteen, &to_national_day, midnight_after(day(2025, 10, 1)));
    check_due(&moving, &to_national_day, midnight_after(day(2025, 10, 9)));
}

static void test_hours(void **state)
{
    const struct time_limit limit = { CLOCK_HOURS, 24, false };
    const struct clock_pause pauses[] = { { at(day(2026, 11, 28), 20, 0), at(day(2026, 11, 29), 8, 0) } };
    const struct clock_history history = { at(day(2026, 11, 28), 10, 30), pauses, 1 };
    const struct clock_history without = { .started = history.started };
    (void)state;
    check_due(&limit, &without, at(day(2026, 11, 29), 10, 30));
    check_due(&limit, &history, at(day(2026, 11, 29), 22, 30));
}

static void test_pauses(void **state)
{
    const struct time_limit three = { CLOCK_WORKING_DAYS, 3, false };
    struct clock_pause pause = { at(day(2026, 11, 25), 16, 0), at(day(2026, 11, 25), 17, 0) };
    struct clock_history history = { at(day(2026, 11, 24), 9, 0), &pause, 1 };
    (void)state;
    check_due(&three, &history, midnight_after(day(2026, 11, 27))); /* within a day: nothing is gained */
    pause.to = at(day(2026, 11, 27), 9, 0);
    check_due(&three, &history, midnight_after(day(2026, 12, 1))); /* two days lost, 27 counts */
    pause.from = at(day(2026, 11, 28), 0, 0);
    pause.to = at(day(2026, 12, 20), 0, 0);
    check_due(&three, &history, midnight_after(day(2026, 11, 27))); /* after it was due */
}

static void test_bad_histories(void **state)
{
    struct instant noon = at(day(2026, 11, 24), 12, 0), one = at(day(2026, 11, 24), 13, 0), two = at(day(2026, 11, 24), 14, 0);
    const struct clock_pause backwards[] = { { two, one } }, empty[] = { { one, one } }, early[] = { { noon, two } };
    const struct clock_pause overlapping[] = { { noon, two }, { one, at(day(2026, 11, 24), 15, 0) } };
    (void)state;
    assert_false(clock_history_holds(&(struct clock_history){ noon, backwards, 1 }));
    assert_false(clock_history_holds(&(struct clock_history){ noon, empty, 1 }));
    assert_false(clock_history_holds(&(struct clock_history){ one, early, 1 }));
    assert_false(clock_history_holds(&(struct clock_history){ noon, overlapping, 2 }));
    assert_true(clock_history_holds(&(struct clock_history){ noon, overlapping, 1 }));
}

static void test_a_year_not_known(void **state)
{
    const struct time_limit ten = { CLOCK_WORKING_DAYS, 10, false }, days = { CLOCK_DAYS, 60, false }, moving = { CLOCK_DAYS, 60, true };
    const struct clock_history history = { .started = at(day(2026, 12, 25), 9, 0) };
    struct instant due;
    int year = 0;
    (void)state;
    assert_false(clock_due(&ten, &history, &built, &due, &year));
    assert_int_equal(year, 2027);
    assert_true(clock_due(&days, &history, &built, &due, &year)); /* days need no calendar */
    year = 0;
    assert_false(clock_due(&moving, &history, &built, &due, &year));
    assert_int_equal(year, 2027);
}

/* --- due, a million times ------------------------------------------------------------------------------------------ */

enum { HISTORIES = 1000000, PAUSES_MAX = 4, DAYS_FIRST = 12418, DAYS_MODEL = 8400 };

static bool model_works[DAYS_MODEL]; /* from 2004-01-01 on */

static void fill_model(void)
{
    for (int32_t i = 0; i < DAYS_MODEL; i++) /* to the end of 2026 */
        model_works[i] = i <= day(2026, 12, 31).days - DAYS_FIRST && workdays_is_working(&built, (struct date){ DAYS_FIRST + i });
}

/* The law, word for word: day after day, looking at each midnight whether the clock was running. */
static struct instant model_days(const struct time_limit *limit, const struct clock_history *history)
{
    struct date date = date_of(history->started);
    for (int32_t left = limit->amount; left > 0;) {
        date.days++;
        bool is_lost = limit->unit == CLOCK_WORKING_DAYS && !model_works[date.days - DAYS_FIRST];
        int64_t midnight = midnight_after(date).us;
        for (ptrdiff_t i = 0; i < history->pause_count; i++)
            is_lost = is_lost || (history->pauses[i].from.us < midnight && midnight <= history->pauses[i].to.us);
        left -= !is_lost;
    }
    while (limit->moves_to_working_day && !model_works[date.days - DAYS_FIRST])
        date.days++;
    return midnight_after(date);
}

/* In steps of ten minutes, of which all times here are whole numbers. */
static struct instant model_hours(const struct time_limit *limit, const struct clock_history *history)
{
    const int64_t STEP_US = INT64_C(600) * 1000000;
    struct instant now = history->started;
    for (int32_t left = limit->amount * 6; left > 0; now.us += STEP_US) {
        bool is_paused = false;
        for (ptrdiff_t i = 0; i < history->pause_count; i++)
            is_paused = is_paused || (history->pauses[i].from.us <= now.us && now.us < history->pauses[i].to.us);
        left -= !is_paused;
    }
    return now;
}

static uint64_t random_state = 88172645463325252u;

static int64_t pick(int64_t from, int64_t to)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return from + (int64_t)(random_state % (uint64_t)(to - from + 1));
}

static void make_history(struct clock_history *history, struct clock_pause pauses[PAUSES_MAX])
{
    const int64_t STEP_US = INT64_C(600) * 1000000, A_DAY = 144;
    struct date date = { (int32_t)pick(DAYS_FIRST, DAYS_FIRST + 8000) }; /* to 2025-11: what follows ends in 2026 */
    struct instant free_from = at(date, (int)pick(0, 23), (int)pick(0, 5) * 10);
    *history = (struct clock_history){ free_from, pauses, pick(0, PAUSES_MAX) };
    for (ptrdiff_t i = 0; i < history->pause_count; i++) {
        int64_t to_midnight = A_DAY - (free_from.us / STEP_US + 48) % A_DAY;
        int64_t until = pick(0, 3) == 0 ? to_midnight : pick(0, 9 * A_DAY);
        pauses[i].from.us = free_from.us + until * STEP_US;
        pauses[i].to.us = pauses[i].from.us + (pick(0, 3) == 0 ? A_DAY * pick(1, 4) : pick(1, 9 * A_DAY)) * STEP_US;
        free_from = pauses[i].to;
    }
}

static void test_a_million_histories(void **state)
{
    (void)state;
    fill_model();
    for (int n = 0; n < HISTORIES; n++) {
        struct clock_pause pauses[PAUSES_MAX];
        struct clock_history history;
        struct time_limit limit = { (enum clock_unit)pick(CLOCK_DAYS, CLOCK_HOURS), 0, false };
        struct instant due;
        int year;
        make_history(&history, pauses);
        limit.amount = (int32_t)pick(1, limit.unit == CLOCK_HOURS ? 72 : 90);
        limit.moves_to_working_day = limit.unit == CLOCK_DAYS && pick(0, 1) == 1;
        struct instant expected = limit.unit == CLOCK_HOURS ? model_hours(&limit, &history) : model_days(&limit, &history);
        if (!clock_history_holds(&history) || !clock_due(&limit, &history, &built, &due, &year) || due.us != expected.us)
            fail_msg("history %d: unit %d, %d, %td pauses", n, (int)limit.unit, (int)limit.amount, history.pause_count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_days), cmocka_unit_test(test_telling),       cmocka_unit_test(test_working_days),
        cmocka_unit_test(test_days),       cmocka_unit_test(test_hours),         cmocka_unit_test(test_pauses),
        cmocka_unit_test(test_bad_histories), cmocka_unit_test(test_a_year_not_known), cmocka_unit_test(test_a_million_histories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
