/*
 * pages_organisation.c - one organisation: its life and the next steps, what it covers.
 */
#include "base/parse.h"
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/contacts.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "platform/audit/audit.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"

enum { UNITS_SHOWN = 200, EVENTS_SHOWN = 500, MEMBERS_MAX = 10000000 };

/* --- forms ---------------------------------------------------------------------------------------------------- */

/* To add a field: one row, its label, a member of struct life_input, a line in asked_by(). */
#define AT(member) offsetof(struct life_input, member)
static const struct field act_fields[] = {
    { "happened_on", FIELD_DATE, AT(happened_on), &text_key_label_happened_on, NULL, true, 0, 0 },
    { "document", FIELD_TEXT, AT(document), &text_key_label_document, NULL, false, 0, LIMIT_NAME },
    { "successor", FIELD_NAMED, AT(successor), &text_key_label_successor, NULL, false, 0, LIMIT_NAME },
    { "term_ends_on", FIELD_DATE, AT(term_ends_on), &text_key_label_new_term, NULL, false, 0, 0 },
    { "members", FIELD_INT, AT(members), &text_key_label_members, NULL, false, 1, MEMBERS_MAX },
    { "members_women", FIELD_INT, AT(members_women), &text_key_label_members_women, NULL, false, 0, MEMBERS_MAX },
    { "note", FIELD_NOTE, AT(note), &text_key_label_note, NULL, false, 0, LIMIT_NOTE },
    { "version", FIELD_INT, AT(version), &text_key_label_note, NULL, true, 1, INT64_MAX },
};
#undef AT
const struct form organisation_act_form = FORM(act_fields, struct life_input);

bool organisation_of_path(struct request *rq, struct db *db, const struct capability *needs,
                          struct organisation_by_id *ret)
{
    struct division district;
    if (!district_of_path(rq, &district))
        return false;
    struct scope whole = scope_of(district, (struct line){ 0 });
    struct organisation_by_id_args args = { rq->path_ids[0], { rq->path_ids[1] }, whole.from,
                                            whole.to,        whole.line_from,     whole.line_to };
    if (!organisation_by_id(db, &args, rq->arena, ret, &rq->err))
        return false;
    return access_may(&rq->actor, needs, ret->division, ret->line) ||
           error_fail(&rq->err, ERROR_NOT_FOUND, "outside the actor's scope");
}

bool organisation_was_sent(const struct request *rq, handler_fn *handle)
{
    return rq->x->method == HTTP_POST && rq->route->handle == handle;
}

/* --- what it covers, what was changed -------------------------------------------------------------------------- */

static bool fill_units(struct request *rq, const struct organisation_by_id *row, struct organisation_view *view)
{
    struct coverage_of_organisation_rows rows;
    struct coverage_of_organisation_args args = { row->district, row->id, UNITS_SHOWN + 1 };
    if (!coverage_of_organisation(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    view->is_units_cut = rows.n > UNITS_SHOWN;
    ptrdiff_t n = view->is_units_cut ? UNITS_SHOWN : rows.n;
    view->units = (struct covered_rows){ arena_new(rq->arena, struct covered_row, n), n };
    for (ptrdiff_t i = 0; i < n; i++) {
        const struct coverage_of_organisation *unit = &rows.at[i];
        view->units.at[i] = (struct covered_row){
            .name = unit->name,
            .place = place_name(rq, unit->division),
            .kind = label_kind(unit->kind),
            .form = label_form(unit->form),
            .since = unit->since,
            .url = url_here(rq, unit_url(rq->arena, row->district, unit->unit)),
        };
    }
    return true;
}

/* Corrections and relations, out of the audit: the steps stand in the history, with their days. */
static bool fill_changes(struct request *rq, const struct organisation_by_id *row, struct organisation_view *view)
{
    static const char *const shown[] = { "organisation.change", "organisation.relate", "organisation.unrelate" };
    struct audit_entries entries;
    struct str subject = str_format(rq->arena, "organisation:%lld", (long long)row->id.n);
    if (!audit_history(rq->db, row->district, subject, EVENTS_SHOWN, rq->arena, &entries, &rq->err))
        return false;
    view->changes.at = arena_new(rq->arena, struct event_view, entries.n);
    for (ptrdiff_t i = 0; i < entries.n; i++) {
        const struct audit_entry *entry = &entries.at[i];
        for (ptrdiff_t k = 0; k < COUNT_OF(shown); k++)
            if (str_equal(entry->action, str_of(shown[k])))
                view->changes.at[view->changes.n++] = (struct event_view){ .at = entry->at,
                                                                           .who = person_name(rq, entry->account),
                                                                           .what = label_event(entry->action),
                                                                           .note = entry->detail };
    }
    return true;
}

/* --- its life -------------------------------------------------------------------------------------------------- */

static bool fill_successor(struct request *rq, int64_t district, const struct organisation_event_list *event,
                           struct life_view *view)
{
    struct organisation_name name;
    struct organisation_name_args args = { district, event->successor };
    if (event->successor.n == 0)
        return true;
    if (!organisation_name(rq->db, &args, rq->arena, &name, &view->has_successor, &rq->err))
        return false;
    view->successor = view->has_successor ? name.name : (struct str){ 0 };
    view->successor_url = url_here(rq, organisation_url(rq->arena, district, event->successor));
    return true;
}

static bool fill_life(struct request *rq, const struct organisation_by_id *row, struct organisation_view *view)
{
    struct organisation_event_list_rows rows;
    struct organisation_event_list_args args = { row->district, row->id, EVENTS_SHOWN };
    if (!organisation_event_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    view->life = (struct life_views){ arena_new(rq->arena, struct life_view, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct organisation_event_list *event = &rows.at[i];
        bool begins_term = event->state == ORGANISATION_ESTABLISHED;
        view->life.at[i] = (struct life_view){
            .happened_on = event->happened_on,
            .at = event->at,
            .what = label_life_event(event->act),
            .document = event->document,
            .note = event->note,
            .who = person_name(rq, event->account),
            .has_term = begins_term && event->term_ends_on.days < DATE_NEVER.days,
            .term_ends_on = event->term_ends_on,
            .has_members = begins_term && event->members > 0,
            .members = event->members,
            .members_women = event->members_women,
        };
        if (!fill_successor(rq, row->district, event, &view->life.at[i]))
            return false;
    }
    return true;
}

/* What a step asks for, besides the day and a note. */
static bool asked_by(const struct life_step *step, struct str field)
{
    static const struct {
        const char *field;
        unsigned ask;
    } asks[] = {
        { "document", ASK_DOCUMENT }, { "successor", ASK_SUCCESSOR },   { "term_ends_on", ASK_TERM },
        { "members", ASK_MEMBERS },   { "members_women", ASK_MEMBERS },
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(asks); i++)
        if (str_equal(field, str_of(asks[i].field)))
            return (step->asks & asks[i].ask) != 0;
    return !str_equal(field, STR("version"));
}

static bool is_sent(const struct request *rq, const struct life_step *step)
{
    return organisation_was_sent(rq, organisation_act_submit) && rq->path_ids[2] == step->act;
}

/* The fields of a step out of the one form; what the step cannot do without is marked. */
static struct form_view step_form(struct request *rq, const struct organisation_by_id *row, const struct life_step *step,
                                  struct url action)
{
    struct life_input start = { .happened_on = rq->today, .members = row->members, .members_women = row->members_women };
    struct form_view all = form_show_one(rq, &organisation_act_form, &start, is_sent(rq, step));
    form_draft(rq, &all, action);
    form_search(&all, "successor", organisations_json_url(rq->arena, row->district));
    struct form_view some = {
        .at = arena_new(rq->arena, struct field_view, all.n), .problems = all.problems, .draft = all.draft
    };
    for (ptrdiff_t i = 0; i < all.n; i++) {
        struct field_view field = all.at[i];
        if (!asked_by(step, field.name))
            continue;
        bool is_note = str_equal(field.name, STR("note")), is_term = str_equal(field.name, STR("term_ends_on"));
        field.is_required = is_note ? (step->asks & ASK_NOTE) != 0 : !is_term && !str_equal(field.name, STR("members_women"));
        field.has_hint = is_term && row->term_years > 0;
        field.hint = t_label_new_term_hint(row->term_years);
        some.at[some.n++] = field_of_act(rq, field, life_act_name(step->act));
    }
    return some;
}

/* What a step does to others, said before it is done. */
static struct text warning_of(const struct life_step *step, int64_t held, const struct ending *ending, bool *ret_has)
{
    *ret_has = step->act == LIFE_RESTORE || (held > 0 && (step->act == LIFE_DISSOLVE || step->act == LIFE_MERGE));
    if (step->act == LIFE_RESTORE)
        return ending->lost == 0 ? t_life_restore_hint(ending->pairs.n)
                                 : t_life_restore_part_hint(ending->pairs.n, ending->lost);
    return step->act == LIFE_MERGE ? t_life_merge_hint(held) : t_organisation_dissolve_hint(held);
}

static bool fill_steps(struct request *rq, const struct organisation_by_id *row, struct organisation_view *view)
{
    struct life_steps steps = life_steps();
    struct coverage_held_count held;
    struct ending ending;
    struct coverage_held_count_args args = { row->district, row->id };
    bool may_approve = access_may(&rq->actor, &cap_network_approve, row->division, row->line);
    if (!coverage_held_count(rq->db, &args, rq->arena, &held, &rq->err) ||
        !organisation_ending(rq->db, row, rq->arena, &ending, &rq->err))
        return false;
    view->steps.at = arena_new(rq->arena, struct step_view, steps.n);
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct life_step *step = &steps.at[i];
        if (step->from != row->state)
            continue;
        struct url action = url_path(rq->arena, "/organisations/%lld/%lld/acts/%d", (long long)row->district,
                                     (long long)row->id.n, (int)step->act);
        struct form_view form = step_form(rq, row, step, action);
        struct step_view *shown = &view->steps.at[view->steps.n++];
        *shown = (struct step_view){
            .label = label_life_act(step->act),
            .action = url_here(rq, action),
            .form = form,
            .is_open = is_sent(rq, step) || form.draft.is_there,
            .is_refused = step->needs_approver && !may_approve,
            .why = t_spot_not_yours(),
            .is_quiet = step->act == LIFE_RESTORE || (step->act == LIFE_REELECT && !view->organisation.is_term_over),
        };
        shown->warning = warning_of(step, held.n, &ending, &shown->has_warning);
    }
    return true;
}

/* The form of a step that is not possible any more is not there to keep what was typed. */
static bool fill_typed(struct request *rq, const struct organisation_by_id *row, struct organisation_view *view)
{
    if (!view->has_conflict || !organisation_was_sent(rq, organisation_act_submit) ||
        life_step_of(row->state, (enum life_act)rq->path_ids[2]))
        return true;
    struct form_view form = form_show(rq, &organisation_act_form, NULL);
    struct organisation_name name;
    struct organisation_name_args args = { .district = row->district };
    bool found = false;
    /* the picker sends a number */
    if (parse_int(param(&rq->fields, "successor"), 1, INT64_MAX, &args.id.n) &&
        !organisation_name(rq->db, &args, rq->arena, &name, &found, &rq->err))
        return false;
    struct choice successor = { args.id.n, found ? name.name : (struct str){ 0 } };
    form_offer(rq, &form, "successor", (struct choices){ &successor, found });
    view->typed = form_typed(rq, form);
    return true;
}

/* --- the page -------------------------------------------------------------------------------------------------- */

static void fill_facts(struct request *rq, const struct book *book, const struct organisation_by_id *row,
                       struct organisation_view *view)
{
    struct organisation_list list = { .district = row->district, .id = row->id,               .line = row->line,
                                      .state = row->state,       .division = row->division,   .name = row->name,
                                      .founded_on = row->founded_on, .term_ends_on = row->term_ends_on,
                                      .members = row->members };
    view->organisation = organisation_row_of(rq, book, &list);
    view->regime = label_regime(row->regime);
    view->uscc = row->uscc;
    view->uscc_missing = row->uscc_missing;
    view->approval_doc = row->approval_doc;
    view->members_women = row->members_women;
    view->version = str_int(rq->arena, row->version);
    view->may_edit = access_may(&rq->actor, &cap_network_edit, row->division, row->line);
    view->has_conflict = rq->err.kind == ERROR_CONFLICT;
    view->edit_url = url_here(rq, url_path(rq->arena, "/organisations/%lld/%lld/edit", (long long)row->district,
                                           (long long)row->id.n));
}

static struct str contact_shown(struct request *rq, const struct organisation_by_id *row)
{
    struct str contact;
    struct error unread;
    if (organisation_contact_open(rq->db, row->district, row->id, row->sealed_contact, rq->arena, &contact, &unread))
        return contact;
    page_log_unread(rq, &unread);
    return text_in(rq->arena, rq->lang, t_contact_unread_page());
}

struct reply organisation_show(struct request *rq)
{
    struct organisation_by_id row;
    struct book book;
    struct organisation_view view = { 0 };
    if (!organisation_of_path(rq, rq->db, &cap_network_read, &row) ||
        !book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    fill_facts(rq, &book, &row, &view);
    view.contact = contact_shown(rq, &row);
    if (!fill_units(rq, &row, &view) || !fill_life(rq, &row, &view) || !fill_changes(rq, &row, &view) ||
        !relations_fill(rq, &book, &row, &view) || !fill_typed(rq, &row, &view) ||
        (view.may_edit && !fill_steps(rq, &row, &view)))
        return reply_error(rq);
    view.frame = frame_make(rq, t_organisations_title(), row.name);
    network_organisation_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- changes --------------------------------------------------------------------------------------------------- */

struct reply organisation_again(struct request *rq)
{
    bool shows_again = has_problems(rq) || rq->err.kind == ERROR_CONFLICT;
    return shows_again ? reply_again(rq, organisation_show) : reply_error(rq);
}

struct reply organisation_saved(struct request *rq, const struct organisation_by_id *row)
{
    return reply_saved(rq, url_here(rq, organisation_url(rq->arena, row->district, row->id)));
}

/* The successor takes over units: whoever merges needs the right there as well. */
static bool find_successor(struct request *rq, const struct doing *doing, const struct organisation_by_id *row,
                           struct organisation_by_id *ret)
{
    const struct life_input *input = rq->input;
    if (input->successor.len == 0) {
        (void)problem_add(&rq->problems, STR("successor"), t_life_successor_required());
        return error_fail(&rq->err, ERROR_REFUSED, "no successor");
    }
    if (!organisation_named(doing, row->district, input->successor, "successor", ret, &rq->err))
        return false;
    if (access_may(&rq->actor, &cap_network_approve, ret->division, row->line))
        return true;
    (void)problem_add(&rq->problems, STR("successor"), t_life_successor_not_yours(ret->name));
    return error_fail(&rq->err, ERROR_REFUSED, "the successor is another's");
}

/* What a merger moved is taken back from its successor: that too is asked of access. */
static bool may_take_back(struct request *rq, const struct organisation_by_id *row)
{
    struct ending ending;
    struct organisation_by_id successor;
    struct scope whole = scope_of((struct division){ row->district * 1000000 }, (struct line){ 0 });
    if (!organisation_ending(rq->txn->db, row, rq->arena, &ending, &rq->err))
        return false;
    struct organisation_by_id_args args = { row->district, ending.successor, whole.from,
                                            whole.to,      whole.line_from,  whole.line_to };
    if (ending.successor.n == 0)
        return true;
    if (!organisation_by_id(rq->txn->db, &args, rq->arena, &successor, &rq->err))
        return false;
    if (access_may(&rq->actor, &cap_network_approve, successor.division, successor.line))
        return true;
    (void)problem_add(&rq->problems, (struct str){ 0 }, t_life_successor_not_yours(successor.name));
    return error_fail(&rq->err, ERROR_REFUSED, "the successor is another's");
}

struct reply organisation_act_submit(struct request *rq)
{
    const struct life_input *input = rq->input;
    struct organisation_by_id row, into;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    int64_t act = rq->path_ids[2];
    if (!organisation_of_path(rq, rq->txn->db, &cap_network_edit, &row))
        return reply_error(rq);
    const struct life_step *step = act > 0 && act < LIFE_ACT_COUNT ? life_step_of(row.state, (enum life_act)act) : NULL;
    if (step && step->needs_approver && !access_may(&rq->actor, &cap_network_approve, row.division, row.line)) {
        (void)error_fail(&rq->err, ERROR_FORBIDDEN, "no right to approve here");
        return reply_error(rq);
    }
    bool is_current = step && input->version == row.version; /* else a conflict, before anything is said of a field */
    bool has_successor = is_current && (step->asks & ASK_SUCCESSOR);
    if ((has_successor && !find_successor(rq, &doing, &row, &into)) ||
        (is_current && step->act == LIFE_RESTORE && !may_take_back(rq, &row)) ||
        !organisation_act(&doing, &row, step ? step->act : 0, input, has_successor ? &into : NULL, &rq->err))
        return organisation_again(rq);
    return organisation_saved(rq, &row);
}
