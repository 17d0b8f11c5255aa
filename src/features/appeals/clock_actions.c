/*
 * clock_actions.c - extending, pausing and resuming a clock of an appeal.  What is due, and the timeline, follow in the same change.
 */
#include "features/appeals/actions.h"

#include "features/appeals/moves.h"

static bool follow(const struct doing *doing, const struct appeal_by_id *appeal, struct appeal_event_add_args event,
                   struct error *err)
{
    struct appeal_move_args move = appeal_move_of(appeal);
    return appeal_move_due(doing, appeal, &move, err) && appeal_move(doing->txn, &move, err) &&
           appeal_log(doing, appeal, &move, event, err);
}

bool appeal_clock_extend(const struct doing *doing, const struct appeal_by_id *appeal, enum clock_kind kind,
                         const struct appeal_clock_input *input, struct error *err)
{
    struct clock_matter matter = { appeal->district, appeal->id.n };
    struct appeal_event_add_args event = { .act = STR("extend"), .clock = kind, .amount = input->amount, .note = input->note };
    return appeal_is_seen(appeal, input->version, err) && clock_extend(doing, matter, kind, input->amount, input->note, err) &&
           follow(doing, appeal, event, err);
}

bool appeal_clock_pause(const struct doing *doing, const struct appeal_by_id *appeal, enum clock_kind kind,
                        const struct appeal_clock_input *input, struct error *err)
{
    struct clock_matter matter = { appeal->district, appeal->id.n };
    enum pause_reason reason = (enum pause_reason)input->reason;
    struct instant until = clock_day_end(input->until);
    struct appeal_event_add_args event = { .act = STR("pause"), .clock = kind, .pause = reason, .until = until,
                                           .note = input->note };
    return appeal_is_seen(appeal, input->version, err) && clock_pause(doing, matter, kind, reason, until, input->note, doing->by, err) &&
           follow(doing, appeal, event, err);
}

bool appeal_clock_resume(const struct doing *doing, const struct appeal_by_id *appeal, enum clock_kind kind,
                         const struct appeal_clock_input *input, struct error *err)
{
    struct clock_matter matter = { appeal->district, appeal->id.n };
    struct appeal_event_add_args event = { .act = STR("resume"), .clock = kind };
    return appeal_is_seen(appeal, input->version, err) && clock_resume(doing, matter, kind, err) && follow(doing, appeal, event, err);
}
