/*
 * steps.c - moving an appeal on, with its clocks.
 */
#include "features/appeals/actions.h"

#include "features/appeals/appeal_clocks.h"
#include "features/appeals/appeal_index.h"
#include "features/appeals/labels.h"
#include "features/appeals/moves.h"

#include "gen/appeals_texts.h"

/* The audit outlives the record: it has the way of an appeal, and nothing that anybody wrote about it. */
static bool log_event(const struct doing *doing, const struct appeal_by_id *appeal, const struct appeal_move_args *now,
                      const char *act, struct str note, struct error *err)
{
    return appeal_log(doing, appeal, now, (struct appeal_event_add_args){ .act = str_of(act), .note = note }, err);
}

struct appeal_facts appeal_facts_of(const struct appeal_by_id *appeal, struct account_id by, struct date today,
                                    const struct appeal_rights *rights)
{
    return (struct appeal_facts){ .desk = appeal->desk,
                                  .returned = appeal->returned,
                                  .moved = appeal->moved,
                                  .missed = appeal->missed,
                                  .is_settled = appeal->is_settled,
                                  .is_anonymous = appeal->is_anonymous,
                                  .was_missed_today = appeal->missed > 0 && appeal->missed_on.days == today.days,
                                  .may_decide = rights->may_decide,
                                  .is_above = rights->is_above,
                                  .is_of_desk = rights->is_of_desk,
                                  .has_replied = appeal->replied_by.n == by.n,
                                  .is_owner = appeal->owner.n == by.n,
                                  .has_returned = appeal->returned_by.n == by.n };
}

/* --- what a step is given --------------------------------------------------------------------------------------- */

/* Where it goes is another office than it has; who settles a dispute gives it to one below, or keeps it. */
static void check_desk(const struct doing *doing, const struct appeal_by_id *appeal, enum appeal_act act,
                       const struct step_input *input)
{
    struct division desk = { input->desk };
    bool is_same = desk.code == appeal->desk.code && (input->line == 0 || input->line == appeal->line.n);
    bool is_below = division_level(desk) >= division_level(appeal->desk);
    if (!appeal_desk_fits(appeal->division, desk) || (act == STEP_SETTLE && !is_below))
        (void)problem_add(doing->problems, STR("desk"), t_appeal_desk_required());
    else if (act == STEP_TRANSFER && is_same)
        (void)problem_add(doing->problems, STR("desk"), t_appeal_desk_same());
}

static bool check(const struct doing *doing, const struct appeal_by_id *appeal, const struct appeal_step *step,
                  const struct step_input *input, struct error *err)
{
    ptrdiff_t before = doing->problems->n;
    if ((step->wants & WANTS_DESK) != 0)
        check_desk(doing, appeal, step->act, input);
    if ((step->wants & WANTS_REASON) != 0 && !appeal_reason_fits(step->act, (enum appeal_reason)input->reason))
        (void)problem_add(doing->problems, STR("reason"), t_appeal_reason_required());
    if ((step->wants & WANTS_ANSWER) != 0 && input->answer == ANSWER_NONE)
        (void)problem_add(doing->problems, STR("answer"), t_appeal_answer_required());
    if ((step->wants & WANTS_ANSWER) != 0 && input->mood == MOOD_NONE)
        (void)problem_add(doing->problems, STR("mood"), t_appeal_mood_required());
    if ((step->wants & WANTS_NOTE) != 0 && input->note.len == 0)
        (void)problem_add(doing->problems, STR("note"), t_appeal_note_required());
    return doing->problems->n == before || error_fail(err, ERROR_REFUSED, "a step without what it asks for");
}

/* --- what a step changes beside the state ------------------------------------------------------------------------ */

static void hand_over(struct appeal_move_args *move, const struct step_input *input)
{
    move->desk = (struct division){ input->desk };
    move->line = input->line != 0 ? (struct line){ (int32_t)input->line } : move->line;
    move->owner = (struct account_id){ 0 };
}

static void reopen(struct appeal_move_args *move)
{
    move->reopened++;
    move->missed = 0;
    move->answer = ANSWER_NONE;
    move->mood = MOOD_NONE;
    move->reason = REASON_NONE;
    move->reply = (struct str){ 0 }; /* it stands on the timeline */
    move->replied_by = (struct account_id){ 0 };
}

static void change(const struct doing *doing, enum appeal_act act, const struct step_input *input, struct appeal_move_args *move)
{
    switch (act) {
    case STEP_ACCEPT:
        move->owner = move->owner.n != 0 ? move->owner : doing->by;
        break;
    case STEP_SETTLE:
        move->is_settled = true;
        move->moved = 0;
        hand_over(move, input);
        break;
    case STEP_TRANSFER:
        move->moved++;
        hand_over(move, input);
        break;
    case STEP_RETURN:
        move->returned++;
        move->returned_by = doing->by;
        move->desk = appeal_desk_above(move->desk);
        move->owner = (struct account_id){ 0 };
        break;
    case STEP_NOT_ACCEPT:
    case STEP_PROPOSE:
        move->reason = (enum appeal_reason)input->reason;
        move->reply = input->note;
        move->replied_by = doing->by;
        break;
    case STEP_REPLY:
        move->reply = input->note;
        move->replied_by = doing->by;
        move->missed = 0;
        break;
    case STEP_DISMISS:
        move->reason = REASON_NONE;
        move->reply = (struct str){ 0 };
        move->replied_by = (struct account_id){ 0 };
        break;
    case STEP_CALL_BACK:
        move->answer = (enum appeal_answer)input->answer;
        move->mood = (enum appeal_mood)input->mood;
        break;
    case STEP_MISSED:
        move->missed++;
        move->missed_on = date_of(doing->txn->now);
        break;
    case STEP_REOPEN:
        reopen(move);
        break;
    case STEP_NOTIFY:
    case STEP_CONTACT:
    case STEP_CONFIRM:
    case STEP_CLOSE:
    case STEP_WITHDRAW:
    case APPEAL_ACT_COUNT:
        break;
    }
}

static bool move_clocks(const struct doing *doing, const struct appeal_by_id *appeal, const struct appeal_step *step,
                        struct appeal_move_args *move, struct error *err)
{
    struct appeal_matter matter = appeal_matter_of(appeal);
    return appeal_clocks_meet(doing, &matter, step->meets, err) &&
           appeal_clocks_run(doing, &matter, step->starts, doing->txn->now, err) && appeal_move_due(doing, appeal, move, err);
}

/* So that it is found where it lies now, and no more where it lay. */
static bool index_line(const struct doing *doing, const struct appeal_by_id *appeal, struct line line, struct error *err)
{
    struct appeal_entry before = appeal_entry_of(appeal), after = before;
    after.line = line;
    return line.n == before.line.n || appeal_index_change(doing->txn, &before, &after, doing->arena, err);
}

bool appeal_step_on(const struct doing *doing, const struct appeal_by_id *appeal, enum appeal_act act,
                    const struct step_input *input, const struct appeal_rights *rights, struct error *err)
{
    const struct appeal_step *step = appeal_step_of(appeal->state, act);
    struct appeal_facts facts = appeal_facts_of(appeal, doing->by, date_of(doing->txn->now), rights);
    if (!step || input->version != appeal->version)
        return error_fail(err, ERROR_CONFLICT, "appeal %lld is in state %d, version %lld", (long long)appeal->id.n,
                          (int)appeal->state, (long long)appeal->version);
    enum appeal_bar bar = appeal_step_bar(step, &facts);
    if (bar != BAR_NONE) {
        (void)problem_add(doing->problems, STR(""), label_appeal_bar(bar));
        return error_fail(err, ERROR_REFUSED, "appeal %lld: this step is barred", (long long)appeal->id.n);
    }
    if (!check(doing, appeal, step, input, err))
        return false;
    struct appeal_move_args move = appeal_move_of(appeal);
    move.state = step->to;
    move.is_open = appeal_is_open(step->to);
    move.closed_at = move.is_open ? INSTANT_NEVER : doing->txn->now;
    change(doing, act, input, &move);
    return move_clocks(doing, appeal, step, &move, err) && appeal_move(doing->txn, &move, err) &&
           index_line(doing, appeal, move.line, err) &&
           log_event(doing, appeal, &move, appeal_act_name(act), input->note, err);
}

/* --- beside the steps -------------------------------------------------------------------------------------------- */

bool appeal_note(const struct doing *doing, const struct appeal_by_id *appeal, struct str note, struct error *err)
{
    struct appeal_move_args now = appeal_move_of(appeal);
    if (!appeal->is_open)
        return error_fail(err, ERROR_CONFLICT, "appeal %lld is closed", (long long)appeal->id.n);
    return log_event(doing, appeal, &now, "note", note, err);
}

bool appeal_assign(const struct doing *doing, const struct appeal_by_id *appeal, struct account_id owner, struct str name,
                   int64_t version, struct error *err)
{
    struct appeal_move_args move = appeal_move_of(appeal);
    move.owner = owner;
    return appeal_is_seen(appeal, version, err) && appeal_move(doing->txn, &move, err) &&
           log_event(doing, appeal, &move, owner.n != 0 ? "assign" : "unassign", name, err);
}
