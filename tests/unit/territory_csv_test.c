/*
 * territory_csv_test.c - CSV as RFC 4180 has it, and nothing else.
 */
#include "base/buf.h"
#include "platform/sheet/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Cells in brackets, rows on lines; on a fault what was read before it, then '!' and the detail. */
static struct str read(struct arena *arena, struct str text)
{
    struct buf out = buf_make(arena, 100000);
    struct csv csv = csv_begin(arena, text);
    struct error err;
    bool has_row;
    for (;;) {
        if (!csv_next(&csv, &has_row, &err)) {
            buf_format(&out, "!%s", err.detail);
            break;
        }
        if (!has_row)
            break;
        buf_format(&out, "%lld", (long long)csv.line);
        for (int i = 0; i < csv.count; i++)
            buf_format(&out, "[%.*s]", STR_ARG(csv.cells[i]));
        buf_char(&out, '\n');
    }
    return buf_str(&out);
}

static void test_files(void **state)
{
    static const struct {
        struct str text;
        const char *wanted;
    } cases[] = {
        { STR_INIT(""), "" },
        { STR_INIT("\xEF\xBB\xBF"), "" },
        { STR_INIT("a"), "1[a]\n" },
        { STR_INIT("a,b\nc,d\n"), "1[a][b]\n2[c][d]\n" },
        { STR_INIT("a,b\r\nc,d"), "1[a][b]\n2[c][d]\n" },
        { STR_INIT("\xEF\xBB\xBF名称,代码\n\"北滘镇\",440606102\n"), "1[名称][代码]\n2[北滘镇][440606102]\n" },
        { STR_INIT(",\n,"), "1[][]\n2[][]\n" },
        { STR_INIT("\"\",\"\"\n"), "1[][]\n" },
        { STR_INIT("\"a,b\",\"c\"\"d\"\"\"\n"), "1[a,b][c\"d\"]\n" },
        { STR_INIT("\"\"\"\"\n"), "1[\"]\n" },
        { STR_INIT("\"a\nb\r\nc\",d\ne,f\n"), "1[a\nb\r\nc][d]\n4[e][f]\n" },
        { STR_INIT(" a , \"b"), "!line 1: a quote or a line break where none may be" },
        { STR_INIT("a\n\n"), "1[a]\n2[]\n" },
        { STR_INIT("a,b\n\n"), "1[a][b]\n!line 2: 1 cells, the first row has 2" },
        { STR_INIT("a,b\nc,d,e\n"), "1[a][b]\n!line 2: 3 cells, the first row has 2" },
        { STR_INIT("\"a"), "!line 1: a quote is not closed" },
        { STR_INIT("\"a\"\""), "!line 1: a quote is not closed" },
        { STR_INIT("\""), "!line 1: a quote is not closed" },
        { STR_INIT("x\n\"a\"b\n"), "1[x]\n!line 2: a quote or a line break where none may be" },
        { STR_INIT("a\"b\n"), "!line 1: a quote or a line break where none may be" },
        { STR_INIT("a\rb\n"), "!line 1: a quote or a line break where none may be" },
        { STR_INIT("a\r"), "!line 1: a quote or a line break where none may be" },
        { STR_INIT("\"a\rb\"\n"), "!line 1: a control character" },
        { STR_INIT("a\0b\n"), "!line 1: a control character" },
        { STR_INIT("a\x7F\n"), "!line 1: a control character" },
        { STR_INIT("a\tb\n"), "1[a\tb]\n" },
        { STR_INIT("\xB1\xB1\n"), "!line 1: not UTF-8" },
        { STR_INIT("\"\xE5\x8C\""), "!line 1: not UTF-8" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct str got = read(&arena, cases[i].text);
        if (!str_equal(got, str_of(cases[i].wanted)))
            fail_msg("case %td: wanted '%s', got '%.*s'", i, cases[i].wanted, STR_ARG(got));
    }
    arena_release(&arena);
}

static struct str repeat(struct arena *arena, struct str piece, ptrdiff_t times)
{
    struct buf out = buf_make(arena, piece.len * times);
    for (ptrdiff_t i = 0; i < times; i++)
        buf_put(&out, piece);
    return buf_str(&out);
}

static void test_limits(void **state)
{
    struct arena arena = { 0 };
    struct str full = repeat(&arena, STR("x"), CSV_CELL_BYTES);
    struct error err;
    bool has_row;
    (void)state;

    struct csv csv = csv_begin(&arena, full);
    assert_true(csv_next(&csv, &has_row, &err) && has_row);
    csv = csv_begin(&arena, str_format(&arena, "%.*sx", STR_ARG(full)));
    assert_false(csv_next(&csv, &has_row, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    csv = csv_begin(&arena, str_format(&arena, "\"%.*s\"\"\"", STR_ARG(full)));
    assert_false(csv_next(&csv, &has_row, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);

    csv = csv_begin(&arena, repeat(&arena, STR(","), CSV_CELLS_MAX - 1));
    assert_true(csv_next(&csv, &has_row, &err) && csv.count == CSV_CELLS_MAX);
    csv = csv_begin(&arena, repeat(&arena, STR(","), CSV_CELLS_MAX));
    assert_false(csv_next(&csv, &has_row, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    arena_release(&arena);
}

/* Every text of up to six bytes out of those that matter is read or refused, and what is read is inside it. */
static void test_all_short_texts(void **state)
{
    static const char bytes[] = "a,\"\n\r\xE5";
    const int kinds = (int)sizeof bytes - 1;
    struct arena arena = { 0 };
    (void)state;
    for (int len = 0, count = 1; len <= 6; len++, count *= kinds) {
        for (int n = 0; n < count; n++) {
            char *text = arena_new(&arena, char, len);
            for (int i = 0, rest = n; i < len; i++, rest /= kinds)
                text[i] = bytes[rest % kinds];
            struct csv csv = csv_begin(&arena, (struct str){ text, len });
            struct error err;
            bool has_row = true;
            ptrdiff_t cells = 0;
            while (has_row && csv_next(&csv, &has_row, &err))
                for (int i = 0; has_row && i < csv.count; i++)
                    cells += csv.cells[i].len;
            assert_true(cells <= len);
            arena_reset(&arena);
        }
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_all_short_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
