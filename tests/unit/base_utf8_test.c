/*
 * base_utf8_test.c - Unicode text as RFC 3629 allows it.
 */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static bool is_surrogate(int32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

/* Every code point there is, written and read back; the surrogates are none. */
static void test_round_trip(void **state)
{
    (void)state;
    for (int32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        ptrdiff_t at = 0, len = utf8_encode(code, bytes);
        struct str s = { bytes, len };
        int expected = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        if (len != expected || utf8_next(s, &at) != (is_surrogate(code) ? -1 : code))
            fail_msg("U+%04X", (unsigned)code);
        if (!is_surrogate(code) && (at != len || utf8_count(s) != 1 || !utf8_is_valid(s)))
            fail_msg("U+%04X", (unsigned)code);
    }
}

static void test_what_is_none(void **state)
{
    static const struct str cases[] = {
        STR_INIT("\x80"),             /* begins in the middle */
        STR_INIT("\xBF"),
        STR_INIT("\xC0\x80"),         /* overlong NUL */
        STR_INIT("\xC1\xBF"),
        STR_INIT("\xE0\x80\xAF"),     /* overlong slash */
        STR_INIT("\xE0\x9F\xBF"),
        STR_INIT("\xF0\x80\x80\xAF"),
        STR_INIT("\xF0\x8F\xBF\xBF"),
        STR_INIT("\xED\xA0\x80"),     /* surrogates */
        STR_INIT("\xED\xBF\xBF"),
        STR_INIT("\xF4\x90\x80\x80"), /* past U+10FFFF */
        STR_INIT("\xF5\x80\x80\x80"),
        STR_INIT("\xFE"),
        STR_INIT("\xFF"),
        STR_INIT("\xC2"),             /* cut off */
        STR_INIT("\xE4\xB8"),
        STR_INIT("\xF0\xA0\xAE"),
        STR_INIT("\xE4\xB8" "a"),     /* broken off by another character */
        STR_INIT("\xC2\xC2\xA9"),
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        ptrdiff_t at = 0;
        if (utf8_is_valid(cases[i]) || utf8_next(cases[i], &at) != -1 || at != 1)
            fail_msg("case %td", i);
    }
}

/* Behind a broken byte reading goes on with the next one. */
static void test_going_on(void **state)
{
    static const struct str text = STR_INIT("\xE4\xB8" "a\xFF" "中");
    static const int32_t expected[] = { -1, -1, 'a', -1, 0x4E2D };
    ptrdiff_t at = 0;
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(utf8_next(text, &at), expected[i]);
    assert_int_equal(at, text.len);
    assert_int_equal(utf8_count(text), COUNT_OF(expected));
}

static void test_counting(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(STR("")), 0);
    assert_int_equal(utf8_count(STR("顺德 Shunde")), 9);
    assert_int_equal(utf8_count(STR("𠮷")), 1);
    assert_true(utf8_is_valid(STR("")) && utf8_is_valid(STR("a\0b")));
}

static void test_controls(void **state)
{
    (void)state;
    for (char c = 1; c < 0x20; c++)
        assert_int_equal(utf8_has_control((struct str){ &c, 1 }), c != '\t' && c != '\n' && c != '\r');
    assert_true(utf8_has_control(STR("a\0b")) && utf8_has_control(STR("a\x7F")));
    assert_false(utf8_has_control(STR("顺德\t区\r\n")));
    assert_false(utf8_has_control(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_what_is_none), cmocka_unit_test(test_going_on),
        cmocka_unit_test(test_counting),   cmocka_unit_test(test_controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
