/*
 * organisation_life.c - the steps of an organisation's life: founded, re-elected, merged, dissolved; the table is in
 * rules.c.
 *
 * Each step happened on a day, which may lie back but not before the step recorded last.  What it leaves behind stands
 * in the record; the event keeps what was known after it, so that terms and members of the past stay readable.
 */
#include "features/network/actions.h"

#include "features/network/pages.h"

#include "gen/network_texts.h"

static bool refuse(const struct doing *doing, const char *field, struct text text, struct error *err)
{
    (void)problem_add(doing->problems, str_of(field), text);
    return error_fail(err, ERROR_REFUSED, "%s", field);
}

bool organisation_log_first(const struct doing *doing, const struct organisation_add_args *organisation,
                            struct error *err)
{
    const struct life_step *step = life_step_to_register(organisation->state);
    bool is_founded = organisation_is_founded(organisation->state);
    if (!step)
        BUG("nothing is registered in state %d", (int)organisation->state);
    struct organisation_event_add_args event = {
        .district = organisation->district,
        .organisation = organisation->id,
        .id = txn_id(doing->txn),
        .happened_on = is_founded ? organisation->founded_on : date_of(doing->txn->now),
        .act = str_of(life_act_name(step->act)),
        .state = organisation->state,
        .document = organisation->approval_doc,
        .term_ends_on = organisation->term_ends_on,
        .members = organisation->members,
        .members_women = organisation->members_women,
        .account = doing->by,
        .at = doing->txn->now,
    };
    return organisation_event_add(doing->txn, &event, NULL, err);
}

/* --- what a step must be given --------------------------------------------------------------------------------- */

static bool check_day(const struct doing *doing, const struct organisation_by_id *organisation, struct date day,
                      struct error *err)
{
    enum { EVENTS_MAX = 500 };
    struct organisation_event_list_rows events;
    struct organisation_event_list_args args = { organisation->district, organisation->id, EVENTS_MAX };
    if (!organisation_event_list(doing->txn->db, &args, doing->arena, &events, err))
        return false;
    if (day.days > date_of(doing->txn->now).days)
        (void)problem_add(doing->problems, STR("happened_on"), t_life_later());
    if (events.n > 0 && day.days < events.at[events.n - 1].happened_on.days)
        (void)problem_add(doing->problems, STR("happened_on"), t_life_before(events.at[events.n - 1].happened_on));
    return true;
}

static void check_members(const struct doing *doing, const struct life_input *input)
{
    if (input->members == 0)
        (void)problem_add(doing->problems, STR("members"), t_life_members_required());
    else if (input->members_women > input->members)
        (void)problem_add(doing->problems, STR("members_women"),
                          t_organisation_more_women(input->members_women, input->members));
}

static void check_successor(const struct doing *doing, const struct organisation_by_id *organisation,
                            const struct organisation_by_id *into)
{
    if (into->id.n == organisation->id.n)
        (void)problem_add(doing->problems, STR("successor"), t_life_into_itself());
    else if (into->line.n != organisation->line.n)
        (void)problem_add(doing->problems, STR("successor"), t_life_other_line(into->name));
    else if (into->state != ORGANISATION_ESTABLISHED)
        (void)problem_add(doing->problems, STR("successor"), t_spot_organisation_not_established(into->name));
}

static struct date term_of(const struct organisation_by_id *organisation, const struct life_input *input)
{
    return input->term_ends_on.days != 0 ? input->term_ends_on : term_after(input->happened_on, organisation->term_years);
}

static void check_term(const struct doing *doing, const struct organisation_by_id *organisation,
                       const struct life_input *input)
{
    if (input->term_ends_on.days == 0 && organisation->term_years == 0)
        (void)problem_add(doing->problems, STR("term_ends_on"), t_life_term_required());
    else if (term_of(organisation, input).days <= input->happened_on.days)
        (void)problem_add(doing->problems, STR("term_ends_on"), t_life_term_backwards());
}

static bool check(const struct doing *doing, const struct organisation_by_id *organisation,
                  const struct life_step *step, const struct life_input *input, const struct organisation_by_id *into,
                  struct error *err)
{
    ptrdiff_t before = doing->problems->n;
    if (!check_day(doing, organisation, input->happened_on, err))
        return false;
    if ((step->asks & ASK_DOCUMENT) && input->document.len == 0)
        (void)problem_add(doing->problems, STR("document"), t_life_document_required());
    if ((step->asks & ASK_NOTE) && input->note.len == 0)
        (void)problem_add(doing->problems, STR("note"), t_life_note_required());
    if (step->asks & ASK_MEMBERS)
        check_members(doing, input);
    if (step->asks & ASK_TERM)
        check_term(doing, organisation, input);
    if (step->act == LIFE_ESTABLISH && organisation->term_ends_on.days <= input->happened_on.days)
        (void)problem_add(doing->problems, STR("happened_on"), t_life_term_over_already(organisation->term_ends_on));
    if (step->asks & ASK_SUCCESSOR)
        check_successor(doing, organisation, into);
    return doing->problems->n == before || error_fail(err, ERROR_REFUSED, "%td problems", doing->problems->n);
}

/* --- what becomes of the units it covers ----------------------------------------------------------------------- */

static bool held(const struct doing *doing, const struct organisation_by_id *organisation,
                 struct coverage_held_rows *ret, struct error *err)
{
    struct coverage_held_args args = { organisation->district, organisation->id, HELD_MAX + 1 };
    if (!coverage_held(doing->txn->db, &args, doing->arena, ret, err))
        return false;
    return ret->n <= HELD_MAX || refuse(doing, "", t_organisation_covers_many(HELD_MAX), err);
}

/* Kept, so that a wrong end can be undone. */
static bool keep(const struct doing *doing, const struct organisation_by_id *organisation, int64_t event,
                 const struct coverage_held *row, struct error *err)
{
    struct coverage_ended_add_args args = { organisation->district, organisation->id, event,
                                            row->unit,              row->form,        row->since };
    return coverage_ended_add(doing->txn, &args, NULL, err);
}

/* What a dissolved organisation covered is covered no more, and is a blank spot again where it is due. */
static bool uncover_all(const struct doing *doing, const struct organisation_by_id *organisation, int64_t event,
                        struct error *err)
{
    struct coverage_held_rows rows;
    if (!held(doing, organisation, &rows, err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct coverage_held *row = &rows.at[i];
        struct covered_unit unit = { .district = organisation->district, .id = row->unit, .division = row->division };
        if (!keep(doing, organisation, event, row, err) ||
            !coverage_uncover(doing->txn, doing->by, &unit, row->line, row->due_rule, doing->arena, err))
            return false;
    }
    return true;
}

/* A unit's own body stays its own in the successor only where that may be; else the unit is covered together with others. */
static bool form_under(const struct doing *doing, const struct organisation_by_id *into, enum coverage_form form,
                       struct unit_id unit, struct division division, struct str name, enum coverage_form *ret,
                       struct error *err)
{
    struct own_body body = { into->division, into->regime, into->name };
    struct coverage_owned_by owner;
    struct coverage_owned_by_args args = { into->district, into->id, unit };
    bool is_owned = false;
    *ret = form;
    if (form != COVERAGE_SOLE)
        return true;
    bool fits = is_own_body(&body, division, name);
    if (fits && !coverage_owned_by(doing->txn->db, &args, doing->arena, &owner, &is_owned, err))
        return false;
    if (!fits || is_owned)
        *ret = COVERAGE_JOINT;
    return true;
}

static bool move_all(const struct doing *doing, const struct organisation_by_id *organisation,
                     const struct organisation_by_id *into, int64_t event, struct date on, struct error *err)
{
    struct coverage_held_rows rows;
    if (!held(doing, organisation, &rows, err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct coverage_held *row = &rows.at[i];
        struct cover cover = { .organisation = into->id, .since = on, .until = DATE_NEVER };
        if (!keep(doing, organisation, event, row, err) ||
            !form_under(doing, into, row->form, row->unit, row->division, row->name, &cover.form, err) ||
            !coverage_cover(doing->txn, organisation->district, row->unit, row->line, &cover, doing->arena, err))
            return false;
    }
    return true;
}

/* --- what a restored one gets back ------------------------------------------------------------------------------ */

static bool is_free(const struct coverage_ended_list *row, struct organisation_id successor)
{
    bool is_successors = successor.n != 0 && row->organisation_now.n == successor.n;
    return row->form_now == COVERAGE_NONE || is_successors;
}

bool organisation_ending(struct db *db, const struct organisation_by_id *organisation, struct arena *arena,
                         struct ending *ret, struct error *err)
{
    struct organisation_event_last event;
    struct organisation_event_last_args last = { organisation->district, organisation->id };
    *ret = (struct ending){ 0 };
    if (organisation->state != ORGANISATION_DISSOLVED && organisation->state != ORGANISATION_MERGED)
        return true;
    if (!organisation_event_last(db, &last, arena, &event, err))
        return false;
    ret->event = event.id;
    ret->successor = event.successor;
    struct coverage_ended_list_rows rows;
    struct coverage_ended_list_args args = { organisation->line, organisation->district, organisation->id, event.id };
    if (!coverage_ended_list(db, &args, arena, &rows, err))
        return false;
    ret->pairs.at = arena_new(arena, struct coverage_ended_list, rows.n);
    for (ptrdiff_t i = 0; i < rows.n; i++)
        if (is_free(&rows.at[i], event.successor))
            ret->pairs.at[ret->pairs.n++] = rows.at[i];
    ret->lost = rows.n - ret->pairs.n;
    return true;
}

static bool give_back(const struct doing *doing, const struct organisation_by_id *organisation, struct str note,
                      struct error *err)
{
    struct ending ending;
    if (!organisation_ending(doing->txn->db, organisation, doing->arena, &ending, err))
        return false;
    for (ptrdiff_t i = 0; i < ending.pairs.n; i++) {
        const struct coverage_ended_list *row = &ending.pairs.at[i];
        struct covered_unit unit = { .district = organisation->district, .id = row->unit, .division = row->division };
        struct cover cover = { .organisation = organisation->id, .since = row->since, .until = DATE_NEVER };
        bool is_blank = row->due_rule != 0 && row->form_now == COVERAGE_NONE;
        if (!form_under(doing, organisation, row->form, row->unit, row->division, row->name, &cover.form, err) ||
            !coverage_give_back(doing->txn, doing->by, &unit, organisation->line, is_blank, &cover, note, doing->arena,
                                err))
            return false;
    }
    return relations_resume(doing, organisation, ending.event, err);
}

/* --- the step -------------------------------------------------------------------------------------------------- */

static struct organisation_step_args after_step(const struct doing *doing, const struct organisation_by_id *organisation,
                                                const struct life_step *step, const struct life_input *input)
{
    struct organisation_step_args after = { .state = step->to,
                                            .founded_on = organisation->founded_on,
                                            .approval_doc = organisation->approval_doc,
                                            .term_ends_on = organisation->term_ends_on,
                                            .members = organisation->members,
                                            .members_women = organisation->members_women,
                                            .changed_at = doing->txn->now,
                                            .district = organisation->district,
                                            .id = organisation->id,
                                            .version = input->version };
    if (step->act == LIFE_ESTABLISH) {
        after.founded_on = input->happened_on;
        after.approval_doc = input->document;
        if (organisation->term_ends_on.days == DATE_NEVER.days) /* else it was typed while it was prepared */
            after.term_ends_on = term_after(input->happened_on, organisation->term_years);
    }
    if (step->asks & ASK_TERM)
        after.term_ends_on = term_of(organisation, input);
    if (step->asks & ASK_MEMBERS) {
        after.members = input->members;
        after.members_women = input->members_women;
    }
    return after;
}

static bool log_step(const struct doing *doing, int64_t id, const struct life_step *step,
                     const struct life_input *input, const struct organisation_by_id *into,
                     const struct organisation_step_args *after, struct error *err)
{
    struct organisation_event_add_args event = { .district = after->district,
                                                 .organisation = after->id,
                                                 .id = id,
                                                 .happened_on = input->happened_on,
                                                 .act = str_of(life_act_name(step->act)),
                                                 .state = step->to,
                                                 .document = input->document,
                                                 .successor = into ? into->id : (struct organisation_id){ 0 },
                                                 .term_ends_on = after->term_ends_on,
                                                 .members = after->members,
                                                 .members_women = after->members_women,
                                                 .note = input->note,
                                                 .account = doing->by,
                                                 .at = doing->txn->now };
    struct str to = into ? into->name : (struct str){ 0 };
    struct str detail = str_format(doing->arena, "%.*s %.*s%s%.*s %.*s", STR_ARG(date_iso(doing->arena, input->happened_on)),
                                   STR_ARG(input->document), into ? " → " : "", STR_ARG(to), STR_ARG(input->note));
    const char *action = str_z(doing->arena, str_format(doing->arena, "organisation.%s", life_act_name(step->act)));
    return organisation_event_add(doing->txn, &event, NULL, err) &&
           organisation_audit(doing, after->district, after->id, action, str_trim(detail), err);
}

bool organisation_act(const struct doing *doing, const struct organisation_by_id *organisation, enum life_act act,
                      const struct life_input *input, const struct organisation_by_id *into, struct error *err)
{
    const struct life_step *step = life_step_of(organisation->state, act);
    if (!step || input->version != organisation->version)
        return error_fail(err, ERROR_CONFLICT, "organisation %lld is in state %d, version %lld",
                          (long long)organisation->id.n, (int)organisation->state, (long long)organisation->version);
    if ((step->asks & ASK_SUCCESSOR) && !into)
        BUG("a merger into nothing");
    if (!check(doing, organisation, step, input, into, err))
        return false;
    int64_t event = txn_id(doing->txn);
    if (step->to == ORGANISATION_DISSOLVED && !uncover_all(doing, organisation, event, err))
        return false;
    if (step->to == ORGANISATION_MERGED && !move_all(doing, organisation, into, event, input->happened_on, err))
        return false;
    if (organisation_has_ended(step->to) && !relations_finish_all(doing, organisation, event, input->happened_on, err))
        return false;
    if (step->act == LIFE_RESTORE && !give_back(doing, organisation, input->note, err))
        return false;
    struct organisation_step_args after = after_step(doing, organisation, step, input);
    return organisation_step(doing->txn, &after, err) && log_step(doing, event, step, input, into, &after, err);
}
