/*
 * pages_edit.c - the form that puts right what was taken down wrongly.
 */
#include "features/appeals/actions.h"
#include "features/appeals/pages.h"
#include "platform/limits.h"

#include "gen/appeals_texts.h"

#define AT(member) offsetof(struct edit_input, member)

/* To add a field: one row, its label, a member of struct edit_input. */
static const struct field fields[] = {
    { "name", FIELD_TEXT, AT(name), &text_key_appeal_name, NULL, false, 1, LIMIT_NAME, .is_sealed = true },
    { "phone", FIELD_TEXT, AT(phone), &text_key_appeal_phone, &text_key_appeal_phone_hint, false, 3, APPEAL_PHONE_MAX,
      .is_sealed = true },
    { "topic", FIELD_CHOICE, AT(topic), &text_key_appeal_topic, &text_key_appeal_edit_topic_hint, true, 1, INT64_MAX },
    { "title", FIELD_TEXT, AT(title), &text_key_appeal_short_title, NULL, true, 1, LIMIT_NAME },
    { "wish", FIELD_NOTE, AT(wish), &text_key_appeal_wish, NULL, false, 0, LIMIT_NOTE },
    { "version", FIELD_INT, AT(version), &text_key_appeal_note, NULL, true, 1, INT64_MAX },
};
#undef AT

const struct form appeal_edit_form = FORM(fields, struct edit_input);

static struct choices topics_of_line(struct request *rq, const struct topics *topics, const struct appeal_by_id *appeal)
{
    struct choice *at = arena_new(rq->arena, struct choice, topics->n);
    struct choices choices = { at, 0 };
    for (ptrdiff_t i = 0; i < topics->n; i++) {
        const struct topic *topic = &topics->at[i];
        if (topic->line.n == appeal->line.n && (!topic->is_ended || topic->number == appeal->topic))
            at[choices.n++] = (struct choice){ topic->number, topic->name[rq->lang] };
    }
    return choices;
}

struct reply appeal_edit_show(struct request *rq)
{
    struct appeal_by_id appeal;
    struct appeal_person person;
    struct topics topics;
    if (!appeal_to_handle(rq, rq->db, &appeal) || !topics_load(rq->db, rq->today, rq->arena, &topics, &rq->err) ||
        !appeal_person_open(rq->db, appeal.district, appeal.id, appeal.sealed_person, rq->arena, &person, &rq->err))
        return reply_error(rq);
    struct edit_input now = edit_input_of(&appeal, &person);
    struct url back = appeal_url(rq->arena, appeal.district, appeal.id);
    struct form_page_view view = { .title = t_appeal_edit(),
                                   .lead = t_appeal_edit_lead(),
                                   .name = appeal.number,
                                   .form = form_show(rq, &appeal_edit_form, &now),
                                   .action = url_here(rq, url_path(rq->arena, "%.*s/edit", STR_ARG(back.text))),
                                   .back = url_here(rq, back),
                                   .version = str_int(rq->arena, appeal.version),
                                   .has_conflict = rq->err.kind == ERROR_CONFLICT };
    form_draft(rq, &view.form, view.action);
    form_offer(rq, &view.form, "topic", topics_of_line(rq, &topics, &appeal));
    view.form.n--; /* the version is hidden */
    if (view.has_conflict)
        form_conflict(rq, &view.form, &now);
    return reply_form(rq, &view);
}

struct reply appeal_edit_submit(struct request *rq)
{
    struct appeal_by_id appeal;
    struct topics topics;
    struct doing doing = appeal_doing(rq);
    if (!appeal_to_handle(rq, rq->txn->db, &appeal) || !topics_load(rq->txn->db, rq->today, rq->arena, &topics, &rq->err))
        return reply_error(rq);
    if (!appeal_correct(&doing, &appeal, &topics, rq->input, &rq->err)) {
        bool shows_again = has_problems(rq) || rq->err.kind == ERROR_CONFLICT;
        return shows_again ? reply_again(rq, appeal_edit_show) : reply_error(rq);
    }
    return reply_saved(rq, url_here(rq, appeal_url(rq->arena, appeal.district, appeal.id)));
}
