/*
 * types.h - the words of the network: ids, kinds, states.  The numbers are stored; they never change their meaning.
 */
#pragma once
#include "platform/access/scope.h"

struct unit_id { int64_t n; };
struct organisation_id { int64_t n; };
struct spot_id { int64_t n; };
struct relation_id { int64_t n; };

/* What is to be covered: employers, social organisations, and the places themselves. */
enum unit_kind {
    UNIT_FIRM = 1,
    UNIT_ASSOCIATION = 2,              /* 社会团体 */
    UNIT_PRIVATE_NON_ENTERPRISE = 3,   /* 民办非企业单位 */
    UNIT_FOUNDATION = 4,               /* 基金会 */
    UNIT_VILLAGE = 5,                  /* a village or community as such */
    UNIT_TOWN = 6,
    UNIT_DISTRICT = 7,
    UNIT_KIND_COUNT
};

enum unit_state { UNIT_ACTIVE = 1, UNIT_CLOSED = 2 };

/* Which figure of a unit a coverage rule looks at. */
enum rule_measure {
    MEASURE_ALWAYS = 1, /* every unit of the kind */
    MEASURE_EMPLOYEES = 2,
    MEASURE_WOMEN = 3,
    MEASURE_YOUTH = 4,
    MEASURE_LEAGUE_MEMBERS = 5,
    MEASURE_DISABLED = 6
};

/* How a unit is covered by an organisation of a line. */
enum coverage_form {
    COVERAGE_NONE = 0,
    COVERAGE_SOLE = 1,     /* an organisation of its own */
    COVERAGE_JOINT = 2,    /* one with other units */
    COVERAGE_REGIONAL = 3, /* by the area */
    COVERAGE_TRADE = 4,    /* by the trade */
    COVERAGE_EXEMPT = 5    /* need not be covered: reason, expiry, approver */
};

/* The life of a blank spot.  Below SPOT_COVERED it is open, and counts. */
enum spot_state {
    SPOT_FOUND = 1,
    SPOT_CONTACTED = 2,
    SPOT_PREPARING = 3,
    SPOT_APPLIED = 4,
    SPOT_APPROVED = 5,
    SPOT_ELECTED = 6,
    SPOT_REFUSED = 7,
    SPOT_EXEMPTION_ASKED = 8,
    SPOT_COVERED = 20,
    SPOT_EXEMPT = 21,
    SPOT_NOT_DUE = 22
};

enum spot_finder { FOUND_BY_RULE = 1, FOUND_BY_PERSON = 2 };

/* Legal kinds of organisations: the five lines are not one (domain M1). */
enum regime {
    REGIME_PEOPLES_ORGANISATION = 1,   /* exempt from registration: league, women's federation */
    REGIME_TRADE_UNION = 2,            /* legal person by the Trade Union Law */
    REGIME_CHAMBER = 3,
    REGIME_REGISTERED = 4,             /* association, private non-enterprise unit, foundation */
    REGIME_FILED = 5,                  /* community group on file, no legal person */
    REGIME_SELF_GOVERNING = 6,         /* villagers' or residents' committee */
    REGIME_INTERNAL = 7,               /* body inside an enterprise */
    REGIME_COUNT
};

/* The life of an organisation; that its term has run out follows from term_ends_on and is no state. */
enum organisation_state {
    ORGANISATION_NONE = 0, /* not registered yet */
    ORGANISATION_PREPARING = 1,
    ORGANISATION_ESTABLISHED = 2,
    ORGANISATION_DISSOLVED = 3,
    ORGANISATION_PLANNED = 4,
    ORGANISATION_MERGED = 5,
    ORGANISATION_GIVEN_UP = 6 /* never founded */
};

/* What an organisation is to another one; a tree is not enough (R08). */
enum relation_kind {
    RELATION_LEADS = 1,
    RELATION_GUIDES = 2,
    RELATION_SUPERVISES = 3, /* 业务主管单位 */
    RELATION_REGISTERS = 4,  /* 登记管理机关 */
    RELATION_INCUBATES = 5,
    RELATION_MEMBER_OF = 6,
    RELATION_JOINT_MEMBER_OF = 7,
    RELATION_FUNDS = 8,
    RELATION_KIND_COUNT
};
