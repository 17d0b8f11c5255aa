/*
 * pages_matrix.c - the page the network is about: places as rows, lines as columns, rates and blank spots in the cells.
 *
 * All figures but the tiles come from the tallies: one range of rows, whatever is below them.  A division's own units,
 * those of no village, are shown as a row of their own, so that the rows add up to the total.
 */
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"

#include "gen/network_pages.h"
#include "gen/network_queries.h"
#include "gen/network_texts.h"

#include <stdlib.h>

enum { CHILDREN_MAX = 2000, CLOSED_MAX = 20000 };

/* What the page is made from; counts[] is indexed by column. */
struct matrix {
    struct request *rq;
    struct scope scope;
    struct division_row place;
    struct book book;
    struct line *lines; /* the columns */
    ptrdiff_t line_count;
    struct tally *total;
    struct url coverage, spots, network; /* what the cells and rows lead to, before place and line */
    struct date on; /* the day shown */
    bool is_past;
};

static ptrdiff_t column_of(const struct matrix *m, struct line line)
{
    for (ptrdiff_t i = 0; i < m->line_count; i++)
        if (m->lines[i].n == line.n)
            return i;
    return -1;
}

static struct str rate_text(struct arena *arena, int64_t rate)
{
    return str_format(arena, "%lld.%lld", (long long)(rate / 10), (long long)(rate % 10));
}

static struct url at_line(struct matrix *m, const char *path, struct division at, struct line line)
{
    return url_axes(m->rq->arena, url_path(m->rq->arena, "%s", path), (struct axes){ at, line });
}

/* The same page for another place or line, as of the same day. */
static struct url matrix_url(struct matrix *m, struct division at, struct line line)
{
    struct str on = m->is_past ? date_iso(m->rq->arena, m->on) : (struct str){ 0 };
    return url_with(m->rq->arena, url_axes(m->rq->arena, m->network, (struct axes){ at, line }), "on", on);
}

static struct cell_view cell_of(struct matrix *m, struct division at, struct line line, struct tally tally, bool is_own)
{
    static const char *const tones[] = { [TONE_NONE] = "", [TONE_HIGH] = "hi", [TONE_MIDDLE] = "mid", [TONE_LOW] = "low" };
    int64_t rate = rate_of(tally);
    struct str own = is_own ? STR("1") : (struct str){ 0 };
    struct url rows = url_axes(m->rq->arena, m->coverage, (struct axes){ at, line });
    struct url blanks = url_axes(m->rq->arena, m->spots, (struct axes){ at, line });
    return (struct cell_view){ .tone = str_of(tones[tone_of(tally)]),
                               .has_rate = rate >= 0,
                               .has_blank = tally.blank > 0,
                               .has_links = !m->is_past,
                               .rate = rate >= 0 ? rate_text(m->rq->arena, rate) : (struct str){ 0 },
                               .covered = tally_covered(tally),
                               .to_cover = tally_to_cover(tally),
                               .blank = tally.blank,
                               .rows = url_with(m->rq->arena, rows, "own", own),
                               .blanks = url_with(m->rq->arena, blanks, "own", own) };
}

static struct cells cells_of(struct matrix *m, struct division at, const struct tally *counts, bool is_own)
{
    struct cells cells = { arena_new(m->rq->arena, struct cell_view, m->line_count), m->line_count };
    for (ptrdiff_t i = 0; i < m->line_count; i++)
        cells.at[i] = cell_of(m, at, m->lines[i], counts[i], is_own);
    return cells;
}

static bool load_columns(struct matrix *m)
{
    struct request *rq = m->rq;
    if (!book_load_lines(rq->db, rq->today, rq->arena, &m->book, &rq->err))
        return false;
    m->lines = arena_new(rq->arena, struct line, m->book.line_count);
    for (ptrdiff_t i = 0; i < m->book.line_count; i++) {
        struct line line = m->book.lines[i].line;
        if (line.n >= m->scope.line_from.n && line.n <= m->scope.line_to.n)
            m->lines[m->line_count++] = line;
    }
    m->total = arena_new(rq->arena, struct tally, m->line_count);
    return true;
}

/* What came after the day shown is taken off again. */
static bool take_off_total(struct matrix *m)
{
    struct request *rq = m->rq;
    struct tally_since_rows rows;
    struct tally_since_args args = { division_district(m->scope.from), m->scope.from, m->on };
    if (!m->is_past)
        return true;
    if (!tally_since(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct tally_since *row = &rows.at[i];
        ptrdiff_t column = column_of(m, row->line);
        struct tally later = { row->due,   row->sole,   row->joint, row->regional,
                               row->trade, row->exempt, row->blank, row->extra };
        if (column >= 0)
            m->total[column] = tally_minus(m->total[column], later);
    }
    return true;
}

static bool load_total(struct matrix *m)
{
    struct request *rq = m->rq;
    struct tally_of_rows rows;
    struct tally_of_args args = { .district = division_district(m->scope.from),
                                  .division = m->scope.from,
                                  .line_from = m->scope.line_from,
                                  .line_to = m->scope.line_to };
    if (!tally_of(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct tally_of *row = &rows.at[i];
        ptrdiff_t column = column_of(m, row->line);
        if (column >= 0)
            m->total[column] = (struct tally){ row->due,   row->sole,   row->joint, row->regional,
                                               row->trade, row->exempt, row->blank, row->extra };
    }
    return take_off_total(m);
}

/* The place of a child's count of one line; NULL: not a child, or no column. Both lists are sorted: *from moves along. */
static struct tally *count_at(struct matrix *m, const struct division_rows *children, ptrdiff_t *from,
                              struct division division, struct line line, struct tally *counts)
{
    ptrdiff_t column = column_of(m, line);
    while (*from < children->n && children->at[*from].code.code < division.code)
        ++*from;
    if (column < 0 || *from == children->n || children->at[*from].code.code != division.code)
        return NULL;
    return &counts[*from * m->line_count + column];
}

static bool take_off_children(struct matrix *m, const struct division_rows *children, struct tally *counts)
{
    struct request *rq = m->rq;
    struct tally_since_below_rows rows;
    struct tally_since_below_args args = { .parent = m->scope.from,
                                           .day = m->on,
                                           .line_from = m->scope.line_from,
                                           .line_to = m->scope.line_to,
                                           .limit = (int64_t)CHILDREN_MAX * LINE_MAX };
    ptrdiff_t from = 0;
    if (!m->is_past)
        return true;
    if (!tally_since_below(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct tally_since_below *row = &rows.at[i];
        struct tally *count = count_at(m, children, &from, row->division, row->line, counts);
        struct tally later = { row->due,   row->sole,   row->joint, row->regional,
                               row->trade, row->exempt, row->blank, row->extra };
        if (count)
            *count = tally_minus(*count, later);
    }
    return true;
}

/* The counts of every child, row by row in the order of children. */
static bool load_children(struct matrix *m, const struct division_rows *children, struct tally *ret_counts)
{
    struct request *rq = m->rq;
    struct tally_below_rows rows;
    struct tally_below_args args = { .parent = m->scope.from,
                                     .line_from = m->scope.line_from,
                                     .line_to = m->scope.line_to,
                                     .limit = (int64_t)CHILDREN_MAX * LINE_MAX };
    if (!tally_below(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    ptrdiff_t from = 0;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct tally_below *row = &rows.at[i];
        struct tally *count = count_at(m, children, &from, row->division, row->line, ret_counts);
        if (count)
            *count = (struct tally){ row->due,   row->sole,   row->joint, row->regional,
                                     row->trade, row->exempt, row->blank, row->extra };
    }
    return take_off_children(m, children, ret_counts);
}

static struct matrix_row own_row(struct matrix *m, const struct tally *own)
{
    return (struct matrix_row){
        .name = text_in(m->rq->arena, m->rq->lang, t_own_level(m->place.name)),
        .cells = cells_of(m, m->scope.from, own, true),
    };
}

static bool fill_rows(struct matrix *m, struct matrix_view *view)
{
    struct request *rq = m->rq;
    struct division_rows children;
    if (!territory_children(rq->db, m->scope.from, rq->today, rq->arena, &children, &rq->err))
        return false;
    struct tally *counts = arena_new(rq->arena, struct tally, children.n * m->line_count);
    struct tally *own = arena_new(rq->arena, struct tally, m->line_count);
    if (!load_children(m, &children, counts))
        return false;
    view->rows.at = arena_new(rq->arena, struct matrix_row, children.n + 1);
    bool has_own = false;
    for (ptrdiff_t column = 0; column < m->line_count; column++) {
        own[column] = m->total[column];
        for (ptrdiff_t i = 0; i < children.n; i++)
            own[column] = tally_minus(own[column], counts[i * m->line_count + column]);
        has_own = has_own || !tally_is_zero(own[column]);
    }
    for (ptrdiff_t i = 0; i < children.n; i++) {
        const struct division_row *child = &children.at[i];
        view->rows.at[view->rows.n++] =
            (struct matrix_row){ .name = child->name,
                                 .has_link = true,
                                 .url = matrix_url(m, child->code, rq->axes.line),
                                 .cells = cells_of(m, child->code, &counts[i * m->line_count], false) };
    }
    if (has_own && children.n > 0)
        view->rows.at[view->rows.n++] = own_row(m, own);
    return true;
}

/* --- the tiles ------------------------------------------------------------------------------------------------ */

static int by_days(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static struct date month_start(struct date day, int months_back)
{
    struct civil civil = civil_of_date(day);
    int month = civil.month - 1 - months_back + civil.year * 12;
    return date_of_civil((struct civil){ month / 12, month % 12 + 1, 1 });
}

/* How many were covered between two days, and the median of the days it took; -1 when none were. */
static bool closed_between(struct matrix *m, struct date first, struct date last, int64_t *ret_count,
                           int64_t *ret_median)
{
    struct request *rq = m->rq;
    struct spot_closed_days_rows rows;
    struct spot_closed_days_args args = { .district = division_district(m->scope.from),
                                          .from = m->scope.from,           .to = m->scope.to,
                                          .line_from = m->scope.line_from, .line_to = m->scope.line_to,
                                          .first = first,                  .last = last,
                                          .limit = CLOSED_MAX };
    if (!spot_closed_days(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    int64_t *days = arena_new(rq->arena, int64_t, rows.n);
    for (ptrdiff_t i = 0; i < rows.n; i++)
        days[i] = rows.at[i].closed_on.days - rows.at[i].found_on.days;
    if (rows.n > 0)
        qsort(days, (size_t)rows.n, sizeof days[0], by_days);
    *ret_count = rows.n;
    *ret_median = rows.n > 0 ? days[rows.n / 2] : -1;
    return true;
}

static bool fill_tiles(struct matrix *m, struct matrix_view *view)
{
    struct request *rq = m->rq;
    struct date this_month = month_start(rq->today, 0), last_month = month_start(rq->today, 1);
    struct spot_late_count late;
    struct spot_closed_count before;
    struct organisation_term_over over;
    struct scope scope = m->scope;
    int64_t district = division_district(scope.from);
    struct spot_late_count_args late_args = { district, scope.from, scope.to, scope.line_from, scope.line_to, rq->today };
    struct organisation_term_over_args over_args = { district,        scope.from,    scope.to,
                                                     scope.line_from, scope.line_to, rq->today };
    struct spot_closed_count_args before_args = { district,        scope.from,      scope.to,
                                                  scope.line_from, scope.line_to,   last_month,
                                                  { this_month.days - 1 } };
    if (!spot_late_count(rq->db, &late_args, rq->arena, &late, &rq->err) ||
        !organisation_term_over(rq->db, &over_args, rq->arena, &over, &rq->err) ||
        !closed_between(m, this_month, rq->today, &view->closed_this_month, &view->median_days) ||
        !spot_closed_count(rq->db, &before_args, rq->arena, &before, &rq->err))
        return false;
    view->closed_last_month = before.n;
    view->late = late.n;
    view->term_over = over.n;
    view->has_median = view->median_days >= 0;
    view->has_tiles = true;
    return true;
}

static void fill_sums(struct matrix *m, struct matrix_view *view)
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
    view->trend_url = url_here(m->rq, url_path(arena, "/network/trend"));
    view->rules_url = url_here(m->rq, url_path(arena, "/network/rules"));
    view->new_unit_url = url_here(m->rq, url_path(arena, "/units/new"));
}

static void fill_columns(struct matrix *m, struct matrix_view *view)
{
    view->columns = (struct links){ arena_new(m->rq->arena, struct link_view, m->line_count), m->line_count };
    for (ptrdiff_t i = 0; i < m->line_count; i++)
        view->columns.at[i] = (struct link_view){ .label = book_line_short(&m->book, m->rq->lang, m->lines[i]),
                                                  .url = matrix_url(m, m->scope.from, m->lines[i]) };
}

/* ?on=2026-06-30; anything but a past day is today. */
static void read_day(struct matrix *m)
{
    struct request *rq = m->rq;
    m->is_past = date_parse(param(&rq->query, "on"), &m->on) && m->on.days < rq->today.days;
    if (!m->is_past)
        m->on = rq->today;
}

struct reply matrix_show(struct request *rq)
{
    struct matrix m = { .rq = rq,
                        .coverage = url_path(rq->arena, "/coverage"),
                        .spots = url_path(rq->arena, "/spots"),
                        .network = url_path(rq->arena, "/network") };
    struct matrix_view view = { .now = rq->now };
    read_day(&m);
    if (!page_scope(rq, &m.scope) ||
        !territory_find(rq->db, m.scope.from, rq->today, rq->arena, &m.place, &rq->err) || !load_columns(&m) ||
        !load_total(&m) || !fill_rows(&m, &view))
        return reply_error(rq);
    view.is_past = m.is_past;
    view.on = m.on;
    view.on_text = date_iso(rq->arena, m.on);
    view.today_text = date_iso(rq->arena, rq->today);
    view.at = division_text(rq->arena, m.scope.from);
    view.line = rq->axes.line.n > 0 ? str_format(rq->arena, "%d", rq->axes.line.n) : (struct str){ 0 };
    if (m.place.level >= DIVISION_DISTRICT && !m.is_past && !fill_tiles(&m, &view))
        return reply_error(rq);
    view.place = m.place.name;
    view.row_heading = label_children(m.place.level);
    view.total = cells_of(&m, m.scope.from, m.total, false);
    view.may_edit = access_may(&rq->actor, &cap_network_edit, m.scope.from, rq->axes.line);
    view.export_url = url_here(rq, url_path(rq->arena, "/network.xlsx"));
    fill_columns(&m, &view);
    fill_sums(&m, &view);
    view.frame = frame_make(rq, t_matrix_title(), m.place.name);
    struct buf body;
    struct html html = page_begin(rq, &body);
    network_matrix_page(&html, &view);
    return reply_page(rq, &html);
}
