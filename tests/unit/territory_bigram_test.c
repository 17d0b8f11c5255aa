/*
 * territory_bigram_test.c - what people type, as an expression for the full-text index; and as JSON.
 */
#include "platform/db/bigram_query.h"
#include "platform/web/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void assert_str(struct str got, const char *wanted)
{
    if (!str_equal(got, str_of(wanted)))
        fail_msg("wanted '%s', got '%.*s'", wanted, STR_ARG(got));
}

static void test_expressions(void **state)
{
    static const struct {
        struct str text;
        const char *wanted;
    } cases[] = {
        { STR_INIT(""), "" },
        { STR_INIT(" \t,.!"), "" },
        { STR_INIT("北"), "\"北\" *" },
        { STR_INIT("北滘"), "\"北滘\"" },
        { STR_INIT("北滘镇"), "\"北滘\" AND \"滘镇\"" },
        { STR_INIT("北 滘镇"), "\"北\" * AND \"滘镇\"" },
        { STR_INIT("北滘BJZ"), "\"北滘\" AND \"bjz\" *" },
        { STR_INIT("ＢＪ　北"), "\"bj\" * AND \"北\" *" },
        { STR_INIT("a b"), "\"a\" * AND \"b\" *" },
        { STR_INIT("顺\" OR name:* NEAR(a)"), "\"顺\" * AND \"or\" * AND \"name\" * AND \"near\" * AND \"a\" *" },
        { STR_INIT("-^(){}'*+"), "" },
        { STR_INIT("𡐓村"), "\"𡐓村\"" },
        { STR_INIT("\xE5\x8C滘"), "\"滘\" *" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        assert_str(bigram_query(&arena, cases[i].text), cases[i].wanted);
    arena_release(&arena);
}

static void test_too_much_is_nothing(void **state)
{
    struct arena arena = { 0 };
    struct buf text = buf_make(&arena, 100000);
    (void)state;
    while (text.len < 50000)
        buf_put(&text, STR("镇"));
    assert_str(bigram_query(&arena, buf_str(&text)), "");
    arena_release(&arena);
}

static void test_folding(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    assert_str(bigram_fold(&arena, STR("ＢＪ１２　Ab北")), "bj12 ab北");
    assert_str(bigram_fold(&arena, STR("\xE5\x8C")), "\xEF\xBF\xBD\xEF\xBF\xBD");
    arena_release(&arena);
}

static void test_json(void **state)
{
    static const struct {
        struct str text;
        const char *wanted;
    } cases[] = {
        { STR_INIT(""), "\"\"" },
        { STR_INIT("北滘 a"), "\"北滘 a\"" },
        { STR_INIT("\"\\"), "\"\\u0022\\u005c\"" },
        { STR_INIT("</script>&"), "\"\\u003c/script\\u003e\\u0026\"" },
        { STR_INIT("\n\0\x7F"), "\"\\u000a\\u0000\\u007f\"" },
        { STR_INIT("\xE2\x80\xA8\xE2\x80\xA9"), "\"\\u2028\\u2029\"" },
        { STR_INIT("\xFFx"), "\"\\ufffdx\"" },
        { STR_INIT("䄢"), "\"䄢\"" }, /* U+4122: ends in the byte of a quote */
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = buf_make(&arena, 1000);
        json_put_str(&out, cases[i].text);
        assert_str(buf_str(&out), cases[i].wanted);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_too_much_is_nothing),
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
