/*
 * pages_trend.c - the rates of a place over the last two years, month by month: a drawing and the same figures as a table.
 *
 * The tallies of a month's end are the sum of all days until then (tally_day), so the last point is today's figure.
 */
#include "features/network/capabilities.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"

#include "gen/network_pages.h"
#include "gen/network_queries.h"
#include "gen/network_texts.h"

enum { MONTHS = 24, WIDTH = 720, HEIGHT = 260, LEFT = 44, TOP = 12, BOTTOM = 28, RIGHT = 12, DAYS_MAX = 400000 };

struct trend {
    struct request *rq;
    struct scope scope;
    struct book book;
    struct line *lines;
    ptrdiff_t line_count;
    struct date ends[MONTHS]; /* the last day of each month; of this month today */
    struct tally *counts;     /* [line * MONTHS + month] */
};

static void fill_months(struct trend *t)
{
    struct civil now = civil_of_date(t->rq->today);
    for (int i = 0; i < MONTHS; i++) {
        int next = now.year * 12 + now.month - 1 - (MONTHS - 1 - i) + 1;
        struct date first_of_next = date_of_civil((struct civil){ next / 12, next % 12 + 1, 1 });
        t->ends[i] = (struct date){ first_of_next.days - 1 };
    }
    t->ends[MONTHS - 1] = t->rq->today;
}

static void count_day(struct trend *t, const struct tally_day_of *row)
{
    struct tally day = TALLY_OF_ROW(row);
    for (ptrdiff_t l = 0; l < t->line_count; l++) {
        if (t->lines[l].n != row->line.n)
            continue;
        for (int m = MONTHS - 1; m >= 0 && row->day.days <= t->ends[m].days; m--)
            t->counts[l * MONTHS + m] = tally_plus(t->counts[l * MONTHS + m], day);
    }
}

static bool load(struct trend *t)
{
    struct request *rq = t->rq;
    struct tally_day_of_rows rows;
    struct tally_day_of_args args = { .district = division_district(t->scope.from),
                                            .division = t->scope.from,
                                            .line_from = t->scope.line_from,
                                            .line_to = t->scope.line_to,
                                            .limit = DAYS_MAX };
    if (!book_load(rq->db, rq->today, rq->arena, &t->book, &rq->err) ||
        !tally_day_of(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    t->lines = arena_new(rq->arena, struct line, t->book.line_count);
    for (ptrdiff_t i = 0; i < t->book.line_count; i++)
        if (scope_contains(t->scope, t->scope.from, t->book.lines[i].line))
            t->lines[t->line_count++] = t->book.lines[i].line;
    t->counts = arena_new(rq->arena, struct tally, t->line_count * MONTHS);
    fill_months(t);
    for (ptrdiff_t i = 0; i < rows.n; i++)
        count_day(t, &rows.at[i]);
    return true;
}

/* The lowest rate drawn, a multiple of ten per cent below all of them: small movements stay visible. */
static int64_t floor_of(const struct trend *t)
{
    int64_t lowest = 1000;
    for (ptrdiff_t i = 0; i < t->line_count * MONTHS; i++) {
        int64_t rate = rate_of(t->counts[i]);
        if (rate >= 0 && rate < lowest)
            lowest = rate;
    }
    return lowest / 100 * 100 - (lowest % 100 == 0 && lowest > 0 ? 100 : 0);
}

static int64_t x_of(int month)
{
    return LEFT + (int64_t)month * (WIDTH - LEFT - RIGHT) / (MONTHS - 1);
}

static int64_t y_of(int64_t rate, int64_t floor)
{
    return TOP + (1000 - rate) * (HEIGHT - TOP - BOTTOM) / (1000 - floor);
}

static struct str points_of(struct trend *t, ptrdiff_t line, int64_t floor)
{
    struct buf out = buf_make(t->rq->arena, MONTHS * 16);
    for (int m = 0; m < MONTHS; m++) {
        int64_t rate = rate_of(t->counts[line * MONTHS + m]);
        if (rate >= 0)
            buf_format(&out, "%lld,%lld ", (long long)x_of(m), (long long)y_of(rate, floor));
    }
    return buf_str(&out);
}

static struct str percent(struct arena *arena, int64_t rate)
{
    return rate < 0 ? STR("-") : str_format(arena, "%lld.%lld%%", (long long)(rate / 10), (long long)(rate % 10));
}

static void fill_lines(struct trend *t, struct trend_view *view, int64_t floor)
{
    struct request *rq = t->rq;
    view->lines = (struct trend_lines){ arena_new(rq->arena, struct trend_line, t->line_count), t->line_count };
    for (ptrdiff_t i = 0; i < t->line_count; i++)
        view->lines.at[i] = (struct trend_line){
            .name = book_line_short(&t->book, rq->lang, t->lines[i]),
            .tone = str_format(rq->arena, "t%td", i % 6 + 1),
            .points = points_of(t, i, floor),
        };
}

static void fill_rows(struct trend *t, struct trend_view *view)
{
    struct request *rq = t->rq;
    view->months = (struct trend_months){ arena_new(rq->arena, struct trend_month, MONTHS), MONTHS };
    for (int m = 0; m < MONTHS; m++) {
        /* the newest first */
        struct trend_month *row = &view->months.at[MONTHS - 1 - m];
        struct civil day = civil_of_date(t->ends[m]);
        row->name = str_format(rq->arena, "%04d-%02d", day.year, day.month);
        row->cells = (struct trend_cells){ arena_new(rq->arena, struct trend_cell, t->line_count), t->line_count };
        for (ptrdiff_t l = 0; l < t->line_count; l++) {
            struct tally count = t->counts[l * MONTHS + m];
            row->cells.at[l] = (struct trend_cell){ percent(rq->arena, rate_of(count)), tally_covered(count),
                                                    tally_to_cover(count), count.blank };
        }
    }
}

static void fill_scale(struct trend *t, struct trend_view *view, int64_t floor)
{
    struct arena *arena = t->rq->arena;
    int64_t steps = (1000 - floor) / 100;
    view->marks = (struct trend_marks){ arena_new(arena, struct trend_mark, steps + 1), steps + 1 };
    for (int64_t i = 0; i <= steps; i++) {
        int64_t rate = floor + i * 100;
        view->marks.at[i] = (struct trend_mark){ str_format(arena, "%lld%%", (long long)(rate / 10)),
                                                 str_int(arena, y_of(rate, floor)) };
    }
    int labels = 0;
    view->ticks.at = arena_new(arena, struct trend_mark, MONTHS);
    for (int m = 0; m < MONTHS; m += 6, labels++) {
        struct civil day = civil_of_date(t->ends[m]);
        view->ticks.at[labels] = (struct trend_mark){ str_format(arena, "%04d-%02d", day.year, day.month),
                                                      str_int(arena, x_of(m)) };
    }
    view->ticks.n = labels;
}

struct reply trend_show(struct request *rq)
{
    struct trend t = { .rq = rq };
    struct trend_view view = { 0 };
    if (!page_scope(rq, &cap_network_read, &t.scope) || !load(&t))
        return reply_error(rq);
    int64_t floor = floor_of(&t);
    view.place = territory_name(rq->db, t.scope.from, rq->today, rq->arena);
    view.matrix_url = url_here(rq, url_literal("/network"));
    fill_lines(&t, &view, floor);
    fill_rows(&t, &view);
    fill_scale(&t, &view, floor);
    view.frame = frame_make(rq, t_trend_title(), view.place);
    network_trend_page(page_html(rq), &view);
    return reply_html(rq);
}
