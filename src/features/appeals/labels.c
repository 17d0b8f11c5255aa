#include "features/appeals/labels.h"

#include "gen/appeals_texts.h"

/* A table without holes: what stands in it has a text. */
static struct text text_of(const struct text_key *const *keys, ptrdiff_t count, int n, const char *what)
{
    if (n < 0 || n >= count || !keys[n])
        BUG("%s %d has no words", what, n);
    return (struct text){ .key = keys[n] };
}

#define TEXT_OF(keys, n, what) text_of((keys), COUNT_OF(keys), (int)(n), (what))

struct text label_appeal_state(enum appeal_state state)
{
    static const struct text_key *const keys[] = { [APPEAL_REGISTERED] = &text_key_appeal_state_registered,
                                                   [APPEAL_WORKING] = &text_key_appeal_state_working,
                                                   [APPEAL_CHECKING] = &text_key_appeal_state_checking,
                                                   [APPEAL_REPLIED] = &text_key_appeal_state_replied,
                                                   [APPEAL_RETURNED] = &text_key_appeal_state_returned,
                                                   [APPEAL_CLOSED] = &text_key_appeal_state_closed,
                                                   [APPEAL_NOT_ACCEPTED] = &text_key_appeal_state_not_accepted,
                                                   [APPEAL_WITHDRAWN] = &text_key_appeal_state_withdrawn };
    return TEXT_OF(keys, state, "appeal state");
}

/* What one does, and what was done. */
static const struct {
    const struct text_key *act, *event;
} words[APPEAL_ACT_COUNT] = {
    [STEP_ACCEPT] = { &text_key_appeal_act_accept, &text_key_appeal_event_accept },
    [STEP_NOT_ACCEPT] = { &text_key_appeal_act_not_accept, &text_key_appeal_event_not_accept },
    [STEP_TRANSFER] = { &text_key_appeal_act_transfer, &text_key_appeal_event_transfer },
    [STEP_RETURN] = { &text_key_appeal_act_return, &text_key_appeal_event_return },
    [STEP_SETTLE] = { &text_key_appeal_act_settle, &text_key_appeal_event_settle },
    [STEP_CONTACT] = { &text_key_appeal_act_contact, &text_key_appeal_event_contact },
    [STEP_REPLY] = { &text_key_appeal_act_reply, &text_key_appeal_event_reply },
    [STEP_PROPOSE] = { &text_key_appeal_act_propose, &text_key_appeal_event_propose },
    [STEP_CONFIRM] = { &text_key_appeal_act_confirm, &text_key_appeal_event_confirm },
    [STEP_DISMISS] = { &text_key_appeal_act_dismiss, &text_key_appeal_event_dismiss },
    [STEP_CALL_BACK] = { &text_key_appeal_act_call_back, &text_key_appeal_event_call_back },
    [STEP_MISSED] = { &text_key_appeal_act_missed, &text_key_appeal_event_missed },
    [STEP_CLOSE] = { &text_key_appeal_act_close, &text_key_appeal_event_close },
    [STEP_REOPEN] = { &text_key_appeal_act_reopen, &text_key_appeal_event_reopen },
    [STEP_NOTIFY] = { &text_key_appeal_act_notify, &text_key_appeal_event_notify },
    [STEP_WITHDRAW] = { &text_key_appeal_act_withdraw, &text_key_appeal_event_withdraw },
};

struct text label_appeal_act(enum appeal_act act)
{
    return (struct text){ .key = words[act].act };
}

struct text label_appeal_event(struct str act)
{
    for (enum appeal_act a = STEP_ACCEPT; a < APPEAL_ACT_COUNT; a++)
        if (str_equal(act, str_of(appeal_act_name(a))))
            return (struct text){ .key = words[a].event };
    if (str_equal(act, STR("register")))
        return t_appeal_event_register();
    if (str_equal(act, STR("assign")))
        return t_appeal_event_assign();
    if (str_equal(act, STR("edit")))
        return t_appeal_event_edit();
    if (str_equal(act, STR("unassign")))
        return t_appeal_event_unassign();
    return t_appeal_event_note();
}

struct text label_appeal_reason(enum appeal_reason reason)
{
    static const struct text_key *const keys[] = { [REASON_COURT] = &text_key_appeal_reason_court,
                                                   [REASON_DISCIPLINE] = &text_key_appeal_reason_discipline,
                                                   [REASON_RECONSIDERATION] = &text_key_appeal_reason_reconsideration,
                                                   [REASON_PETITION] = &text_key_appeal_reason_petition,
                                                   [REASON_EMERGENCY] = &text_key_appeal_reason_emergency,
                                                   [REASON_NOT_OURS] = &text_key_appeal_reason_not_ours,
                                                   [REASON_NO_FACTS] = &text_key_appeal_reason_no_facts,
                                                   [REASON_NO_GROUND] = &text_key_appeal_reason_no_ground,
                                                   [REASON_NOT_YET] = &text_key_appeal_reason_not_yet };
    return reason == REASON_NONE ? (struct text){ 0 } : TEXT_OF(keys, reason, "reason");
}

struct text label_appeal_answer(enum appeal_answer answer)
{
    static const struct text_key *const keys[] = { [ANSWER_NONE] = &text_key_appeal_answer_none,
                                                   [ANSWER_SOLVED] = &text_key_appeal_answer_solved,
                                                   [ANSWER_PARTLY] = &text_key_appeal_answer_partly,
                                                   [ANSWER_NOT_SOLVED] = &text_key_appeal_answer_not_solved };
    return TEXT_OF(keys, answer, "answer");
}

struct text label_appeal_mood(enum appeal_mood mood)
{
    static const struct text_key *const keys[] = { [MOOD_NONE] = &text_key_appeal_answer_none,
                                                   [MOOD_SATISFIED] = &text_key_appeal_mood_satisfied,
                                                   [MOOD_FAIRLY] = &text_key_appeal_mood_fairly,
                                                   [MOOD_NOT_SATISFIED] = &text_key_appeal_mood_not_satisfied };
    return TEXT_OF(keys, mood, "mood");
}

struct text label_appeal_bar(enum appeal_bar bar)
{
    switch (bar) {
    case BAR_DECISION: return t_appeal_bar_decision();
    case BAR_OWN_WORK: return t_appeal_bar_own_work();
    case BAR_OWN_PROPOSAL: return t_appeal_bar_own_proposal();
    case BAR_OWN_RETURN: return t_appeal_bar_own_return();
    case BAR_NOT_THE_DESK: return t_appeal_bar_not_the_desk();
    case BAR_MOVED: return t_appeal_bar_moved(APPEAL_MOVES);
    case BAR_CALLED_TODAY: return t_appeal_bar_called_today();
    case BAR_NOBODY: return t_appeal_bar_nobody();
    case BAR_SETTLED: return t_appeal_bar_settled();
    case BAR_HIGHEST: return t_appeal_bar_highest();
    case BAR_CALL_AGAIN: return t_appeal_bar_call_again(APPEAL_CALLS);
    case BAR_NONE: break;
    }
    BUG("no bar");
}
