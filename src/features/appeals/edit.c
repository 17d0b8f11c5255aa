/*
 * edit.c - putting right what was taken down wrongly.
 */
#include "features/appeals/actions.h"

#include "features/appeals/moves.h"
#include "features/appeals/pages.h"

#include "gen/appeals_texts.h"

struct edit_input edit_input_of(const struct appeal_by_id *appeal, const struct appeal_person *person)
{
    return (struct edit_input){ .topic = appeal->topic,
                                .name = person->name,
                                .phone = person->phone,
                                .title = appeal->title,
                                .wish = appeal->wish,
                                .version = appeal->version };
}

/* Whoever left a name is called back: it can be put right, not taken away. */
static bool check(const struct doing *doing, const struct appeal_by_id *appeal, const struct topics *topics,
                  const struct edit_input *input, struct error *err)
{
    const struct topic *topic = topic_of(topics, input->topic);
    ptrdiff_t before = doing->problems->n;
    if (!topic || topic->line.n != appeal->line.n || (topic->is_ended && topic->number != appeal->topic))
        (void)problem_add(doing->problems, STR("topic"), t_appeal_bad_topic());
    if (!appeal->is_anonymous && input->name.len == 0 && input->phone.len == 0)
        (void)problem_add(doing->problems, STR("name"), t_appeal_edit_keeps());
    if (appeal_title_names(input->title, input->name, input->phone))
        (void)problem_add(doing->problems, STR("title"), t_appeal_title_names());
    return doing->problems->n == before || error_fail(err, ERROR_REFUSED, "a topic, a name or a title that cannot be");
}

static bool store(const struct doing *doing, const struct appeal_by_id *appeal, const struct edit_input *input, struct error *err)
{
    struct appeal_person person = { input->name, input->phone };
    struct appeal_entry before = appeal_entry_of(appeal), after = before;
    struct appeal_edit_args args = {
        .topic = input->topic,
        .title = input->title,
        .wish = input->wish,
        .person = appeal_person_seal(doing->txn, appeal->district, appeal->id, &person, doing->arena),
        .is_anonymous = person.name.len == 0 && person.phone.len == 0,
        .district = appeal->district,
        .id = appeal->id,
        .version = appeal->version,
    };
    after.title = input->title;
    after.wish = input->wish;
    return appeal_edit(doing->txn, &args, err) && appeal_index_change(doing->txn, &before, &after, doing->arena, err);
}

bool appeal_correct(const struct doing *doing, const struct appeal_by_id *appeal, const struct topics *topics,
                    const struct edit_input *input, struct error *err)
{
    struct appeal_person person;
    struct appeal_move_args now = appeal_move_of(appeal);
    if (!appeal_is_seen(appeal, input->version, err) || !check(doing, appeal, topics, input, err) ||
        !appeal_person_open(doing->txn->db, appeal->district, appeal->id, appeal->sealed_person, doing->arena, &person, err))
        return false;
    struct edit_input before = edit_input_of(appeal, &person);
    struct str what = form_difference(doing->arena, &appeal_edit_form, &before, input);
    struct appeal_event_add_args event = { .act = STR("edit"), .note = what };
    return what.len == 0 || (store(doing, appeal, input, err) && appeal_log(doing, appeal, &now, event, err));
}
