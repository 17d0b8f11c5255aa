/*
 * pages_spots.c - the list of blank spots, by filter or by the name of the unit.
 */
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/network/unit_index.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"

struct spot_row spot_row_of(struct request *rq, const struct book *book,
                            const struct spot_list *spot)
{
    const struct rule_entry *rule = book_rule(book, spot->due_rule);
    struct str owner = person_name(rq, spot->owner);
    return (struct spot_row){
        .unit = spot->name,
        .place = place_name(rq, spot->division),
        .line = book_line_short(book, rq->lang, spot->line),
        .kind = label_kind(spot->kind),
        .state = label_spot_state(spot->state),
        .employees = spot->employees,
        .due = label_due(rule, spot->due_rule),
        .found_on = spot->found_on,
        .deadline = spot->is_open ? spot->deadline : spot->closed_on,
        .owner = owner.len > 0 ? owner : text_in(rq->arena, rq->lang, t_spot_nobody()),
        .is_open = spot->is_open,
        .is_late = spot->is_open && spot->deadline.days < rq->today.days,
        .url = url_here(rq, spot_url(rq->arena, spot->district, spot->id)),
    };
}

static struct links filters(struct request *rq, struct url list, struct str shown)
{
    const struct {
        const char *name;
        struct text label;
    } all[] = {
        { "open", t_filter_open() },
        { "late", t_filter_late() },
        { "mine", t_filter_mine() },
        { "unassigned", t_filter_unassigned() },
        { "month", t_filter_month() },
        { "closed", t_filter_closed() },
    };
    struct links links = { arena_new(rq->arena, struct link_view, COUNT_OF(all)), COUNT_OF(all) };
    for (ptrdiff_t i = 0; i < links.n; i++) {
        struct str name = str_of(all[i].name);
        links.at[i] = (struct link_view){
            .label = text_in(rq->arena, rq->lang, all[i].label),
            .url = url_with(rq->arena, list, "show", name),
            .is_current = str_equal(name, shown),
        };
    }
    return links;
}

struct spot_list_args spot_list_asked(const struct request *rq, struct scope scope, struct str show)
{
    struct civil now = civil_of_date(rq->today);
    bool is_month = str_equal(show, STR("month")); /* what the tile of the matrix counts */
    bool is_mine = str_equal(show, STR("mine")), is_unassigned = str_equal(show, STR("unassigned"));
    return (struct spot_list_args){ .from = scope.from,
                                    .to = scope.to,
                                    .line = scope_line(scope),
                                    .by_line = scope_line(scope).n != 0,
                                    .is_open = !is_month && !str_equal(show, STR("closed")),
                                    .by_covered_since = is_month,
                                    .covered_since = date_of_civil((struct civil){ now.year, now.month, 1 }),
                                    .by_late = str_equal(show, STR("late")),
                                    .today = rq->today,
                                    .by_owner = is_mine || is_unassigned,
                                    .owner = is_mine ? rq->actor.account : (struct account_id){ 0 } };
}

/* One page of the list, whichever way it was asked for. */
struct found_spots {
    struct spot_list *at;
    ptrdiff_t n;
    bool has_more;
    struct after last; /* where the next page begins; of a search the division is 0 */
};

/* A page of a search ends with a whole unit: its blank spots stand together, and the next page begins behind it. */
static ptrdiff_t whole_units(const struct spot_found_rows *rows)
{
    ptrdiff_t n = LIMIT_ROWS;
    while (n > 0 && rows->at[n - 1].unit.n == rows->at[LIMIT_ROWS].unit.n)
        n--;
    return n > 0 ? n : LIMIT_ROWS;
}

static bool search(struct request *rq, const struct spot_list_args *asked, struct str typed, struct found_spots *ret)
{
    struct spot_found_rows rows = { 0 };
    struct spot_found_args args = { .match = unit_index_query(rq->arena, typed, asked->from),
                                    .before = { asked->after_id.n > 0 ? asked->after_id.n : INT64_MAX },
                                    .is_open = asked->is_open,
                                    .by_line = asked->by_line,
                                    .line = asked->line,
                                    .by_late = asked->by_late,
                                    .today = asked->today,
                                    .by_owner = asked->by_owner,
                                    .owner = asked->owner,
                                    .by_covered_since = asked->by_covered_since,
                                    .covered_since = asked->covered_since,
                                    .limit = LIMIT_ROWS + 1 };
    *ret = (struct found_spots){ 0 };
    if (args.match.len == 0)
        return true;
    if (!spot_found(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    ret->has_more = rows.n > LIMIT_ROWS;
    ptrdiff_t n = ret->has_more ? whole_units(&rows) : rows.n;
    ret->at = arena_new(rq->arena, struct spot_list, n);
    for (ptrdiff_t i = 0; i < n; i++) {
        const struct spot_found *row = &rows.at[i];
        ret->last.id = row->unit.n;
        if (row->division.code <= asked->to.code && unit_index_fits(rq->arena, typed, row->name, row->uscc))
            ret->at[ret->n++] = (struct spot_list){
                .district = row->district, .id = row->id,             .unit = row->unit,         .line = row->line,
                .division = row->division, .state = row->state,       .is_open = row->is_open,   .found_on = row->found_on,
                .owner = row->owner,       .deadline = row->deadline, .closed_on = row->closed_on, .name = row->name,
                .kind = row->kind,         .employees = row->employees, .due_rule = row->due_rule,
            };
    }
    return true;
}

static bool list(struct request *rq, const struct spot_list_args *asked, struct found_spots *ret)
{
    struct spot_list_rows rows;
    if (!spot_list(rq->db, asked, rq->arena, &rows, &rq->err))
        return false;
    *ret = (struct found_spots){ .at = rows.at, .n = rows.n, .has_more = rows.n > LIMIT_ROWS };
    if (!ret->has_more)
        return true;
    ret->n = LIMIT_ROWS;
    ret->last = (struct after){ rows.at[LIMIT_ROWS - 1].division, rows.at[LIMIT_ROWS - 1].id.n };
    return true;
}

struct reply spots_show(struct request *rq)
{
    struct scope scope;
    struct book book;
    struct found_spots found;
    struct str show = param(&rq->query, "show"), typed = str_trim(param(&rq->query, "q"));
    if (show.len == 0)
        show = STR("open");
    if (!page_scope(rq, &scope) || !book_load(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    scope_own(rq, &scope);
    struct after after = after_parse(rq, scope);
    struct spot_list_args args = spot_list_asked(rq, scope, show);
    args.after_division = after.division;
    args.after_id.n = after.id;
    args.limit = LIMIT_ROWS + 1;
    if (typed.len > 0 ? !search(rq, &args, typed, &found) : !list(rq, &args, &found))
        return reply_error(rq);
    struct url here = url_own(rq, url_here(rq, url_literal("/spots")));
    struct spots_view view = { .place = scope_name(rq, scope),
                               .filters = filters(rq, url_with(rq->arena, here, "q", typed), show),
                               .search = search_row(rq, url_literal("/spots"), typed),
                               .shows_line = scope_line(scope).n == 0,
                               .has_more = found.has_more };
    view.search.show = show;
    view.export_url = url_with(rq->arena, url_own(rq, url_here(rq, url_literal("/spots.xlsx"))), "show", show);
    view.rows = (struct spot_rows){ arena_new(rq->arena, struct spot_row, found.n), found.n };
    for (ptrdiff_t i = 0; i < found.n; i++)
        view.rows.at[i] = spot_row_of(rq, &book, &found.at[i]);
    struct url next = url_with(rq->arena, url_with(rq->arena, here, "show", show), "q", typed);
    view.more = after_url(rq, next, found.last);
    view.frame = frame_make(rq, t_spots_title(), view.place);
    network_spots_page(page_html(rq), &view);
    return reply_html(rq);
}
