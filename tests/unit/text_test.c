/*
 * text_test.c - forms as tools/msgc makes them, in both languages.
 */
#include "platform/i18n/text.h"

#include <limits.h>
#include <stdio.h>

static const struct text_key rows_imported = {
    .name = "rows_imported",
    .forms = { [LANG_ZH] = STR_INIT("{1}：导入 {0} 行"), [LANG_EN] = STR_INIT("{1}: {0} {0?row:rows} imported") },
};
static const struct text_key term_ends = {
    .name = "term_ends",
    .forms = { [LANG_ZH] = STR_INIT("{0}"), [LANG_EN] = STR_INIT("{{{0}} until {0}") },
};
static const struct text_key four = {
    .name = "four",
    .forms = { [LANG_ZH] = STR_INIT("{3}{2}{1}{0}"), [LANG_EN] = STR_INIT("{0}{1}{2}{3}{0?!:}") },
};
static const struct text_key plain = {
    .name = "plain",
    .forms = { [LANG_ZH] = STR_INIT("保存"), [LANG_EN] = STR_INIT("Save") },
};

struct tap {
    struct arena arena;
    int tests, failures;
};

static void expect(struct tap *tap, struct str got, struct str want)
{
    bool is_same = str_equal(got, want);
    tap->tests++;
    tap->failures += !is_same;
    printf("%sok %d - %.*s\n", is_same ? "" : "not ", tap->tests, STR_ARG(want));
    if (!is_same)
        printf("# got: %.*s\n", STR_ARG(got));
}

static void test_ints(struct tap *tap)
{
    static const struct { int64_t n; struct str want; } cases[] = {
        { 0, STR_INIT("0") },
        { 7, STR_INIT("7") },
        { 999, STR_INIT("999") },
        { 1000, STR_INIT("1,000") },
        { 1312, STR_INIT("1,312") },
        { 100000, STR_INIT("100,000") },
        { 1234567, STR_INIT("1,234,567") },
        { -1, STR_INIT("-1") },
        { -999, STR_INIT("-999") },
        { -1000, STR_INIT("-1,000") },
        { INT64_MAX, STR_INIT("9,223,372,036,854,775,807") },
        { INT64_MIN, STR_INIT("-9,223,372,036,854,775,808") },
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = buf_make(&tap->arena, 64);
        text_put_int(&out, cases[i].n);
        expect(tap, buf_str(&out), cases[i].want);
    }
}

static void expect_text(struct tap *tap, enum lang lang, struct text text, struct str want)
{
    expect(tap, text_in(&tap->arena, lang, text), want);
}

static struct text imported(int64_t n, struct str name)
{
    return (struct text){ .key = &rows_imported, .args = { text_arg_int(n), text_arg_str(name) } };
}

static void test_texts(struct tap *tap)
{
    struct text none = { 0 };
    struct date day = date_of_civil((struct civil){ 2026, 11, 24 });
    struct text until = { .key = &term_ends, .args = { text_arg_date(day) } };
    struct text all = { .key = &four,
                        .args = { text_arg_int(1), text_arg_str(STR("二")), text_arg_date(day), text_arg_int(-4000) } };

    expect_text(tap, LANG_ZH, none, STR(""));
    expect_text(tap, LANG_ZH, (struct text){ .key = &plain }, STR("保存"));
    expect_text(tap, LANG_EN, (struct text){ .key = &plain }, STR("Save"));
    expect_text(tap, LANG_ZH, imported(1312, STR("乐从镇")), STR("乐从镇：导入 1,312 行"));
    expect_text(tap, LANG_EN, imported(1312, STR("Lecong")), STR("Lecong: 1,312 rows imported"));
    expect_text(tap, LANG_EN, imported(1, STR("Lecong")), STR("Lecong: 1 row imported"));
    expect_text(tap, LANG_EN, imported(0, STR("")), STR(": 0 rows imported"));
    /* an argument is data: what looks like a form in it stays as it is */
    expect_text(tap, LANG_EN, imported(-1, STR("{0}{")), STR("{0}{: -1 rows imported"));
    expect_text(tap, LANG_ZH, until, STR("2026-11-24"));
    expect_text(tap, LANG_EN, until, STR("{2026-11-24} until 2026-11-24"));
    expect_text(tap, LANG_ZH, all, STR("-4,0002026-11-24二1"));
    expect_text(tap, LANG_EN, all, STR("1二2026-11-24-4,000!"));
}

/* A text that passes the maximum of its buf leaves a mark there, as everything written does. */
static void test_overflow(struct tap *tap)
{
    struct buf out = buf_make(&tap->arena, 8);
    text_put(&out, LANG_EN, imported(1312, STR("Lecong")));
    expect(tap, out.overflowed ? STR("overflowed") : STR("fits"), STR("overflowed"));
}

int main(void)
{
    struct tap tap = { 0 };
    test_ints(&tap);
    test_texts(&tap);
    test_overflow(&tap);
    printf("1..%d\n", tap.tests);
    arena_release(&tap.arena);
    return tap.failures > 0;
}
