/*
 * appeals_rules_test.c - the steps of an appeal: what is barred to whom, and where nobody can get stuck.
 */
#include "base/arena.h"
#include "features/appeals/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define VILLAGE ((struct division){ INT64_C(440606102001) })
#define TOWN ((struct division){ INT64_C(440606102000) })
#define DISTRICT ((struct division){ INT64_C(440606000000) })

static enum appeal_bar bar(enum appeal_state from, enum appeal_act act, struct appeal_facts facts)
{
    const struct appeal_step *step = appeal_step_of(from, act);
    assert_non_null(step);
    return appeal_step_bar(step, &facts);
}

/* Each state that can be reached, from the first on; from each open one the end can be reached. */
static void nothing_gets_stuck(void **state)
{
    (void)state;
    struct appeal_steps steps = appeal_steps();
    bool is_reached[APPEAL_WITHDRAWN + 1] = { [APPEAL_REGISTERED] = true };
    bool ends[APPEAL_WITHDRAWN + 1] = { [APPEAL_CLOSED] = true, [APPEAL_NOT_ACCEPTED] = true, [APPEAL_WITHDRAWN] = true };
    for (ptrdiff_t round = 0; round < steps.n; round++) {
        for (ptrdiff_t i = 0; i < steps.n; i++) {
            is_reached[steps.at[i].to] = is_reached[steps.at[i].to] || is_reached[steps.at[i].from];
            ends[steps.at[i].from] = ends[steps.at[i].from] || ends[steps.at[i].to];
        }
    }
    for (int at = APPEAL_REGISTERED; at <= APPEAL_RETURNED; at++)
        assert_true(is_reached[at] && ends[at] && appeal_is_open((enum appeal_state)at));
    for (int at = APPEAL_CLOSED; at <= APPEAL_WITHDRAWN; at++)
        assert_true(is_reached[at] && !appeal_is_open((enum appeal_state)at));
}

/* One row for each pair, or the second one is never found. */
static void no_step_stands_twice(void **state)
{
    (void)state;
    struct appeal_steps steps = appeal_steps();
    for (ptrdiff_t i = 0; i < steps.n; i++)
        assert_ptr_equal(appeal_step_of(steps.at[i].from, steps.at[i].act), &steps.at[i]);
}

static void a_return_is_made_once_by_the_office_itself(void **state)
{
    (void)state;
    assert_int_equal(bar(APPEAL_REGISTERED, STEP_RETURN, (struct appeal_facts){ .desk = VILLAGE, .is_of_desk = true }), BAR_NONE);
    assert_int_equal(bar(APPEAL_REGISTERED, STEP_RETURN, (struct appeal_facts){ .desk = VILLAGE }), BAR_NOT_THE_DESK);
    assert_int_equal(bar(APPEAL_REGISTERED, STEP_RETURN, (struct appeal_facts){ .desk = DISTRICT, .is_of_desk = true }), BAR_HIGHEST);
    assert_int_equal(bar(APPEAL_REGISTERED, STEP_RETURN, (struct appeal_facts){ .desk = TOWN, .is_of_desk = true, .returned = 1 }),
                     BAR_SETTLED);
    assert_int_equal(bar(APPEAL_REGISTERED, STEP_RETURN, (struct appeal_facts){ .desk = TOWN, .is_of_desk = true, .is_settled = true }),
                     BAR_SETTLED);
    assert_int_equal(bar(APPEAL_RETURNED, STEP_SETTLE, (struct appeal_facts){ .desk = TOWN, .may_decide = true, .has_returned = true }),
                     BAR_OWN_RETURN);
}

/* What was decided above is not undone by handing it on; and nobody hands it round and round. */
static void those_above_stop_it_going_round(void **state)
{
    (void)state;
    const enum appeal_state froms[] = { APPEAL_REGISTERED, APPEAL_WORKING };
    for (ptrdiff_t i = 0; i < COUNT_OF(froms); i++) {
        assert_int_equal(bar(froms[i], STEP_TRANSFER, (struct appeal_facts){ .desk = TOWN }), BAR_NONE);
        assert_int_equal(bar(froms[i], STEP_TRANSFER, (struct appeal_facts){ .desk = TOWN, .is_settled = true }), BAR_SETTLED);
        assert_int_equal(bar(froms[i], STEP_TRANSFER, (struct appeal_facts){ .desk = TOWN, .moved = APPEAL_MOVES }), BAR_MOVED);
        assert_int_equal(bar(froms[i], STEP_TRANSFER, (struct appeal_facts){ .desk = TOWN, .moved = APPEAL_MOVES - 1 }), BAR_NONE);
        assert_int_equal(bar(froms[i], STEP_TRANSFER, (struct appeal_facts){ .desk = TOWN, .is_settled = true, .is_above = true,
                                                                             .moved = 9 }), BAR_NONE);
    }
}

static void nobody_ends_their_own_work(void **state)
{
    (void)state;
    const struct appeal_facts replied = { .desk = TOWN, .has_replied = true, .may_decide = true, .missed = APPEAL_CALLS };
    const struct appeal_facts owner = { .desk = TOWN, .is_owner = true, .may_decide = true, .missed = APPEAL_CALLS };
    const struct appeal_facts other = { .desk = TOWN, .may_decide = true, .missed = APPEAL_CALLS };
    const enum appeal_act acts[] = { STEP_CALL_BACK, STEP_MISSED, STEP_CLOSE };
    for (ptrdiff_t i = 0; i < COUNT_OF(acts); i++) {
        assert_int_equal(bar(APPEAL_REPLIED, acts[i], replied), BAR_OWN_WORK);
        assert_int_equal(bar(APPEAL_REPLIED, acts[i], owner), BAR_OWN_WORK);
        assert_int_equal(bar(APPEAL_REPLIED, acts[i], other), BAR_NONE);
    }
    assert_int_equal(bar(APPEAL_CHECKING, STEP_CONFIRM, replied), BAR_OWN_PROPOSAL);
    assert_int_equal(bar(APPEAL_CHECKING, STEP_CONFIRM, other), BAR_NONE);
    assert_int_equal(bar(APPEAL_REPLIED, STEP_REOPEN, replied), BAR_OWN_WORK);
    assert_int_equal(bar(APPEAL_NOT_ACCEPTED, STEP_REOPEN, replied), BAR_OWN_WORK);
    assert_int_equal(bar(APPEAL_REPLIED, STEP_REOPEN, other), BAR_NONE);
    assert_int_equal(bar(APPEAL_WORKING, STEP_WITHDRAW, owner), BAR_OWN_WORK);
    assert_int_equal(bar(APPEAL_WORKING, STEP_WITHDRAW, other), BAR_NONE);
}

static void unreached_is_closed_after_calls_on_several_days(void **state)
{
    (void)state;
    for (int64_t missed = 0; missed <= APPEAL_CALLS; missed++) {
        struct appeal_facts facts = { .desk = TOWN, .may_decide = true, .missed = missed };
        assert_int_equal(bar(APPEAL_REPLIED, STEP_CLOSE, facts), missed < APPEAL_CALLS ? BAR_CALL_AGAIN : BAR_NONE);
    }
    assert_int_equal(bar(APPEAL_REPLIED, STEP_MISSED, (struct appeal_facts){ .desk = TOWN, .missed = 1, .was_missed_today = true }),
                     BAR_CALLED_TODAY);
    assert_int_equal(bar(APPEAL_REPLIED, STEP_MISSED, (struct appeal_facts){ .desk = TOWN, .missed = 1 }), BAR_NONE);
}

/* Nobody was satisfied whom nobody could ask. */
static void an_anonymous_one_is_not_called_back(void **state)
{
    (void)state;
    struct appeal_facts facts = { .desk = TOWN, .may_decide = true, .is_anonymous = true };
    assert_int_equal(bar(APPEAL_REPLIED, STEP_CALL_BACK, facts), BAR_NOBODY);
    assert_int_equal(bar(APPEAL_REPLIED, STEP_MISSED, facts), BAR_NOBODY);
    assert_int_equal(bar(APPEAL_REPLIED, STEP_CLOSE, facts), BAR_NONE);
    facts.has_replied = true;
    assert_int_equal(bar(APPEAL_REPLIED, STEP_CLOSE, facts), BAR_OWN_WORK);
}

static void decisions_are_not_everybodys(void **state)
{
    (void)state;
    struct appeal_steps steps = appeal_steps();
    for (ptrdiff_t i = 0; i < steps.n; i++)
        if (steps.at[i].decides)
            assert_int_equal(appeal_step_bar(&steps.at[i], &(struct appeal_facts){ .desk = TOWN }), BAR_DECISION);
}

static void each_reason_is_of_one_list(void **state)
{
    (void)state;
    for (int reason = REASON_COURT; reason <= REASON_NOT_YET; reason++) {
        bool is_known = reason <= REASON_NOT_OURS || reason >= REASON_NO_FACTS;
        bool of_intake = appeal_reason_fits(STEP_NOT_ACCEPT, (enum appeal_reason)reason);
        bool of_work = appeal_reason_fits(STEP_PROPOSE, (enum appeal_reason)reason);
        assert_int_equal(of_intake + of_work, is_known);
        assert_false(appeal_reason_fits(STEP_REPLY, (enum appeal_reason)reason));
    }
    assert_false(appeal_reason_fits(STEP_NOT_ACCEPT, REASON_NONE));
}

static void offices_go_up_to_the_district(void **state)
{
    (void)state;
    struct division desks[APPEAL_DESKS_MAX];
    int n;
    appeal_desks(VILLAGE, desks, &n);
    assert_int_equal(n, 3);
    assert_true(desks[0].code == VILLAGE.code && desks[1].code == TOWN.code && desks[2].code == DISTRICT.code);
    appeal_desks(DISTRICT, desks, &n);
    assert_int_equal(n, 1);
    assert_true(appeal_desk_fits(VILLAGE, TOWN));
    assert_false(appeal_desk_fits(TOWN, VILLAGE));
    assert_false(appeal_desk_fits(VILLAGE, (struct division){ INT64_C(440600000000) })); /* a city has no office */
    assert_false(appeal_desk_fits(VILLAGE, (struct division){ INT64_C(440606103000) }));
    assert_int_equal(appeal_desk_above(VILLAGE).code, TOWN.code);
    assert_int_equal(appeal_desk_above(DISTRICT).code, DISTRICT.code);
}

static void a_title_is_the_beginning_of_the_story(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    assert_true(str_equal(appeal_title_of(&arena, STR("  老板拖欠工资\n三个月了")), STR("老板拖欠工资")));
    assert_true(str_equal(appeal_title_of(&arena, STR("一二三四五六七八九十一二三四五六七八九十一二三四五")),
                          STR("一二三四五六七八九十一二三四五六七八九十一二三四…")));
    assert_true(str_equal(appeal_title_of(&arena, STR("一二三四五六七八九十一二三四五六七八九十一二三四")),
                          STR("一二三四五六七八九十一二三四五六七八九十一二三四")));
    assert_true(str_equal(appeal_title_of(&arena, STR("老板拖欠工资。三个月了！")), STR("老板拖欠工资")));
    assert_true(str_equal(appeal_title_of(&arena, STR("救命！他又打我")), STR("救命！他又打我")));
    assert_true(str_equal(appeal_title_of(&arena, STR("。")), STR("。")));
    arena_release(&arena);
}

static int64_t told(struct division desk, struct division before)
{
    return appeal_told_next(desk, before).code;
}

/* Handed up or down meanwhile, it climbs from the higher of the desk and who knows already. */
static void it_climbs_to_the_district(void **state)
{
    const struct division nobody = { 0 };
    (void)state;
    assert_int_equal(told(VILLAGE, nobody), TOWN.code);
    assert_int_equal(told(VILLAGE, TOWN), DISTRICT.code);
    assert_int_equal(told(TOWN, nobody), DISTRICT.code);
    assert_int_equal(told(TOWN, TOWN), DISTRICT.code);
    assert_int_equal(told(DISTRICT, nobody), DISTRICT.code);
    assert_int_equal(told(DISTRICT, TOWN), DISTRICT.code);
    assert_int_equal(told(VILLAGE, DISTRICT), DISTRICT.code);
    assert_int_equal(appeal_look_first(INSTANT_NEVER).us, INSTANT_NEVER.us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gets_stuck),
        cmocka_unit_test(no_step_stands_twice),
        cmocka_unit_test(a_return_is_made_once_by_the_office_itself),
        cmocka_unit_test(those_above_stop_it_going_round),
        cmocka_unit_test(nobody_ends_their_own_work),
        cmocka_unit_test(unreached_is_closed_after_calls_on_several_days),
        cmocka_unit_test(an_anonymous_one_is_not_called_back),
        cmocka_unit_test(decisions_are_not_everybodys),
        cmocka_unit_test(each_reason_is_of_one_list),
        cmocka_unit_test(offices_go_up_to_the_district),
        cmocka_unit_test(it_climbs_to_the_district),
        cmocka_unit_test(a_title_is_the_beginning_of_the_story),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
