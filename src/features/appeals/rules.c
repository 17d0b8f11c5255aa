#include "features/appeals/rules.h"

#include "base/arena.h"
#include "base/utf8.h"

/* Bits of features/clocks: notice, contact, close, call back. */
#define NOTIFY (1u << 1)
#define CONTACT (1u << 2)
#define CLOSE (1u << 3)
#define CALL_BACK (1u << 4)

/* To add a step: one row here; buttons, checks and the golden matrix follow. */
static const struct appeal_step steps[] = {
    /* from                act              to                  decides  wants                       meets                     starts */
    { APPEAL_REGISTERED, STEP_ACCEPT,     APPEAL_WORKING,      false, 0,                          NOTIFY,                   0 },
    { APPEAL_REGISTERED, STEP_TRANSFER,   APPEAL_REGISTERED,   false, WANTS_DESK | WANTS_NOTE,    0,                        0 },
    { APPEAL_REGISTERED, STEP_RETURN,     APPEAL_RETURNED,     false, WANTS_NOTE,                 0,                        0 },
    { APPEAL_REGISTERED, STEP_NOT_ACCEPT, APPEAL_NOT_ACCEPTED, true,  WANTS_REASON | WANTS_NOTE,  NOTIFY | CONTACT | CLOSE, 0 },
    { APPEAL_REGISTERED, STEP_WITHDRAW,   APPEAL_WITHDRAWN,    false, WANTS_NOTE,                 NOTIFY | CONTACT | CLOSE, 0 },
    { APPEAL_RETURNED,   STEP_SETTLE,     APPEAL_REGISTERED,   true,  WANTS_DESK | WANTS_NOTE,    0,                        0 },
    { APPEAL_WORKING,    STEP_CONTACT,    APPEAL_WORKING,      false, WANTS_NOTE,                 CONTACT,                  0 },
    { APPEAL_WORKING,    STEP_REPLY,      APPEAL_REPLIED,      false, WANTS_NOTE,                 CONTACT | CLOSE,          CALL_BACK },
    { APPEAL_WORKING,    STEP_TRANSFER,   APPEAL_REGISTERED,   false, WANTS_DESK | WANTS_NOTE,    0,                        0 },
    { APPEAL_WORKING,    STEP_PROPOSE,    APPEAL_CHECKING,     false, WANTS_REASON | WANTS_NOTE,  0,                        0 },
    { APPEAL_WORKING,    STEP_WITHDRAW,   APPEAL_WITHDRAWN,    false, WANTS_NOTE,                 NOTIFY | CONTACT | CLOSE, 0 },
    { APPEAL_CHECKING,   STEP_CONFIRM,    APPEAL_REPLIED,      true,  WANTS_NOTE,                 CONTACT | CLOSE,          CALL_BACK },
    { APPEAL_CHECKING,   STEP_DISMISS,    APPEAL_WORKING,      true,  WANTS_NOTE,                 0,                        0 },
    { APPEAL_REPLIED,    STEP_CALL_BACK,  APPEAL_CLOSED,       false, WANTS_ANSWER | WANTS_NOTE,  CALL_BACK,                0 },
    { APPEAL_REPLIED,    STEP_MISSED,     APPEAL_REPLIED,      false, WANTS_NOTE,                 0,                        0 },
    { APPEAL_REPLIED,    STEP_CLOSE,      APPEAL_CLOSED,       true,  WANTS_NOTE,                 CALL_BACK,                0 },
    { APPEAL_REPLIED,    STEP_REOPEN,     APPEAL_WORKING,      false, WANTS_NOTE,                 CALL_BACK,                CLOSE },
    { APPEAL_CLOSED,     STEP_REOPEN,     APPEAL_WORKING,      false, WANTS_NOTE,                 0,                        CLOSE },
};

struct appeal_steps appeal_steps(void)
{
    return (struct appeal_steps){ steps, COUNT_OF(steps) };
}

const struct appeal_step *appeal_step_of(enum appeal_state from, enum appeal_act act)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(steps); i++)
        if (steps[i].from == from && steps[i].act == act)
            return &steps[i];
    return NULL;
}

const char *appeal_act_name(enum appeal_act act)
{
    switch (act) { /* the compiler says which is missing */
    case STEP_ACCEPT: return "accept";
    case STEP_NOT_ACCEPT: return "not-accept";
    case STEP_TRANSFER: return "transfer";
    case STEP_RETURN: return "return";
    case STEP_SETTLE: return "settle";
    case STEP_CONTACT: return "contact";
    case STEP_REPLY: return "reply";
    case STEP_PROPOSE: return "propose";
    case STEP_CONFIRM: return "confirm";
    case STEP_DISMISS: return "dismiss";
    case STEP_CALL_BACK: return "call-back";
    case STEP_MISSED: return "missed";
    case STEP_CLOSE: return "close";
    case STEP_REOPEN: return "reopen";
    case STEP_WITHDRAW: return "withdraw";
    case APPEAL_ACT_COUNT: break;
    }
    BUG("no act: %d", (int)act);
}

bool appeal_is_open(enum appeal_state state)
{
    return state < APPEAL_CLOSED;
}

bool appeal_reason_fits(enum appeal_act act, enum appeal_reason reason)
{
    bool is_of_intake = reason >= REASON_COURT && reason <= REASON_NOT_OURS;
    bool is_of_work = reason >= REASON_NO_FACTS && reason <= REASON_NOT_YET;
    return act == STEP_NOT_ACCEPT ? is_of_intake : act == STEP_PROPOSE && is_of_work;
}

static bool is_of_calling(enum appeal_act act)
{
    return act == STEP_CALL_BACK || act == STEP_MISSED || act == STEP_CLOSE;
}

enum appeal_bar appeal_step_bar(const struct appeal_step *step, const struct appeal_facts *facts)
{
    if (step->decides && !facts->may_decide)
        return BAR_DECISION;
    if (is_of_calling(step->act) && facts->is_own_reply)
        return BAR_OWN_REPLY;
    if (step->act == STEP_CONFIRM && facts->is_own_reply)
        return BAR_OWN_PROPOSAL;
    if (step->act == STEP_CLOSE && facts->missed < APPEAL_CALLS)
        return BAR_CALL_AGAIN;
    if (step->act != STEP_RETURN)
        return BAR_NONE;
    if (facts->is_settled || facts->returned > 0)
        return BAR_SETTLED;
    return division_level(facts->desk) <= DIVISION_DISTRICT ? BAR_HIGHEST : BAR_NONE;
}

/* --- offices ---------------------------------------------------------------------------------------------------- */

void appeal_desks(struct division place, struct division ret[APPEAL_DESKS_MAX], int *ret_n)
{
    *ret_n = 0;
    for (enum division_level level = division_level(place); level >= DIVISION_DISTRICT; level--)
        ret[(*ret_n)++] = division_at(place, level);
}

bool appeal_desk_fits(struct division place, struct division desk)
{
    return division_contains(desk, place) && division_level(desk) >= DIVISION_DISTRICT;
}

struct division appeal_desk_above(struct division desk)
{
    return division_level(desk) > DIVISION_DISTRICT ? division_parent(desk) : desk;
}

struct instant appeal_look_first(struct instant due)
{
    static const int64_t DAY_US = INT64_C(24) * 3600 * 1000000;
    return due.us == INSTANT_NEVER.us ? due : (struct instant){ due.us - DAY_US };
}

/* Handed up meanwhile, it climbs from where it is now. */
struct division appeal_told_next(struct division desk, struct division told)
{
    bool is_above = told.code != 0 && division_level(told) < division_level(desk);
    return appeal_desk_above(is_above ? told : desk);
}

struct str appeal_title_of(struct arena *arena, struct str story)
{
    enum { TITLE_CHARACTERS = 24 };
    struct str line, rest;
    (void)str_cut(str_trim(story), '\n', &line, &rest);
    ptrdiff_t end = 0;
    for (int n = 0; n < TITLE_CHARACTERS && end < line.len; n++)
        (void)utf8_next(line, &end);
    return end < line.len ? str_format(arena, "%.*s…", (int)end, line.data) : line;
}
