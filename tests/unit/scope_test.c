/*
 * scope_test.c - divisions as paths, and what several grants make of what was asked for.
 */
#include "platform/access/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define NATION ((struct division){ 0 })
#define GUANGDONG ((struct division){ INT64_C(440000000000) })
#define FOSHAN ((struct division){ INT64_C(440600000000) })
#define SHUNDE ((struct division){ INT64_C(440606000000) })
#define BEIJIAO ((struct division){ INT64_C(440606102000) })
#define VILLAGE ((struct division){ INT64_C(440606102001) })
#define DALIANG ((struct division){ INT64_C(440606005000) })
#define NANHAI ((struct division){ INT64_C(440605000000) })

static const struct capability read_it = { .name = "read", .roles = HAS_ALL };
static const struct capability edit_it = { .name = "edit", .roles = HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER) };

/* --- divisions --------------------------------------------------------------------------------------------------- */

static void test_the_path_of_a_code(void **state)
{
    static const struct {
        struct division code, parent, last;
        enum division_level level;
        const char *text;
    } cases[] = {
        { { 0 }, { 0 }, { INT64_C(999999999999) }, DIVISION_NATION, "0" },
        { { INT64_C(440000000000) }, { 0 }, { INT64_C(449999999999) }, DIVISION_PROVINCE, "44" },
        { { INT64_C(440600000000) }, { INT64_C(440000000000) }, { INT64_C(440699999999) }, DIVISION_CITY, "4406" },
        { { INT64_C(440606000000) }, { INT64_C(440600000000) }, { INT64_C(440606999999) }, DIVISION_DISTRICT, "440606" },
        { { INT64_C(440606102000) }, { INT64_C(440606000000) }, { INT64_C(440606102999) }, DIVISION_TOWN, "440606102" },
        { { INT64_C(440606102001) }, { INT64_C(440606102000) }, { INT64_C(440606102001) }, DIVISION_VILLAGE,
          "440606102001" },
        { { INT64_C(10000000000) }, { 0 }, { INT64_C(19999999999) }, DIVISION_PROVINCE, "01" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct division back, code = cases[i].code;
        assert_int_equal(division_level(code), cases[i].level);
        assert_int_equal(division_parent(code).code, cases[i].parent.code);
        assert_int_equal(division_last(code).code, cases[i].last.code);
        assert_string_equal(str_z(&arena, division_text(&arena, code)), cases[i].text);
        assert_true(division_parse(str_of(cases[i].text), &back));
        assert_int_equal(back.code, code.code);
        assert_int_equal(division_at(code, cases[i].level).code, code.code);
    }
    assert_int_equal(division_at(VILLAGE, DIVISION_CITY).code, FOSHAN.code);
    assert_int_equal(division_district(VILLAGE), 440606);
    assert_int_equal(division_district(NATION), 0);
    arena_release(&arena);
}

static void test_parsing(void **state)
{
    static const char *const bad[] = { "",     "4",     "440",    "44060",        "4406061020",    "00",
                                       "-440606", "44060x", "４４", " 44",          "44 ",           "4406061020011",
                                       "-1",   "+4",    "0000",   "44060610200１", "44.60610200" };
    struct division division = { 7 };
    struct line line = { 7 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(bad); i++)
        if (division_parse(str_of(bad[i]), &division))
            fail_msg("'%s' is no division", bad[i]);
    assert_int_equal(division.code, 7);
    assert_true(division_parse(STR("440606000000"), &division));
    assert_int_equal(division.code, SHUNDE.code);
    assert_false(line_parse(STR("100"), &line) || line_parse(STR("-1"), &line) || line_parse(STR(""), &line));
    assert_int_equal(line.n, 7);
    assert_true(line_parse(STR("99"), &line) && line.n == LINE_MAX);
}

static void test_containing(void **state)
{
    struct scope all = scope_of(SHUNDE, (struct line){ 0 }), one = scope_of(SHUNDE, (struct line){ 3 });
    (void)state;
    assert_true(division_contains(NATION, NATION) && division_contains(NATION, VILLAGE));
    assert_true(division_contains(SHUNDE, SHUNDE) && division_contains(SHUNDE, VILLAGE));
    assert_true(division_contains(VILLAGE, VILLAGE));
    assert_false(division_contains(VILLAGE, BEIJIAO));
    assert_false(division_contains(SHUNDE, NANHAI) || division_contains(SHUNDE, FOSHAN));
    assert_false(division_contains(SHUNDE, (struct division){ INT64_C(440607000000) }));
    assert_true(scope_contains(all, BEIJIAO, (struct line){ 1 }) && scope_contains(all, BEIJIAO, (struct line){ 99 }));
    assert_false(scope_contains(all, NANHAI, (struct line){ 1 }));
    assert_true(scope_contains(one, BEIJIAO, (struct line){ 3 }));
    assert_false(scope_contains(one, BEIJIAO, (struct line){ 2 }) || scope_contains(one, BEIJIAO, (struct line){ 4 }));
}

/* --- grants ------------------------------------------------------------------------------------------------------ */

/* A town officer of the union in 北滘镇, a reader of every line in 大良街道, of the women's line in 南海区. */
static const struct actor many = {
    .account = { 1 },
    .grants = { { ROLE_TOWN_OFFICER, { 1 }, { INT64_C(440606102000) } },
                { ROLE_LEADER, { 0 }, { INT64_C(440606005000) } },
                { ROLE_LEADER, { 3 }, { INT64_C(440605000000) } } },
    .grant_count = 3,
};

static void test_the_one_question(void **state)
{
    static const struct actor nobody = { 0 };
    (void)state;
    assert_true(access_may(&many, &edit_it, VILLAGE, (struct line){ 1 }));
    assert_true(access_may(&many, &edit_it, VILLAGE, (struct line){ 0 })); /* what belongs to no line */
    assert_false(access_may(&many, &edit_it, VILLAGE, (struct line){ 2 }));
    assert_false(access_may(&many, &edit_it, SHUNDE, (struct line){ 1 }));
    assert_false(access_may(&many, &edit_it, DALIANG, (struct line){ 1 })); /* another grant's place, no such role */
    assert_true(access_may(&many, &read_it, DALIANG, (struct line){ 2 }));
    assert_true(access_may(&many, &read_it, NANHAI, (struct line){ 3 }));
    assert_false(access_may(&many, &read_it, NANHAI, (struct line){ 1 }));
    assert_true(access_has(&many, &edit_it) && access_has(&many, &cap_signed_in));
    assert_false(access_has(&nobody, &read_it) || access_has(&nobody, &cap_signed_in));
    assert_true(access_has(&nobody, &cap_public));
    assert_false(access_may(&nobody, &read_it, NATION, (struct line){ 0 }));
    assert_int_equal(access_home(&many).code, BEIJIAO.code);
    assert_int_equal(access_home(&nobody).code, NATION.code);
}

static void assert_scope(struct scope scope, struct division place, int line_from, int line_to)
{
    assert_int_equal(scope.from.code, place.code);
    assert_int_equal(scope.to.code, division_last(place).code);
    assert_int_equal(scope.line_from.n, line_from);
    assert_int_equal(scope.line_to.n, line_to);
}

static void test_narrowing(void **state)
{
    struct scope scope = { .from = { 7 } };
    (void)state;
    /* inside a grant: what was asked for, on the grant's line */
    assert_true(access_scope(&many, &read_it, VILLAGE, (struct line){ 0 }, &scope));
    assert_scope(scope, VILLAGE, 1, 1);
    assert_true(access_scope(&many, &read_it, DALIANG, (struct line){ 0 }, &scope));
    assert_scope(scope, DALIANG, 1, LINE_MAX);
    assert_true(access_scope(&many, &read_it, DALIANG, (struct line){ 4 }, &scope));
    assert_scope(scope, DALIANG, 4, 4);
    /* above: the first grant inside that has the line */
    assert_true(access_scope(&many, &read_it, SHUNDE, (struct line){ 0 }, &scope));
    assert_scope(scope, BEIJIAO, 1, 1);
    assert_true(access_scope(&many, &read_it, NATION, (struct line){ 2 }, &scope));
    assert_scope(scope, DALIANG, 2, 2);
    assert_true(access_scope(&many, &read_it, FOSHAN, (struct line){ 3 }, &scope));
    assert_scope(scope, DALIANG, 3, 3);
    assert_true(access_scope(&many, &edit_it, GUANGDONG, (struct line){ 0 }, &scope));
    assert_scope(scope, BEIJIAO, 1, 1);
    /* beside: nothing */
    scope.from.code = 7;
    assert_false(access_scope(&many, &read_it, NANHAI, (struct line){ 1 }, &scope));
    assert_false(access_scope(&many, &edit_it, DALIANG, (struct line){ 0 }, &scope));
    assert_false(access_scope(&many, &read_it, (struct division){ INT64_C(110000000000) }, (struct line){ 0 }, &scope));
    assert_int_equal(scope.from.code, 7);
}

/* Whatever is asked, what comes back lies inside one grant and inside what was asked. */
static void test_never_wider(void **state)
{
    static const struct division asked[] = { { 0 }, { INT64_C(440000000000) }, { INT64_C(440606000000) },
                                             { INT64_C(440606102000) }, { INT64_C(440606005000) },
                                             { INT64_C(440605000000) }, { INT64_C(440606102001) } };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(asked); i++) {
        for (int line = 0; line <= 5; line++) {
            struct scope scope;
            if (!access_scope(&many, &read_it, asked[i], (struct line){ line }, &scope))
                continue;
            assert_true(division_contains(asked[i], scope.from));
            for (int n = scope.line_from.n; n <= scope.line_to.n; n++) {
                assert_true(line == 0 || n == line);
                assert_true(access_may(&many, &read_it, scope.from, (struct line){ n }));
            }
        }
    }
}

static void test_role_names(void **state)
{
    enum role role;
    (void)state;
    for (enum role each = 0; each < ROLE_COUNT; each++)
        assert_true(role_parse(str_of(role_name(each)), &role) && role == each);
    assert_false(role_parse(STR("Leader"), &role) || role_parse(STR(""), &role));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_path_of_a_code), cmocka_unit_test(test_parsing),
        cmocka_unit_test(test_containing),         cmocka_unit_test(test_the_one_question),
        cmocka_unit_test(test_narrowing),          cmocka_unit_test(test_never_wider),
        cmocka_unit_test(test_role_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
