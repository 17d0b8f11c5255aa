#include "features/network/rules.h"

static bool holds(const struct coverage_rule *rule, const struct unit_figures *unit)
{
    switch (rule->measure) {
    case MEASURE_ALWAYS:
        return true;
    case MEASURE_EMPLOYEES:
        return unit->employees >= rule->at_least;
    case MEASURE_WOMEN:
        return unit->women >= rule->at_least;
    case MEASURE_YOUTH:
        return unit->youth >= rule->at_least;
    case MEASURE_LEAGUE_MEMBERS:
        return unit->league_members >= rule->at_least;
    case MEASURE_DISABLED:
        return unit->disabled >= rule->at_least;
    }
    return false;
}

int64_t rules_due(struct coverage_rules rules, struct line line, const struct unit_figures *unit)
{
    if (!unit->is_active)
        return 0;
    for (ptrdiff_t i = 0; i < rules.n; i++) {
        const struct coverage_rule *rule = &rules.at[i];
        bool is_here = division_contains(rule->division, unit->division);
        if (rule->line.n == line.n && rule->kind == unit->kind && is_here && holds(rule, unit))
            return rule->number;
    }
    return 0;
}

int64_t rules_due_still(struct coverage_rules rules, struct line line, const struct unit_figures *unit, int64_t before)
{
    int64_t rule = rules_due(rules, line, unit);
    bool stays_found = rule == 0 && before == DUE_BY_FINDING && unit->is_active;
    return stays_found ? DUE_BY_FINDING : rule;
}

bool is_own_body(const struct own_body *organisation, struct division unit_division, struct str unit_name)
{
    return organisation->division.code == unit_division.code ||
           (organisation->regime == REGIME_INTERNAL && str_starts(organisation->name, unit_name));
}

/* To add a step: one row here; buttons, checks, the diagram in the docs and the golden matrix follow. */
static const struct spot_step steps[] = {
    /* from                  act                  to                    approver need */
    { SPOT_FOUND,            ACT_CONTACT,         SPOT_CONTACTED,       false,   NEED_NOTE },
    { SPOT_FOUND,            ACT_ASK_EXEMPTION,   SPOT_EXEMPTION_ASKED, false,   NEED_NOTE },
    { SPOT_FOUND,            ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_CONTACTED,        ACT_PREPARE,         SPOT_PREPARING,       false,   NEED_NOTHING },
    { SPOT_CONTACTED,        ACT_REFUSE,          SPOT_REFUSED,         false,   NEED_NOTE },
    { SPOT_CONTACTED,        ACT_ASK_EXEMPTION,   SPOT_EXEMPTION_ASKED, false,   NEED_NOTE },
    { SPOT_CONTACTED,        ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_PREPARING,        ACT_APPLY,           SPOT_APPLIED,         false,   NEED_NOTHING },
    { SPOT_PREPARING,        ACT_REFUSE,          SPOT_REFUSED,         false,   NEED_NOTE },
    { SPOT_PREPARING,        ACT_ASK_EXEMPTION,   SPOT_EXEMPTION_ASKED, false,   NEED_NOTE },
    { SPOT_PREPARING,        ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_APPLIED,          ACT_APPROVE,         SPOT_APPROVED,        true,    NEED_NOTE },
    { SPOT_APPLIED,          ACT_REFUSE,          SPOT_REFUSED,         false,   NEED_NOTE },
    { SPOT_APPLIED,          ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_APPROVED,         ACT_ELECT,           SPOT_ELECTED,         false,   NEED_NOTHING },
    { SPOT_APPROVED,         ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_ELECTED,          ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_REFUSED,          ACT_CONTACT,         SPOT_CONTACTED,       false,   NEED_NOTE },
    { SPOT_REFUSED,          ACT_ASK_EXEMPTION,   SPOT_EXEMPTION_ASKED, false,   NEED_NOTE },
    { SPOT_REFUSED,          ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_EXEMPTION_ASKED,  ACT_GRANT_EXEMPTION, SPOT_EXEMPT,          true,    NEED_EXPIRY },
    { SPOT_EXEMPTION_ASKED,  ACT_DENY_EXEMPTION,  SPOT_CONTACTED,       true,    NEED_NOTE },
    { SPOT_EXEMPTION_ASKED,  ACT_COVER,           SPOT_COVERED,         false,   NEED_ORGANISATION },
    { SPOT_FOUND,            ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
    { SPOT_CONTACTED,        ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
    { SPOT_PREPARING,        ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
    { SPOT_APPLIED,          ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
    { SPOT_APPROVED,         ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
    { SPOT_ELECTED,          ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
    { SPOT_REFUSED,          ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
    { SPOT_EXEMPTION_ASKED,  ACT_WITHDRAW,        SPOT_NOT_DUE,         true,    NEED_NOTE },
};

struct spot_steps spot_steps(void)
{
    return (struct spot_steps){ steps, COUNT_OF(steps) };
}

const struct spot_step *spot_step_of(enum spot_state from, enum spot_act act)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(steps); i++)
        if (steps[i].from == from && steps[i].act == act)
            return &steps[i];
    return NULL;
}

bool spot_step_fits(const struct spot_step *step, int64_t due_rule)
{
    return step->act != ACT_WITHDRAW || due_rule == DUE_BY_FINDING;
}

const char *spot_act_name(enum spot_act act)
{
    switch (act) { /* the compiler says which is missing */
    case ACT_CONTACT: return "contact";
    case ACT_PREPARE: return "prepare";
    case ACT_APPLY: return "apply";
    case ACT_APPROVE: return "approve";
    case ACT_ELECT: return "elect";
    case ACT_REFUSE: return "refuse";
    case ACT_ASK_EXEMPTION: return "ask-exemption";
    case ACT_GRANT_EXEMPTION: return "grant-exemption";
    case ACT_DENY_EXEMPTION: return "deny-exemption";
    case ACT_COVER: return "cover";
    case ACT_WITHDRAW: return "withdraw";
    case SPOT_ACT_COUNT: break;
    }
    BUG("no act: %d", (int)act);
}

bool spot_is_open(enum spot_state state)
{
    return state < SPOT_COVERED;
}

/* To add a step: one row here; buttons, checks and the golden matrix follow. Every step is given the day it happened. */
static const struct life_step life[] = {
    /* from                    act             to                        approver what must be given */
    { ORGANISATION_NONE,        LIFE_PLAN,      ORGANISATION_PLANNED,     false,   0 },
    { ORGANISATION_NONE,        LIFE_PREPARE,   ORGANISATION_PREPARING,   false,   0 },
    { ORGANISATION_NONE,        LIFE_ESTABLISH, ORGANISATION_ESTABLISHED, false,   0 },
    { ORGANISATION_PLANNED,     LIFE_PREPARE,   ORGANISATION_PREPARING,   false,   0 },
    { ORGANISATION_PLANNED,     LIFE_GIVE_UP,   ORGANISATION_GIVEN_UP,    false,   ASK_NOTE },
    { ORGANISATION_PREPARING,   LIFE_ESTABLISH, ORGANISATION_ESTABLISHED, false,   ASK_DOCUMENT },
    { ORGANISATION_PREPARING,   LIFE_GIVE_UP,   ORGANISATION_GIVEN_UP,    false,   ASK_NOTE },
    { ORGANISATION_GIVEN_UP,    LIFE_PREPARE,   ORGANISATION_PREPARING,   false,   0 },
    { ORGANISATION_ESTABLISHED, LIFE_REELECT,   ORGANISATION_ESTABLISHED, false,   ASK_DOCUMENT | ASK_TERM | ASK_MEMBERS },
    { ORGANISATION_ESTABLISHED, LIFE_MERGE,     ORGANISATION_MERGED,      true,    ASK_DOCUMENT | ASK_SUCCESSOR },
    { ORGANISATION_ESTABLISHED, LIFE_DISSOLVE,  ORGANISATION_DISSOLVED,   true,    ASK_DOCUMENT | ASK_NOTE },
    { ORGANISATION_MERGED,      LIFE_RESTORE,   ORGANISATION_ESTABLISHED, true,    ASK_NOTE },
    { ORGANISATION_DISSOLVED,   LIFE_RESTORE,   ORGANISATION_ESTABLISHED, true,    ASK_NOTE },
};

struct life_steps life_steps(void)
{
    return (struct life_steps){ life, COUNT_OF(life) };
}

const struct life_step *life_step_of(enum organisation_state from, enum life_act act)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(life); i++)
        if (life[i].from == from && life[i].act == act)
            return &life[i];
    return NULL;
}

const struct life_step *life_step_to_register(enum organisation_state to)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(life); i++)
        if (life[i].from == ORGANISATION_NONE && life[i].to == to)
            return &life[i];
    return NULL;
}

const char *life_act_name(enum life_act act)
{
    switch (act) {
    case LIFE_PLAN: return "plan";
    case LIFE_PREPARE: return "prepare";
    case LIFE_ESTABLISH: return "establish";
    case LIFE_REELECT: return "reelect";
    case LIFE_MERGE: return "merge";
    case LIFE_DISSOLVE: return "dissolve";
    case LIFE_GIVE_UP: return "give-up";
    case LIFE_RESTORE: return "restore";
    case LIFE_ACT_COUNT: break;
    }
    BUG("no act: %d", (int)act);
}

bool organisation_has_ended(enum organisation_state state)
{
    return state == ORGANISATION_DISSOLVED || state == ORGANISATION_MERGED || state == ORGANISATION_GIVEN_UP;
}

bool organisation_is_founded(enum organisation_state state)
{
    return state == ORGANISATION_ESTABLISHED || state == ORGANISATION_DISSOLVED || state == ORGANISATION_MERGED;
}

bool relation_is_from_above(enum relation_kind kind)
{
    return kind != RELATION_MEMBER_OF && kind != RELATION_JOINT_MEMBER_OF;
}

enum relation_fault relation_check(enum relation_kind kind, struct line line, struct division division,
                                   struct line other_line, struct division other_division)
{
    bool is_upward = division_level(division) > division_level(other_division);
    bool orders = kind == RELATION_LEADS || kind == RELATION_GUIDES || kind == RELATION_SUPERVISES;
    if (kind == RELATION_LEADS && line.n != other_line.n)
        return RELATION_OTHER_LINE;
    return orders && is_upward ? RELATION_UPWARD : RELATION_FITS;
}

struct tally tally_of_pair(bool is_due, enum coverage_form form)
{
    if (!is_due)
        return (struct tally){ .extra = form != COVERAGE_NONE && form != COVERAGE_EXEMPT };
    return (struct tally){
        .due = 1,
        .sole = form == COVERAGE_SOLE,
        .joint = form == COVERAGE_JOINT,
        .regional = form == COVERAGE_REGIONAL,
        .trade = form == COVERAGE_TRADE,
        .exempt = form == COVERAGE_EXEMPT,
        .blank = form == COVERAGE_NONE,
    };
}

struct tally tally_minus(struct tally a, struct tally b)
{
    return (struct tally){ a.due - b.due,     a.sole - b.sole,     a.joint - b.joint, a.regional - b.regional,
                           a.trade - b.trade, a.exempt - b.exempt, a.blank - b.blank, a.extra - b.extra };
}

struct tally tally_plus(struct tally a, struct tally b)
{
    return tally_minus(a, tally_minus((struct tally){ 0 }, b));
}

bool tally_is_zero(struct tally t)
{
    return (t.due | t.sole | t.joint | t.regional | t.trade | t.exempt | t.blank | t.extra) == 0;
}

int64_t tally_covered(struct tally tally)
{
    return tally.sole + tally.joint + tally.regional + tally.trade;
}

int64_t tally_to_cover(struct tally tally)
{
    return tally.due - tally.exempt;
}

int64_t rate_of(struct tally tally)
{
    int64_t whole = tally_to_cover(tally), covered = tally_covered(tally);
    if (whole <= 0)
        return -1;
    int64_t rate = (covered * 2000 + whole) / (whole * 2);
    return rate == 1000 && covered < whole ? 999 : rate; /* only all is all */
}

enum tone tone_of(struct tally tally)
{
    int64_t whole = tally_to_cover(tally), covered = tally_covered(tally);
    if (whole <= 0)
        return TONE_NONE;
    if (covered * 100 >= whole * 90)
        return TONE_HIGH;
    return covered * 100 >= whole * 75 ? TONE_MIDDLE : TONE_LOW;
}
