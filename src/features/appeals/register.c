/*
 * register.c - taking an appeal in.
 */
#include "features/appeals/actions.h"

#include "features/appeals/appeal_clocks.h"
#include "features/appeals/appeal_index.h"
#include "features/appeals/person.h"
#include "platform/audit/audit.h"

#include "gen/appeals_texts.h"

enum { RECEIVED_DAYS_MAX = 366 };

/* SQ2026-000123: counted in each district and year; one writer at a time, so no number is given twice. */
static bool next_number(const struct doing *doing, int64_t district, struct str *ret, struct error *err)
{
    struct appeal_number_of last = { 0 };
    int64_t year = civil_of_date(date_of(doing->txn->now)).year;
    bool found;
    if (!appeal_number_of(doing->txn->db, &(struct appeal_number_of_args){ district, year }, doing->arena, &last, &found, err))
        return false;
    bool ok = found ? appeal_number_next(doing->txn, &(struct appeal_number_next_args){ district, year }, err)
                    : appeal_number_first(doing->txn, &(struct appeal_number_first_args){ district, year }, NULL, err);
    *ret = str_format(doing->arena, "SQ%lld-%06lld", (long long)year, (long long)last.last + 1);
    return ok;
}

/* The moment it came in: of an earlier day its first one, so that no clock gains from the hour nobody wrote down. */
static bool received_at(const struct doing *doing, struct date on, struct instant *ret)
{
    struct instant now = doing->txn->now;
    struct date today = date_of(now);
    *ret = now;
    if (on.days == 0 || on.days == today.days)
        return true;
    if (on.days > today.days || on.days < today.days - RECEIVED_DAYS_MAX)
        return problem_add(doing->problems, STR("received_on"), t_appeal_received_range(RECEIVED_DAYS_MAX));
    *ret = clock_day_end((struct date){ on.days - 1 });
    return true;
}

static bool store(const struct doing *doing, const struct appeal_add_args *add, struct error *err)
{
    struct appeal_event_add_args event = { .district = add->district, .appeal = add->id,    .id = txn_id(doing->txn),
                                           .at = doing->txn->now,     .account = doing->by, .act = STR("register"),
                                           .state = add->state,       .line = add->line,    .desk = add->desk };
    struct audit_event audit = { .district = add->district,
                                 .account = doing->by,
                                 .action = STR("appeal.register"),
                                 .subject = str_format(doing->arena, "appeal:%lld", (long long)add->id.n),
                                 .detail = add->number };
    struct appeal_entry entry = { add->id, add->division, add->line, add->number, add->title, add->story, add->wish };
    return appeal_add(doing->txn, add, NULL, err) && appeal_index_add(doing->txn, &entry, doing->arena, err) &&
           appeal_event_add(doing->txn, &event, NULL, err) && audit_append(doing->txn, &audit, err);
}

/* Lists show it: a story that begins with who it is has its topic for a title. */
static bool title_of(const struct doing *doing, const struct appeal_input *input, struct str topic, struct str *ret)
{
    *ret = input->title.len > 0 ? input->title : appeal_title_of(doing->arena, input->story);
    if (!appeal_title_names(*ret, input->name, input->phone))
        return true;
    if (input->title.len > 0)
        return problem_add(doing->problems, STR("title"), t_appeal_title_names());
    *ret = topic;
    return true;
}

bool appeal_register(const struct doing *doing, const struct appeal_input *input, struct line line, struct str topic, struct division desk,
                     struct appeal_id *ret, struct error *err)
{
    struct instant received;
    struct appeal_due due;
    struct str number, title;
    int64_t district = division_district(input->division);
    struct appeal_person person = { input->name, input->phone };
    bool is_fine = received_at(doing, input->received_on, &received);
    if (!title_of(doing, input, topic, &title) || !is_fine)
        return error_fail(err, ERROR_REFUSED, "a day or a title that cannot be");
    *ret = (struct appeal_id){ txn_id(doing->txn) };
    struct appeal_matter matter = { { district, ret->n }, (enum matter_type)input->type, (enum matter_channel)input->channel,
                                    input->division, line };
    if (!next_number(doing, district, &number, err) || !appeal_clocks_start(doing, &matter, received, &due, err))
        return false;
    struct appeal_add_args add = { .district = district,
                                   .id = *ret,
                                   .number = number,
                                   .state = APPEAL_REGISTERED,
                                   .division = input->division,
                                   .line = line,
                                   .desk = desk,
                                   .topic = input->topic,
                                   .type = matter.type,
                                   .channel = matter.channel,
                                   .title = title,
                                   .story = input->story,
                                   .wish = input->wish,
                                   .person = appeal_person_seal(doing->txn, district, *ret, &person, doing->arena),
                                   .is_anonymous = person.name.len == 0 && person.phone.len == 0,
                                   .received_at = received,
                                   .taken_by = doing->by,
                                   .due_at = due.at,
                                   .due_kind = due.kind,
                                   .look_at = appeal_look_first(due.at),
                                   .closed_at = INSTANT_NEVER };
    return store(doing, &add, err);
}
