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
                                    .owner = is_mine ? rq->actor.account : (struct account_id){ 0 },
                                    .by_assigned = is_mine };
}

/* The hits below args->before, some of them first, of every unit all: of the last one there may be more than was read. */
static bool read_whole_units(struct request *rq, struct spot_found_args *args, int64_t first,
                             struct spot_found_rows *ret, bool *ret_is_all)
{
    for (args->limit = first;; args->limit *= 8) {
        if (!spot_found(rq->db, args, rq->arena, ret, &rq->err))
            return false;
        *ret_is_all = ret->n < args->limit;
        if (*ret_is_all)
            return true;
        int64_t last = ret->at[ret->n - 1].unit.n;
        while (ret->n > 0 && ret->at[ret->n - 1].unit.n == last)
            ret->n--;
        if (ret->n > 0)
            return true;
    }
}

/* The rows with room for more of them. */
static void make_room(struct arena *arena, struct spot_list_rows *rows, ptrdiff_t more)
{
    struct spot_list *at = arena_new(arena, struct spot_list, rows->n + more);
    for (ptrdiff_t i = 0; i < rows->n; i++)
        at[i] = rows->at[i];
    rows->at = at;
}

static void take_fitting(struct request *rq, const struct spot_list_args *asked, struct str typed,
                         const struct spot_found_rows *rows, struct page_search *search, struct spot_list_rows *ret)
{
    make_room(rq->arena, ret, rows->n);
    for (ptrdiff_t i = 0; i < rows->n; i++) {
        const struct spot_found *row = &rows->at[i];
        bool fits = row->division.code <= asked->to.code && unit_index_fits(rq->arena, typed, row->name, row->uscc);
        if (page_search_takes(search, row->unit.n, fits))
            ret->at[ret->n++] = (struct spot_list){
                .district = row->district, .id = row->id,             .unit = row->unit,         .line = row->line,
                .division = row->division, .state = row->state,       .is_open = row->is_open,   .found_on = row->found_on,
                .owner = row->owner,       .deadline = row->deadline, .closed_on = row->closed_on, .name = row->name,
                .kind = row->kind,         .employees = row->employees, .due_rule = row->due_rule,
            };
    }
}

bool spots_search(struct request *rq, const struct spot_list_args *asked, struct str typed, struct spot_list_rows *ret,
                  struct page_end *ret_end)
{
    struct spot_found_rows rows;
    struct spot_found_args args = { .match = unit_index_query(rq->arena, typed, asked->from),
                                    .is_open = asked->is_open,
                                    .by_line = asked->by_line,
                                    .line = asked->line,
                                    .by_late = asked->by_late,
                                    .today = asked->today,
                                    .by_owner = asked->by_owner,
                                    .owner = asked->owner,
                                    .by_covered_since = asked->by_covered_since,
                                    .covered_since = asked->covered_since };
    struct page_search search = page_search((struct after){ asked->after_division, asked->after_id.n }, asked->limit - 1);
    *ret = (struct spot_list_rows){ 0 };
    search.is_read = args.match.len == 0;
    while (page_search_goes_on(&search)) {
        args.before.n = search.end.last.id;
        if (!read_whole_units(rq, &args, asked->limit, &rows, &search.is_read))
            return false;
        take_fitting(rq, asked, typed, &rows, &search, ret);
    }
    *ret_end = search.end;
    return true;
}

void scope_mine(struct request *rq, struct axes asked, struct str show, struct scope *scope)
{
    if (!str_equal(show, STR("mine")) || asked.at.code != 0)
        return;
    *scope = scope_of(asked.at, asked.line);
    rq->axes = asked;
}

static bool list(struct request *rq, const struct spot_list_args *asked, struct spot_list_rows *ret,
                 struct page_end *ret_end)
{
    if (!spot_list(rq->db, asked, rq->arena, ret, &rq->err))
        return false;
    *ret_end = (struct page_end){ .has_more = page_cut(&ret->n) };
    if (ret_end->has_more)
        ret_end->last = (struct after){ ret->at[ret->n - 1].division, ret->at[ret->n - 1].id.n };
    return true;
}

struct reply spots_show(struct request *rq)
{
    struct scope scope;
    struct book book;
    struct spot_list_rows found;
    struct page_end end;
    struct str show = param(&rq->query, "show"), typed = str_trim(param(&rq->query, "q"));
    struct axes asked = rq->axes;
    if (show.len == 0)
        show = STR("open");
    if (!page_scope(rq, &cap_network_read, &scope) || !book_load(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    scope_own(rq, &scope);
    scope_mine(rq, asked, show, &scope);
    struct after after = after_parse(rq, scope);
    struct spot_list_args args = spot_list_asked(rq, scope, show);
    args.after_division = after.division;
    args.after_id.n = after.id;
    args.limit = LIMIT_ROWS + 1;
    if (typed.len > 0 ? !spots_search(rq, &args, typed, &found, &end) : !list(rq, &args, &found, &end))
        return reply_error(rq);
    struct url here = url_own(rq, url_here(rq, url_literal("/spots")));
    struct spots_view view = { .place = scope_name(rq, scope),
                               .filters = filters(rq, url_with(rq->arena, here, "q", typed), show),
                               .search = search_row(rq, url_literal("/spots"), typed),
                               .shows_line = scope_line(scope).n == 0,
                               .has_more = end.has_more };
    view.search.show = show;
    view.export_url = url_with(rq->arena, url_own(rq, url_here(rq, url_literal("/spots.xlsx"))), "show", show);
    view.export_url = url_with(rq->arena, view.export_url, "q", typed);
    view.rows = (struct spot_rows){ arena_new(rq->arena, struct spot_row, found.n), found.n };
    for (ptrdiff_t i = 0; i < found.n; i++)
        view.rows.at[i] = spot_row_of(rq, &book, &found.at[i]);
    struct url next = url_with(rq->arena, url_with(rq->arena, here, "show", show), "q", typed);
    view.more = after_url(rq, next, end.last);
    view.frame = frame_make(rq, t_spots_title(), view.place);
    network_spots_page(page_html(rq), &view);
    return reply_html(rq);
}
