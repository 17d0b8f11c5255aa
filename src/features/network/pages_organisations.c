/*
 * pages_organisations.c - the bodies of the lines: the list, one with the units it covers, founding and changing.
 */
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/names.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"

enum { MEMBERS_MAX = 10000000, TERM_MAX = 10, UNITS_SHOWN = 200 };

#define AT(member) offsetof(struct organisation_input, member)

/* To add a field: one row, its label, a member of struct organisation_input. The first two are for new ones only. */
static const struct field organisation_fields[] = {
    { "line", FIELD_CHOICE, AT(line), &text_key_label_line, NULL, false, 1, LINE_MAX },
    { "division", FIELD_DIVISION, AT(division), &text_key_label_division, &text_key_label_division_hint, false, 0, 0 },
    { "name", FIELD_TEXT, AT(name), &text_key_label_name, NULL, true, 2, LIMIT_NAME },
    { "regime", FIELD_CHOICE, AT(regime), &text_key_label_regime, NULL, true, 1, REGIME_COUNT - 1 },
    { "uscc", FIELD_TEXT, AT(uscc), &text_key_label_uscc, &text_key_label_uscc_hint, false, 0, 40 },
    { "uscc_missing", FIELD_TEXT, AT(uscc_missing), &text_key_label_uscc_missing, NULL, false, 0, LIMIT_NAME },
    { "founded_on", FIELD_DATE, AT(founded_on), &text_key_label_founded_on, NULL, true, 0, 0 },
    { "approval_doc", FIELD_TEXT, AT(approval_doc), &text_key_label_approval_doc, NULL, false, 0, LIMIT_NAME },
    { "term_years", FIELD_INT, AT(term_years), &text_key_label_term_years, &text_key_label_term_years_hint, false, 0,
      TERM_MAX },
    { "term_ends_on", FIELD_DATE, AT(term_ends_on), &text_key_label_term_ends_on, &text_key_label_term_ends_on_hint,
      false, 0, 0 },
    { "members", FIELD_INT, AT(members), &text_key_label_members, NULL, false, 0, MEMBERS_MAX },
    { "members_women", FIELD_INT, AT(members_women), &text_key_label_members_women, NULL, false, 0, MEMBERS_MAX },
    { "contact", FIELD_TEXT, AT(contact), &text_key_label_contact, NULL, false, 0, LIMIT_NAME },
    { "is_dissolved", FIELD_CHECK, AT(is_dissolved), &text_key_label_is_dissolved, NULL, false, 0, 0 },
    { "version", FIELD_INT, AT(version), &text_key_label_name, NULL, false, 0, INT64_MAX },
};
#undef AT

const struct form organisation_form = FORM(organisation_fields, struct organisation_input);

enum { NEW_ONLY_FIELDS = 2, EDIT_ONLY_FIELDS = 2 };

static struct organisation_row row_of(struct request *rq, struct names *names, const struct book *book,
                                      const struct organisation_list *row)
{
    bool has_term = row->term_ends_on.days < DATE_NEVER.days;
    return (struct organisation_row){
        .name = row->name,
        .place = names_place(names, row->division),
        .line = book_line_short(book, rq->lang, row->line),
        .founded_on = row->founded_on,
        .term_ends_on = row->term_ends_on,
        .has_term = has_term,
        .is_term_over = has_term && row->term_ends_on.days < rq->today.days,
        .is_dissolved = row->state == ORGANISATION_DISSOLVED,
        .members = row->members,
        .url = url_here(rq, organisation_url(rq->arena, row->district, row->id)),
    };
}

static struct links filters(struct request *rq, bool is_over)
{
    struct url all = url_here(rq, url_path(rq->arena, "/organisations"));
    struct links links = { arena_new(rq->arena, struct link_view, 2), 2 };
    links.at[0] = (struct link_view){ text_in(rq->arena, rq->lang, t_filter_all()), all, !is_over };
    links.at[1] = (struct link_view){ text_in(rq->arena, rq->lang, t_organisation_term_over()),
                                      url_with(rq->arena, all, "show", STR("over")), is_over };
    return links;
}

struct reply organisations_show(struct request *rq)
{
    struct scope scope;
    struct book book;
    struct organisation_list_rows rows;
    if (!page_scope(rq, &scope) || !book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    struct after after = after_parse(rq, scope);
    bool is_over = str_equal(param(&rq->query, "show"), STR("over"));
    struct organisation_list_args args = { .from = scope.from,
                                           .to = scope.to,
                                           .by_line = scope_line(scope).n != 0,
                                           .line = scope_line(scope),
                                           .by_over = is_over,
                                           .today = rq->today,
                                           .after_division = after.division,
                                           .after_id = { after.id },
                                           .limit = LIMIT_ROWS + 1 };
    if (!organisation_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return reply_error(rq);
    struct names *names = names_make(rq);
    struct organisations_view view = { .place = territory_name(rq->db, scope.from, rq->today, rq->arena),
                                       .filters = filters(rq, is_over),
                                       .has_more = rows.n > LIMIT_ROWS,
                                       .may_edit = access_may(&rq->actor, &cap_network_edit, scope.from, rq->axes.line),
                                       .new_url = url_here(rq, url_path(rq->arena, "/organisations/new")) };
    view.rows.n = view.has_more ? LIMIT_ROWS : rows.n;
    view.rows.at = arena_new(rq->arena, struct organisation_row, view.rows.n);
    for (ptrdiff_t i = 0; i < view.rows.n; i++)
        view.rows.at[i] = row_of(rq, names, &book, &rows.at[i]);
    if (view.has_more) {
        const struct organisation_list *last = &rows.at[LIMIT_ROWS - 1];
        struct str show = is_over ? STR("over") : (struct str){ 0 };
        struct url list_url = url_with(rq->arena, url_here(rq, url_path(rq->arena, "/organisations")), "show", show);
        view.more = after_url(rq, list_url, (struct after){ last->division, last->id.n });
    }
    view.frame = frame_make(rq, t_organisations_title(), view.place);
    struct buf body;
    struct html html = page_begin(rq, &body);
    network_organisations_page(&html, &view);
    return reply_page(rq, &html);
}

/* The organisation of the path, if the actor may do this for it. */
static bool find(struct request *rq, struct db *db, const struct capability *needs, struct organisation_by_id *ret)
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

static bool fill_units(struct request *rq, const struct organisation_by_id *row, struct organisation_view *view)
{
    struct coverage_of_organisation_rows rows;
    struct coverage_of_organisation_args args = { row->district, row->id, UNITS_SHOWN };
    if (!coverage_of_organisation(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    struct names *names = names_make(rq);
    view->units = (struct covered_rows){ arena_new(rq->arena, struct covered_row, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct coverage_of_organisation *unit = &rows.at[i];
        view->units.at[i] = (struct covered_row){
            .name = unit->name,
            .place = names_place(names, unit->division),
            .kind = label_kind(unit->kind),
            .form = label_form(unit->form),
            .since = unit->since,
            .url = url_here(rq, unit_url(rq->arena, row->district, unit->unit)),
        };
    }
    return true;
}

struct reply organisation_show(struct request *rq)
{
    struct organisation_by_id row;
    struct book book;
    struct organisation_view view = { 0 };
    if (!find(rq, rq->db, &cap_network_read, &row) || !book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err) ||
        !fill_units(rq, &row, &view))
        return reply_error(rq);
    struct organisation_list list = { .district = row.district, .id = row.id,           .line = row.line,
                                      .state = row.state,       .division = row.division, .name = row.name,
                                      .founded_on = row.founded_on, .term_ends_on = row.term_ends_on,
                                      .members = row.members };
    view.organisation = row_of(rq, names_make(rq), &book, &list);
    view.regime = label_regime(row.regime);
    view.uscc = row.uscc;
    view.uscc_missing = row.uscc_missing;
    view.approval_doc = row.approval_doc;
    view.contact = row.contact;
    view.members_women = row.members_women;
    view.may_edit = access_may(&rq->actor, &cap_network_edit, row.division, row.line);
    view.edit_url = url_here(rq, url_path(rq->arena, "/organisations/%lld/%lld/edit", (long long)row.district,
                                          (long long)row.id.n));
    struct str subject = str_format(rq->arena, "organisation:%lld", (long long)row.id.n);
    if (!page_history(rq, row.district, subject, &view.events))
        return reply_error(rq);
    view.frame = frame_make(rq, t_organisations_title(), row.name);
    struct buf body;
    struct html html = page_begin(rq, &body);
    network_organisation_page(&html, &view);
    return reply_page(rq, &html);
}

/* --- forms ---------------------------------------------------------------------------------------------------- */

static bool offer(struct request *rq, struct form_view *form)
{
    struct book book;
    if (!book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return false;
    struct choice *lines = arena_new(rq->arena, struct choice, book.line_count);
    for (ptrdiff_t i = 0; i < book.line_count; i++)
        lines[i] = (struct choice){ book.lines[i].line.n, book.lines[i].name[rq->lang] };
    struct choice *regimes = arena_new(rq->arena, struct choice, REGIME_COUNT);
    for (enum regime regime = 1; regime < REGIME_COUNT; regime++)
        regimes[regime - 1] = (struct choice){ regime, text_in(rq->arena, rq->lang, label_regime(regime)) };
    form_offer(rq, form, "line", (struct choices){ lines, book.line_count });
    form_offer(rq, form, "regime", (struct choices){ regimes, REGIME_COUNT - 1 });
    return true;
}

static struct reply form_page(struct request *rq, struct form_page_view *view, struct str name)
{
    struct buf body;
    struct html html = page_begin(rq, &body);
    view->frame = frame_make(rq, view->title, name);
    network_form_page(&html, view);
    return reply_page(rq, &html);
}

struct reply organisation_new_show(struct request *rq)
{
    struct organisation_input start = { .line = rq->axes.line.n, .division = rq->axes.at };
    struct form_page_view view = { .title = t_organisation_new_title(),
                                   .form = form_show(rq, &organisation_form, &start),
                                   .action = url_here(rq, url_path(rq->arena, "/organisations/new")),
                                   .back = url_here(rq, url_path(rq->arena, "/organisations")) };
    if (!offer(rq, &view.form))
        return reply_error(rq);
    view.form.n -= EDIT_ONLY_FIELDS;
    return form_page(rq, &view, (struct str){ 0 });
}

struct reply organisation_new_submit(struct request *rq)
{
    const struct organisation_input *input = rq->input;
    struct organisation_id id;
    bool is_known;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    struct line line = { (int32_t)input->line };
    if (input->line == 0)
        (void)problem_add(&rq->problems, STR("line"), t_coverage_choose_line());
    if (!division_is_known(rq, input->division, &is_known))
        return reply_error(rq);
    if (!is_known || !access_may(&rq->actor, &cap_network_edit, input->division, line))
        (void)problem_add(&rq->problems, STR("division"), t_unit_bad_division());
    if (has_problems(rq))
        return reply_again(rq, organisation_new_show);
    if (!organisation_create(&doing, input, &id, &rq->err))
        return has_problems(rq) ? reply_again(rq, organisation_new_show) : reply_error(rq);
    return reply_saved(rq, url_here(rq, organisation_url(rq->arena, division_district(input->division), id)));
}

/* Beside the box that dissolves it: how many units will be covered no more. */
static bool warn(struct request *rq, const struct organisation_by_id *row, struct form_view *form)
{
    struct coverage_held_count held;
    struct coverage_held_count_args args = { row->district, row->id };
    if (!coverage_held_count(rq->db, &args, rq->arena, &held, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < form->n; i++) {
        struct field_view *field = &form->at[i];
        if (held.n == 0 || !str_equal(field->name, STR("is_dissolved")))
            continue;
        field->hint = t_organisation_dissolve_hint(held.n);
        field->has_hint = true;
    }
    return true;
}

struct reply organisation_edit_show(struct request *rq)
{
    struct organisation_by_id row;
    if (!find(rq, rq->db, &cap_network_edit, &row))
        return reply_error(rq);
    struct organisation_input now = organisation_input_of(&row);
    struct form_page_view view = { .title = t_organisation_edit_title(),
                                   .name = row.name,
                                   .form = form_show(rq, &organisation_form, &now),
                                   .version = str_format(rq->arena, "%lld", (long long)row.version),
                                   .has_conflict = rq->err.kind == ERROR_CONFLICT,
                                   .back = url_here(rq, organisation_url(rq->arena, row.district, row.id)) };
    view.action = url_here(rq, url_path(rq->arena, "/organisations/%lld/%lld/edit", (long long)row.district,
                                        (long long)row.id.n));
    if (!offer(rq, &view.form) || !warn(rq, &row, &view.form))
        return reply_error(rq);
    view.form.at += NEW_ONLY_FIELDS;
    view.form.n -= NEW_ONLY_FIELDS + 1;
    if (view.has_conflict)
        form_conflict(rq, &view.form, &now);
    return form_page(rq, &view, row.name);
}

struct reply organisation_edit_submit(struct request *rq)
{
    const struct organisation_input *input = rq->input;
    struct organisation_by_id row;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!find(rq, rq->txn->db, &cap_network_edit, &row))
        return reply_error(rq);
    if (!organisation_edit(&doing, &row, input, &rq->err))
        return has_problems(rq) || rq->err.kind == ERROR_CONFLICT ? reply_again(rq, organisation_edit_show)
                                                                  : reply_error(rq);
    return reply_saved(rq, url_here(rq, organisation_url(rq->arena, row.district, row.id)));
}
