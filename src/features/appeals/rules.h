/*
 * rules.h - the decisions of appeals, pure: which steps there are, what bars one, which offices have it.
 *
 * Sources: Regulation on Petition Work (信访工作条例, 2022) Art. 22, 23, 34; Beijing regulation on acting on receipt (2021): the first
 * receiver may not shirk, a return is decided by the level above and is not made again; domain M8.
 *
 * What one person could do alone to be rid of an appeal takes two: nobody calls back about their own work, or takes back their own
 * reply, or ends what they handle as withdrawn.
 */
#pragma once
#include "base/time.h"
#include "features/appeals/types.h"

enum appeal_act {
    STEP_ACCEPT = 1,
    STEP_NOT_ACCEPT,
    STEP_TRANSFER,
    STEP_RETURN,
    STEP_SETTLE, /* whose duty it is */
    STEP_CONTACT,
    STEP_REPLY,
    STEP_PROPOSE, /* that nothing can be done */
    STEP_CONFIRM,
    STEP_DISMISS,
    STEP_CALL_BACK,
    STEP_MISSED, /* called back, nobody reached */
    STEP_CLOSE,  /* without having reached anybody */
    STEP_REOPEN,
    STEP_WITHDRAW,
    STEP_NOTIFY, /* told in writing that it is taken on, or where it went */
    APPEAL_ACT_COUNT
};

/* What a step asks of the person beside the click. */
enum appeal_want { WANTS_NOTE = 1, WANTS_DESK = 2, WANTS_REASON = 4, WANTS_ANSWER = 8 };

/* Clocks a step meets or starts, as bits 1 << enum clock_kind (features/clocks). */
struct appeal_step {
    enum appeal_state from;
    enum appeal_act act;
    enum appeal_state to;
    bool decides; /* the capability to decide, not only to handle */
    unsigned wants;
    unsigned meets, starts;
};

struct appeal_steps {
    const struct appeal_step *at;
    ptrdiff_t n;
};

struct appeal_steps appeal_steps(void);
/* NULL: this act is not possible in that state. */
const struct appeal_step *appeal_step_of(enum appeal_state from, enum appeal_act act);
const char *appeal_act_name(enum appeal_act act); /* "call-back": in events and the audit */
bool appeal_is_open(enum appeal_state state);
/* Reasons for not taking an appeal, and for saying that nothing can be done, are two lists. */
bool appeal_reason_fits(enum appeal_act act, enum appeal_reason reason);

/* Why a step that the table has stands closed to somebody. */
enum appeal_bar {
    BAR_NONE,
    BAR_DECISION,      /* not theirs to decide */
    BAR_OWN_WORK,      /* who handled it, or replied, does not call back, nor take the reply back, nor end it as withdrawn */
    BAR_OWN_PROPOSAL,  /* who said that nothing can be done does not confirm it */
    BAR_OWN_RETURN,    /* who returned it does not decide whose it is */
    BAR_NOT_THE_DESK,  /* returned by the office that has it, not by one above in its place */
    BAR_SETTLED,       /* returned before, or the level above has decided: no more return, no other office but by those above */
    BAR_MOVED,         /* handed on APPEAL_MOVES times: those above say where it goes */
    BAR_HIGHEST,       /* nobody is above the district */
    BAR_CALL_AGAIN,    /* called back fewer than APPEAL_CALLS times */
    BAR_CALLED_TODAY,  /* nobody was reached today; another day counts */
    BAR_NOBODY         /* there is nobody to call back */
};

enum { APPEAL_CALLS = 3, APPEAL_MOVES = 2 };

struct appeal_facts {
    struct division desk;
    int64_t returned, moved, missed;
    bool is_settled, is_anonymous, was_missed_today;
    /* of the person who asks */
    bool may_decide, is_above; /* at its desk; at the one above it */
    bool is_of_desk;           /* works for this very office */
    bool has_replied, is_owner, has_returned;
};

enum appeal_bar appeal_step_bar(const struct appeal_step *step, const struct appeal_facts *facts);

/* The offices that can have a matter of this place, from its own level up to the district's; *ret_n is 1 to 3. */
enum { APPEAL_DESKS_MAX = 3 };
void appeal_desks(struct division place, struct division ret[APPEAL_DESKS_MAX], int *ret_n);
bool appeal_desk_fits(struct division place, struct division desk);
struct division appeal_desk_above(struct division desk); /* of the district's: itself */
/*
 * The ladder.  A day before its first clock is due, an appeal's timeline warns; once that clock is over, the office above the
 * desk is told, and the one above that when it is still open APPEAL_CLIMB_DAYS working days later, up to the district's, which is
 * also told of its own.  Another clock that comes first, or the same to another day, begins from the bottom.
 */
enum { APPEAL_CLIMB_DAYS = 5 };
struct instant appeal_look_first(struct instant due); /* of INSTANT_NEVER: that */
struct division appeal_told_next(struct division desk, struct division told); /* told 0: nobody yet */
/* The first sentence of a story, or its beginning, where nobody gave it a title. */
struct str appeal_title_of(struct arena *arena, struct str story);
/* Whether it says who the person is: lists show titles. */
bool appeal_title_names(struct str title, struct str name, struct str phone);
