/*
 * pages_appeal.c - one appeal: facts, time limits, what was done, what may be done next.
 */
#include "features/accounts/accounts.h"
#include "features/appeals/actions.h"
#include "features/appeals/appeal_clocks.h"
#include "features/appeals/appeals.h"
#include "features/appeals/capabilities.h"
#include "features/appeals/due_words.h"
#include "features/appeals/labels.h"
#include "features/appeals/pages.h"
#include "features/appeals/views.h"
#include "platform/limits.h"

#include "gen/appeals_pages.h"
#include "gen/appeals_texts.h"

enum { EVENTS_MAX = 500 };

/* --- forms -------------------------------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct step_input, member)

/* To add a field: one row, its label, a member of struct step_input, and which steps ask for it (is_asked()). */
static const struct field step_fields[] = {
    { "desk", FIELD_CHOICE, AT(desk), &text_key_appeal_to_desk, NULL, false, 1, INT64_MAX },
    { "line", FIELD_CHOICE, AT(line), &text_key_appeal_to_line, &text_key_appeal_to_line_hint, false, 1, LINE_MAX },
    { "reason", FIELD_CHOICE, AT(reason), &text_key_appeal_reason, NULL, false, 1, REASON_NOT_YET },
    { "answer", FIELD_CHOICE, AT(answer), &text_key_appeal_solved, NULL, false, 1, ANSWER_NOT_SOLVED },
    { "mood", FIELD_CHOICE, AT(mood), &text_key_appeal_mood, NULL, false, 1, MOOD_NOT_SATISFIED },
    { "note", FIELD_NOTE, AT(note), &text_key_appeal_note, NULL, false, 0, LIMIT_NOTE },
    { "version", FIELD_INT, AT(version), &text_key_appeal_note, NULL, true, 1, INT64_MAX },
};
#undef AT
const struct form appeal_step_form = FORM(step_fields, struct step_input);

struct assign_input {
    int64_t owner, version;
};

static const struct field assign_fields[] = {
    { "owner", FIELD_CHOICE, offsetof(struct assign_input, owner), &text_key_appeal_owner, NULL, false, 1, INT64_MAX },
    { "version", FIELD_INT, offsetof(struct assign_input, version), &text_key_appeal_owner, NULL, true, 1, INT64_MAX },
};
const struct form appeal_assign_form = FORM(assign_fields, struct assign_input);

struct note_input {
    struct str note;
};

static const struct field note_fields[] = {
    { "note", FIELD_NOTE, offsetof(struct note_input, note), &text_key_appeal_note, NULL, true, 1, LIMIT_NOTE },
};
const struct form appeal_note_form = FORM(note_fields, struct note_input);

/* --- which appeal ------------------------------------------------------------------------------------------------- */

/* Of one's places and lines; and what one took in or handles, wherever it went: the first receiver sees it through. */
static bool may_read(const struct request *rq, const struct appeal_by_id *appeal)
{
    struct account_id me = rq->actor.account;
    return access_may(&rq->actor, &cap_appeals_read, appeal->division, appeal->line) || appeal->taken_by.n == me.n ||
           appeal->owner.n == me.n;
}

/* The appeal of the path, if the actor may read it: /appeals/{district}/{id} */
static bool find(struct request *rq, struct db *db, struct appeal_by_id *ret)
{
    struct appeal_by_id_args args = { rq->path_ids[0], { rq->path_ids[1] } };
    if (!appeal_by_id(db, &args, rq->arena, ret, &rq->err))
        return false;
    return may_read(rq, ret) || error_fail(&rq->err, ERROR_NOT_FOUND, "outside the actor's scope");
}

/* It is for the office that has it, and those above. */
static bool may_handle(const struct request *rq, const struct appeal_by_id *appeal)
{
    return access_may(&rq->actor, &cap_appeals_handle, appeal->desk, appeal->line);
}

bool appeal_may_decide(const struct request *rq, const struct appeal_by_id *appeal)
{
    return access_may(&rq->actor, &cap_appeals_decide, appeal->desk, appeal->line);
}

static bool is_of_desk(const struct actor *actor, const struct appeal_by_id *appeal)
{
    for (int i = 0; i < actor->grant_count; i++) {
        const struct grant *grant = &actor->grants[i];
        bool has_role = (cap_appeals_handle.roles >> grant->role & 1) == 1;
        if (has_role && grant->division.code == appeal->desk.code && (grant->line.n == 0 || grant->line.n == appeal->line.n))
            return true;
    }
    return false;
}

static struct appeal_rights rights_of(const struct request *rq, const struct appeal_by_id *appeal)
{
    struct division above = appeal_desk_above(appeal->desk);
    return (struct appeal_rights){ .may_decide = appeal_may_decide(rq, appeal),
                                   .is_above = access_may(&rq->actor, &cap_appeals_decide, above, appeal->line),
                                   .is_of_desk = is_of_desk(&rq->actor, appeal) };
}

/* Why the actor may not do this step, of those there are from here. */
static enum appeal_bar bar_of(const struct request *rq, const struct appeal_by_id *appeal, const struct appeal_step *step)
{
    struct appeal_rights rights = rights_of(rq, appeal);
    struct appeal_facts facts = appeal_facts_of(appeal, rq->actor.account, rq->today, &rights);
    return appeal_step_bar(step, &facts);
}

/* --- next steps --------------------------------------------------------------------------------------------------- */

static struct choices answer_choices(struct request *rq)
{
    struct choice *at = arena_new(rq->arena, struct choice, ANSWER_NOT_SOLVED);
    for (enum appeal_answer answer = ANSWER_SOLVED; answer <= ANSWER_NOT_SOLVED; answer++)
        at[answer - 1] = (struct choice){ answer, text_in(rq->arena, rq->lang, label_appeal_answer(answer)) };
    return (struct choices){ at, ANSWER_NOT_SOLVED };
}

static struct choices mood_choices(struct request *rq)
{
    struct choice *at = arena_new(rq->arena, struct choice, MOOD_NOT_SATISFIED);
    for (enum appeal_mood mood = MOOD_SATISFIED; mood <= MOOD_NOT_SATISFIED; mood++)
        at[mood - 1] = (struct choice){ mood, text_in(rq->arena, rq->lang, label_appeal_mood(mood)) };
    return (struct choices){ at, MOOD_NOT_SATISFIED };
}

static struct choices reason_choices(struct request *rq, enum appeal_act act)
{
    struct choice *at = arena_new(rq->arena, struct choice, REASON_NOT_YET);
    struct choices choices = { at, 0 };
    for (enum appeal_reason reason = REASON_COURT; reason <= REASON_NOT_YET; reason++)
        if (appeal_reason_fits(act, reason))
            at[choices.n++] = (struct choice){ reason, text_in(rq->arena, rq->lang, label_appeal_reason(reason)) };
    return choices;
}

static struct choices desk_choices(struct request *rq, const struct appeal_by_id *appeal, enum appeal_act act)
{
    struct division desks[APPEAL_DESKS_MAX];
    struct choice *at = arena_new(rq->arena, struct choice, APPEAL_DESKS_MAX);
    struct choices choices = { at, 0 };
    int n;
    appeal_desks(appeal->division, desks, &n);
    for (int i = 0; i < n; i++)
        if (act != STEP_SETTLE || division_level(desks[i]) >= division_level(appeal->desk))
            at[choices.n++] = (struct choice){ desks[i].code, place_name(rq, desks[i]) };
    return choices;
}

static bool is_asked(unsigned wants, struct str field)
{
    const struct {
        const char *field;
        enum appeal_want want;
    } asked[] = { { "desk", WANTS_DESK },     { "line", WANTS_DESK },   { "reason", WANTS_REASON },
                  { "answer", WANTS_ANSWER }, { "mood", WANTS_ANSWER }, { "note", WANTS_NOTE } };
    for (ptrdiff_t i = 0; i < COUNT_OF(asked); i++)
        if (str_equal(field, str_of(asked[i].field)))
            return (wants & asked[i].want) != 0;
    return false; /* the version is hidden */
}

/* The act whose form came back with problems; 0: none. */
static enum appeal_act act_sent(struct request *rq)
{
    return rq->x->method == HTTP_POST && rq->route->handle == appeal_act_submit ? (enum appeal_act)rq->path_ids[2] : 0;
}

static struct form_view step_form(struct request *rq, const struct appeal_words *words, const struct appeal_by_id *appeal,
                                  const struct appeal_step *step, struct url action)
{
    struct form_view all = form_show_one(rq, &appeal_step_form, NULL, act_sent(rq) == step->act);
    form_draft(rq, &all, action);
    form_offer(rq, &all, "desk", desk_choices(rq, appeal, step->act));
    form_offer(rq, &all, "line", words->lines);
    form_offer(rq, &all, "reason", reason_choices(rq, step->act));
    form_offer(rq, &all, "answer", answer_choices(rq));
    form_offer(rq, &all, "mood", mood_choices(rq));
    struct form_view some = { .at = arena_new(rq->arena, struct field_view, all.n), .problems = all.problems, .draft = all.draft };
    for (ptrdiff_t i = 0; i < all.n; i++)
        if (is_asked(step->wants, all.at[i].name))
            some.at[some.n++] = field_of_act(rq, all.at[i], appeal_act_name(step->act));
    return some;
}

static void fill_steps(struct request *rq, const struct appeal_words *words, const struct appeal_by_id *appeal,
                       struct appeal_view *view)
{
    struct appeal_steps steps = appeal_steps();
    struct str base = appeal_url(rq->arena, appeal->district, appeal->id).text;
    view->steps.at = arena_new(rq->arena, struct step_view, steps.n);
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct appeal_step *step = &steps.at[i];
        if (step->from != appeal->state)
            continue;
        enum appeal_bar bar = bar_of(rq, appeal, step);
        struct url action = url_path(rq->arena, "%.*s/acts/%d", STR_ARG(base), (int)step->act);
        struct step_view row = { .label = label_appeal_act(step->act), .is_refused = bar != BAR_NONE,
                                 .is_quiet = step->act == STEP_REOPEN };
        if (row.is_refused) {
            row.why = label_appeal_bar(bar);
        } else {
            row.action = url_here(rq, action);
            row.form = step_form(rq, words, appeal, step, action);
            row.is_open = act_sent(rq) == step->act || row.form.draft.is_there;
        }
        view->steps.at[view->steps.n++] = row;
    }
}

static bool fill_assign(struct request *rq, const struct appeal_by_id *appeal, struct appeal_view *view)
{
    struct account_choices people;
    struct assign_input now = { .owner = appeal->owner.n };
    struct str base = appeal_url(rq->arena, appeal->district, appeal->id).text;
    if (!accounts_with_role(rq->db, cap_appeals_handle.roles, appeal->desk, appeal->line, rq->arena, &people, &rq->err))
        return false;
    struct choice *at = arena_new(rq->arena, struct choice, people.n);
    for (ptrdiff_t i = 0; i < people.n; i++)
        at[i] = (struct choice){ people.at[i].id.n, people.at[i].name };
    view->assign = form_show(rq, &appeal_assign_form, &now);
    view->assign_url = url_here(rq, url_path(rq->arena, "%.*s/assign", STR_ARG(base)));
    form_draft(rq, &view->assign, view->assign_url);
    form_offer(rq, &view->assign, "owner", (struct choices){ at, people.n });
    view->assign.n--; /* the version is hidden */
    view->note = form_show(rq, &appeal_note_form, NULL);
    view->note_url = url_here(rq, url_path(rq->arena, "%.*s/notes", STR_ARG(base)));
    form_draft(rq, &view->note, view->note_url);
    return true;
}

/* --- the page ----------------------------------------------------------------------------------------------------- */

/* "答复延期 30 天", "答复暂停到 2026-12-10：等专业鉴定" */
static struct text what_happened(struct request *rq, const struct clock_states *clocks, const struct appeal_event_list *event)
{
    struct str kind = event->clock != 0 ? text_in(rq->arena, rq->lang, label_clock_kind(event->clock)) : (struct str){ 0 };
    for (ptrdiff_t i = 0; i < clocks->n && str_equal(event->act, STR("extend")); i++)
        if (clocks->at[i].kind == event->clock)
            return t_appeal_event_extend(
                kind, text_in(rq->arena, rq->lang, label_duration(clocks->at[i].runs.unit, event->amount)));
    if (str_equal(event->act, STR("pause")))
        return t_appeal_event_pause(kind, due_at_text(rq->arena, event->until),
                                    text_in(rq->arena, rq->lang, label_pause_reason(event->pause)));
    if (str_equal(event->act, STR("warn")))
        return t_appeal_event_warn(kind);
    if (str_equal(event->act, STR("climb")))
        return t_appeal_event_climb(kind);
    return str_equal(event->act, STR("resume")) ? t_appeal_event_resume(kind) : label_appeal_event(event->act);
}

/* "至 北滘镇 · 妇联": of the steps that move it; and the reason, before what was written. */
static struct str note_of(struct request *rq, const struct appeal_words *words, const struct appeal_event_list *event)
{
    bool moves = str_equal(event->act, STR("transfer")) || str_equal(event->act, STR("settle")) ||
                 str_equal(event->act, STR("return")) || str_equal(event->act, STR("register")) ||
                 str_equal(event->act, STR("climb"));
    struct str where = moves ? text_in(rq->arena, rq->lang, t_appeal_event_to(appeal_office(rq, words, event->desk, event->line)))
                             : (struct str){ 0 };
    if (str_equal(event->act, STR("assign")))
        where = STR("→");
    bool gives_reason = str_equal(event->act, STR("not-accept")) || str_equal(event->act, STR("propose"));
    if (gives_reason && event->reason != REASON_NONE)
        where = text_in(rq->arena, rq->lang, label_appeal_reason(event->reason));
    return str_format(rq->arena, "%.*s%s%.*s", STR_ARG(where), where.len == 0 || event->note.len == 0 ? "" : str_equal(where, STR("→")) ? " " : " · ",
                      STR_ARG(event->note));
}

static bool fill_events(struct request *rq, const struct appeal_words *words, const struct appeal_by_id *appeal,
                        const struct clock_states *clocks, struct appeal_view *view)
{
    struct appeal_event_list_rows rows;
    struct appeal_event_list_args args = { appeal->district, appeal->id, EVENTS_MAX };
    if (!appeal_event_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    view->events = (struct event_views){ arena_new(rq->arena, struct event_view, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct appeal_event_list *row = &rows.at[rows.n - 1 - i]; /* shown oldest first */
        view->events.at[i] = (struct event_view){ .at = row->at,
                                                  .who = account_name(rq->db, row->account, rq->arena),
                                                  .what = what_happened(rq, clocks, row),
                                                  .note = note_of(rq, words, row) };
    }
    return true;
}

/* What does not open is no reason to keep back the rest. */
static void fill_person(struct request *rq, const struct appeal_by_id *appeal, struct appeal_view *view)
{
    struct appeal_person person;
    struct error unread;
    view->is_anonymous = appeal->is_anonymous;
    bool is_mine = appeal->taken_by.n == rq->actor.account.n || appeal->owner.n == rq->actor.account.n;
    if (!is_mine && !access_may(&rq->actor, &cap_appeals_person, appeal->division, appeal->line)) {
        view->is_anonymous = false;
        view->person = text_in(rq->arena, rq->lang, t_appeal_person_hidden());
        return;
    }
    if (appeal_person_open(rq->db, appeal->district, appeal->id, appeal->sealed_person, rq->arena, &person, &unread)) {
        view->person = person.name;
        view->phone = person.phone;
        return;
    }
    page_log_unread(rq, &unread);
    view->is_anonymous = false;
    view->person = text_in(rq->arena, rq->lang, t_appeal_unread());
}

static struct str outcome_of(struct request *rq, const struct appeal_by_id *appeal)
{
    if (appeal->answer == ANSWER_NONE)
        return text_in(rq->arena, rq->lang, label_appeal_answer(ANSWER_NONE));
    return str_format(rq->arena, "%.*s · %.*s", STR_ARG(text_in(rq->arena, rq->lang, label_appeal_answer(appeal->answer))),
                      STR_ARG(text_in(rq->arena, rq->lang, label_appeal_mood(appeal->mood))));
}

static void fill_facts(struct request *rq, const struct appeal_words *words, const struct appeal_by_id *appeal,
                       struct appeal_view *view)
{
    struct str owner = account_name(rq->db, appeal->owner, rq->arena);
    view->appeal = (struct appeal_row){ .number = appeal->number,
                                        .title = appeal->title,
                                        .topic = topic_name(&words->topics, appeal->topic, rq->lang),
                                        .place = place_name(rq, appeal->division),
                                        .office = appeal_office(rq, words, appeal->desk, appeal->line),
                                        .owner = owner.len > 0 ? owner : text_in(rq->arena, rq->lang, t_appeal_nobody()),
                                        .state = label_appeal_state(appeal->state),
                                        .received_on = date_of(appeal->received_at),
                                        .closed_on = date_of(appeal->closed_at),
                                        .is_open = appeal->is_open };
    view->type = label_matter_type(appeal->type);
    view->channel = label_matter_channel(appeal->channel);
    view->story = appeal->story;
    view->wish = appeal->wish;
    view->taken_by = account_name(rq->db, appeal->taken_by, rq->arena);
    view->reply = appeal->reply;
    view->has_reason = appeal->reason != REASON_NONE;
    view->reason = label_appeal_reason(appeal->reason);
    view->has_outcome = appeal->state == APPEAL_CLOSED;
    view->outcome = outcome_of(rq, appeal);
    view->missed = appeal->missed;
    view->reopened = appeal->reopened;
    view->version = str_int(rq->arena, appeal->version);
}

/* The form that was sent may not be there any more, or not be this person's: what was typed stands in the message. */
static void fill_typed(struct request *rq, const struct appeal_words *words, const struct appeal_by_id *appeal,
                       struct appeal_view *view)
{
    enum appeal_act act = act_sent(rq);
    const struct appeal_step *step = act != 0 ? appeal_step_of(appeal->state, act) : NULL;
    enum appeal_bar bar = step ? bar_of(rq, appeal, step) : BAR_NONE;
    view->is_refused = bar != BAR_NONE && !view->has_conflict;
    if (view->is_refused)
        view->refused = label_appeal_bar(bar);
    bool is_of_clock = rq->path_args[2].len > 0 && act == 0;
    bool is_there = view->may_handle && (is_of_clock ? view->shows_clock_sent : act != 0 ? step && bar == BAR_NONE : appeal->is_open);
    if ((!view->has_conflict && !view->is_refused) || is_there)
        return;
    struct form_view form = form_show(rq, rq->route->form, NULL);
    form_offer(rq, &form, "desk", desk_choices(rq, appeal, act));
    form_offer(rq, &form, "line", words->lines);
    form_offer(rq, &form, "reason", act != 0 ? reason_choices(rq, act) : appeal_pause_choices(rq));
    form_offer(rq, &form, "answer", answer_choices(rq));
    form_offer(rq, &form, "mood", mood_choices(rq));
    view->typed = form_typed(rq, form);
}

struct reply appeal_show(struct request *rq)
{
    struct appeal_by_id appeal;
    struct appeal_words words;
    struct clock_states clocks;
    struct appeal_view view = { .has_conflict = rq->err.kind == ERROR_CONFLICT };
    if (!find(rq, rq->db, &appeal) || !appeal_words_load(rq, rq->db, &words) ||
        !clocks_of(rq->db, appeal_matter_of(&appeal).matter, rq->arena, &clocks, &rq->err) ||
        !fill_events(rq, &words, &appeal, &clocks, &view) || !appeal_clock_rows(rq, &words, &appeal, &clocks, &view))
        return reply_error(rq);
    view.may_handle = may_handle(rq, &appeal);
    view.edit_url = url_here(rq, url_path(rq->arena, "%.*s/edit", STR_ARG(appeal_url(rq->arena, appeal.district, appeal.id).text)));
    fill_facts(rq, &words, &appeal, &view);
    fill_person(rq, &appeal, &view);
    fill_typed(rq, &words, &appeal, &view);
    if (view.may_handle)
        fill_steps(rq, &words, &appeal, &view);
    if (view.may_handle && appeal.is_open && !fill_assign(rq, &appeal, &view))
        return reply_error(rq);
    view.frame = frame_make(rq, t_appeals_title(), appeal.number);
    appeals_appeal_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

struct doing appeal_doing(struct request *rq)
{
    return (struct doing){ .txn = rq->txn, .by = rq->actor.account, .problems = &rq->problems, .arena = rq->arena };
}

bool appeal_to_handle(struct request *rq, struct db *db, struct appeal_by_id *ret)
{
    if (!find(rq, db, ret))
        return false;
    return may_handle(rq, ret) || error_fail(&rq->err, ERROR_FORBIDDEN, "another office has it");
}

bool appeal_for_change(struct request *rq, struct appeal_by_id *ret)
{
    return appeal_to_handle(rq, rq->txn->db, ret);
}

struct reply appeal_after(struct request *rq, bool ok, const struct appeal_by_id *appeal)
{
    if (ok)
        return reply_saved(rq, url_here(rq, appeal_url(rq->arena, appeal->district, appeal->id)));
    bool shows_again = rq->err.kind == ERROR_REFUSED || rq->err.kind == ERROR_CONFLICT;
    return shows_again ? reply_again(rq, appeal_show) : reply_error(rq);
}

struct reply appeal_act_submit(struct request *rq)
{
    const struct step_input *input = rq->input;
    struct appeal_by_id appeal;
    struct doing doing = appeal_doing(rq);
    int64_t act = rq->path_ids[2];
    bool is_known, is_act = (act > 0 && act < APPEAL_ACT_COUNT) || error_fail(&rq->err, ERROR_NOT_FOUND, "no such act");
    if (!is_act || !appeal_for_change(rq, &appeal) || !line_is_known(rq, input->line, &is_known))
        return reply_error(rq);
    if (input->line != 0 && !is_known) {
        (void)problem_add(&rq->problems, STR("line"), t_appeal_bad_choice());
        return reply_again(rq, appeal_show);
    }
    struct appeal_rights rights = rights_of(rq, &appeal);
    return appeal_after(rq, appeal_step_on(&doing, &appeal, (enum appeal_act)act, input, &rights, &rq->err), &appeal);
}

struct reply appeal_assign_submit(struct request *rq)
{
    const struct assign_input *input = rq->input;
    struct appeal_by_id appeal;
    struct account_choices people;
    struct doing doing = appeal_doing(rq);
    struct str name = { 0 };
    if (!appeal_for_change(rq, &appeal) ||
        !accounts_with_role(rq->txn->db, cap_appeals_handle.roles, appeal.desk, appeal.line, rq->arena, &people, &rq->err))
        return reply_error(rq);
    for (ptrdiff_t i = 0; i < people.n; i++)
        if (people.at[i].id.n == input->owner)
            name = people.at[i].name;
    if (input->owner != 0 && name.len == 0) {
        (void)problem_add(&rq->problems, STR("owner"), t_appeal_owner_unknown());
        return reply_again(rq, appeal_show);
    }
    return appeal_after(rq, appeal_assign(&doing, &appeal, (struct account_id){ input->owner }, name, input->version, &rq->err), &appeal);
}

struct reply appeal_note_submit(struct request *rq)
{
    const struct note_input *input = rq->input;
    struct appeal_by_id appeal;
    struct doing doing = appeal_doing(rq);
    if (!appeal_for_change(rq, &appeal))
        return reply_error(rq);
    return appeal_after(rq, appeal_note(&doing, &appeal, input->note, &rq->err), &appeal);
}
