/*
 * base_str_test.c - views of text, and text that grows up to a maximum.
 */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void assert_str(struct str s, const char *expected)
{
    if (!str_equal(s, str_of(expected)))
        fail_msg("'%.*s', expected '%s'", STR_ARG(s), expected);
}

static void test_empty(void **state)
{
    static const struct str empty = { 0 };
    (void)state;
    assert_int_equal(str_of(NULL).len, 0);
    assert_true(str_equal(empty, STR("")) && str_compare(empty, STR("")) == 0);
    assert_true(str_starts(empty, empty) && str_starts(STR("a"), empty) && str_ends(STR("a"), empty));
    assert_int_equal(str_find(STR("a"), empty), 0);
    assert_int_equal(str_find(empty, empty), 0);
    assert_int_equal(str_find(empty, STR("a")), -1);
    assert_str(str_trim(empty), "");
    assert_str(str_slice(empty, 0, 0), "");
}

static void test_comparing(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("b")) < 0 && str_compare(STR("b"), STR("a")) > 0);
    assert_true(str_compare(STR("a"), STR("aa")) < 0 && str_compare(STR(""), STR("a")) < 0);
    assert_true(str_compare(STR("z"), STR("中")) < 0); /* by code point */
    assert_true(str_starts(STR("顺德区"), STR("顺德")) && str_ends(STR("顺德区"), STR("区")));
    assert_false(str_starts(STR("ab"), STR("abc")) || str_ends(STR("ab"), STR("xab")));
    assert_false(str_equal(STR("a\0b"), STR("a\0c")));
    assert_int_equal(str_find(STR("北滘镇北滘"), STR("北滘")), 0);
    assert_int_equal(str_find(STR("aab"), STR("ab")), 1);
    assert_int_equal(str_find(STR("ab"), STR("abc")), -1);
}

static void test_trimming(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t\r\na b\n ")), "a b");
    assert_str(str_trim(STR("\xE3\x80\x80" "甲 乙\xE3\x80\x80 ")), "甲 乙");
    assert_str(str_trim(STR("  \xE3\x80\x80")), "");
    assert_str(str_trim(STR("\xC2\xA0" "a")), "\xC2\xA0" "a"); /* a no-break space was meant */
}

static void test_cutting(void **state)
{
    struct str head, rest = STR("a=b=c");
    (void)state;
    assert_true(str_cut(rest, '=', &head, &rest)); /* the result may be written over what is cut */
    assert_str(head, "a");
    assert_str(rest, "b=c");
    assert_true(str_cut(STR("="), '=', &head, &rest));
    assert_true(head.len == 0 && rest.len == 0);
    assert_false(str_cut(STR("abc"), '=', &head, &rest));
    assert_str(head, "abc");
    assert_int_equal(rest.len, 0);
    assert_false(str_cut(STR(""), '=', &head, &rest));
}

static void test_copies(void **state)
{
    struct arena arena = { 0 };
    char text[] = "before";
    (void)state;
    struct str copy = str_copy(&arena, str_of(text));
    const char *z = str_z(&arena, str_slice(copy, 0, 3));
    memcpy(text, "after!", 6);
    assert_str(copy, "before");
    assert_string_equal(z, "bef");
    assert_string_equal(str_z(&arena, (struct str){ 0 }), "");
    assert_str(str_format(&arena, "%d %s %.*s", 7, "中", STR_ARG(copy)), "7 中 before");
    assert_str(str_format(&arena, "%s", ""), "");
    struct str wide = str_format(&arena, "%5000d", 1);
    assert_int_equal(wide.len, 5000);
    assert_int_equal(wide.data[4999], '1');
    arena_release(&arena);
}

/* Past its maximum a buf stays as it was, says so, and takes nothing more, not even what would fit. */
static void test_buf_overflow(void **state)
{
    struct arena arena = { 0 };
    struct buf buf = buf_make(&arena, 10);
    (void)state;
    buf_put(&buf, STR("0123456789"));
    assert_false(buf.overflowed);
    buf_char(&buf, 'x');
    assert_true(buf.overflowed);
    assert_str(buf_str(&buf), "0123456789");

    buf = buf_make(&arena, 10);
    buf_put(&buf, STR("01234"));
    buf_put(&buf, STR("012345"));
    buf_put(&buf, STR("z"));
    buf_int(&buf, 7);
    assert_null(buf_reserve(&buf, 1));
    assert_true(buf.overflowed);
    assert_str(buf_str(&buf), "01234");

    struct buf none = buf_make(&arena, 0);
    buf_put(&none, STR(""));
    assert_false(none.overflowed);
    buf_char(&none, 'x');
    assert_true(none.overflowed && buf_str(&none).len == 0);
    arena_release(&arena);
}

static void test_buf_grows(void **state)
{
    struct arena arena = { 0 };
    struct buf buf = buf_make(&arena, 1 << 20), other = buf_make(&arena, 100);
    (void)state;
    for (int i = 0; i < 10000; i++) {
        buf_int(&buf, i);
        buf_char(&buf, ',');
        if (i % 1000 == 0)
            buf_char(&other, '.'); /* so that it cannot always grow in place */
    }
    assert_false(buf.overflowed);
    assert_true(str_starts(buf_str(&buf), STR("0,1,2,")) && str_ends(buf_str(&buf), STR(",9998,9999,")));
    assert_int_equal(buf.len, 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5);
    assert_str(buf_str(&other), "..........");
    arena_release(&arena);
}

static void test_buf_format(void **state)
{
    struct arena arena = { 0 };
    struct buf buf = buf_make(&arena, 2000);
    (void)state;
    buf_format(&buf, "%s-%04d", "a", 42);
    buf_int(&buf, INT64_MIN);
    assert_str(buf_str(&buf), "a-0042-9223372036854775808");
    buf = buf_make(&arena, 2000);
    buf_format(&buf, "%1000d", 1); /* longer than what it tries first */
    assert_int_equal(buf.len, 1000);
    buf_format(&buf, "%1001d", 1);
    assert_true(buf.overflowed);
    assert_int_equal(buf.len, 1000);
    arena_release(&arena);
}

/* A format that fills the buf to its last byte fits. */
static void test_buf_format_to_the_brim(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    for (int size = 250; size <= 300; size++) {
        struct buf buf = buf_make(&arena, size);
        buf_format(&buf, "%*d", size, 1);
        assert_false(buf.overflowed);
        assert_int_equal(buf.len, size);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),        cmocka_unit_test(test_comparing), cmocka_unit_test(test_trimming),
        cmocka_unit_test(test_cutting),      cmocka_unit_test(test_copies),    cmocka_unit_test(test_buf_overflow),
        cmocka_unit_test(test_buf_grows),    cmocka_unit_test(test_buf_format),
        cmocka_unit_test(test_buf_format_to_the_brim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
