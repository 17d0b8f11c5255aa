#include "features/appeals/moves.h"

#include "features/appeals/appeal_clocks.h"
#include "features/appeals/labels.h"
#include "features/appeals/rules.h"
#include "platform/audit/audit.h"

bool appeal_is_seen(const struct appeal_by_id *appeal, int64_t version, struct error *err)
{
    return (appeal->is_open && version == appeal->version) ||
           error_fail(err, ERROR_CONFLICT, "appeal %lld is at version %lld", (long long)appeal->id.n, (long long)appeal->version);
}

struct appeal_entry appeal_entry_of(const struct appeal_by_id *appeal)
{
    return (struct appeal_entry){ appeal->id,     appeal->division, appeal->line, appeal->number,
                                  appeal->title,  appeal->story,    appeal->wish };
}

struct appeal_move_args appeal_move_of(const struct appeal_by_id *appeal)
{
    return (struct appeal_move_args){ .district = appeal->district,
                                      .id = appeal->id,
                                      .version = appeal->version,
                                      .state = appeal->state,
                                      .is_open = appeal->is_open,
                                      .line = appeal->line,
                                      .desk = appeal->desk,
                                      .owner = appeal->owner,
                                      .due_at = appeal->due_at,
                                      .due_kind = appeal->due_kind,
                                      .told = appeal->told,
                                      .look_at = appeal->look_at,
                                      .reason = appeal->reason,
                                      .reply = appeal->reply,
                                      .replied_by = appeal->replied_by,
                                      .answer = appeal->answer,
                                      .mood = appeal->mood,
                                      .missed = appeal->missed,
                                      .missed_on = appeal->missed_on,
                                      .moved = appeal->moved,
                                      .returned = appeal->returned,
                                      .returned_by = appeal->returned_by,
                                      .is_settled = appeal->is_settled,
                                      .reopened = appeal->reopened,
                                      .closed_at = appeal->closed_at };
}

/* The audit outlives the record: it has the way of an appeal, and nothing that anybody wrote about it. */
bool appeal_log(const struct doing *doing, const struct appeal_by_id *appeal, const struct appeal_move_args *now,
                struct appeal_event_add_args event, struct error *err)
{
    struct str before = text_in(doing->arena, LANG_ZH, label_appeal_state(appeal->state));
    struct str after = text_in(doing->arena, LANG_ZH, label_appeal_state(now->state));
    struct str desk = division_text(doing->arena, now->desk);
    struct audit_event audit = { .district = appeal->district,
                                 .account = doing->by,
                                 .action = str_format(doing->arena, "appeal.%.*s", STR_ARG(event.act)),
                                 .subject = str_format(doing->arena, "appeal:%lld", (long long)appeal->id.n),
                                 .detail = str_format(doing->arena, "%.*s → %.*s; %.*s/%d", STR_ARG(before), STR_ARG(after),
                                                      STR_ARG(desk), (int)now->line.n) };
    event.district = appeal->district;
    event.appeal = appeal->id;
    event.id = txn_id(doing->txn);
    event.at = doing->txn->now;
    event.account = doing->by;
    event.state = now->state;
    event.line = now->line;
    event.reason = now->reason;
    if (event.desk.code == 0)
        event.desk = now->desk;
    return appeal_event_add(doing->txn, &event, NULL, err) && audit_append(doing->txn, &audit, err);
}

bool appeal_move_due(const struct doing *doing, const struct appeal_by_id *appeal, struct appeal_move_args *move,
                     struct error *err)
{
    struct appeal_matter matter = appeal_matter_of(appeal);
    struct appeal_due due;
    if (!appeal_clocks_due(doing->txn->db, &matter, doing->arena, &due, err))
        return false;
    if (due.at.us == appeal->due_at.us && due.kind == appeal->due_kind)
        return true; /* who was told of it knows, wherever it went */
    move->due_at = due.at;
    move->due_kind = due.kind;
    move->told = (struct division){ 0 };
    move->look_at = appeal_look_first(due.at);
    return true;
}
