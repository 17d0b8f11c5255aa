/*
 * pages_today.c - the start page: what this person follows up.
 */
#include "features/network/capabilities.h"
#include "features/network/labels.h"
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
    struct spot_of_owner_count count;
    struct spot_of_owner_count_args count_args = { .today = rq->today, .owner = rq->actor.account };
    struct url everywhere = url_axes(rq->arena, url_literal("/spots"), (struct axes){ 0 });
    if (!book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err) ||
        !spot_of_owner_count(rq->db, &count_args, rq->arena, &count, &rq->err) ||
        !spot_of_owner(rq->db, &args, rq->arena, &rows, &rq->err))
        return reply_error(rq);
    struct today_view view = { .name = rq->actor.name,
                               .has_network = access_has(&rq->actor, &cap_network_read),
                               .network_url = url_here(rq, url_literal("/network")),
                               .blanks_url = url_here(rq, url_literal("/spots")),
                               .mine_count = count.n,
                               .late = count.late,
                               .has_more = count.n > rows.n,
                               .mine_url = url_with(rq->arena, everywhere, "show", STR("mine")),
                               .mine = { arena_new(rq->arena, struct spot_row, rows.n), rows.n } };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct spot_of_owner *spot = &rows.at[i];
        view.mine.at[i] = (struct spot_row){ .unit = spot->name,
                                              .place = place_name(rq, spot->division),
                                              .line = book_line_short(&book, rq->lang, spot->line),
                                              .kind = label_kind(spot->kind),
                                              .state = label_spot_state(spot->state),
                                              .found_on = spot->found_on,
                                              .deadline = spot->deadline,
                                              .is_open = true,
                                              .is_late = spot->deadline.days < rq->today.days,
                                              .url = url_here(rq, spot_url(rq->arena, spot->district, spot->id)) };
    }
    if (!fill_home(rq, &view) || !today_sections(rq, &view.sections))
        return reply_error(rq);
    view.frame = frame_make(rq, t_today_title(), (struct str){ 0 });
    network_today_page(page_html(rq), &view);
    return reply_html(rq);
}
