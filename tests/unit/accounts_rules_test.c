/*
 * accounts_rules_test.c - logins, passwords, waiting, and who may give what to whom.
 */
#include "features/accounts/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_logins(void **state)
{
    static const struct {
        struct str login;
        bool is_valid;
    } cases[] = {
        { STR_INIT("he.peishan"), true },
        { STR_INIT("a1"), true },
        { STR_INIT("0_-."), true },
        { STR_INIT("abcdefghijklmnopqrstuvwxyz0123456789abcd"), true }, /* 40 */
        { STR_INIT("abcdefghijklmnopqrstuvwxyz0123456789abcde"), false },
        { STR_INIT(""), false },
        { STR_INIT("a"), false },
        { STR_INIT(".a"), false },
        { STR_INIT("Admin"), false },
        { STR_INIT("何佩珊"), false },
        { STR_INIT("a b"), false },
        { STR_INIT("a\n"), false },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        if (login_is_valid(cases[i].login) != cases[i].is_valid)
            fail_msg("login '%.*s'", STR_ARG(cases[i].login));
}

static void test_waiting_doubles_up_to_the_limit(void **state)
{
    static const struct {
        int64_t failures, seconds;
    } cases[] = {
        { 0, 0 },   { 1, 0 },   { LIMIT_SIGN_IN_FAILURES - 1, 0 },   { 5, 30 },
        { 6, 60 },  { 7, 120 }, { 8, 240 },                          { 9, 480 },
        { 10, 900 }, { 11, 900 }, { INT64_C(1000000000000), 900 },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(sign_in_wait(cases[i].failures), cases[i].seconds);
}

static void test_an_address_is_held_by_its_failures(void **state)
{
    static const int64_t FORGET_US = LIMIT_ADDRESS_FORGET_SECONDS * INT64_C(1000000);
    struct instant now = { 1000 * FORGET_US }, owed = { 0 };
    (void)state;
    for (int i = 0; i < LIMIT_ADDRESS_FAILURES; i++) {
        assert_false(address_is_held(owed, now));
        owed = address_failed(owed, now);
    }
    assert_true(address_is_held(owed, now));
    now.us += FORGET_US - 1;
    assert_true(address_is_held(owed, now));
    now.us++;
    assert_false(address_is_held(owed, now));
    /* what was forgotten long ago is worth nothing */
    now.us += 1000 * FORGET_US;
    assert_int_equal(address_failed(owed, now).us, now.us + FORGET_US);
}

static void test_passwords(void **state)
{
    static const struct {
        struct str password;
        enum password_fault fault;
    } cases[] = {
        { STR_INIT("北滘镇的河边有三棵老榕树"), PASSWORD_FINE },
        { STR_INIT("correct horse battery"), PASSWORD_FINE },
        { STR_INIT("只有九个字的一句话"), PASSWORD_TOO_SHORT }, /* 27 bytes, 9 characters */
        { STR_INIT("有十个字的这么一句话"), PASSWORD_FINE },
        { STR_INIT(""), PASSWORD_TOO_SHORT },
        { STR_INIT("x.PeiShan.2026"), PASSWORD_HAS_LOGIN },
        { STR_INIT("我叫何佩珊今年二十"), PASSWORD_TOO_SHORT },
        { STR_INIT("我叫何佩珊，今年二十"), PASSWORD_HAS_NAME },
        { STR_INIT("5201314520"), PASSWORD_COMMON },
        { STR_INIT("Woaini1314520"), PASSWORD_COMMON },
        { STR_INIT("PASSWORD123"), PASSWORD_COMMON },
        { STR_INIT("password1239"), PASSWORD_FINE },
        { STR_INIT("7777777777777"), PASSWORD_COMMON },
        { STR_INIT("好好好好好好好好好好"), PASSWORD_COMMON },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        if (password_check(cases[i].password, STR("peishan"), STR("何佩珊")) != cases[i].fault)
            fail_msg("password '%.*s'", STR_ARG(cases[i].password));
}

static void test_a_password_may_be_long_but_not_endless(void **state)
{
    char text[LIMIT_PASSWORD_MAX + 1];
    (void)state;
    for (int i = 0; i <= LIMIT_PASSWORD_MAX; i++)
        text[i] = (char)('a' + i % 26);
    assert_int_equal(password_check((struct str){ text, LIMIT_PASSWORD_MAX }, STR("he"), STR("何")), PASSWORD_FINE);
    assert_int_equal(password_check((struct str){ text, LIMIT_PASSWORD_MAX + 1 }, STR("he"), STR("何")),
                     PASSWORD_TOO_LONG);
}

static const struct division nation = { 0 };
static const struct division city = { INT64_C(440600000000) };
static const struct division district = { INT64_C(440606000000) };
static const struct division town = { INT64_C(440606102000) };
static const struct division village = { INT64_C(440606102001) };
static const struct division neighbour = { INT64_C(440605000000) };

static struct actor actor_of(enum role role, int line, struct division division)
{
    return (struct actor){ .account = { 1 }, .grants = { { role, { line }, division } }, .grant_count = 1 };
}

static void test_nobody_gives_more_than_they_have(void **state)
{
    const struct {
        struct grant own, given;
        bool may;
    } cases[] = {
        /* an administrator: any role, inside */
        { { ROLE_ADMINISTRATOR, { 0 }, district }, { ROLE_ADMINISTRATOR, { 0 }, district }, true },
        { { ROLE_ADMINISTRATOR, { 0 }, district }, { ROLE_LEADER, { 2 }, town }, true },
        { { ROLE_ADMINISTRATOR, { 0 }, district }, { ROLE_AUDITOR, { 0 }, city }, false },
        { { ROLE_ADMINISTRATOR, { 0 }, district }, { ROLE_AUDITOR, { 0 }, nation }, false },
        { { ROLE_ADMINISTRATOR, { 0 }, district }, { ROLE_TOWN_OFFICER, { 0 }, neighbour }, false },
        { { ROLE_ADMINISTRATOR, { 1 }, district }, { ROLE_TOWN_OFFICER, { 1 }, district }, true },
        { { ROLE_ADMINISTRATOR, { 1 }, district }, { ROLE_TOWN_OFFICER, { 2 }, district }, false },
        { { ROLE_ADMINISTRATOR, { 1 }, district }, { ROLE_TOWN_OFFICER, { 0 }, district }, false },
        /* a district officer: village and town, of the own line */
        { { ROLE_DISTRICT_OFFICER, { 3 }, district }, { ROLE_VILLAGE_WORKER, { 3 }, village }, true },
        { { ROLE_DISTRICT_OFFICER, { 3 }, district }, { ROLE_TOWN_OFFICER, { 3 }, town }, true },
        { { ROLE_DISTRICT_OFFICER, { 3 }, district }, { ROLE_TOWN_OFFICER, { 0 }, town }, false },
        { { ROLE_DISTRICT_OFFICER, { 3 }, district }, { ROLE_TOWN_OFFICER, { 3 }, neighbour }, false },
        { { ROLE_DISTRICT_OFFICER, { 3 }, district }, { ROLE_DISTRICT_OFFICER, { 3 }, district }, false },
        { { ROLE_DISTRICT_OFFICER, { 3 }, district }, { ROLE_LEADER, { 3 }, town }, false },
        { { ROLE_DISTRICT_OFFICER, { 3 }, district }, { ROLE_ADMINISTRATOR, { 3 }, town }, false },
        { { ROLE_DISTRICT_OFFICER, { 0 }, district }, { ROLE_TOWN_OFFICER, { 0 }, town }, true },
        /* others: nothing */
        { { ROLE_TOWN_OFFICER, { 0 }, nation }, { ROLE_VILLAGE_WORKER, { 1 }, village }, false },
        { { ROLE_VILLAGE_WORKER, { 0 }, nation }, { ROLE_VILLAGE_WORKER, { 1 }, village }, false },
        { { ROLE_LEADER, { 0 }, nation }, { ROLE_VILLAGE_WORKER, { 1 }, village }, false },
        { { ROLE_AUDITOR, { 0 }, nation }, { ROLE_VILLAGE_WORKER, { 1 }, village }, false },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct actor actor = actor_of(cases[i].own.role, cases[i].own.line.n, cases[i].own.division);
        if (may_grant(&actor, &cases[i].given) != cases[i].may)
            fail_msg("case %td", i);
    }
}

/* Two narrow rights are not a wide one. */
static void test_rights_do_not_add_up(void **state)
{
    struct actor actor = { .account = { 1 },
                           .grants = { { ROLE_ADMINISTRATOR, { 1 }, district }, { ROLE_LEADER, { 0 }, nation } },
                           .grant_count = 2 };
    struct grant wide = { ROLE_LEADER, { 0 }, nation }, narrow = { ROLE_LEADER, { 1 }, town };
    (void)state;
    assert_false(may_grant(&actor, &wide));
    assert_true(may_grant(&actor, &narrow));
}

static void test_who_sees_an_account(void **state)
{
    struct account none = { .id = { 2 }, .created_by = { 9 } }; /* no right at all */
    struct account here = { .id = { 3 }, .grants = { { ROLE_VILLAGE_WORKER, { 1 }, village } }, .grant_count = 1 };
    struct account there = { .id = { 4 },
                             .grants = { { ROLE_VILLAGE_WORKER, { 1 }, neighbour },
                                         { ROLE_LEADER, { 0 }, nation } },
                             .grant_count = 2 };
    struct actor root = actor_of(ROLE_ADMINISTRATOR, 0, nation);
    struct actor officer = actor_of(ROLE_DISTRICT_OFFICER, 1, district);
    struct actor worker = actor_of(ROLE_TOWN_OFFICER, 0, nation);
    (void)state;
    assert_true(may_see_account(&root, &none) && may_see_account(&root, &here) && may_see_account(&root, &there));
    assert_true(may_see_account(&officer, &here));
    assert_false(may_see_account(&officer, &there) || may_see_account(&officer, &none));
    officer.account.n = 9;
    assert_true(may_see_account(&officer, &none)); /* made it */
    worker.account.n = 9;
    assert_false(may_see_account(&worker, &none) || may_see_account(&worker, &here));
}

static void test_no_way_up(void **state)
{
    struct actor officer = actor_of(ROLE_DISTRICT_OFFICER, 1, district);
    struct account worker = { .id = { 3 },
                              .grants = { { ROLE_VILLAGE_WORKER, { 1 }, village } },
                              .grant_count = 1 };
    struct account boss = worker, self = worker;
    (void)state;
    assert_true(may_change_account(&officer, &worker));
    /* one right beyond the officer's: seen, but neither its password nor its other rights are the officer's */
    boss.grants[boss.grant_count++] = (struct grant){ ROLE_ADMINISTRATOR, { 0 }, district };
    assert_true(may_see_account(&officer, &boss));
    assert_false(may_change_account(&officer, &boss));
    assert_true(may_take_grant(&officer, &boss, &boss.grants[0])); /* what it could have given */
    assert_false(may_take_grant(&officer, &boss, &boss.grants[1]));
    self.id = officer.account;
    assert_true(may_see_account(&officer, &self));
    assert_false(may_take_grant(&officer, &self, &self.grants[0]) || may_change_account(&officer, &self));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logins),
        cmocka_unit_test(test_waiting_doubles_up_to_the_limit),
        cmocka_unit_test(test_an_address_is_held_by_its_failures),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_a_password_may_be_long_but_not_endless),
        cmocka_unit_test(test_nobody_gives_more_than_they_have),
        cmocka_unit_test(test_rights_do_not_add_up),
        cmocka_unit_test(test_who_sees_an_account),
        cmocka_unit_test(test_no_way_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
