/*
 * territory_pinyin_test.c - the initials of names, as the generated table has them.
 */
#include "features/territory/pinyin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_names(void **state)
{
    static const struct {
        struct str name;
        const char *initials;
    } cases[] = {
        { STR_INIT("北滘镇"), "bjz" },
        { STR_INIT("乐从镇"), "lcz" },
        { STR_INIT("重庆市"), "cqs" },
        { STR_INIT("顺德区"), "sdq" },
        { STR_INIT("大良街道"), "dljd" },
        { STR_INIT("龙江镇"), "ljz" },
        { STR_INIT("长沙市"), "css" },
        { STR_INIT("121街社区居委会"), "121jsqjwh" },
        { STR_INIT("Ab 厂（东）区"), "abcdq" },
        { STR_INIT(""), "" },
        { STR_INIT("\xE5\x8C"), "" },     /* cut short */
        { STR_INIT("𡐓村"), "c" },        /* beyond the table */
        { STR_INIT("\xE9\xBF\xBF一"), "y" }, /* its last place, where nothing is known, and its first */
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct str got = pinyin_initials(&arena, cases[i].name);
        if (!str_equal(got, str_of(cases[i].initials)))
            fail_msg("%.*s: wanted '%s', got '%.*s'", STR_ARG(cases[i].name), cases[i].initials, STR_ARG(got));
    }
    arena_release(&arena);
}

static void test_the_table_has_letters_only(void **state)
{
    (void)state;
    for (int c = PINYIN_FIRST; c <= PINYIN_LAST; c++) {
        char letter = pinyin_table[c - PINYIN_FIRST];
        assert_true(letter == '?' || (letter >= 'a' && letter <= 'z'));
    }
    assert_int_equal(pinyin_table[PINYIN_LAST - PINYIN_FIRST + 1], '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_the_table_has_letters_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
