/*
 * pages_matrix.c - the page the network is about: places as rows, lines as columns, rates and blank spots in the cells.
 *
 * All figures but the tiles come from the tallies: one range of rows, whatever is below them.  A division's own units,
 * those of no village, are shown as a row of their own, so that the rows add up to the total.
 */
#include "features/network/capabilities.h"
#include "features/network/figures.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"

#include "gen/network_pages.h"
#include "gen/network_queries.h"
#include "gen/network_texts.h"
#include "gen/web_texts.h"

static struct url at_line(const struct figures *m, const char *path, struct division at, struct line line)
{
    return url_axes(m->rq->arena, url_literal(path), (struct axes){ at, line });
}

static struct cell_view cell_of(const struct figures *m, struct tally tally)
{
    static const char *const tones[] = { [TONE_NONE] = "", [TONE_HIGH] = "hi", [TONE_MIDDLE] = "mid", [TONE_LOW] = "low" };
    int64_t rate = rate_of(tally);
    return (struct cell_view){ .tone = str_of(tones[tone_of(tally)]),
                               .has_rate = rate >= 0,
                               .has_blank = tally.blank > 0,
                               .has_links = !m->is_past,
                               .rate_whole = rate / 10,
                               .rate_tenths = rate % 10,
                               .covered = tally_covered(tally),
                               .to_cover = tally_to_cover(tally),
                               .blank = tally.blank };
}

/* What a cell leads to is made of the row's address and the column's line; only what is shown gets one. */
static struct cells cells_of(const struct figures *m, struct division at, const struct tally *counts, bool is_own)
{
    struct arena *arena = m->rq->arena;
    struct cells cells = { arena_new(arena, struct cell_view, m->line_count), m->line_count };
    struct axes place = { at, { 0 } };
    struct url rows = url_axes(arena, url_literal("/network/coverage"), place);
    struct url blanks = url_axes(arena, url_literal("/spots"), place);
    rows = is_own ? url_with(arena, rows, "own", STR("1")) : rows;
    blanks = is_own ? url_with(arena, blanks, "own", STR("1")) : blanks;
    for (ptrdiff_t i = 0; i < m->line_count; i++) {
        struct cell_view *cell = &cells.at[i];
        *cell = cell_of(m, counts[i]);
        struct str line = str_int(arena, m->lines[i].n);
        if (cell->has_links && cell->has_rate)
            cell->rows = url_with(arena, rows, "line", line);
        if (cell->has_links && cell->has_blank)
            cell->blanks = url_with(arena, blanks, "line", line);
    }
    return cells;
}

/* The children, and last what lies in none of them, so that the rows add up to the total. */
static void fill_rows(const struct figures *m, struct matrix_view *view)
{
    struct request *rq = m->rq;
    view->rows.at = arena_new(rq->arena, struct matrix_row, m->children.n + 1);
    for (ptrdiff_t i = 0; i < m->children.n; i++) {
        const struct division_row *child = &m->children.at[i];
        view->rows.at[view->rows.n++] =
            (struct matrix_row){ .name = child->name,
                                 .has_link = true,
                                 .url = figures_url(m, "/network", (struct axes){ child->code, rq->axes.line }),
                                 .cells = cells_of(m, child->code, &m->counts[i * m->line_count], false) };
    }
    bool has_own = false;
    for (ptrdiff_t line = 0; line < m->line_count; line++)
        has_own = has_own || !tally_is_zero(m->own[line]);
    if (has_own && m->children.n > 0)
        view->rows.at[view->rows.n++] =
            (struct matrix_row){ .name = text_in(rq->arena, rq->lang, t_list_own_level(m->place.name)),
                                 .cells = cells_of(m, m->scope.from, m->own, true) };
}

/* --- the tiles ------------------------------------------------------------------------------------------------ */

static struct date month_start(struct date day, int months_back)
{
    struct civil civil = civil_of_date(day);
    int month = civil.month - 1 - months_back + civil.year * 12;
    return date_of_civil((struct civil){ month / 12, month % 12 + 1, 1 });
}

static bool fill_tiles(const struct figures *m, struct matrix_view *view)
{
    struct request *rq = m->rq;
    struct scope scope = m->scope;
    int64_t district = division_district(scope.from);
    struct date this_month = month_start(rq->today, 0), last_month = month_start(rq->today, 1);
    struct spot_late_count late;
    struct spot_closed closed, before;
    struct organisation_term_over over;
    struct spot_late_count_args late_args = { district, scope.from, scope.to, scope.line_from, scope.line_to, rq->today };
    struct organisation_term_over_args over_args = { district,        scope.from,    scope.to,
                                                     scope.line_from, scope.line_to, rq->today };
    struct spot_closed_args closed_args = { district,        scope.from, scope.to, scope.line_from,
                                            scope.line_to, this_month, rq->today };
    struct spot_closed_args before_args = { district,        scope.from, scope.to,                scope.line_from,
                                            scope.line_to, last_month, { this_month.days - 1 } };
    if (!spot_late_count(rq->db, &late_args, rq->arena, &late, &rq->err) ||
        !organisation_term_over(rq->db, &over_args, rq->arena, &over, &rq->err) ||
        !spot_closed(rq->db, &closed_args, rq->arena, &closed, &rq->err) ||
        !spot_closed(rq->db, &before_args, rq->arena, &before, &rq->err))
        return false;
    view->closed_this_month = closed.n;
    view->closed_last_month = before.n;
    view->has_median = closed.has_median_days;
    view->median_days = closed.median_days;
    view->late = late.n;
    view->term_over = over.n;
    view->has_tiles = true;
    return true;
}

static void fill_sums(const struct figures *m, struct matrix_view *view)
{
    struct axes axes = { m->scope.from, scope_line(m->scope) };
    for (ptrdiff_t i = 0; i < m->line_count; i++) {
        view->blank += m->total[i].blank;
        view->covered += tally_covered(m->total[i]);
        view->to_cover += tally_to_cover(m->total[i]);
    }
    struct arena *arena = m->rq->arena;
    view->blanks_url = at_line(m, "/spots", axes.at, axes.line);
    view->late_url = url_with(arena, view->blanks_url, "show", STR("late"));
    view->closed_url = url_with(arena, view->blanks_url, "show", STR("month"));
    view->term_url = url_with(arena, at_line(m, "/organisations", axes.at, axes.line), "show", STR("over"));
    view->has_map = m->children.n > 0;
    view->map_url = figures_url(m, "/network/map", axes);
    view->trend_url = url_here(m->rq, url_literal("/network/trend"));
    view->rules_url = url_here(m->rq, url_literal("/network/rules"));
    view->new_unit_url = url_here(m->rq, url_literal("/units/new"));
}

static void fill_columns(const struct figures *m, struct matrix_view *view)
{
    view->columns = (struct links){ arena_new(m->rq->arena, struct link_view, m->line_count), m->line_count };
    for (ptrdiff_t i = 0; i < m->line_count; i++)
        view->columns.at[i] = (struct link_view){ .label = book_line_short(&m->book, m->rq->lang, m->lines[i]),
                                                  .url = figures_url(m, "/network", (struct axes){ m->scope.from, m->lines[i] }) };
}

struct reply matrix_show(struct request *rq)
{
    struct figures m;
    struct matrix_view view = { .now = rq->now };
    if (!figures_load(rq, &m))
        return reply_error(rq);
    fill_rows(&m, &view);
    view.is_past = m.is_past;
    view.on = m.on;
    view.on_text = date_iso(rq->arena, m.on);
    view.today_text = date_iso(rq->arena, rq->today);
    view.at = division_text(rq->arena, m.scope.from);
    view.line = rq->axes.line.n > 0 ? str_int(rq->arena, rq->axes.line.n) : (struct str){ 0 };
    if (m.place.level >= DIVISION_DISTRICT && !m.is_past && !fill_tiles(&m, &view))
        return reply_error(rq);
    view.place = m.place.name;
    view.row_heading = label_children(m.place.level);
    view.total = cells_of(&m, m.scope.from, m.total, false);
    view.may_edit = access_may(&rq->actor, &cap_network_edit, m.scope.from, rq->axes.line);
    view.export_url = url_here(rq, url_literal("/network.xlsx"));
    fill_columns(&m, &view);
    fill_sums(&m, &view);
    view.frame = frame_make(rq, t_matrix_title(), m.place.name);
    network_matrix_page(page_html(rq), &view);
    return reply_html(rq);
}
