/*
 * pages_today.c - the start page: what this person follows up; and the rows behind a rate.
 */
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/names.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_queries.h"
#include "gen/network_texts.h"

/* How many blank spots there are where this person is at home, whoever looks after them. */
static bool fill_home(struct request *rq, struct today_view *view)
{
    struct scope scope;
    struct tally_of_rows rows;
    struct spot_late_count late;
    struct division home = access_home(&rq->actor);
    view->has_home = access_scope(&rq->actor, &cap_network_read, home, (struct line){ 0 }, &scope) &&
                     division_level(home) >= DIVISION_DISTRICT;
    if (!view->has_home)
        return true;
    struct tally_of_args args = { division_district(home), home, scope.line_from, scope.line_to };
    struct spot_late_count_args late_args = { division_district(home), scope.from,    scope.to,
                                              scope.line_from,         scope.line_to, rq->today };
    if (!tally_of(rq->db, &args, rq->arena, &rows, &rq->err) ||
        !spot_late_count(rq->db, &late_args, rq->arena, &late, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++)
        view->home_blank += rows.at[i].blank;
    view->home_late = late.n;
    view->home = territory_name(rq->db, home, rq->today, rq->arena);
    view->home_late_url = url_with(rq->arena, view->blanks_url, "show", STR("late"));
    return true;
}

struct reply today_show(struct request *rq)
{
    struct book book;
    struct spot_of_owner_rows rows;
    struct spot_of_owner_args args = { .owner = rq->actor.account, .limit = LIMIT_ROWS };
    if (!book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err) ||
        !spot_of_owner(rq->db, &args, rq->arena, &rows, &rq->err))
        return reply_error(rq);
    struct names *names = names_make(rq);
    struct today_view view = { .name = rq->actor.name,
                               .has_network = access_has(&rq->actor, &cap_network_read),
                               .network_url = url_here(rq, url_path(rq->arena, "/network")),
                               .blanks_url = url_here(rq, url_path(rq->arena, "/spots")),
                               .mine = { arena_new(rq->arena, struct spot_row, rows.n), rows.n } };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct spot_of_owner *spot = &rows.at[i];
        bool is_late = spot->deadline.days < rq->today.days;
        view.late += is_late;
        view.mine.at[i] = (struct spot_row){ .unit = spot->name,
                                              .place = names_place(names, spot->division),
                                              .line = book_line_short(&book, rq->lang, spot->line),
                                              .kind = label_kind(spot->kind),
                                              .state = label_spot_state(spot->state),
                                              .found_on = spot->found_on,
                                              .deadline = spot->deadline,
                                              .is_open = true,
                                              .is_late = is_late,
                                              .url = url_here(rq, spot_url(rq->arena, spot->district, spot->id)) };
    }
    if (!fill_home(rq, &view))
        return reply_error(rq);
    view.frame = frame_make(rq, t_today_title(), (struct str){ 0 });
    struct buf body;
    struct html html = page_begin(rq, &body);
    network_today_page(&html, &view);
    return reply_page(rq, &html);
}

/* --- the rows behind a rate -------------------------------------------------------------------------------------- */

static struct links filters(struct request *rq, struct str shown)
{
    const struct {
        const char *name;
        struct text label;
    } all[] = {
        { "due", t_filter_due() },
        { "covered", t_filter_covered() },
        { "exempt", t_filter_exempt() },
    };
    struct links links = { arena_new(rq->arena, struct link_view, COUNT_OF(all)), COUNT_OF(all) };
    for (ptrdiff_t i = 0; i < links.n; i++) {
        struct str name = str_of(all[i].name);
        struct url list = url_own(rq, url_here(rq, url_path(rq->arena, "/coverage")));
        links.at[i] = (struct link_view){ .label = text_in(rq->arena, rq->lang, all[i].label),
                                           .url = url_with(rq->arena, list, "show", name),
                                           .is_current = str_equal(name, shown) };
    }
    return links;
}

struct coverage_list_args coverage_list_asked(struct scope scope, struct line line, struct str show)
{
    return (struct coverage_list_args){ .line = line,
                                        .from = scope.from,
                                        .to = scope.to,
                                        .by_due = true,
                                        .by_covered = str_equal(show, STR("covered")),
                                        .by_form = str_equal(show, STR("exempt")),
                                        .form = COVERAGE_EXEMPT };
}

static bool load_rows(struct request *rq, struct scope scope, struct str show, struct coverage_view *view)
{
    struct after after = after_parse(rq, scope);
    struct coverage_list_rows rows;
    struct coverage_list_args args = coverage_list_asked(scope, scope_line(scope), show);
    args.after_division = after.division;
    args.after_unit.n = after.id;
    args.limit = LIMIT_ROWS + 1;
    if (!coverage_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    view->has_more = rows.n > LIMIT_ROWS;
    view->rows.n = view->has_more ? LIMIT_ROWS : rows.n;
    view->rows.at = arena_new(rq->arena, struct covered_row, view->rows.n);
    struct names *names = names_make(rq);
    for (ptrdiff_t i = 0; i < view->rows.n; i++) {
        const struct coverage_list *row = &rows.at[i];
        view->rows.at[i] = (struct covered_row){
            .name = row->name,
            .place = names_place(names, row->division),
            .kind = label_kind(row->kind),
            .form = label_form(row->form),
            .since = row->since,
            .employees = row->employees,
            .is_blank = row->form == COVERAGE_NONE,
            .url = url_here(rq, unit_url(rq->arena, row->district, row->unit)),
        };
    }
    if (view->has_more) {
        const struct coverage_list *last = &rows.at[LIMIT_ROWS - 1];
        struct url list = url_with(rq->arena, url_own(rq, url_here(rq, url_path(rq->arena, "/coverage"))), "show", show);
        view->more = after_url(rq, list, (struct after){ last->division, last->unit.n });
    }
    return true;
}

struct reply coverage_show(struct request *rq)
{
    struct scope scope;
    struct book book;
    struct coverage_view view = { 0 };
    struct str show = param(&rq->query, "show");
    if (show.len == 0)
        show = STR("due");
    if (!page_scope(rq, &scope) || !book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    scope_own(rq, &scope);
    /* one line at a time: the index behind the list starts with it */
    if (scope_line(scope).n == 0)
        scope.line_to = scope.line_from;
    rq->axes.line = scope.line_from;
    if (!load_rows(rq, scope, show, &view))
        return reply_error(rq);
    view.place = scope_name(rq, scope);
    view.line = book_line(&book, rq->lang, scope.line_from);
    view.filters = filters(rq, show);
    view.export_url = url_with(rq->arena, url_own(rq, url_here(rq, url_path(rq->arena, "/coverage.xlsx"))), "show", show);
    view.frame = frame_make(rq, t_coverage_title(), view.place);
    struct buf body;
    struct html html = page_begin(rq, &body);
    network_coverage_page(&html, &view);
    return reply_page(rq, &html);
}
