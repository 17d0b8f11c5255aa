/*
 * pages_organisations.c - the bodies of the lines: the list, those the picker finds, registering and changing.
 */
#include "base/parse.h"
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/network/unit_index.h"
#include "features/territory/territory.h"
#include "platform/limits.h"
#include "platform/web/json.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"

enum { MEMBERS_MAX = 10000000, TERM_MAX = 10 };

#define AT(member) offsetof(struct organisation_input, member)

static struct text name_regime(int64_t value)
{
    return label_regime((enum regime)value);
}

/* To add a field: one row, its label, a member of struct organisation_input. The first three are for new ones only. */
static const struct field organisation_fields[] = {
    { "line", FIELD_CHOICE, AT(line), &text_key_label_line, NULL, false, 1, LINE_MAX },
    { "division", FIELD_DIVISION, AT(division), &text_key_label_division, &text_key_label_division_hint, false, 0, 0 },
    { "state", FIELD_CHOICE, AT(state), &text_key_label_organisation_state, NULL, false, 1, ORGANISATION_GIVEN_UP },
    { "name", FIELD_TEXT, AT(name), &text_key_label_name, NULL, true, 2, LIMIT_NAME },
    { "regime", FIELD_CHOICE, AT(regime), &text_key_label_regime, NULL, true, 1, REGIME_COUNT - 1,
      .name_choice = name_regime },
    { "uscc", FIELD_TEXT, AT(uscc), &text_key_label_uscc, &text_key_label_uscc_hint, false, 0, 40 },
    { "uscc_missing", FIELD_TEXT, AT(uscc_missing), &text_key_label_uscc_missing, NULL, false, 0, LIMIT_NAME },
    { "founded_on", FIELD_DATE, AT(founded_on), &text_key_label_founded_on, &text_key_label_founded_on_hint, false, 0, 0 },
    { "approval_doc", FIELD_TEXT, AT(approval_doc), &text_key_label_approval_doc, NULL, false, 0, LIMIT_NAME },
    { "term_years", FIELD_INT, AT(term_years), &text_key_label_term_years, &text_key_label_term_years_hint, false, 0,
      TERM_MAX },
    { "term_ends_on", FIELD_DATE, AT(term_ends_on), &text_key_label_term_ends_on, &text_key_label_term_ends_on_hint,
      false, 0, 0 },
    { "members", FIELD_INT, AT(members), &text_key_label_members, NULL, false, 0, MEMBERS_MAX },
    { "members_women", FIELD_INT, AT(members_women), &text_key_label_members_women, NULL, false, 0, MEMBERS_MAX },
    { "contact", FIELD_TEXT, AT(contact), &text_key_label_contact, NULL, false, 0, LIMIT_NAME,
      .is_sealed = true },
    { "version", FIELD_INT, AT(version), &text_key_label_name, NULL, false, 0, INT64_MAX },
};
#undef AT

const struct form organisation_form = FORM(organisation_fields, struct organisation_input);

enum { NEW_ONLY_FIELDS = 3, EDIT_ONLY_FIELDS = 1 };

struct organisation_row organisation_row_of(struct request *rq, const struct book *book,
                                            const struct organisation_list *row)
{
    bool has_term = row->term_ends_on.days < DATE_NEVER.days;
    bool is_established = row->state == ORGANISATION_ESTABLISHED;
    return (struct organisation_row){
        .name = row->name,
        .place = place_name(rq, row->division),
        .line = book_line_short(book, rq->lang, row->line),
        .founded_on = row->founded_on,
        .term_ends_on = row->term_ends_on,
        .has_term = has_term,
        .is_term_over = has_term && is_established && row->term_ends_on.days < rq->today.days,
        .is_established = is_established,
        .is_founded = organisation_is_founded(row->state),
        .has_ended = organisation_has_ended(row->state),
        .state = label_organisation_state(row->state),
        .members = row->members,
        .url = url_here(rq, organisation_url(rq->arena, row->district, row->id)),
    };
}

static struct links filters(struct request *rq, struct str shown, struct str typed)
{
    const struct {
        const char *show;
        struct text label;
    } all[] = {
        { "", t_filter_all() },
        { "over", t_organisation_term_over() },
        { "preparing", t_filter_preparing() },
        { "ended", t_filter_ended() },
    };
    struct url list = url_with(rq->arena, url_here(rq, url_literal("/organisations")), "q", typed);
    struct links links = { arena_new(rq->arena, struct link_view, COUNT_OF(all)), COUNT_OF(all) };
    for (ptrdiff_t i = 0; i < links.n; i++) {
        struct str show = str_of(all[i].show);
        links.at[i] = (struct link_view){ text_in(rq->arena, rq->lang, all[i].label),
                                          url_with(rq->arena, list, "show", show), str_equal(show, shown) };
    }
    return links;
}

struct organisation_list_args organisation_list_asked(const struct request *rq, struct scope scope, struct str show)
{
    return (struct organisation_list_args){ .from = scope.from,
                                            .to = scope.to,
                                            .by_line = scope_line(scope).n != 0,
                                            .line = scope_line(scope),
                                            .by_over = str_equal(show, STR("over")),
                                            .by_preparing = str_equal(show, STR("preparing")),
                                            .by_ended = str_equal(show, STR("ended")),
                                            .today = rq->today };
}

bool organisations_search(struct request *rq, const struct organisation_list_args *asked, struct str typed,
                          bool only_bodies, struct organisation_list_rows *ret, struct page_end *ret_end)
{
    struct organisation_found_rows rows;
    struct organisation_found_args args = { .match = unit_index_query(rq->arena, typed, asked->from),
                                            .by_line = asked->by_line,
                                            .line = asked->line,
                                            .by_bodies = only_bodies,
                                            .by_over = asked->by_over,
                                            .today = asked->today,
                                            .by_preparing = asked->by_preparing,
                                            .by_ended = asked->by_ended,
                                            .limit = asked->limit };
    struct page_search search = page_search((struct after){ asked->after_division, asked->after_id.n }, asked->limit - 1);
    *ret = (struct organisation_list_rows){ .at = arena_new(rq->arena, struct organisation_list, search.max) };
    search.is_read = args.match.len == 0;
    while (page_search_goes_on(&search)) {
        args.before.n = search.end.last.id;
        if (!organisation_found(rq->db, &args, rq->arena, &rows, &rq->err))
            return false;
        search.is_read = rows.n < args.limit;
        for (ptrdiff_t i = 0; i < rows.n; i++) {
            const struct organisation_found *row = &rows.at[i];
            if (page_search_takes(&search, row->id.n, unit_index_fits(rq->arena, typed, row->name, row->uscc)))
                ret->at[ret->n++] = (struct organisation_list){
                    .district = row->district,     .id = row->id,     .line = row->line,             .regime = row->regime,
                    .state = row->state,           .division = row->division, .name = row->name,     .founded_on = row->founded_on,
                    .term_ends_on = row->term_ends_on, .members = row->members, .members_women = row->members_women,
                    .uscc = row->uscc,
                };
        }
    }
    *ret_end = search.end;
    return true;
}

static bool list(struct request *rq, const struct organisation_list_args *asked, struct organisation_list_rows *ret,
                 struct page_end *ret_end)
{
    if (!organisation_list(rq->db, asked, rq->arena, ret, &rq->err))
        return false;
    *ret_end = (struct page_end){ .has_more = page_cut(&ret->n) };
    if (ret_end->has_more)
        ret_end->last = (struct after){ ret->at[ret->n - 1].division, ret->at[ret->n - 1].id.n };
    return true;
}

struct reply organisations_show(struct request *rq)
{
    struct scope scope;
    struct book book;
    struct organisation_list_rows found;
    struct page_end end;
    struct str show = param(&rq->query, "show"), typed = str_trim(param(&rq->query, "q"));
    if (!page_scope(rq, &cap_network_read, &scope) || !book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    struct after after = after_parse(rq, scope);
    struct organisation_list_args args = organisation_list_asked(rq, scope, show);
    args.after_division = after.division;
    args.after_id.n = after.id;
    args.limit = LIMIT_ROWS + 1;
    if (typed.len > 0 ? !organisations_search(rq, &args, typed, false, &found, &end) : !list(rq, &args, &found, &end))
        return reply_error(rq);
    struct url list_url = url_literal("/organisations");
    struct organisations_view view = { .place = territory_name(rq->db, scope.from, rq->today, rq->arena),
                                       .search = search_row(rq, list_url, typed),
                                       .filters = filters(rq, show, typed),
                                       .has_more = end.has_more,
                                       .may_edit = access_may(&rq->actor, &cap_network_edit, scope.from, rq->axes.line),
                                       .new_url = url_here(rq, url_literal("/organisations/new")) };
    view.search.show = show;
    view.lead = scope_line(scope).n == 0
                    ? t_organisations_lead(view.place)
                    : t_organisations_lead_line(view.place, book_line_short(&book, rq->lang, scope_line(scope)));
    view.export_url = url_with(rq->arena, url_here(rq, url_literal("/organisations.xlsx")), "show", show);
    view.export_url = url_with(rq->arena, view.export_url, "q", typed);
    view.rows = (struct organisation_rows){ arena_new(rq->arena, struct organisation_row, found.n), found.n };
    for (ptrdiff_t i = 0; i < found.n; i++)
        view.rows.at[i] = organisation_row_of(rq, &book, &found.at[i]);
    struct url next = url_with(rq->arena, url_with(rq->arena, url_here(rq, list_url), "show", show), "q", typed);
    view.more = after_url(rq, next, end.last);
    view.frame = frame_make(rq, t_organisations_title(), view.place);
    network_organisations_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- for the picker ------------------------------------------------------------------------------------------- */

/* Villages and towns are in the names of many firms' unions: their own bodies stand before those. */
static bool bodies_first(struct request *rq, const struct organisation_list_args *asked, struct str typed,
                         struct organisation_list_rows *ret)
{
    struct organisation_list_rows bodies, all;
    struct page_end end;
    if (!organisations_search(rq, asked, typed, true, &bodies, &end) ||
        !organisations_search(rq, asked, typed, false, &all, &end))
        return false;
    *ret = (struct organisation_list_rows){ .at = arena_new(rq->arena, struct organisation_list, bodies.n + all.n) };
    for (ptrdiff_t i = 0; i < bodies.n; i++)
        ret->at[ret->n++] = bodies.at[i];
    for (ptrdiff_t i = 0; i < all.n; i++)
        if (all.at[i].regime == REGIME_INTERNAL)
            ret->at[ret->n++] = all.at[i];
    return true;
}

/* The number itself finds its organisation too: so a field that came back shows its name. */
static bool found_for_picker(struct request *rq, struct scope scope, struct str typed,
                             struct organisation_list_rows *ret)
{
    struct organisation_by_id row;
    struct organisation_by_id_args which = { .district = division_district(scope.from),
                                             .from = scope.from,
                                             .to = scope.to,
                                             .line_to = { LINE_MAX } };
    struct organisation_list_args all = { .from = scope.from, .limit = LIMIT_ROWS + 1 };
    struct error missing;
    if (!parse_int(typed, 1, INT64_MAX, &which.id.n) || !organisation_by_id(rq->db, &which, rq->arena, &row, &missing))
        return bodies_first(rq, &all, typed, ret);
    *ret = (struct organisation_list_rows){ .at = arena_new(rq->arena, struct organisation_list, 1), .n = 1 };
    ret->at[0] = (struct organisation_list){ .id = row.id, .line = row.line, .state = row.state,
                                             .division = row.division, .name = row.name };
    return true;
}

/* Who works anywhere in a district may name any of its organisations: name, place and line, nothing else. */
struct reply organisations_json(struct request *rq)
{
    enum { SHOWN = 12, JSON_BYTES = 16 * 1024 };
    struct scope scope;
    struct book book;
    struct organisation_list_rows found;
    struct buf out = buf_make(rq->arena, JSON_BYTES);
    if (!page_scope(rq, &cap_network_read, &scope) || !book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    if (division_level(scope.from) > DIVISION_DISTRICT)
        scope = scope_of(division_at(scope.from, DIVISION_DISTRICT), (struct line){ 0 });
    if (!found_for_picker(rq, scope, str_trim(param(&rq->query, "q")), &found))
        return reply_error(rq);
    buf_char(&out, '[');
    for (ptrdiff_t i = 0, shown = 0; i < found.n && shown < SHOWN; i++) {
        const struct organisation_list *row = &found.at[i];
        if (organisation_has_ended(row->state))
            continue;
        struct str place = str_format(rq->arena, "%.*s · %.*s", STR_ARG(place_name(rq, row->division)),
                                      STR_ARG(book_line_short(&book, rq->lang, row->line)));
        buf_format(&out, "%s{\"code\":\"%lld\",\"name\":", shown++ > 0 ? "," : "", (long long)row->id.n);
        json_put_str(&out, row->name);
        buf_put(&out, STR(",\"path\":"));
        json_put_str(&out, place);
        buf_char(&out, '}');
    }
    buf_char(&out, ']');
    return reply_status(200, STR("application/json"), buf_str(&out));
}

/* --- forms ---------------------------------------------------------------------------------------------------- */

/* The states an organisation may be registered in. */
static struct choices state_choices(struct request *rq)
{
    struct life_steps steps = life_steps();
    struct choice *choices = arena_new(rq->arena, struct choice, steps.n);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < steps.n; i++)
        if (steps.at[i].from == ORGANISATION_NONE)
            choices[n++] = (struct choice){ steps.at[i].to,
                                            text_in(rq->arena, rq->lang, label_organisation_state(steps.at[i].to)) };
    return (struct choices){ choices, n };
}

/* Whether the actor registers organisations of this line anywhere. */
static bool edits_line(const struct request *rq, struct line line)
{
    struct scope scope;
    return access_scope(&rq->actor, &cap_network_edit, (struct division){ 0 }, line, &scope);
}

static bool own_lines(struct request *rq, struct choices *ret)
{
    struct book book;
    if (!book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return false;
    struct choice *lines = arena_new(rq->arena, struct choice, book.line_count);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < book.line_count; i++)
        if (edits_line(rq, book.lines[i].line))
            lines[n++] = (struct choice){ book.lines[i].line.n, book.lines[i].name[rq->lang] };
    *ret = (struct choices){ lines, n };
    return true;
}

struct reply organisation_new_show(struct request *rq)
{
    struct choices lines;
    if (!own_lines(rq, &lines))
        return reply_error(rq);
    struct organisation_input start = { .line = lines.n == 1 ? lines.at[0].value : rq->axes.line.n,
                                        .division = rq->axes.at,
                                        .state = ORGANISATION_ESTABLISHED };
    struct form_page_view view = { .title = t_organisation_new_title(),
                                   .form = form_show(rq, &organisation_form, &start),
                                   .action = url_here(rq, url_literal("/organisations/new")),
                                   .back = url_here(rq, url_literal("/organisations")) };
    form_draft(rq, &view.form, view.action);
    form_offer(rq, &view.form, "line", lines);
    form_offer(rq, &view.form, "state", state_choices(rq));
    form_offer(rq, &view.form, "regime", regime_choices(rq));
    view.form.n -= EDIT_ONLY_FIELDS;
    view.form.at[0].is_required = view.form.at[1].is_required = true; /* line and place, which an edit does not send */
    return reply_form(rq, &view);
}

struct reply organisation_new_submit(struct request *rq)
{
    const struct organisation_input *input = rq->input;
    struct organisation_id id;
    bool is_known, is_line;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    struct line line = { (int32_t)input->line };
    if (!line_is_known(rq, input->line, &is_line))
        return reply_error(rq);
    bool is_own = is_line && edits_line(rq, line);
    if (!is_own)
        (void)problem_add(&rq->problems, STR("line"),
                          is_line ? t_organisation_line_not_yours() : t_organisation_choose_line());
    if (!division_is_known(rq, input->division, &is_known))
        return reply_error(rq);
    if (!is_known || (is_own && !access_may(&rq->actor, &cap_network_edit, input->division, line)))
        (void)problem_add(&rq->problems, STR("division"), t_unit_bad_division());
    if (has_problems(rq))
        return reply_again(rq, organisation_new_show);
    if (!organisation_create(&doing, input, &id, &rq->err))
        return has_problems(rq) ? reply_again(rq, organisation_new_show) : reply_error(rq);
    return reply_saved(rq, url_here(rq, organisation_url(rq->arena, division_district(input->division), id)));
}

struct reply organisation_edit_show(struct request *rq)
{
    struct organisation_by_id row;
    if (!organisation_of_path(rq, rq->db, &cap_network_edit, &row))
        return reply_error(rq);
    struct error unread;
    struct organisation_input now = organisation_input_of(rq->db, &row, rq->lang, rq->arena, &unread);
    struct form_page_view view = { .title = t_organisation_edit_title(),
                                   .name = row.name,
                                   .form = form_show(rq, &organisation_form, &now),
                                   .version = str_int(rq->arena, row.version),
                                   .has_conflict = rq->err.kind == ERROR_CONFLICT,
                                   .back = url_here(rq, organisation_url(rq->arena, row.district, row.id)) };
    view.action = url_here(rq, url_path(rq->arena, "/organisations/%lld/%lld/edit", (long long)row.district,
                                        (long long)row.id.n));
    form_draft(rq, &view.form, view.action);
    if (unread.kind != ERROR_NONE)
        form_contact_unread(rq, &view.form, &unread);
    form_offer(rq, &view.form, "regime", regime_choices(rq));
    view.form.at += NEW_ONLY_FIELDS;
    view.form.n -= NEW_ONLY_FIELDS + 1;
    if (view.has_conflict)
        form_conflict(rq, &view.form, &now);
    return reply_form(rq, &view);
}

struct reply organisation_edit_submit(struct request *rq)
{
    const struct organisation_input *input = rq->input;
    struct organisation_by_id row;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!organisation_of_path(rq, rq->txn->db, &cap_network_edit, &row))
        return reply_error(rq);
    if (!organisation_edit(&doing, &row, input, &rq->err))
        return has_problems(rq) || rq->err.kind == ERROR_CONFLICT ? reply_again(rq, organisation_edit_show)
                                                                  : reply_error(rq);
    return reply_saved(rq, url_here(rq, organisation_url(rq->arena, row.district, row.id)));
}
