#include "features/appeals/rules.h"

#include "base/arena.h"
#include "base/utf8.h"

/* Bits of enum clock_kind (features/clocks), which rules do not include; the golden of the steps names them. */
#define NOTIFY (1u << 1)
#define CONTACT (1u << 2)
#define CLOSE (1u << 3)
#define CALL_BACK (1u << 4)

/* To add a step: one row here; buttons, checks and the golden matrix follow. */
static const struct appeal_step steps[] = {
    /* from                  act              to                  decides wants                      meets                      runs */
    { APPEAL_REGISTERED,   STEP_ACCEPT,     APPEAL_WORKING,      false, 0,                         0,                         0 },
    { APPEAL_REGISTERED,   STEP_TRANSFER,   APPEAL_REGISTERED,   false, WANTS_DESK | WANTS_NOTE,   0,                         0 },
    { APPEAL_REGISTERED,   STEP_RETURN,     APPEAL_RETURNED,     false, WANTS_NOTE,                0,                         0 },
    { APPEAL_REGISTERED,   STEP_NOT_ACCEPT, APPEAL_NOT_ACCEPTED, true,  WANTS_REASON | WANTS_NOTE, NOTIFY | CONTACT | CLOSE,  0 },
    { APPEAL_REGISTERED,   STEP_WITHDRAW,   APPEAL_WITHDRAWN,    true,  WANTS_NOTE,                NOTIFY | CONTACT | CLOSE,  0 },
    { APPEAL_RETURNED,     STEP_SETTLE,     APPEAL_REGISTERED,   true,  WANTS_DESK | WANTS_NOTE,   0,                         0 },
    { APPEAL_WORKING,      STEP_NOTIFY,     APPEAL_WORKING,      false, WANTS_NOTE,                NOTIFY,                    0 },
    { APPEAL_WORKING,      STEP_CONTACT,    APPEAL_WORKING,      false, WANTS_NOTE,                CONTACT,                   0 },
    { APPEAL_WORKING,      STEP_REPLY,      APPEAL_REPLIED,      false, WANTS_NOTE,                NOTIFY | CONTACT | CLOSE,  CALL_BACK },
    { APPEAL_WORKING,      STEP_TRANSFER,   APPEAL_REGISTERED,   false, WANTS_DESK | WANTS_NOTE,   0,                         0 },
    { APPEAL_WORKING,      STEP_PROPOSE,    APPEAL_CHECKING,     false, WANTS_REASON | WANTS_NOTE, 0,                         0 },
    { APPEAL_WORKING,      STEP_WITHDRAW,   APPEAL_WITHDRAWN,    true,  WANTS_NOTE,                NOTIFY | CONTACT | CLOSE,  0 },
    { APPEAL_CHECKING,     STEP_CONFIRM,    APPEAL_REPLIED,      true,  WANTS_NOTE,                NOTIFY | CONTACT | CLOSE,  CALL_BACK },
    { APPEAL_CHECKING,     STEP_DISMISS,    APPEAL_WORKING,      true,  WANTS_NOTE,                0,                         0 },
    { APPEAL_REPLIED,      STEP_CALL_BACK,  APPEAL_CLOSED,       false, WANTS_ANSWER | WANTS_NOTE, CALL_BACK,                 0 },
    { APPEAL_REPLIED,      STEP_MISSED,     APPEAL_REPLIED,      false, WANTS_NOTE,                0,                         0 },
    { APPEAL_REPLIED,      STEP_CLOSE,      APPEAL_CLOSED,       true,  WANTS_NOTE,                CALL_BACK,                 0 },
    { APPEAL_REPLIED,      STEP_REOPEN,     APPEAL_WORKING,      false, WANTS_NOTE,                CALL_BACK,                 CLOSE },
    { APPEAL_CLOSED,       STEP_REOPEN,     APPEAL_WORKING,      false, WANTS_NOTE,                0,                         CLOSE },
    { APPEAL_NOT_ACCEPTED, STEP_REOPEN,     APPEAL_REGISTERED,   true,  WANTS_NOTE,                0,                         NOTIFY | CONTACT | CLOSE },
    { APPEAL_WITHDRAWN,    STEP_REOPEN,     APPEAL_REGISTERED,   true,  WANTS_NOTE,                0,                         NOTIFY | CONTACT | CLOSE },
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
    case STEP_NOTIFY: return "notify";
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

static enum appeal_bar bar_of_calling(enum appeal_act act, const struct appeal_facts *facts)
{
    if (facts->has_replied || facts->is_owner)
        return BAR_OWN_WORK;
    if (act == STEP_CLOSE)
        return facts->is_anonymous || facts->missed >= APPEAL_CALLS ? BAR_NONE : BAR_CALL_AGAIN;
    if (facts->is_anonymous)
        return BAR_NOBODY;
    return act == STEP_MISSED && facts->was_missed_today ? BAR_CALLED_TODAY : BAR_NONE;
}

static enum appeal_bar bar_of_return(const struct appeal_facts *facts)
{
    if (division_level(facts->desk) <= DIVISION_DISTRICT)
        return BAR_HIGHEST;
    if (facts->is_settled || facts->returned > 0)
        return BAR_SETTLED;
    return facts->is_of_desk ? BAR_NONE : BAR_NOT_THE_DESK;
}

static enum appeal_bar bar_of_transfer(const struct appeal_facts *facts)
{
    if (facts->is_above)
        return BAR_NONE;
    if (facts->is_settled)
        return BAR_SETTLED;
    return facts->moved >= APPEAL_MOVES ? BAR_MOVED : BAR_NONE;
}

enum appeal_bar appeal_step_bar(const struct appeal_step *step, const struct appeal_facts *facts)
{
    if (step->decides && !facts->may_decide)
        return BAR_DECISION;
    switch (step->act) {
    case STEP_CALL_BACK:
    case STEP_MISSED:
    case STEP_CLOSE:
        return bar_of_calling(step->act, facts);
    case STEP_REOPEN:
        return facts->has_replied ? BAR_OWN_WORK : BAR_NONE;
    case STEP_WITHDRAW:
        return facts->is_owner ? BAR_OWN_WORK : BAR_NONE;
    case STEP_CONFIRM:
        return facts->has_replied ? BAR_OWN_PROPOSAL : BAR_NONE;
    case STEP_SETTLE:
        return facts->has_returned ? BAR_OWN_RETURN : BAR_NONE;
    case STEP_RETURN:
        return bar_of_return(facts);
    case STEP_TRANSFER:
        return bar_of_transfer(facts);
    case STEP_ACCEPT:
    case STEP_NOT_ACCEPT:
    case STEP_CONTACT:
    case STEP_REPLY:
    case STEP_PROPOSE:
    case STEP_DISMISS:
    case STEP_NOTIFY:
    case APPEAL_ACT_COUNT:
        break;
    }
    return BAR_NONE;
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

static bool ends_sentence(int32_t code)
{
    return code == '\n' || code == '\r' || code == 0x3002 || code == 0xFF01 || code == 0xFF1F; /* 。！？ */
}

struct str appeal_title_of(struct arena *arena, struct str story)
{
    enum { SENTENCE_CHARACTERS = 4, TITLE_CHARACTERS = 24 }; /* a shorter sentence says nothing by itself */
    struct str text = str_trim(story);
    ptrdiff_t end = 0;
    for (int n = 0; n < TITLE_CHARACTERS && end < text.len; n++) {
        ptrdiff_t before = end;
        if (ends_sentence(utf8_next(text, &end)) && n >= SENTENCE_CHARACTERS)
            return str_slice(text, 0, before);
    }
    return end < text.len ? str_format(arena, "%.*s…", (int)end, text.data) : text;
}

/* A run of so many digits is a phone, or another number of somebody. */
static bool has_number(struct str text)
{
    enum { PHONE_DIGITS = 7 };
    int run = 0;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        run = text.data[i] >= '0' && text.data[i] <= '9' ? run + 1 : 0;
        if (run >= PHONE_DIGITS)
            return true;
    }
    return false;
}

bool appeal_title_names(struct str title, struct str name, struct str phone)
{
    return (name.len > 0 && str_find(title, name) >= 0) || (phone.len > 0 && str_find(title, phone) >= 0) || has_number(title);
}
