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

/* The number of the first rule that makes the unit due in this line; 0: not due. */
int64_t rules_due(struct coverage_rules rules, struct line line, const struct unit_figures *unit);

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

struct spot_steps {
    const struct spot_step *at;
    ptrdiff_t n;
};

struct spot_steps spot_steps(void);
/* NULL: this act is not possible in that state. */
const struct spot_step *spot_step_of(enum spot_state from, enum spot_act act);
const char *spot_act_name(enum spot_act act); /* "contact": in addresses, events and the audit */
bool spot_is_open(enum spot_state state);

/* --- tallies --------------------------------------------------------------------------------------------------- */

/* Counts of pairs of unit and line; due = sole + joint + regional + trade + exempt + blank, always. */
struct tally {
    int64_t due, sole, joint, regional, trade, exempt, blank, extra;
};

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
