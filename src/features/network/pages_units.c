/*
 * pages_units.c - what is to be covered: the list, one unit with its coverage in every line, registering and changing.
 */
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/contacts.h"
#include "features/network/labels.h"
#include "features/network/unit_index.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"

enum { PEOPLE_MAX = 1000000 };

#define NUMBER(member) FIELD_INT, offsetof(struct unit_input, member), &text_key_label_##member, NULL, false, 0, PEOPLE_MAX
#define TEXT(member) FIELD_TEXT, offsetof(struct unit_input, member), &text_key_label_##member

/* To add a field: one row, its label, a member of struct unit_input. The first two are for new units only. */
static const struct field unit_fields[] = {
    { "kind", FIELD_CHOICE, offsetof(struct unit_input, kind), &text_key_label_kind, NULL, false, UNIT_FIRM,
      UNIT_FOUNDATION },
    { "division", FIELD_DIVISION, offsetof(struct unit_input, division), &text_key_label_division,
      &text_key_label_division_hint, false, 0, 0 },
    { "name", TEXT(name), NULL, true, 2, LIMIT_NAME },
    { "uscc", TEXT(uscc), &text_key_label_uscc_hint, false, 0, 40 },
    { "uscc_missing", TEXT(uscc_missing), NULL, false, 0, LIMIT_NAME },
    { "industry", TEXT(industry), NULL, false, 0, 20 },
    { "employees", NUMBER(employees) },
    { "women", NUMBER(women) },
    { "youth", NUMBER(youth) },
    { "league_members", NUMBER(league_members) },
    { "disabled", NUMBER(disabled) },
    { "contact", TEXT(contact), NULL, false, 0, LIMIT_NAME, .is_sealed = true },
    { "is_closed", FIELD_CHECK, offsetof(struct unit_input, is_closed), &text_key_label_is_closed, NULL, false, 0, 0 },
    { "version", FIELD_INT, offsetof(struct unit_input, version), &text_key_label_name, NULL, false, 0, INT64_MAX },
};
#undef NUMBER
#undef TEXT

const struct form unit_form = FORM(unit_fields, struct unit_input);

static const struct field find_fields[] = {
    { "line", FIELD_CHOICE, offsetof(struct finding_input, line), &text_key_label_line, NULL, true, 1, LINE_MAX },
    { "reason", FIELD_NOTE, offsetof(struct finding_input, reason), &text_key_label_finding_reason,
      &text_key_label_finding_reason_hint, true, 2, LIMIT_NOTE },
};
const struct form spot_find_form = FORM(find_fields, struct finding_input);

enum { NEW_ONLY_FIELDS = 2, EDIT_ONLY_FIELDS = 2 };

/* --- the list ------------------------------------------------------------------------------------------------- */

static struct links kind_filters(struct request *rq, int64_t chosen)
{
    struct links links = { arena_new(rq->arena, struct link_view, UNIT_KIND_COUNT), UNIT_KIND_COUNT };
    struct url list = url_here(rq, url_literal("/units"));
    for (int kind = 0; kind < UNIT_KIND_COUNT; kind++) {
        struct text label = kind == 0 ? t_filter_all() : label_kind((enum unit_kind)kind);
        struct str value = kind != 0 ? str_int(rq->arena, kind) : (struct str){ 0 };
        links.at[kind] = (struct link_view){ .label = text_in(rq->arena, rq->lang, label),
                                              .url = url_with(rq->arena, list, "kind", value),
                                              .is_current = kind == chosen };
    }
    return links;
}

int64_t unit_kind_asked(const struct request *rq)
{
    struct str text = param(&rq->query, "kind");
    return text.len == 1 && text.data[0] > '0' && text.data[0] < '0' + UNIT_KIND_COUNT ? text.data[0] - '0' : 0;
}

bool units_search(struct request *rq, const struct unit_list_args *asked, struct str typed, struct unit_list_rows *ret,
                  struct page_end *ret_end)
{
    struct unit_found_rows rows;
    struct unit_found_args args = { .match = unit_index_query(rq->arena, typed, asked->from),
                                    .by_kind = asked->by_kind,
                                    .kind = asked->kind,
                                    .limit = asked->limit };
    struct page_search search = page_search((struct after){ asked->after_division, asked->after_id.n }, asked->limit - 1);
    *ret = (struct unit_list_rows){ .at = arena_new(rq->arena, struct unit_list, search.max) };
    search.is_read = args.match.len == 0;
    while (page_search_goes_on(&search)) {
        args.before.n = search.end.last.id;
        if (!unit_found(rq->db, &args, rq->arena, &rows, &rq->err))
            return false;
        search.is_read = rows.n < args.limit;
        for (ptrdiff_t i = 0; i < rows.n; i++) {
            const struct unit_found *row = &rows.at[i];
            if (page_search_takes(&search, row->id.n, unit_index_fits(rq->arena, typed, row->name, row->uscc)))
                ret->at[ret->n++] = (struct unit_list){
                    .district = row->district, .id = row->id,     .kind = row->kind,           .state = row->state,
                    .division = row->division, .name = row->name, .uscc = row->uscc,           .employees = row->employees,
                    .women = row->women,       .youth = row->youth, .league_members = row->league_members,
                    .disabled = row->disabled,
                };
        }
    }
    *ret_end = search.end;
    return true;
}

static bool list(struct request *rq, const struct unit_list_args *asked, struct unit_list_rows *ret,
                 struct page_end *ret_end)
{
    if (!unit_list(rq->db, asked, rq->arena, ret, &rq->err))
        return false;
    *ret_end = (struct page_end){ .has_more = page_cut(&ret->n) };
    if (ret_end->has_more)
        ret_end->last = (struct after){ ret->at[ret->n - 1].division, ret->at[ret->n - 1].id.n };
    return true;
}

struct reply units_show(struct request *rq)
{
    struct scope scope;
    struct unit_list_rows found;
    struct page_end end;
    int64_t kind = unit_kind_asked(rq);
    struct str typed = str_trim(param(&rq->query, "q"));
    if (!page_scope(rq, &cap_network_read, &scope))
        return reply_error(rq);
    struct after after = after_parse(rq, scope);
    struct unit_list_args args = { .from = scope.from,         .to = scope.to,
                                   .by_kind = kind != 0,       .kind = (enum unit_kind)kind,
                                   .after_division = after.division, .after_id = { after.id },
                                   .limit = LIMIT_ROWS + 1 };
    if (typed.len > 0 ? !units_search(rq, &args, typed, &found, &end) : !list(rq, &args, &found, &end))
        return reply_error(rq);
    struct units_view view = { .place = territory_name(rq->db, scope.from, rq->today, rq->arena),
                               .filters = kind_filters(rq, kind),
                               .has_more = end.has_more,
                               .may_edit = access_may(&rq->actor, &cap_network_edit, scope.from, rq->axes.line),
                               .new_url = url_here(rq, url_literal("/units/new")),
                               .import_url = url_here(rq, url_literal("/units/import")) };
    struct str kind_text = kind != 0 ? str_int(rq->arena, kind) : (struct str){ 0 };
    view.typed = typed;
    view.kind = kind_text;
    view.at = division_text(rq->arena, scope.from);
    view.line = rq->axes.line.n > 0 ? str_int(rq->arena, rq->axes.line.n) : (struct str){ 0 };
    view.may_export = kind < UNIT_VILLAGE;
    view.leaves_out_places = kind == 0;
    view.export_url = url_with(rq->arena, url_here(rq, url_literal("/units.xlsx")), "kind", kind_text);
    view.export_url = url_with(rq->arena, view.export_url, "q", typed);
    view.rows = (struct unit_rows){ arena_new(rq->arena, struct unit_row, found.n), found.n };
    for (ptrdiff_t i = 0; i < view.rows.n; i++) {
        const struct unit_list *unit = &found.at[i];
        view.rows.at[i] = (struct unit_row){ .name = unit->name,
                                              .place = place_name(rq, unit->division),
                                              .uscc = unit->uscc,
                                              .kind = label_kind(unit->kind),
                                              .employees = unit->employees,
                                              .league_members = unit->league_members,
                                              .is_closed = unit->state == UNIT_CLOSED,
                                              .url = url_here(rq, unit_url(rq->arena, unit->district, unit->id)) };
    }
    struct url next = url_with(rq->arena, url_here(rq, url_literal("/units")), "kind", kind_text);
    view.more = after_url(rq, url_with(rq->arena, next, "q", typed), end.last);
    view.frame = frame_make(rq, t_units_title(), view.place);
    network_units_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- one unit ------------------------------------------------------------------------------------------------- */

/* The unit of the path, if the actor may do this for it. */
static bool find(struct request *rq, struct db *db, const struct capability *needs, struct unit_by_id *ret)
{
    struct division district;
    if (!district_of_path(rq, &district))
        return false;
    struct unit_by_id_args args = { rq->path_ids[0], { rq->path_ids[1] }, district, division_last(district) };
    if (!unit_by_id(db, &args, rq->arena, ret, &rq->err))
        return false;
    return access_may(&rq->actor, needs, ret->division, (struct line){ 0 }) ||
           error_fail(&rq->err, ERROR_NOT_FOUND, "outside the actor's scope");
}

/* The same to change it; what a village, town or district is as a unit follows from the territory. */
static bool find_to_edit(struct request *rq, struct db *db, struct unit_by_id *ret)
{
    if (!find(rq, db, &cap_network_edit, ret))
        return false;
    return ret->kind < UNIT_VILLAGE || error_fail(&rq->err, ERROR_NOT_FOUND, "a place is not edited");
}

static bool fill_pair(struct request *rq, const struct book *book, const struct unit_by_id *unit,
                      const struct coverage_of_unit *row, struct pair_view *ret)
{
    const struct rule_entry *rule = book_rule(book, row->due_rule);
    struct pair_view pair = { .line = book_line_short(book, rq->lang, row->line),
                              .status = row->due_rule == 0 && row->form == COVERAGE_NONE ? t_unit_not_due()
                                                                                         : label_form(row->form),
                              .basis = rule ? rule->basis[rq->lang] : (struct str){ 0 },
                              .is_finding = row->due_rule == DUE_BY_FINDING,
                              .is_blank = row->due_rule != 0 && row->form == COVERAGE_NONE,
                              .is_covered = row->form >= COVERAGE_SOLE && row->form <= COVERAGE_TRADE,
                              .since = row->since };
    if (pair.is_blank) {
        struct spot_open_of spot;
        struct spot_open_of_args args = { unit->district, unit->id, row->line };
        if (!spot_open_of(rq->db, &args, rq->arena, &spot, &pair.has_url, &rq->err))
            return false;
        if (pair.has_url)
            pair.url = url_here(rq, spot_url(rq->arena, unit->district, spot.id));
    } else if (pair.is_covered) {
        struct organisation_name name = { 0 };
        struct organisation_name_args args = { unit->district, row->organisation };
        if (!organisation_name(rq->db, &args, rq->arena, &name, &pair.has_url, &rq->err))
            return false;
        pair.organisation = name.name;
        pair.url = url_here(rq, organisation_url(rq->arena, unit->district, row->organisation));
    }
    *ret = pair;
    return true;
}

/* What was and is blank here, in the lines the actor may see. */
static bool fill_spots(struct request *rq, const struct book *book, const struct unit_by_id *unit,
                       struct unit_view *view)
{
    enum { SPOTS_MAX = 50 };
    struct spot_of_unit_rows rows;
    struct spot_of_unit_args args = { unit->district, unit->id, SPOTS_MAX };
    if (!spot_of_unit(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    view->spots.at = arena_new(rq->arena, struct spot_row, rows.n);
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct spot_of_unit *spot = &rows.at[i];
        if (!access_may(&rq->actor, &cap_network_read, unit->division, spot->line))
            continue;
        view->spots.at[view->spots.n++] =
            (struct spot_row){ .line = book_line_short(book, rq->lang, spot->line),
                               .state = label_spot_state(spot->state),
                               .found_on = spot->found_on,
                               .deadline = spot->closed_on, /* while open not shown */
                               .is_open = spot->is_open,
                               .url = url_here(rq, spot_url(rq->arena, unit->district, spot->id)) };
    }
    return true;
}

static bool is_due_or_covered(const struct coverage_of_unit_rows *rows, struct line line)
{
    for (ptrdiff_t i = 0; i < rows->n; i++)
        if (rows->at[i].line.n == line.n)
            return rows->at[i].due_rule != 0 || rows->at[i].form != COVERAGE_NONE;
    return false;
}

/* The lines in which the actor may report a blank spot that no rule finds: where nothing is due and nothing covers. */
static void offer_finding(struct request *rq, const struct book *book, const struct unit_by_id *unit,
                          const struct coverage_of_unit_rows *rows, struct unit_view *view)
{
    struct choice *lines = arena_new(rq->arena, struct choice, book->line_count);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < book->line_count; i++) {
        struct line line = book->lines[i].line;
        if (access_may(&rq->actor, &cap_network_edit, unit->division, line) && !is_due_or_covered(rows, line))
            lines[n++] = (struct choice){ line.n, book->lines[i].name[rq->lang] };
    }
    view->may_find = n > 0 && unit->state == UNIT_ACTIVE;
    struct finding_input start = { .line = n == 1 ? lines[0].value : 0 };
    view->finding = form_show(rq, &spot_find_form, &start);
    view->find_url = url_here(rq, url_path(rq->arena, "%.*s/spots",
                                           STR_ARG(unit_url(rq->arena, unit->district, unit->id).text)));
    form_draft(rq, &view->finding, view->find_url);
    form_offer(rq, &view->finding, "line", (struct choices){ lines, n });
}

static struct str contact_shown(struct request *rq, const struct unit_by_id *unit)
{
    struct str contact;
    struct error unread;
    if (unit_contact_open(rq->db, unit->district, unit->id, unit->sealed_contact, rq->arena, &contact, &unread))
        return contact;
    page_log_unread(rq, &unread);
    return text_in(rq->arena, rq->lang, t_contact_unread_page());
}

struct reply unit_show(struct request *rq)
{
    struct unit_by_id unit;
    struct book book;
    struct coverage_of_unit_rows rows;
    struct coverage_of_unit_args args = { rq->path_ids[0], { rq->path_ids[1] } };
    if (!find(rq, rq->db, &cap_network_read, &unit) ||
        !book_load(rq->db, rq->today, rq->arena, &book, &rq->err) ||
        !coverage_of_unit(rq->db, &args, rq->arena, &rows, &rq->err))
        return reply_error(rq);
    struct unit_view view = { .name = unit.name,
                              .place = territory_name(rq->db, unit.division, rq->today, rq->arena),
                              .uscc = unit.uscc,
                              .uscc_missing = unit.uscc_missing,
                              .industry = unit.industry,
                              .contact = contact_shown(rq, &unit),
                              .kind = label_kind(unit.kind),
                              .is_closed = unit.state == UNIT_CLOSED,
                              .is_place = unit.kind >= UNIT_VILLAGE,
                              .employees = unit.employees,
                              .women = unit.women,
                              .youth = unit.youth,
                              .league_members = unit.league_members,
                              .disabled = unit.disabled,
                              .changed_at = unit.changed_at };
    view.may_edit = access_may(&rq->actor, &cap_network_edit, unit.division, (struct line){ 0 });
    view.edit_url = url_here(rq, url_path(rq->arena, "/units/%lld/%lld/edit", (long long)unit.district,
                                          (long long)unit.id.n));
    view.pairs.at = arena_new(rq->arena, struct pair_view, rows.n);
    for (ptrdiff_t i = 0; i < rows.n; i++)
        if (access_may(&rq->actor, &cap_network_read, unit.division, rows.at[i].line) &&
            !fill_pair(rq, &book, &unit, &rows.at[i], &view.pairs.at[view.pairs.n++]))
            return reply_error(rq);
    offer_finding(rq, &book, &unit, &rows, &view);
    struct str subject = str_format(rq->arena, "unit:%lld", (long long)unit.id.n);
    if (!fill_spots(rq, &book, &unit, &view) || !page_history(rq, unit.district, subject, &view.events))
        return reply_error(rq);
    view.frame = frame_make(rq, t_units_title(), unit.name);
    network_unit_page(page_html(rq), &view);
    return reply_html(rq);
}

struct reply spot_find_submit(struct request *rq)
{
    const struct finding_input *input = rq->input;
    struct unit_by_id unit;
    struct spot_id id;
    bool is_known;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    struct line line = { (int32_t)input->line };
    if (!find(rq, rq->txn->db, &cap_network_edit, &unit) || !line_is_known(rq, input->line, &is_known))
        return reply_error(rq);
    if (!is_known || !access_may(&rq->actor, &cap_network_edit, unit.division, line)) {
        (void)problem_add(&rq->problems, STR("line"), t_coverage_choose_line());
        return reply_again(rq, unit_show);
    }
    if (!spot_find(&doing, &unit, input, &id, &rq->err))
        return has_problems(rq) ? reply_again(rq, unit_show) : reply_error(rq);
    return reply_saved(rq, url_here(rq, spot_url(rq->arena, unit.district, id)));
}

/* --- forms ---------------------------------------------------------------------------------------------------- */

static struct choices kind_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, UNIT_FOUNDATION);
    for (enum unit_kind kind = UNIT_FIRM; kind <= UNIT_FOUNDATION; kind++)
        choices[kind - 1] = (struct choice){ kind, text_in(rq->arena, rq->lang, label_kind(kind)) };
    return (struct choices){ choices, UNIT_FOUNDATION };
}

struct reply unit_new_show(struct request *rq)
{
    struct unit_input start = { .kind = UNIT_FIRM, .division = rq->axes.at };
    struct form_page_view view = { .title = t_unit_new_title(),
                                   .lead = t_unit_new_lead(),
                                   .form = form_show(rq, &unit_form, &start),
                                   .action = url_here(rq, url_literal("/units/new")),
                                   .back = url_here(rq, url_literal("/units")) };
    form_draft(rq, &view.form, view.action);
    form_offer(rq, &view.form, "kind", kind_choices(rq));
    view.form.n -= EDIT_ONLY_FIELDS;
    return reply_form(rq, &view);
}

struct reply unit_new_submit(struct request *rq)
{
    const struct unit_input *input = rq->input;
    struct book book;
    struct unit_id id;
    bool is_known;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    bool is_mine = access_may(&rq->actor, &cap_network_edit, input->division, (struct line){ 0 });
    bool is_low = division_level(input->division) >= DIVISION_DISTRICT;
    if (!division_is_known(rq, input->division, &is_known))
        return reply_error(rq);
    if (!is_mine || !is_low || !is_known)
        (void)problem_add(&rq->problems, STR("division"), t_unit_bad_division());
    if (input->kind == 0)
        (void)problem_add(&rq->problems, STR("kind"), t_unit_bad_kind());
    if (has_problems(rq))
        return reply_again(rq, unit_new_show);
    if (!book_load(rq->txn->db, rq->today, rq->arena, &book, &rq->err) ||
        !unit_create(&doing, &book, input, &id, &rq->err))
        return has_problems(rq) ? reply_again(rq, unit_new_show) : reply_error(rq);
    return reply_saved(rq, url_here(rq, unit_url(rq->arena, division_district(input->division), id)));
}

struct reply unit_edit_show(struct request *rq)
{
    struct unit_by_id unit;
    if (!find_to_edit(rq, rq->db, &unit))
        return reply_error(rq);
    struct error unread;
    struct unit_input now = unit_input_of(rq->db, &unit, rq->lang, rq->arena, &unread);
    struct form_page_view view = { .title = t_unit_edit_title(),
                                   .name = unit.name,
                                   .form = form_show(rq, &unit_form, &now),
                                   .version = str_int(rq->arena, unit.version),
                                   .has_conflict = rq->err.kind == ERROR_CONFLICT,
                                   .back = url_here(rq, unit_url(rq->arena, unit.district, unit.id)) };
    view.action = url_here(rq, url_path(rq->arena, "/units/%lld/%lld/edit", (long long)unit.district,
                                        (long long)unit.id.n));
    form_draft(rq, &view.form, view.action);
    if (unread.kind != ERROR_NONE)
        form_contact_unread(rq, &view.form, &unread);
    view.form.at += NEW_ONLY_FIELDS;
    view.form.n -= NEW_ONLY_FIELDS + 1; /* the version is hidden */
    if (view.has_conflict)
        form_conflict(rq, &view.form, &now);
    return reply_form(rq, &view);
}

struct reply unit_edit_submit(struct request *rq)
{
    const struct unit_input *input = rq->input;
    struct unit_by_id unit;
    struct book book;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!find_to_edit(rq, rq->txn->db, &unit) ||
        !book_load(rq->txn->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    if (!unit_edit(&doing, &book, &unit, input, &rq->err))
        return has_problems(rq) || rq->err.kind == ERROR_CONFLICT ? reply_again(rq, unit_edit_show) : reply_error(rq);
    return reply_saved(rq, url_here(rq, unit_url(rq->arena, unit.district, unit.id)));
}
