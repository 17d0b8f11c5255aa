#include "features/network/figures.h"

#include "features/network/capabilities.h"
#include "features/network/pages.h"

#include "gen/network_queries.h"

enum { CHILDREN_MAX = 2000 };

static ptrdiff_t column_of(const struct figures *f, struct line line)
{
    for (ptrdiff_t i = 0; i < f->line_count; i++)
        if (f->lines[i].n == line.n)
            return i;
    return -1;
}

static bool load_columns(struct figures *f)
{
    struct request *rq = f->rq;
    if (!book_load_lines(rq->db, rq->today, rq->arena, &f->book, &rq->err))
        return false;
    f->lines = arena_new(rq->arena, struct line, f->book.line_count);
    for (ptrdiff_t i = 0; i < f->book.line_count; i++) {
        struct line line = f->book.lines[i].line;
        if (line.n >= f->scope.line_from.n && line.n <= f->scope.line_to.n)
            f->lines[f->line_count++] = line;
    }
    f->total = arena_new(rq->arena, struct tally, f->line_count);
    return true;
}

/* What came after the day shown is taken off again. */
static bool take_off_total(struct figures *f)
{
    struct request *rq = f->rq;
    struct tally_since_rows rows;
    struct tally_since_args args = { division_district(f->scope.from), f->scope.from, f->on };
    if (!f->is_past)
        return true;
    if (!tally_since(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        ptrdiff_t column = column_of(f, rows.at[i].line);
        if (column >= 0)
            f->total[column] = tally_minus(f->total[column], TALLY_OF_ROW(&rows.at[i]));
    }
    return true;
}

static bool load_total(struct figures *f)
{
    struct request *rq = f->rq;
    struct tally_of_rows rows;
    struct tally_of_args args = { .district = division_district(f->scope.from),
                                  .division = f->scope.from,
                                  .line_from = f->scope.line_from,
                                  .line_to = f->scope.line_to };
    if (!tally_of(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        ptrdiff_t column = column_of(f, rows.at[i].line);
        if (column >= 0)
            f->total[column] = TALLY_OF_ROW(&rows.at[i]);
    }
    return take_off_total(f);
}

/* The count of a child and line; NULL: none of these. Rows and children are sorted alike: *from moves along. */
static struct tally *count_at(struct figures *f, ptrdiff_t *from, struct division division, struct line line)
{
    const struct division_rows *children = &f->children;
    ptrdiff_t column = column_of(f, line);
    while (*from < children->n && children->at[*from].code.code < division.code)
        ++*from;
    if (column < 0 || *from == children->n || children->at[*from].code.code != division.code)
        return NULL;
    return &f->counts[*from * f->line_count + column];
}

static bool take_off_children(struct figures *f)
{
    struct request *rq = f->rq;
    struct tally_since_below_rows rows;
    struct tally_since_below_args args = { .parent = f->scope.from,
                                           .day = f->on,
                                           .line_from = f->scope.line_from,
                                           .line_to = f->scope.line_to,
                                           .limit = (int64_t)CHILDREN_MAX * LINE_MAX };
    ptrdiff_t from = 0;
    if (!f->is_past)
        return true;
    if (!tally_since_below(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        struct tally *count = count_at(f, &from, rows.at[i].division, rows.at[i].line);
        if (count)
            *count = tally_minus(*count, TALLY_OF_ROW(&rows.at[i]));
    }
    return true;
}

static bool load_children(struct figures *f)
{
    struct request *rq = f->rq;
    struct tally_below_rows rows;
    struct tally_below_args args = { .parent = f->scope.from,
                                     .line_from = f->scope.line_from,
                                     .line_to = f->scope.line_to,
                                     .limit = (int64_t)CHILDREN_MAX * LINE_MAX };
    if (!territory_children(rq->db, f->scope.from, rq->today, rq->arena, &f->children, &rq->err) ||
        !tally_below(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    f->counts = arena_new(rq->arena, struct tally, f->children.n * f->line_count);
    ptrdiff_t from = 0;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        struct tally *count = count_at(f, &from, rows.at[i].division, rows.at[i].line);
        if (count)
            *count = TALLY_OF_ROW(&rows.at[i]);
    }
    return take_off_children(f);
}

static void fill_own(struct figures *f)
{
    f->own = arena_new(f->rq->arena, struct tally, f->line_count);
    for (ptrdiff_t line = 0; line < f->line_count; line++) {
        f->own[line] = f->total[line];
        for (ptrdiff_t child = 0; child < f->children.n; child++)
            f->own[line] = tally_minus(f->own[line], f->counts[child * f->line_count + line]);
    }
}

static void read_day(struct figures *f)
{
    struct request *rq = f->rq;
    f->is_past = date_parse(param(&rq->query, "on"), &f->on) && f->on.days < rq->today.days;
    if (!f->is_past)
        f->on = rq->today;
}

bool figures_load(struct request *rq, struct figures *ret)
{
    struct figures f = { .rq = rq };
    read_day(&f);
    if (!page_scope(rq, &cap_network_read, &f.scope) ||
        !territory_find(rq->db, f.scope.from, rq->today, rq->arena, &f.place, &rq->err) || !load_columns(&f) ||
        !load_total(&f) || !load_children(&f))
        return false;
    fill_own(&f);
    *ret = f;
    return true;
}

struct url figures_url(const struct figures *figures, const char *path, struct axes axes)
{
    struct arena *arena = figures->rq->arena;
    struct str on = figures->is_past ? date_iso(arena, figures->on) : (struct str){ 0 };
    return url_with(arena, url_axes(arena, url_literal(path), axes), "on", on);
}
