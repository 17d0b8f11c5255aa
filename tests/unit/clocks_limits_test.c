/*
 * clocks_limits_test.c - which time limit holds, where several could.
 */
#include "features/clocks/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define NATION INT64_C(0)
#define GUANGDONG INT64_C(440000000000)
#define SHUNDE INT64_C(440606000000)
#define BEIJIAO INT64_C(440606102000)

static struct date day(int year, int month, int day)
{
    return date_of_civil((struct civil){ year, month, day });
}

/* Holds for anything everywhere in 2026 and 2027, unless the test narrows it. */
static struct limit_entry wide(int64_t number)
{
    return (struct limit_entry){ .number = number,
                                 .kind = CLOCK_CLOSE,
                                 .runs = { CLOCK_DAYS, 10, false },
                                 .valid_from = day(2026, 1, 1),
                                 .valid_to = day(2028, 1, 1) };
}

static struct limit_question question(void)
{
    return (struct limit_question){ .kind = CLOCK_CLOSE,
                                    .type = MATTER_COMPLAINT,
                                    .channel = CHANNEL_HOTLINE_12345,
                                    .division = { BEIJIAO },
                                    .line = { 3 },
                                    .on = day(2026, 11, 24) };
}

/* 0: none. */
static int64_t chosen_of(struct limit_entry *entries, ptrdiff_t n, struct limit_question asked)
{
    const struct limit_entry *limit = limits_choose((struct limits){ entries, n }, &asked);
    return limit ? limit->number : 0;
}

/* Whatever the order they stand in. */
static void assert_first_wins(struct limit_entry a, struct limit_entry b)
{
    struct limit_entry there[] = { a, b }, back[] = { b, a };
    assert_int_equal(chosen_of(there, 2, question()), a.number);
    assert_int_equal(chosen_of(back, 2, question()), a.number);
}

static void none_holds_for_something_else(void **state)
{
    struct limit_question asked = question();
    struct limit_entry one = wide(1);
    (void)state;
    assert_int_equal(chosen_of(NULL, 0, asked), 0);
    assert_int_equal(chosen_of(&one, 1, asked), 1);
    one.kind = CLOCK_NOTIFY;
    assert_int_equal(chosen_of(&one, 1, asked), 0);
    one = wide(1);
    one.type = MATTER_INQUIRY;
    assert_int_equal(chosen_of(&one, 1, asked), 0);
    one = wide(1);
    one.channel = CHANNEL_COUNTER;
    assert_int_equal(chosen_of(&one, 1, asked), 0);
    one = wide(1);
    one.line = (struct line){ 2 };
    assert_int_equal(chosen_of(&one, 1, asked), 0);
    one = wide(1);
    one.division = (struct division){ INT64_C(440605000000) };
    assert_int_equal(chosen_of(&one, 1, asked), 0);
}

static void it_holds_from_its_first_day_to_the_one_before_its_end(void **state)
{
    struct limit_entry one = wide(1);
    struct limit_question asked = question();
    static const struct {
        struct civil on;
        int64_t number;
    } days[] = { { { 2025, 12, 31 }, 0 }, { { 2026, 1, 1 }, 1 }, { { 2027, 12, 31 }, 1 }, { { 2028, 1, 1 }, 0 } };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(days); i++) {
        asked.on = date_of_civil(days[i].on);
        assert_int_equal(chosen_of(&one, 1, asked), days[i].number);
    }
    one.valid_to = one.valid_from; /* taken back before it held */
    asked.on = one.valid_from;
    assert_int_equal(chosen_of(&one, 1, asked), 0);
}

/* A matter of no line: what is for one line is not for it. */
static void no_line_is_not_every_line(void **state)
{
    struct limit_entry entries[] = { wide(1), wide(2) };
    struct limit_question asked = question();
    (void)state;
    entries[1].line = (struct line){ 3 };
    assert_int_equal(chosen_of(entries, 2, asked), 2);
    asked.line = (struct line){ 0 };
    assert_int_equal(chosen_of(entries, 2, asked), 1);
}

enum part { PART_DIVISION, PART_LINE, PART_CHANNEL, PART_TYPE, PART_NUMBER, PART_COUNT };

/* One that names these parts, as bits. */
static struct limit_entry narrowed(int64_t number, unsigned parts)
{
    struct limit_entry entry = wide(number);
    entry.division = (struct division){ parts >> PART_DIVISION & 1 ? SHUNDE : GUANGDONG };
    entry.line = (struct line){ parts >> PART_LINE & 1 ? 3 : 0 };
    entry.channel = parts >> PART_CHANNEL & 1 ? CHANNEL_HOTLINE_12345 : (enum matter_channel)0;
    entry.type = parts >> PART_TYPE & 1 ? MATTER_COMPLAINT : (enum matter_type)0;
    return entry;
}

/* Every pair of the sixteen: what comes first in the order decides, whatever comes after. */
static void the_order_decides_all_ties(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 1U << PART_NUMBER; a++) {
        for (unsigned b = 0; b < 1U << PART_NUMBER; b++) {
            struct limit_entry older = narrowed(1, a), newer = narrowed(2, b);
            int part = PART_DIVISION;
            while (part < PART_NUMBER && (a >> part & 1) == (b >> part & 1))
                part++;
            bool is_older = part < PART_NUMBER && (a >> part & 1) == 1;
            assert_first_wins(is_older ? older : newer, is_older ? newer : older);
        }
    }
}

static void the_deepest_of_many_levels_wins(void **state)
{
    static const int64_t codes[] = { NATION, GUANGDONG, INT64_C(440600000000), SHUNDE, BEIJIAO };
    struct limit_entry entries[COUNT_OF(codes)];
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(codes); i++) {
        entries[i] = wide(COUNT_OF(codes) - i); /* the deeper the older, so that its age does not help */
        entries[i].division = (struct division){ codes[i] };
        assert_int_equal(chosen_of(entries, i + 1, question()), entries[i].number);
    }
}

static void one_is_found_by_its_number(void **state)
{
    struct limit_entry entries[] = { wide(1), wide(7) };
    struct limits limits = { entries, COUNT_OF(entries) };
    (void)state;
    assert_ptr_equal(limits_find(limits, 7), &entries[1]);
    assert_null(limits_find(limits, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_holds_for_something_else),
        cmocka_unit_test(it_holds_from_its_first_day_to_the_one_before_its_end),
        cmocka_unit_test(no_line_is_not_every_line),
        cmocka_unit_test(the_order_decides_all_ties),
        cmocka_unit_test(the_deepest_of_many_levels_wins),
        cmocka_unit_test(one_is_found_by_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
