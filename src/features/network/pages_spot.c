/*
 * pages_spot.c - one blank spot: facts, next steps, follow-up, what was done.
 */
#include "base/parse.h"
#include "features/accounts/accounts.h"
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"

enum { EVENTS_MAX = 500, ORGANISATIONS_MAX = 300, TERM_MAX = 10, MEMBERS_MAX = 10000000 };

/* --- forms ---------------------------------------------------------------------------------------------------- */

/* To add a field: one row, its label, a member of the input struct. */
static const struct field act_fields[] = {
    { "note", FIELD_NOTE, offsetof(struct spot_input, note), &text_key_label_note, NULL, false, 0, LIMIT_NOTE },
    { "form", FIELD_CHOICE, offsetof(struct spot_input, form), &text_key_label_form, NULL, false, COVERAGE_SOLE,
      COVERAGE_TRADE },
    { "organisation", FIELD_CHOICE, offsetof(struct spot_input, organisation), &text_key_label_organisation,
      &text_key_label_organisation_hint, false, 1, INT64_MAX },
    { "organisation_name", FIELD_TEXT, offsetof(struct spot_input, organisation_name),
      &text_key_label_organisation_name, NULL, false, 2, LIMIT_NAME },
    { "regime", FIELD_CHOICE, offsetof(struct spot_input, regime), &text_key_label_regime, &text_key_label_regime_hint,
      false, 1, REGIME_COUNT - 1 },
    { "founded_on", FIELD_DATE, offsetof(struct spot_input, founded_on), &text_key_label_founded_on, NULL, false, 0, 0 },
    { "approval_doc", FIELD_TEXT, offsetof(struct spot_input, approval_doc), &text_key_label_approval_doc, NULL, false, 0,
      LIMIT_NAME },
    { "term_years", FIELD_INT, offsetof(struct spot_input, term_years), &text_key_label_term_years,
      &text_key_label_term_years_hint, false, 0, TERM_MAX },
    { "members", FIELD_INT, offsetof(struct spot_input, members), &text_key_label_members, NULL, false, 0, MEMBERS_MAX },
    { "members_women", FIELD_INT, offsetof(struct spot_input, members_women), &text_key_label_members_women, NULL, false,
      0, MEMBERS_MAX },
    { "expires_on", FIELD_DATE, offsetof(struct spot_input, expires_on), &text_key_label_expires_on, NULL, false, 0, 0 },
    { "version", FIELD_INT, offsetof(struct spot_input, version), &text_key_label_note, NULL, true, 1, INT64_MAX },
};
const struct form spot_act_form = FORM(act_fields, struct spot_input);

static const struct field assign_fields[] = {
    { "owner", FIELD_CHOICE, offsetof(struct assign_input, owner), &text_key_label_owner, NULL, false, 1, INT64_MAX },
    { "deadline", FIELD_DATE, offsetof(struct assign_input, deadline), &text_key_label_deadline, NULL, true, 0, 0 },
    { "plan", FIELD_NOTE, offsetof(struct assign_input, plan), &text_key_label_plan, NULL, false, 0, LIMIT_NOTE },
    { "version", FIELD_INT, offsetof(struct assign_input, version), &text_key_label_plan, NULL, true, 1, INT64_MAX },
};
const struct form spot_assign_form = FORM(assign_fields, struct assign_input);

struct note_input {
    struct str note;
};

static const struct field note_fields[] = {
    { "note", FIELD_NOTE, offsetof(struct note_input, note), &text_key_label_note, NULL, true, 1, LIMIT_NOTE },
};
const struct form spot_note_form = FORM(note_fields, struct note_input);

/* --- one spot ------------------------------------------------------------------------------------------------- */

/* A spot of the path, if the actor may read it: /spots/{district}/{id} */
static bool find(struct request *rq, struct db *db, struct spot_by_id *ret)
{
    struct division district;
    if (!district_of_path(rq, &district))
        return false;
    struct scope asked = scope_of(district, (struct line){ 0 });
    struct spot_by_id_args args = { .district = rq->path_ids[0],
                                    .id = { rq->path_ids[1] },
                                    .from = asked.from,
                                    .to = asked.to,
                                    .line_from = asked.line_from,
                                    .line_to = asked.line_to };
    if (!spot_by_id(db, &args, rq->arena, ret, &rq->err))
        return false;
    /* several grants may reach into one district: the one question decides */
    return access_may(&rq->actor, &cap_network_read, ret->division, ret->line) ||
           error_fail(&rq->err, ERROR_NOT_FOUND, "outside the actor's scope");
}

static bool fill_events(struct request *rq, const struct spot_by_id *spot, struct spot_view *view)
{
    struct spot_event_list_rows rows;
    struct spot_event_list_args args = { spot->district, spot->id, EVENTS_MAX };
    if (!spot_event_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    view->events = (struct event_views){ arena_new(rq->arena, struct event_view, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct spot_event_list *row = &rows.at[rows.n - 1 - i]; /* shown oldest first */
        view->events.at[i] = (struct event_view){ .at = row->at,
                                                   .who = person_name(rq, row->account),
                                                   .what = label_event(row->act),
                                                   .note = row->note };
    }
    return true;
}

/* What may cover a spot: organisations of its line, the nearest first. */
struct nearby {
    struct choice *at;
    ptrdiff_t n;
    bool is_cut;
};

/* Adds those established from one division to another, but for the places before: they are in the list already. */
static bool add_nearby(struct request *rq, struct line line, struct division from, struct division to,
                       struct division before, struct nearby *nearby)
{
    struct organisation_list_rows rows;
    struct organisation_list_args args = { .from = from,
                                           .to = to,
                                           .by_line = true,
                                           .line = line,
                                           .by_state = true,
                                           .state = ORGANISATION_ESTABLISHED,
                                           .after_division = from,
                                           .limit = ORGANISATIONS_MAX + 1 };
    if (!organisation_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        if (rows.at[i].division.code == before.code)
            continue;
        if (nearby->n == ORGANISATIONS_MAX) {
            nearby->is_cut = true;
            break;
        }
        nearby->at[nearby->n++] = (struct choice){ rows.at[i].id.n, rows.at[i].name };
    }
    return true;
}

/* Those of the place itself, then of the town around it, then the district's own body. */
static bool find_nearby(struct request *rq, const struct spot_by_id *spot, struct nearby *ret)
{
    struct division place = spot->division, none = { 0 };
    struct division town = division_at(place, DIVISION_TOWN), district = division_at(place, DIVISION_DISTRICT);
    *ret = (struct nearby){ .at = arena_new(rq->arena, struct choice, ORGANISATIONS_MAX) };
    if (!add_nearby(rq, spot->line, place, place, none, ret))
        return false;
    if (place.code == district.code)
        return true;
    return add_nearby(rq, spot->line, town, division_last(town), place, ret) &&
           add_nearby(rq, spot->line, district, district, none, ret);
}

static struct choices form_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, COVERAGE_TRADE);
    for (enum coverage_form form = COVERAGE_SOLE; form <= COVERAGE_TRADE; form++)
        choices[form - 1] = (struct choice){ form, text_in(rq->arena, rq->lang, label_form(form)) };
    return (struct choices){ choices, COVERAGE_TRADE };
}

/* The note is for every act; what else a form shows is of one need alone. */
static bool is_asked(enum spot_need need, struct str field)
{
    if (str_equal(field, STR("note")))
        return true;
    if (str_equal(field, STR("expires_on")))
        return need == NEED_EXPIRY;
    return need == NEED_ORGANISATION && !str_equal(field, STR("version"));
}

/* The act whose form came back with problems; 0: none. */
static enum spot_act act_sent(struct request *rq)
{
    return rq->x->method == HTTP_POST && rq->route->handle == spot_act_submit ? (enum spot_act)rq->path_ids[2] : 0;
}

/* The fields an act asks for, out of the one form. */
static struct form_view step_form(struct request *rq, const struct spot_step *step, const struct nearby *nearby,
                                  struct url action)
{
    struct form_view all = form_show_one(rq, &spot_act_form, NULL, act_sent(rq) == step->act);
    form_draft(rq, &all, action);
    struct form_view some = {
        .at = arena_new(rq->arena, struct field_view, all.n), .problems = all.problems, .draft = all.draft
    };
    form_offer(rq, &all, "form", form_choices(rq));
    form_offer(rq, &all, "regime", regime_choices(rq));
    form_offer(rq, &all, "organisation", (struct choices){ nearby->at, nearby->n });
    for (ptrdiff_t i = 0; i < all.n; i++) {
        struct field_view field = all.at[i];
        if (!is_asked(step->need, field.name))
            continue;
        if (nearby->is_cut && str_equal(field.name, STR("organisation")))
            field.hint = t_spot_organisations_cut(ORGANISATIONS_MAX);
        some.at[some.n++] = field_of_act(rq, field, spot_act_name(step->act));
    }
    return some;
}

static bool fill_steps(struct request *rq, const struct spot_by_id *spot, int64_t due_rule, struct spot_view *view)
{
    struct spot_steps steps = spot_steps();
    struct nearby nearby;
    bool may_approve = access_may(&rq->actor, &cap_network_approve, spot->division, spot->line);
    if (!find_nearby(rq, spot, &nearby))
        return false;
    view->steps.at = arena_new(rq->arena, struct step_view, steps.n);
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct spot_step *step = &steps.at[i];
        if (step->from != spot->state || !spot_step_fits(step, due_rule))
            continue;
        struct url action = url_path(rq->arena, "%.*s/acts/%d",
                                     STR_ARG(spot_url(rq->arena, spot->district, spot->id).text), (int)step->act);
        struct form_view form = step_form(rq, step, &nearby, action);
        view->steps.at[view->steps.n++] = (struct step_view){
            .label = label_act(step->act),
            .action = url_here(rq, action),
            .form = form,
            .is_open = act_sent(rq) == step->act || form.draft.is_there,
            .is_refused = step->needs_approver && !may_approve,
            .why = t_spot_not_yours(),
        };
    }
    return true;
}

static bool fill_assign(struct request *rq, const struct spot_by_id *spot, struct spot_view *view)
{
    struct account_choices people;
    struct assign_input now = { .owner = spot->owner.n, .plan = spot->plan, .deadline = spot->deadline };
    if (!accounts_with_role(rq->db, cap_network_edit.roles, spot->division, spot->line, rq->arena, &people, &rq->err))
        return false;
    struct choice *choices = arena_new(rq->arena, struct choice, people.n);
    for (ptrdiff_t i = 0; i < people.n; i++)
        choices[i] = (struct choice){ people.at[i].id.n, people.at[i].name };
    struct form_view form = form_show(rq, &spot_assign_form, &now);
    view->assign_url = url_here(rq, url_path(rq->arena, "/spots/%lld/%lld/assign", (long long)spot->district,
                                             (long long)spot->id.n));
    form_draft(rq, &form, view->assign_url);
    form_offer(rq, &form, "owner", (struct choices){ choices, people.n });
    form.n = 3; /* without the hidden version */
    if (rq->err.kind == ERROR_CONFLICT)
        form_conflict(rq, &form, &now);
    view->assign = form;
    view->note = form_show(rq, &spot_note_form, NULL);
    view->note_url = url_here(rq, url_path(rq->arena, "/spots/%lld/%lld/notes", (long long)spot->district,
                                           (long long)spot->id.n));
    form_draft(rq, &view->note, view->note_url);
    return true;
}

/* A step that is not possible any more, a spot that is closed: their forms are not there to keep what was typed. */
static bool fill_typed(struct request *rq, const struct spot_by_id *spot, int64_t due_rule, struct spot_view *view)
{
    enum spot_act act = act_sent(rq);
    const struct spot_step *step = act ? spot_step_of(spot->state, act) : NULL;
    bool is_there = view->may_edit && (!act || (step && spot_step_fits(step, due_rule)));
    if (!view->has_conflict || is_there)
        return true;
    struct form_view form = form_show(rq, rq->route->form, NULL);
    struct organisation_name name;
    struct organisation_name_args args = { .district = spot->district };
    struct choice owner = { 0 };
    bool found = false;
    if (parse_int(param(&rq->fields, "organisation"), 1, INT64_MAX, &args.id.n) &&
        !organisation_name(rq->db, &args, rq->arena, &name, &found, &rq->err))
        return false;
    struct choice organisation = { args.id.n, found ? name.name : (struct str){ 0 } };
    if (parse_int(param(&rq->fields, "owner"), 1, INT64_MAX, &owner.value))
        owner.label = person_name(rq, (struct account_id){ owner.value });
    form_offer(rq, &form, "form", form_choices(rq));
    form_offer(rq, &form, "regime", regime_choices(rq));
    form_offer(rq, &form, "organisation", (struct choices){ &organisation, found });
    form_offer(rq, &form, "owner", (struct choices){ &owner, owner.label.len > 0 });
    view->typed = form_typed(rq, form);
    return true;
}

static bool fill_facts(struct request *rq, const struct spot_by_id *spot, struct spot_view *view, int64_t *ret_due)
{
    struct book book;
    struct unit_by_id unit;
    struct coverage_of_unit_rows pairs;
    struct coverage_of_unit_args pairs_args = { spot->district, spot->unit };
    struct unit_by_id_args unit_args = { spot->district, spot->unit, spot->division, spot->division };
    if (!book_load(rq->db, rq->today, rq->arena, &book, &rq->err) ||
        !unit_by_id(rq->db, &unit_args, rq->arena, &unit, &rq->err) ||
        !coverage_of_unit(rq->db, &pairs_args, rq->arena, &pairs, &rq->err))
        return false;
    struct spot_list row = { .district = spot->district, .id = spot->id,             .line = spot->line,
                             .state = spot->state,       .division = spot->division, .is_open = spot->is_open,
                             .found_on = spot->found_on, .owner = spot->owner,       .deadline = spot->deadline,
                             .closed_on = spot->closed_on, .name = unit.name,        .kind = unit.kind,
                             .employees = unit.employees };
    for (ptrdiff_t i = 0; i < pairs.n; i++)
        if (pairs.at[i].line.n == spot->line.n)
            row.due_rule = pairs.at[i].due_rule;
    const struct rule_entry *rule = book_rule(&book, row.due_rule);
    *ret_due = row.due_rule;
    view->spot = spot_row_of(rq, &book, &row);
    view->basis = rule ? rule->basis[rq->lang] : (struct str){ 0 };
    view->unit_url = url_here(rq, unit_url(rq->arena, spot->district, spot->unit));
    if (spot->organisation.n == 0)
        return true;
    struct organisation_name name;
    struct organisation_name_args name_args = { spot->district, spot->organisation };
    if (!organisation_name(rq->db, &name_args, rq->arena, &name, &view->has_organisation, &rq->err))
        return false;
    view->organisation = view->has_organisation ? name.name : (struct str){ 0 };
    view->organisation_url = url_here(rq, organisation_url(rq->arena, spot->district, spot->organisation));
    return true;
}

struct reply spot_show(struct request *rq)
{
    struct spot_by_id spot;
    int64_t due_rule;
    struct spot_view view = { .has_conflict = rq->err.kind == ERROR_CONFLICT };
    if (!find(rq, rq->db, &spot) || !fill_facts(rq, &spot, &view, &due_rule) || !fill_events(rq, &spot, &view))
        return reply_error(rq);
    view.may_edit = spot.is_open && access_may(&rq->actor, &cap_network_edit, spot.division, spot.line);
    view.plan = spot.plan;
    view.closed_on = spot.closed_on;
    view.found_by = spot.found_by == FOUND_BY_RULE ? t_spot_found_by_rule() : t_spot_found_by_person();
    view.version = str_int(rq->arena, spot.version);
    if (!fill_typed(rq, &spot, due_rule, &view))
        return reply_error(rq);
    if (view.may_edit && (!fill_steps(rq, &spot, due_rule, &view) || !fill_assign(rq, &spot, &view)))
        return reply_error(rq);
    view.frame = frame_make(rq, t_spots_title(), view.spot.unit);
    network_spot_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- changes -------------------------------------------------------------------------------------------------- */

static struct doing doing_of(struct request *rq)
{
    return (struct doing){ .txn = rq->txn, .by = rq->actor.account, .problems = &rq->problems, .arena = rq->arena };
}

/* The spot to change, if the actor may; approving needs more than editing. */
static bool find_for_change(struct request *rq, const struct capability *needs, struct spot_by_id *ret)
{
    if (!find(rq, rq->txn->db, ret))
        return false;
    return access_may(&rq->actor, needs, ret->division, ret->line) ||
           error_fail(&rq->err, ERROR_FORBIDDEN, "no right to %s here", needs->name);
}

static struct reply back_to(struct request *rq, const struct spot_by_id *spot)
{
    return reply_saved(rq, url_here(rq, spot_url(rq->arena, spot->district, spot->id)));
}

static struct reply refused(struct request *rq)
{
    bool shows_again = rq->err.kind == ERROR_REFUSED || rq->err.kind == ERROR_CONFLICT;
    return shows_again ? reply_again(rq, spot_show) : reply_error(rq);
}

struct reply spot_act_submit(struct request *rq)
{
    struct spot_by_id spot;
    struct doing doing = doing_of(rq);
    int64_t act = rq->path_ids[2];
    if (!find_for_change(rq, &cap_network_edit, &spot))
        return reply_error(rq);
    const struct spot_step *step = act > 0 && act < SPOT_ACT_COUNT ? spot_step_of(spot.state, (enum spot_act)act) : NULL;
    if (step && step->needs_approver && !access_may(&rq->actor, &cap_network_approve, spot.division, spot.line)) {
        (void)error_fail(&rq->err, ERROR_FORBIDDEN, "no right to approve here");
        return reply_error(rq);
    }
    if (!spot_act(&doing, &spot, step ? step->act : 0, rq->input, &rq->err))
        return refused(rq);
    return back_to(rq, &spot);
}

struct reply spot_assign_submit(struct request *rq)
{
    struct spot_by_id spot;
    struct doing doing = doing_of(rq);
    if (!find_for_change(rq, &cap_network_edit, &spot))
        return reply_error(rq);
    if (!spot_assign_to(&doing, &spot, rq->input, &rq->err))
        return refused(rq);
    return back_to(rq, &spot);
}

struct reply spot_note_submit(struct request *rq)
{
    const struct note_input *input = rq->input;
    struct spot_by_id spot;
    struct doing doing = doing_of(rq);
    if (!find_for_change(rq, &cap_network_edit, &spot))
        return reply_error(rq);
    if (!spot_note(&doing, &spot, input->note, &rq->err))
        return refused(rq);
    return back_to(rq, &spot);
}
