/*
 * pages_new.c - the form at the desk: an appeal comes in.
 */
#include "features/appeals/actions.h"
#include "features/appeals/capabilities.h"
#include "features/appeals/pages.h"
#include "features/appeals/views.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/appeals_texts.h"

#define AT(member) offsetof(struct appeal_input, member)

static struct text name_type(int64_t value)
{
    return label_matter_type((enum matter_type)value);
}

static struct text name_channel(int64_t value)
{
    return label_matter_channel((enum matter_channel)value);
}

/* To add a field: one row, its label, a member of struct appeal_input.  In the order in which people tell it. */
static const struct field fields[] = {
    { "story", FIELD_NOTE, AT(story), &text_key_appeal_story, &text_key_appeal_story_hint, true, 2, LIMIT_NOTE },
    { "topic", FIELD_CHOICE, AT(topic), &text_key_appeal_topic, &text_key_appeal_topic_hint, true, 1, INT64_MAX },
    { "type", FIELD_CHOICE, AT(type), &text_key_appeal_type, NULL, true, 1, MATTER_TYPE_COUNT - 1, .name_choice = name_type },
    { "channel", FIELD_CHOICE, AT(channel), &text_key_appeal_channel, NULL, true, 1, CHANNEL_COUNT - 1,
      .name_choice = name_channel },
    { "division", FIELD_DIVISION, AT(division), &text_key_appeal_division, &text_key_appeal_division_hint, true, 0, 0 },
    { "name", FIELD_TEXT, AT(name), &text_key_appeal_name, NULL, false, 1, LIMIT_NAME, .is_sealed = true },
    { "phone", FIELD_TEXT, AT(phone), &text_key_appeal_phone, &text_key_appeal_phone_hint, false, 3, APPEAL_PHONE_MAX,
      .is_sealed = true },
    { "wish", FIELD_NOTE, AT(wish), &text_key_appeal_wish, &text_key_appeal_wish_hint, false, 0, LIMIT_NOTE },
    { "title", FIELD_TEXT, AT(title), &text_key_appeal_short_title, &text_key_appeal_short_title_hint, false, 0, LIMIT_NAME },
    { "received_on", FIELD_DATE, AT(received_on), &text_key_appeal_received_on, &text_key_appeal_received_on_hint, false, 0, 0 },
};
#undef AT

const struct form appeal_form = FORM(fields, struct appeal_input);

/* --- choices ------------------------------------------------------------------------------------------------------ */

static struct choices choices_of(struct request *rq, struct text (*name)(int64_t), int64_t count)
{
    struct choice *choices = arena_new(rq->arena, struct choice, count);
    for (int64_t value = 1; value < count; value++)
        choices[value - 1] = (struct choice){ value, text_in(rq->arena, rq->lang, name(value)) };
    return (struct choices){ choices, count - 1 };
}

/* Of one line, or of all the others. */
static void add_topics(struct request *rq, const struct appeal_words *words, struct line line, bool is_other, struct choices *all,
                       struct choice *at)
{
    for (ptrdiff_t i = 0; i < words->topics.n; i++) {
        const struct topic *topic = &words->topics.at[i];
        struct str of = appeal_line_name(words, topic->line);
        if (topic->is_ended || of.len == 0 || (topic->line.n == line.n) == is_other)
            continue;
        at[all->n++] = (struct choice){ topic->number, str_format(rq->arena, "%.*s · %.*s", STR_ARG(of),
                                                                 STR_ARG(topic->name[rq->lang])) };
    }
}

/* The topics of the line one looks at come first. */
static struct choices topic_choices(struct request *rq, const struct appeal_words *words)
{
    struct choice *at = arena_new(rq->arena, struct choice, words->topics.n);
    struct choices all = { at, 0 };
    add_topics(rq, words, rq->axes.line, false, &all, at);
    add_topics(rq, words, rq->axes.line, true, &all, at);
    return all;
}

struct reply appeal_new_show(struct request *rq)
{
    struct appeal_words words;
    struct appeal_input start = { .type = MATTER_HELP, .channel = CHANNEL_COUNTER, .division = rq->axes.at };
    if (!appeal_words_load(rq, rq->db, &words))
        return reply_error(rq);
    struct form_page_view view = { .title = t_appeal_new_title(),
                                   .lead = t_appeal_new_lead(),
                                   .form = form_show(rq, &appeal_form, &start),
                                   .action = url_here(rq, url_literal("/appeals/new")),
                                   .back = url_here(rq, url_literal("/appeals")) };
    form_draft(rq, &view.form, view.action);
    form_offer(rq, &view.form, "topic", topic_choices(rq, &words));
    form_offer(rq, &view.form, "type", choices_of(rq, name_type, MATTER_TYPE_COUNT));
    form_offer(rq, &view.form, "channel", choices_of(rq, name_channel, CHANNEL_COUNT));
    return reply_form(rq, &view);
}

/* --- taking it in ------------------------------------------------------------------------------------------------- */

static bool covers_line(const struct grant *grant, struct line line)
{
    return grant->line.n == 0 || grant->line.n == line.n;
}

/*
 * The deepest part of the territory around a place for which somebody takes appeals in, of two grants the one of this line;
 * false: none.
 */
static bool office_around(const struct actor *actor, struct division place, struct line line, const struct grant **ret)
{
    *ret = NULL;
    for (int i = 0; i < actor->grant_count; i++) {
        const struct grant *grant = &actor->grants[i];
        bool holds = (cap_appeals_handle.roles >> grant->role & 1) == 1 && division_contains(grant->division, place);
        int deeper = *ret ? (int)division_level(grant->division) - (int)division_level((*ret)->division) : 1;
        if (holds && (deeper > 0 || (deeper == 0 && covers_line(grant, line) && !covers_line(*ret, line))))
            *ret = grant;
    }
    return *ret != NULL;
}

/*
 * Who receives it has it, in their own line.  What another line answers for goes to that line's office in the town: a village has
 * not all of them.
 */
static struct division first_desk(const struct grant *grant, struct division place, struct line line)
{
    enum division_level own = division_level(grant->division);
    enum division_level at = own < DIVISION_DISTRICT ? DIVISION_DISTRICT : own;
    if (!covers_line(grant, line) && at > DIVISION_TOWN)
        at = DIVISION_TOWN;
    return division_at(place, at);
}

/* What the form cannot know by itself; false: the look-up failed. */
static bool check(struct request *rq, const struct appeal_input *input, const struct topics *topics, struct line *ret_line,
                  const struct grant **ret_grant)
{
    struct error err;
    const struct topic *topic = topic_of(topics, input->topic);
    bool is_there;
    if (!territory_has(rq->txn->db, input->division, rq->today, rq->arena, &is_there, &err)) {
        rq->err = err;
        return false;
    }
    *ret_line = topic ? topic->line : (struct line){ 0 };
    bool is_mine = office_around(&rq->actor, input->division, *ret_line, ret_grant);
    if (!is_there || !is_mine || division_level(input->division) < DIVISION_DISTRICT)
        (void)problem_add(&rq->problems, STR("division"), t_appeal_bad_division());
    if (!topic || topic->is_ended)
        (void)problem_add(&rq->problems, STR("topic"), t_appeal_bad_topic());
    return true;
}

struct reply appeal_new_submit(struct request *rq)
{
    const struct appeal_input *input = rq->input;
    const struct grant *grant;
    struct topics topics;
    struct line line;
    struct appeal_id id;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!topics_load(rq->txn->db, rq->today, rq->arena, &topics, &rq->err) || !check(rq, input, &topics, &line, &grant))
        return reply_error(rq);
    if (has_problems(rq))
        return reply_again(rq, appeal_new_show);
    if (!appeal_register(&doing, input, line, topic_name(&topics, input->topic, LANG_ZH), first_desk(grant, input->division, line), &id,
                         &rq->err))
        return has_problems(rq) ? reply_again(rq, appeal_new_show) : reply_error(rq);
    return reply_saved(rq, url_here(rq, appeal_url(rq->arena, division_district(input->division), id)));
}
