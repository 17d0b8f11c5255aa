#include "features/network/labels.h"

#include "gen/network_texts.h"

struct text label_kind(enum unit_kind kind)
{
    switch (kind) {
    case UNIT_FIRM:
        return t_kind_firm();
    case UNIT_ASSOCIATION:
        return t_kind_association();
    case UNIT_PRIVATE_NON_ENTERPRISE:
        return t_kind_private_non_enterprise();
    case UNIT_FOUNDATION:
        return t_kind_foundation();
    case UNIT_VILLAGE:
        return t_kind_village();
    case UNIT_TOWN:
        return t_kind_town();
    case UNIT_DISTRICT:
        return t_kind_district();
    case UNIT_KIND_COUNT:
        break;
    }
    BUG("unit kind %d", (int)kind);
}

struct text label_regime(enum regime regime)
{
    switch (regime) {
    case REGIME_PEOPLES_ORGANISATION:
        return t_regime_peoples_organisation();
    case REGIME_TRADE_UNION:
        return t_regime_trade_union();
    case REGIME_CHAMBER:
        return t_regime_chamber();
    case REGIME_REGISTERED:
        return t_regime_registered();
    case REGIME_FILED:
        return t_regime_filed();
    case REGIME_SELF_GOVERNING:
        return t_regime_self_governing();
    case REGIME_INTERNAL:
        return t_regime_internal();
    case REGIME_COUNT:
        break;
    }
    BUG("regime %d", (int)regime);
}

struct text label_form(enum coverage_form form)
{
    switch (form) {
    case COVERAGE_NONE:
        return t_form_none();
    case COVERAGE_SOLE:
        return t_form_sole();
    case COVERAGE_JOINT:
        return t_form_joint();
    case COVERAGE_REGIONAL:
        return t_form_regional();
    case COVERAGE_TRADE:
        return t_form_trade();
    case COVERAGE_EXEMPT:
        return t_form_exempt();
    }
    BUG("coverage form %d", (int)form);
}

struct text label_spot_state(enum spot_state state)
{
    switch (state) {
    case SPOT_FOUND:
        return t_state_found();
    case SPOT_CONTACTED:
        return t_state_contacted();
    case SPOT_PREPARING:
        return t_state_preparing();
    case SPOT_APPLIED:
        return t_state_applied();
    case SPOT_APPROVED:
        return t_state_approved();
    case SPOT_ELECTED:
        return t_state_elected();
    case SPOT_REFUSED:
        return t_state_refused();
    case SPOT_EXEMPTION_ASKED:
        return t_state_exemption_asked();
    case SPOT_COVERED:
        return t_state_covered();
    case SPOT_EXEMPT:
        return t_state_exempt();
    case SPOT_NOT_DUE:
        return t_state_not_due();
    }
    BUG("spot state %d", (int)state);
}

struct text label_act(enum spot_act act)
{
    switch (act) {
    case ACT_CONTACT:
        return t_act_contact();
    case ACT_PREPARE:
        return t_act_prepare();
    case ACT_APPLY:
        return t_act_apply();
    case ACT_APPROVE:
        return t_act_approve();
    case ACT_ELECT:
        return t_act_elect();
    case ACT_REFUSE:
        return t_act_refuse();
    case ACT_ASK_EXEMPTION:
        return t_act_ask_exemption();
    case ACT_GRANT_EXEMPTION:
        return t_act_grant_exemption();
    case ACT_DENY_EXEMPTION:
        return t_act_deny_exemption();
    case ACT_COVER:
        return t_act_cover();
    case ACT_WITHDRAW:
        return t_act_withdraw();
    case SPOT_ACT_COUNT:
        break;
    }
    BUG("act %d", (int)act);
}

struct text label_organisation_state(enum organisation_state state)
{
    switch (state) {
    case ORGANISATION_PREPARING:
        return t_organisation_preparing();
    case ORGANISATION_ESTABLISHED:
        return t_organisation_established();
    case ORGANISATION_DISSOLVED:
        return t_organisation_dissolved();
    case ORGANISATION_PLANNED:
        return t_organisation_planned();
    case ORGANISATION_MERGED:
        return t_organisation_merged();
    case ORGANISATION_GIVEN_UP:
        return t_organisation_given_up();
    case ORGANISATION_NONE:
        break;
    }
    BUG("organisation state %d", (int)state);
}

struct text label_life_act(enum life_act act)
{
    switch (act) {
    case LIFE_PLAN:
        return t_life_plan();
    case LIFE_PREPARE:
        return t_life_prepare();
    case LIFE_ESTABLISH:
        return t_life_establish();
    case LIFE_REELECT:
        return t_life_reelect();
    case LIFE_MERGE:
        return t_life_merge();
    case LIFE_DISSOLVE:
        return t_life_dissolve();
    case LIFE_GIVE_UP:
        return t_life_give_up();
    case LIFE_RESTORE:
        return t_life_restore();
    case LIFE_ACT_COUNT:
        break;
    }
    BUG("act %d of an organisation", (int)act);
}

static struct text life_done(enum life_act act)
{
    switch (act) {
    case LIFE_PLAN: return t_life_planned();
    case LIFE_PREPARE: return t_life_prepared();
    case LIFE_ESTABLISH: return t_life_established();
    case LIFE_REELECT: return t_life_reelected();
    case LIFE_MERGE: return t_life_merged();
    case LIFE_DISSOLVE: return t_life_dissolved();
    case LIFE_GIVE_UP: return t_life_given_up();
    case LIFE_RESTORE: return t_life_restored();
    case LIFE_ACT_COUNT: break;
    }
    BUG("no act: %d", (int)act);
}

struct text label_life_event(struct str act)
{
    for (enum life_act a = LIFE_PLAN; a < LIFE_ACT_COUNT; a++)
        if (str_equal(act, str_of(life_act_name(a))))
            return life_done(a);
    return t_event_note();
}

struct text label_relation(enum relation_kind kind, bool is_inward)
{
    switch (kind) {
    case RELATION_LEADS:
        return is_inward ? t_relation_led_by() : t_relation_leads();
    case RELATION_GUIDES:
        return is_inward ? t_relation_guided_by() : t_relation_guides();
    case RELATION_SUPERVISES:
        return is_inward ? t_relation_supervised_by() : t_relation_supervises();
    case RELATION_REGISTERS:
        return is_inward ? t_relation_registered_by() : t_relation_registers();
    case RELATION_INCUBATES:
        return is_inward ? t_relation_incubated_by() : t_relation_incubates();
    case RELATION_MEMBER_OF:
        return is_inward ? t_relation_has_member() : t_relation_member_of();
    case RELATION_JOINT_MEMBER_OF:
        return is_inward ? t_relation_has_joint_member() : t_relation_joint_member_of();
    case RELATION_FUNDS:
        return is_inward ? t_relation_funded_by() : t_relation_funds();
    case RELATION_KIND_COUNT:
        break;
    }
    BUG("relation %d", (int)kind);
}

struct text label_due(const struct rule_entry *rule, int64_t due_rule)
{
    if (rule)
        return label_condition(&rule->rule);
    return due_rule == DUE_BY_FINDING ? t_due_by_finding() : t_unit_not_due();
}

struct text label_event(struct str act)
{
    for (enum spot_act a = ACT_CONTACT; a < SPOT_ACT_COUNT; a++)
        if (str_equal(act, str_of(spot_act_name(a))))
            return label_act(a);
    if (str_ends(act, STR(".add")))
        return t_event_add();
    if (str_ends(act, STR(".change")))
        return t_event_change();
    if (str_equal(act, STR("exemption.lapsed")))
        return t_event_lapsed();
    if (str_ends(act, STR(".relate")))
        return t_event_relate();
    if (str_ends(act, STR(".unrelate")))
        return t_event_unrelate();
    if (str_equal(act, STR("find")))
        return t_spot_found_by_person();
    if (str_equal(act, STR("open")))
        return t_event_open();
    if (str_equal(act, str_of(life_act_name(LIFE_RESTORE))))
        return t_event_given_back();
    if (str_equal(act, STR("assign")))
        return t_event_assign();
    if (str_equal(act, STR("not-due")))
        return t_state_not_due();
    return t_event_note();
}

struct text label_condition(const struct coverage_rule *rule)
{
    switch (rule->measure) {
    case MEASURE_ALWAYS:
        return t_condition_always();
    case MEASURE_EMPLOYEES:
        return t_condition_employees(rule->at_least);
    case MEASURE_WOMEN:
        return t_condition_women(rule->at_least);
    case MEASURE_YOUTH:
        return t_condition_youth(rule->at_least);
    case MEASURE_LEAGUE_MEMBERS:
        return t_condition_league_members(rule->at_least);
    case MEASURE_DISABLED:
        return t_condition_disabled(rule->at_least);
    }
    BUG("measure %d", (int)rule->measure);
}

struct text label_measure(enum rule_measure measure)
{
    switch (measure) {
    case MEASURE_ALWAYS:
        return t_condition_always();
    case MEASURE_EMPLOYEES:
        return t_label_employees();
    case MEASURE_WOMEN:
        return t_label_women();
    case MEASURE_YOUTH:
        return t_label_youth();
    case MEASURE_LEAGUE_MEMBERS:
        return t_label_league_members();
    case MEASURE_DISABLED:
        return t_label_disabled();
    }
    BUG("measure %d", (int)measure);
}

struct text label_children(enum division_level level)
{
    switch (level) {
    case DIVISION_NATION:
        return t_rows_provinces();
    case DIVISION_PROVINCE:
        return t_rows_cities();
    case DIVISION_CITY:
        return t_rows_districts();
    case DIVISION_DISTRICT:
        return t_rows_towns();
    case DIVISION_TOWN:
    case DIVISION_VILLAGE:
        break;
    }
    return t_rows_villages();
}
