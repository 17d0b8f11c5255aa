/*
 * rules.h - the decisions of the network, pure: when a unit is due, how a blank spot may move, what a tally counts.
 *
 * Sources: Trade Union Law (2021) Art. 11; working rules of the League's branches; charters of the federations.  The
 * thresholds themselves are data (coverage_rule): nothing here is a national constant.
 */
#pragma once
#include "base/time.h"
#include "features/network/types.h"

/* The figures of a unit that rules look at. */
struct unit_figures {
    enum unit_kind kind;
    struct division division;
    bool is_active;
    int64_t employees, women, youth, league_members, disabled;
};

struct coverage_rule {
    int64_t number;
    struct line line;
    struct division division; /* where it holds */
    enum unit_kind kind;
    enum rule_measure measure;
    int64_t at_least;
};

struct coverage_rules {
    struct coverage_rule *at;
    ptrdiff_t n;
};

/* Due because a person found it so and said why, where no rule says it: stands where the number of a rule does. */
enum { DUE_BY_FINDING = -1 };

/* The number of the first rule that makes the unit due in this line; 0: not due. */
int64_t rules_due(struct coverage_rules rules, struct line line, const struct unit_figures *unit);
/*
 * The same for a pair that is there: a finding stays until it is withdrawn, the unit closes, or a rule says so itself;
 * from then on the rule is the reason.
 */
int64_t rules_due_still(struct coverage_rules rules, struct line line, const struct unit_figures *unit, int64_t before);

/*
 * May an organisation be a unit's own ('sole')? It lies in the unit's own place, or is a body inside the enterprise and
 * bears its name.  One from above covers jointly, by area or by trade.
 */
struct own_body {
    struct division division;
    enum regime regime;
    struct str name;
};
bool is_own_body(const struct own_body *organisation, struct division unit_division, struct str unit_name);

/* --- the life of a blank spot --------------------------------------------------------------------------------- */

enum spot_act {
    ACT_CONTACT = 1,
    ACT_PREPARE,
    ACT_APPLY,
    ACT_APPROVE,
    ACT_ELECT,
    ACT_REFUSE,
    ACT_ASK_EXEMPTION,
    ACT_GRANT_EXEMPTION,
    ACT_DENY_EXEMPTION,
    ACT_COVER,
    ACT_WITHDRAW, /* not due after all: of what a person found */
    SPOT_ACT_COUNT
};

/* What an act asks of the person beside the click. */
enum spot_need { NEED_NOTHING, NEED_NOTE, NEED_ORGANISATION, NEED_EXPIRY };

struct spot_step {
    enum spot_state from;
    enum spot_act act;
    enum spot_state to;
    bool needs_approver; /* the capability to approve, not only to work on it */
    enum spot_need need;
};

/* Whether the step stands open to a pair that is due by this: what a rule makes due nobody withdraws. */
bool spot_step_fits(const struct spot_step *step, int64_t due_rule);

struct spot_steps {
    const struct spot_step *at;
    ptrdiff_t n;
};

struct spot_steps spot_steps(void);
/* NULL: this act is not possible in that state. */
const struct spot_step *spot_step_of(enum spot_state from, enum spot_act act);
const char *spot_act_name(enum spot_act act); /* "contact": in addresses, events and the audit */
bool spot_is_open(enum spot_state state);

/* --- the life of an organisation ------------------------------------------------------------------------------ */

enum life_act {
    LIFE_PLAN = 1,
    LIFE_PREPARE,
    LIFE_ESTABLISH,
    LIFE_REELECT,
    LIFE_MERGE,
    LIFE_DISSOLVE,
    LIFE_GIVE_UP,
    LIFE_RESTORE,
    LIFE_ACT_COUNT
};

/* What a step must be given beside its day. */
enum life_ask { ASK_DOCUMENT = 1, ASK_TERM = 2, ASK_MEMBERS = 4, ASK_SUCCESSOR = 8, ASK_NOTE = 16 };

struct life_step {
    enum organisation_state from; /* ORGANISATION_NONE: it is registered so */
    enum life_act act;
    enum organisation_state to;
    bool needs_approver;
    unsigned asks; /* enum life_ask */
};

struct life_steps {
    const struct life_step *at;
    ptrdiff_t n;
};

struct life_steps life_steps(void);
/* NULL: this act is not possible in that state. */
const struct life_step *life_step_of(enum organisation_state from, enum life_act act);
/* The step that registers an organisation in that state; NULL: none is registered so. */
const struct life_step *life_step_to_register(enum organisation_state to);
const char *life_act_name(enum life_act act); /* "reelect": in events and the audit */
bool organisation_has_ended(enum organisation_state state);
bool organisation_is_founded(enum organisation_state state); /* or was */

/* --- what organisations are to each other --------------------------------------------------------------------- */

/* Whether the first of the two stands above the other: a member does not. */
bool relation_is_from_above(enum relation_kind kind);
/* What one that leads, or is led, is to be asked: only of the same line is anyone led, and nobody by one from below. */
enum relation_fault { RELATION_FITS, RELATION_OTHER_LINE, RELATION_UPWARD };
enum relation_fault relation_check(enum relation_kind kind, struct line line, struct division division,
                                   struct line other_line, struct division other_division);

/* --- tallies --------------------------------------------------------------------------------------------------- */

/* Counts of pairs of unit and line; due = sole + joint + regional + trade + exempt + blank, always. */
struct tally {
    int64_t due, sole, joint, regional, trade, exempt, blank, extra;
};

/* Out of a row of any query with these columns. */
#define TALLY_OF_ROW(row)                                                                                     \
    ((struct tally){ (row)->due, (row)->sole, (row)->joint, (row)->regional, (row)->trade, (row)->exempt,       \
                     (row)->blank, (row)->extra })

/* What one pair counts as. */
struct tally tally_of_pair(bool is_due, enum coverage_form form);
struct tally tally_minus(struct tally a, struct tally b);
struct tally tally_plus(struct tally a, struct tally b);
bool tally_is_zero(struct tally tally);
int64_t tally_covered(struct tally tally);
/* Due less exempt: what the establishment rate divides by. */
int64_t tally_to_cover(struct tally tally);

/* The establishment rate in thousandths, rounded half up, but 1000 means all; -1: nothing to cover. */
int64_t rate_of(struct tally tally);

enum tone { TONE_NONE, TONE_HIGH, TONE_MIDDLE, TONE_LOW };
/* >= 90 %, 75-90 %, < 75 % of the exact share, not of the rounded rate. */
enum tone tone_of(struct tally tally);
