/*
 * pages_clocks.c - the clocks on the page of an appeal, and what who decides may do with them.
 */
#include "features/appeals/actions.h"
#include "features/appeals/due_words.h"
#include "features/appeals/pages.h"
#include "features/appeals/views.h"
#include "platform/limits.h"

#include "gen/appeals_texts.h"

#define AT(member) offsetof(struct appeal_clock_input, member)
#define VERSION { "version", FIELD_INT, AT(version), &text_key_appeal_note, NULL, true, 1, INT64_MAX }

/* To add a field: one row, its label, a member of struct appeal_clock_input.  The version comes last: it is hidden. */
static const struct field extend_fields[] = {
    { "amount", FIELD_INT, AT(amount), &text_key_appeal_clock_amount, NULL, true, 1, CLOCK_AMOUNT_MAX },
    { "note", FIELD_NOTE, AT(note), &text_key_appeal_clock_note, NULL, true, 1, LIMIT_NOTE },
    VERSION,
};
static const struct field pause_fields[] = {
    { "reason", FIELD_CHOICE, AT(reason), &text_key_appeal_clock_reason, NULL, true, PAUSE_PAPERS, PAUSE_FORCE_MAJEURE },
    { "until", FIELD_DATE, AT(until), &text_key_appeal_clock_until, NULL, true, 0, 0 },
    { "note", FIELD_NOTE, AT(note), &text_key_appeal_clock_note, NULL, true, 1, LIMIT_NOTE },
    VERSION,
};
static const struct field resume_fields[] = { VERSION };
#undef AT
#undef VERSION

const struct form appeal_extend_form = FORM(extend_fields, struct appeal_clock_input);
const struct form appeal_pause_form = FORM(pause_fields, struct appeal_clock_input);
const struct form appeal_resume_form = FORM(resume_fields, struct appeal_clock_input);

/* --- showing ------------------------------------------------------------------------------------------------------ */

/* One clock on its page, and the limit it runs by. */
struct shown_clock {
    const struct appeal_by_id *appeal;
    const struct clock_state *clock;
    const struct limit_entry *limit; /* NULL: gone */
};

static int64_t extension_left(const struct shown_clock *shown)
{
    if (!shown->limit || shown->clock->extended_times >= shown->limit->extension_times)
        return 0;
    return shown->limit->extension - shown->clock->extended;
}

static bool may_extend(const struct request *rq, const struct shown_clock *shown)
{
    return clock_is_open(shown->clock) && !clock_is_late(shown->clock, rq->now) && extension_left(shown) > 0;
}

static bool may_pause(const struct request *rq, const struct shown_clock *shown)
{
    return clock_is_open(shown->clock) && !clock_is_late(shown->clock, rq->now) && !clock_is_paused(shown->clock, rq->now);
}

static bool may_resume(const struct request *rq, const struct shown_clock *shown)
{
    return clock_is_paused(shown->clock, rq->now);
}

/* To add what can be done with a clock: one row, its form and its route. */
static const struct clock_act {
    const char *name;
    const struct text_key *label;
    const struct form *form;
    handler_fn *submit;
    bool (*is_possible)(const struct request *rq, const struct shown_clock *shown);
} acts[] = {
    { "extend", &text_key_appeal_clock_extend, &appeal_extend_form, appeal_extend_submit, may_extend },
    { "pause", &text_key_appeal_clock_pause, &appeal_pause_form, appeal_pause_submit, may_pause },
    { "resume", &text_key_appeal_clock_resume, &appeal_resume_form, appeal_resume_submit, may_resume },
};

struct choices appeal_pause_choices(struct request *rq)
{
    struct choice *at = arena_new(rq->arena, struct choice, PAUSE_FORCE_MAJEURE);
    for (enum pause_reason reason = PAUSE_PAPERS; reason <= PAUSE_FORCE_MAJEURE; reason++)
        at[reason - 1] = (struct choice){ reason, text_in(rq->arena, rq->lang, label_pause_reason(reason)) };
    return (struct choices){ at, PAUSE_FORCE_MAJEURE };
}

/* How far it goes, beside the field: of this clock, so no form can know it. */
static void add_hint(struct request *rq, const struct shown_clock *shown, struct field_view *field)
{
    int64_t left = extension_left(shown);
    if (str_equal(field->name, STR("amount")) && left > 0)
        field->hint = t_appeal_clock_at_most(text_in(rq->arena, rq->lang, label_duration(shown->clock->runs.unit, left)));
    else if (str_equal(field->name, STR("until")))
        field->hint = t_appeal_clock_at_most(text_in(rq->arena, rq->lang, label_duration(CLOCK_DAYS, CLOCK_PAUSE_DAYS_MAX)));
    else
        return;
    field->has_hint = true;
}

static struct step_view act_view(struct request *rq, const struct shown_clock *shown, const struct clock_act *act, bool is_sent)
{
    const struct appeal_by_id *appeal = shown->appeal;
    struct str base = appeal_url(rq->arena, appeal->district, appeal->id).text;
    struct url action = url_path(rq->arena, "%.*s/clocks/%d/%s", STR_ARG(base), (int)shown->clock->kind, act->name);
    struct str own = str_format(rq->arena, "%s-%s", clock_kind_name(shown->clock->kind), act->name);
    struct step_view row = { .label = { .key = act->label }, .action = url_here(rq, action), .is_quiet = true };
    row.form = form_show_one(rq, act->form, NULL, is_sent);
    if (row.form.n > 1)
        form_draft(rq, &row.form, action);
    form_offer(rq, &row.form, "reason", appeal_pause_choices(rq));
    row.form.n--; /* the version is hidden */
    for (ptrdiff_t i = 0; i < row.form.n; i++) {
        add_hint(rq, shown, &row.form.at[i]);
        row.form.at[i] = field_of_act(rq, row.form.at[i], str_z(rq->arena, own));
    }
    row.is_open = is_sent || row.form.draft.is_there;
    return row;
}

/* What is possible; and what was sent and refused, since that is where it is said why. */
static struct step_views acts_of(struct request *rq, const struct shown_clock *shown, bool *ret_shows_sent)
{
    struct step_views views = { arena_new(rq->arena, struct step_view, COUNT_OF(acts)), 0 };
    for (ptrdiff_t i = 0; i < COUNT_OF(acts); i++) {
        bool is_sent = rq->x->method == HTTP_POST && rq->route->handle == acts[i].submit &&
                       rq->path_ids[2] == (int64_t)shown->clock->kind;
        if (!acts[i].is_possible(rq, shown) && !(is_sent && has_problems(rq)))
            continue;
        views.at[views.n++] = act_view(rq, shown, &acts[i], is_sent);
        *ret_shows_sent = *ret_shows_sent || is_sent;
    }
    return views;
}

/* Not taken on, or withdrawn: what had not been done by then was ended, not done, but for saying so.  0: neither. */
static struct instant ended_at(const struct appeal_by_id *appeal, enum clock_kind kind)
{
    bool is_ended = appeal->state == APPEAL_WITHDRAWN || (appeal->state == APPEAL_NOT_ACCEPTED && kind != CLOCK_NOTIFY);
    return is_ended ? appeal->closed_at : (struct instant){ 0 };
}

bool appeal_clock_rows(struct request *rq, const struct appeal_words *words, const struct appeal_by_id *appeal,
                       const struct clock_states *clocks, struct appeal_view *view)
{
    bool may_decide = appeal->is_open && appeal_may_decide(rq, appeal);
    view->clocks = (struct clock_rows){ arena_new(rq->arena, struct clock_row, clocks->n), clocks->n };
    for (ptrdiff_t i = 0; i < clocks->n; i++) {
        struct shown_clock shown = { appeal, &clocks->at[i], limits_find(words->limits, clocks->at[i].limit) };
        view->clocks.at[i] = clock_row_of(rq, words, shown.clock, ended_at(appeal, shown.clock->kind));
        if (may_decide)
            view->clocks.at[i].acts = acts_of(rq, &shown, &view->shows_clock_sent);
    }
    return true;
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

typedef bool clock_change_fn(const struct doing *doing, const struct appeal_by_id *appeal, enum clock_kind kind,
                             const struct appeal_clock_input *input, struct error *err);

static struct reply submit(struct request *rq, clock_change_fn *change)
{
    struct appeal_by_id appeal;
    struct doing doing = appeal_doing(rq);
    int64_t kind = rq->path_ids[2];
    if (!appeal_for_change(rq, &appeal))
        return reply_error(rq);
    if (!appeal_may_decide(rq, &appeal)) {
        (void)error_fail(&rq->err, ERROR_FORBIDDEN, "not theirs to decide");
        return reply_error(rq);
    }
    if (kind < CLOCK_NOTIFY || kind >= CLOCK_KIND_COUNT) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "no kind of clock");
        return reply_error(rq);
    }
    return appeal_after(rq, change(&doing, &appeal, (enum clock_kind)kind, rq->input, &rq->err), &appeal);
}

struct reply appeal_extend_submit(struct request *rq)
{
    return submit(rq, appeal_clock_extend);
}

struct reply appeal_pause_submit(struct request *rq)
{
    return submit(rq, appeal_clock_pause);
}

struct reply appeal_resume_submit(struct request *rq)
{
    return submit(rq, appeal_clock_resume);
}
