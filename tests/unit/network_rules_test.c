/*
 * network_rules_test.c - what is due, how a blank spot may move, what a tally counts.
 */
#include "features/network/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SHUNDE { INT64_C(440606000000) }
#define BEIJIAO { INT64_C(440606102000) }
#define NANHAI { INT64_C(440605000000) }

enum { UNION = 1, LEAGUE = 2, WOMEN = 3 };

/* The law's rules, and beside them one of 顺德区 alone that begins lower. */
static struct coverage_rule rules_at[] = {
    { 1, { UNION }, { 0 }, UNIT_FIRM, MEASURE_EMPLOYEES, 25 },
    { 2, { UNION }, SHUNDE, UNIT_FIRM, MEASURE_EMPLOYEES, 10 },
    { 3, { LEAGUE }, { 0 }, UNIT_FIRM, MEASURE_LEAGUE_MEMBERS, 3 },
    { 4, { WOMEN }, { 0 }, UNIT_FIRM, MEASURE_WOMEN, 25 },
    { 5, { WOMEN }, { 0 }, UNIT_VILLAGE, MEASURE_ALWAYS, 0 },
    { 6, { 4 }, { 0 }, UNIT_FIRM, MEASURE_DISABLED, 1 },
    { 7, { 5 }, { 0 }, UNIT_FIRM, MEASURE_YOUTH, 35 },
};

static const struct coverage_rules rules = { rules_at, COUNT_OF(rules_at) };

#define FIRM_IN(place, ...) { .kind = UNIT_FIRM, .division = place, .is_active = true, __VA_ARGS__ }

static void test_due(void **state)
{
    static const struct {
        int line;
        int64_t number; /* of the rule; 0: not due */
        struct unit_figures unit;
    } cases[] = {
        { UNION, 1, FIRM_IN(NANHAI, .employees = 25) },
        { UNION, 0, FIRM_IN(NANHAI, .employees = 24) },
        { UNION, 0, FIRM_IN(NANHAI, .employees = 10) },
        { UNION, 1, FIRM_IN(BEIJIAO, .employees = 1000000) },
        { UNION, 1, FIRM_IN(BEIJIAO, .employees = 25) },
        { UNION, 2, FIRM_IN(BEIJIAO, .employees = 24) },
        { UNION, 2, FIRM_IN(BEIJIAO, .employees = 10) },
        { UNION, 0, FIRM_IN(BEIJIAO, .employees = 9) },
        { UNION, 0, FIRM_IN(BEIJIAO, .employees = 0) },
        { UNION, 2, FIRM_IN(SHUNDE, .employees = 10) },
        { UNION, 0, FIRM_IN({ INT64_C(440607000000) }, .employees = 10) },
        { LEAGUE, 3, FIRM_IN(BEIJIAO, .league_members = 3) },
        { LEAGUE, 0, FIRM_IN(BEIJIAO, .league_members = 2) },
        { LEAGUE, 0, FIRM_IN(BEIJIAO, .employees = 500, .women = 500, .youth = 500) },
        { WOMEN, 4, FIRM_IN(BEIJIAO, .women = 25) },
        { WOMEN, 0, FIRM_IN(BEIJIAO, .women = 24) },
        { 4, 6, FIRM_IN(BEIJIAO, .disabled = 1) },
        { 4, 0, FIRM_IN(BEIJIAO, .disabled = 0) },
        { 5, 7, FIRM_IN(BEIJIAO, .youth = 35) },
        { 5, 0, FIRM_IN(BEIJIAO, .youth = 34) },
        { 99, 0, FIRM_IN(BEIJIAO, .employees = 500) },
        { WOMEN, 5, { .kind = UNIT_VILLAGE, .division = BEIJIAO, .is_active = true } },
        { UNION, 0, { .kind = UNIT_VILLAGE, .division = BEIJIAO, .is_active = true, .employees = 500 } },
        { WOMEN, 0, { .kind = UNIT_VILLAGE, .division = BEIJIAO, .is_active = false } },
        { UNION, 0, { .kind = UNIT_FIRM, .division = BEIJIAO, .is_active = false, .employees = 500 } },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t number = rules_due(rules, (struct line){ cases[i].line }, &cases[i].unit);
        if (number != cases[i].number)
            fail_msg("case %td: rule %lld, expected %lld", i, (long long)number, (long long)cases[i].number);
    }
    assert_int_equal(rules_due((struct coverage_rules){ 0 }, (struct line){ UNION }, &cases[0].unit), 0);
}

/* A finding stays while no rule speaks and the unit is there; a rule takes over, and does not give back. */
static void test_findings(void **state)
{
    struct unit_figures small = FIRM_IN(NANHAI, .employees = 9), large = FIRM_IN(NANHAI, .employees = 25);
    struct unit_figures closed = small;
    struct line line = { UNION };
    closed.is_active = false;
    (void)state;
    assert_int_equal(rules_due_still(rules, line, &small, DUE_BY_FINDING), DUE_BY_FINDING);
    assert_int_equal(rules_due_still(rules, line, &large, DUE_BY_FINDING), 1);
    assert_int_equal(rules_due_still(rules, line, &closed, DUE_BY_FINDING), 0);
    assert_int_equal(rules_due_still(rules, line, &small, 1), 0);
    assert_int_equal(rules_due_still(rules, line, &small, 0), 0);
    assert_int_equal(rules_due_still(rules, line, &large, 0), 1);
}

static void test_own_bodies(void **state)
{
    static const struct division village = { INT64_C(440606102001) }, next_village = { INT64_C(440606102002) };
    static const struct {
        bool is_own;
        struct own_body body;
    } cases[] = {
        { true, { { INT64_C(440606102001) }, REGIME_PEOPLES_ORGANISATION, STR("黄龙村妇联") } },
        { true, { BEIJIAO, REGIME_INTERNAL, STR("铸造厂工会委员会") } },
        { false, { BEIJIAO, REGIME_TRADE_UNION, STR("北滘镇总工会") } },
        { false, { SHUNDE, REGIME_TRADE_UNION, STR("顺德区总工会") } },
        { false, { BEIJIAO, REGIME_INTERNAL, STR("家具厂工会委员会") } },
        { false, { BEIJIAO, REGIME_TRADE_UNION, STR("铸造厂工会委员会") } },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(is_own_body(&cases[i].body, village, STR("铸造厂")), cases[i].is_own);
    assert_false(is_own_body(&cases[0].body, next_village, STR("铸造厂")));
}

/* --- steps ------------------------------------------------------------------------------------------------------- */

static bool is_known(enum spot_state state)
{
    return (state >= SPOT_FOUND && state <= SPOT_EXEMPTION_ASKED) || (state >= SPOT_COVERED && state <= SPOT_NOT_DUE);
}

static void test_every_step_is_one(void **state)
{
    struct spot_steps steps = spot_steps();
    (void)state;
    assert_true(steps.n > 0);
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct spot_step *step = &steps.at[i];
        assert_true(is_known(step->from) && spot_is_open(step->from));
        assert_true(is_known(step->to));
        assert_true(step->act >= 1 && step->act < SPOT_ACT_COUNT);
        assert_true(strlen(spot_act_name(step->act)) > 0);
        /* found again, so it stands once: two of one act from one state would leave the second dead */
        assert_ptr_equal(spot_step_of(step->from, step->act), step);
        /* what closes a spot says by what: an organisation, or until when */
        assert_int_equal(step->need == NEED_ORGANISATION, step->to == SPOT_COVERED);
        assert_int_equal(step->need == NEED_EXPIRY, step->to == SPOT_EXEMPT);
    }
}

static void test_impossible_acts(void **state)
{
    (void)state;
    assert_null(spot_step_of(SPOT_FOUND, ACT_ELECT));
    assert_null(spot_step_of(SPOT_COVERED, ACT_CONTACT));
    assert_null(spot_step_of(SPOT_FOUND, (enum spot_act)0));
    assert_null(spot_step_of(SPOT_FOUND, SPOT_ACT_COUNT));
    for (int act = 1; act < SPOT_ACT_COUNT; act++)
        for (int closed = SPOT_COVERED; closed <= SPOT_NOT_DUE; closed++)
            assert_null(spot_step_of((enum spot_state)closed, (enum spot_act)act));
}

/* No dead end: from every open state some way leads to a closed one; and every open state can be reached. */
static void test_ways(void **state)
{
    struct spot_steps steps = spot_steps();
    bool leads_out[SPOT_NOT_DUE + 1] = { 0 }, is_reached[SPOT_NOT_DUE + 1] = { [SPOT_FOUND] = true };
    (void)state;
    for (ptrdiff_t round = 0; round < steps.n; round++)
        for (ptrdiff_t i = 0; i < steps.n; i++) {
            const struct spot_step *step = &steps.at[i];
            leads_out[step->from] = leads_out[step->from] || !spot_is_open(step->to) || leads_out[step->to];
            is_reached[step->to] = is_reached[step->to] || is_reached[step->from];
        }
    for (int from = SPOT_FOUND; from <= SPOT_EXEMPTION_ASKED; from++) {
        assert_true(leads_out[from]);
        assert_true(is_reached[from]);
    }
    assert_true(is_reached[SPOT_COVERED] && is_reached[SPOT_EXEMPT]);
}

static void test_approval(void **state)
{
    static const enum spot_act needing[] = { ACT_APPROVE, ACT_GRANT_EXEMPTION, ACT_DENY_EXEMPTION, ACT_WITHDRAW };
    struct spot_steps steps = spot_steps();
    (void)state;
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        bool needs = false;
        for (ptrdiff_t n = 0; n < COUNT_OF(needing); n++)
            needs = needs || steps.at[i].act == needing[n];
        assert_int_equal(steps.at[i].needs_approver, needs);
    }
}

/* 'Not due' is where rules lead; a click only where a person found it, and then from every open state. */
static void test_withdrawing(void **state)
{
    struct spot_steps steps = spot_steps();
    (void)state;
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        bool leads_there = steps.at[i].to == SPOT_NOT_DUE;
        assert_int_equal(steps.at[i].act == ACT_WITHDRAW, leads_there);
        assert_true(spot_step_fits(&steps.at[i], DUE_BY_FINDING));
        assert_int_equal(spot_step_fits(&steps.at[i], 7), !leads_there);
    }
    for (int from = SPOT_FOUND; from <= SPOT_EXEMPTION_ASKED; from++)
        assert_non_null(spot_step_of((enum spot_state)from, ACT_WITHDRAW));
}

/* --- the life of an organisation --------------------------------------------------------------------------------- */

static void test_every_life_step_is_one(void **state)
{
    struct life_steps steps = life_steps();
    bool is_reached[ORGANISATION_GIVEN_UP + 1] = { [ORGANISATION_NONE] = true };
    (void)state;
    for (ptrdiff_t round = 0; round < steps.n; round++)
        for (ptrdiff_t i = 0; i < steps.n; i++) {
            const struct life_step *step = &steps.at[i];
            assert_ptr_equal(life_step_of(step->from, step->act), step);
            assert_true(strlen(life_act_name(step->act)) > 0);
            is_reached[step->to] = is_reached[step->to] || is_reached[step->from];
            /* what takes coverage away needs more than the right to edit, and a successor is who takes it over */
            assert_int_equal(step->needs_approver, step->act == LIFE_MERGE || step->act == LIFE_DISSOLVE ||
                                                       step->act == LIFE_RESTORE);
            assert_int_equal((step->asks & ASK_SUCCESSOR) != 0, step->to == ORGANISATION_MERGED);
            /* what never was founded is given up, not dissolved; what was founded stays so */
            if (organisation_is_founded(step->from))
                assert_true(organisation_is_founded(step->to));
            if (step->to == ORGANISATION_ESTABLISHED && !organisation_is_founded(step->from))
                assert_int_equal(step->act, LIFE_ESTABLISH);
        }
    for (int to = ORGANISATION_PREPARING; to <= ORGANISATION_GIVEN_UP; to++)
        assert_true(is_reached[to]);
    assert_null(life_step_of(ORGANISATION_PLANNED, LIFE_ESTABLISH));
    assert_null(life_step_of(ORGANISATION_DISSOLVED, LIFE_MERGE));
    assert_null(life_step_to_register(ORGANISATION_MERGED));
    assert_int_equal(life_step_to_register(ORGANISATION_ESTABLISHED)->act, LIFE_ESTABLISH);
}

/* --- tallies ----------------------------------------------------------------------------------------------------- */

/* Knuth's MMIX generator: the same numbers in every run. */
static uint32_t next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static bool holds_together(struct tally t)
{
    return t.due == t.sole + t.joint + t.regional + t.trade + t.exempt + t.blank;
}

static void test_every_pair_counts_once(void **state)
{
    (void)state;
    for (int form = COVERAGE_NONE; form <= COVERAGE_EXEMPT; form++) {
        struct tally due = tally_of_pair(true, (enum coverage_form)form);
        struct tally extra = tally_of_pair(false, (enum coverage_form)form);
        bool is_covered = form >= COVERAGE_SOLE && form <= COVERAGE_TRADE;
        assert_true(holds_together(due) && due.due == 1 && due.extra == 0);
        assert_true(holds_together(extra) && extra.due == 0 && extra.extra == is_covered);
        assert_int_equal(tally_covered(due), is_covered);
        assert_int_equal(tally_to_cover(due), form != COVERAGE_EXEMPT);
    }
}

/* A pair that changes a thousand times: the running tally is what a count of the last state gives. */
static void test_moving_is_counting(void **state)
{
    enum { PAIRS = 50, MOVES = 1000 };
    uint64_t seed = 20261124;
    struct tally running = { 0 }, of_pair[PAIRS] = { 0 };
    (void)state;
    for (int move = 0; move < MOVES; move++) {
        struct tally *pair = &of_pair[next(&seed) % PAIRS];
        struct tally after = tally_of_pair(next(&seed) % 2 == 0, (enum coverage_form)(next(&seed) % 6));
        struct tally by = tally_minus(after, *pair), counted = { 0 };
        running = tally_plus(running, by);
        *pair = after;
        for (int i = 0; i < PAIRS; i++)
            counted = tally_plus(counted, of_pair[i]);
        assert_true(tally_is_zero(tally_minus(running, counted)));
        assert_true(holds_together(running));
        assert_int_equal(tally_covered(running) + running.blank, tally_to_cover(running));
        int64_t rate = rate_of(running);
        assert_true(rate >= -1 && rate <= 1000);
        assert_int_equal(rate == 1000, running.blank == 0 && tally_to_cover(running) > 0);
    }
    assert_false(tally_is_zero((struct tally){ .extra = -1 }));
}

static void test_rates(void **state)
{
    (void)state;
    assert_int_equal(rate_of((struct tally){ 0 }), -1);
    assert_int_equal(rate_of((struct tally){ .due = 2, .exempt = 2 }), -1);
    assert_int_equal(rate_of((struct tally){ .due = 3, .sole = 2, .blank = 1 }), 667);
    assert_int_equal(rate_of((struct tally){ .due = 49, .sole = 46, .blank = 3 }), 939);
    assert_int_equal(rate_of((struct tally){ .due = 2000, .sole = 1, .blank = 1999 }), 1); /* half goes up */
    assert_int_equal(rate_of((struct tally){ .due = 3, .sole = 1, .joint = 1, .exempt = 1 }), 1000);
    /* never rounded up to all */
    assert_int_equal(rate_of((struct tally){ .due = 100000, .sole = 99999, .blank = 1 }), 999);
    assert_int_equal(tone_of((struct tally){ 0 }), TONE_NONE);
    assert_int_equal(tone_of((struct tally){ .due = 1, .blank = 1 }), TONE_LOW);
    /* by the exact share, whatever the rate is rounded to */
    assert_int_equal(tone_of((struct tally){ .due = 100000, .sole = 74999, .blank = 25001 }), TONE_LOW);
    assert_int_equal(tone_of((struct tally){ .due = 4, .sole = 3, .blank = 1 }), TONE_MIDDLE);
    assert_int_equal(tone_of((struct tally){ .due = 100000, .sole = 89999, .blank = 10001 }), TONE_MIDDLE);
    assert_int_equal(tone_of((struct tally){ .due = 10, .sole = 9, .blank = 1 }), TONE_HIGH);
    assert_int_equal(tone_of((struct tally){ .due = 1, .joint = 1 }), TONE_HIGH);
}

static void test_relations(void **state)
{
    static const struct {
        enum relation_kind kind;
        int line, other_line;
        struct division division, other;
        enum relation_fault fault;
    } cases[] = {
        { RELATION_LEADS, UNION, UNION, SHUNDE, BEIJIAO, RELATION_FITS },
        { RELATION_LEADS, UNION, UNION, BEIJIAO, BEIJIAO, RELATION_FITS },
        { RELATION_LEADS, UNION, UNION, BEIJIAO, SHUNDE, RELATION_UPWARD },
        { RELATION_LEADS, UNION, WOMEN, SHUNDE, BEIJIAO, RELATION_OTHER_LINE },
        { RELATION_GUIDES, UNION, WOMEN, SHUNDE, BEIJIAO, RELATION_FITS },
        { RELATION_GUIDES, UNION, WOMEN, BEIJIAO, SHUNDE, RELATION_UPWARD },
        { RELATION_SUPERVISES, WOMEN, WOMEN, BEIJIAO, SHUNDE, RELATION_UPWARD },
        { RELATION_MEMBER_OF, UNION, WOMEN, BEIJIAO, SHUNDE, RELATION_FITS },
        { RELATION_FUNDS, UNION, WOMEN, BEIJIAO, SHUNDE, RELATION_FITS },
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(cases[i].fault, relation_check(cases[i].kind, (struct line){ cases[i].line }, cases[i].division,
                                                        (struct line){ cases[i].other_line }, cases[i].other));
    assert_true(relation_is_from_above(RELATION_LEADS));
    assert_true(relation_is_from_above(RELATION_FUNDS));
    assert_false(relation_is_from_above(RELATION_MEMBER_OF));
    assert_false(relation_is_from_above(RELATION_JOINT_MEMBER_OF));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due),        cmocka_unit_test(test_every_step_is_one),
        cmocka_unit_test(test_findings),   cmocka_unit_test(test_own_bodies),
        cmocka_unit_test(test_withdrawing), cmocka_unit_test(test_every_life_step_is_one),
        cmocka_unit_test(test_impossible_acts), cmocka_unit_test(test_ways),
        cmocka_unit_test(test_approval),   cmocka_unit_test(test_every_pair_counts_once),
        cmocka_unit_test(test_moving_is_counting), cmocka_unit_test(test_rates),
        cmocka_unit_test(test_relations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
