/*
 * pages_coverage.c - the units behind a rate, part by part, and how the rate comes about.
 *
 * The numbers beside the parts are the tallies the matrix shows; the rows come from the coverage itself.
 */
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_queries.h"
#include "gen/network_texts.h"

enum { CHILDREN_MAX = 2000, DAYS_BACK = 30 };

/* To add a part: one row, and its count in count_of(). */
static const struct part {
    const char *name; /* ?show= */
    const struct text_key *label;
    bool is_form;
    enum coverage_form form;
} parts[] = {
    { "due", &text_key_filter_due, false, COVERAGE_NONE },
    { "covered", &text_key_filter_covered, false, COVERAGE_NONE },
    { "sole", &text_key_form_sole, true, COVERAGE_SOLE },
    { "joint", &text_key_form_joint, true, COVERAGE_JOINT },
    { "regional", &text_key_form_regional, true, COVERAGE_REGIONAL },
    { "trade", &text_key_form_trade, true, COVERAGE_TRADE },
    { "exempt", &text_key_filter_exempt, true, COVERAGE_EXEMPT },
    { "blank", &text_key_filter_blank, true, COVERAGE_NONE },
};

static const struct part *part_of(struct str name)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(parts); i++)
        if (str_equal(name, str_of(parts[i].name)))
            return &parts[i];
    return &parts[0];
}

static int64_t count_of(ptrdiff_t part, struct tally t)
{
    const int64_t counts[] = { t.due, tally_covered(t), t.sole, t.joint, t.regional, t.trade, t.exempt, t.blank };
    _Static_assert(COUNT_OF(counts) == COUNT_OF(parts), "one count for each part");
    return counts[part];
}

struct coverage_list_args coverage_list_asked(struct scope scope, struct line line, struct str show)
{
    const struct part *part = part_of(show);
    return (struct coverage_list_args){ .line = line,
                                        .from = scope.from,
                                        .to = scope.to,
                                        .by_due = true,
                                        .by_covered = str_equal(str_of(part->name), STR("covered")),
                                        .by_form = part->is_form,
                                        .form = part->form };
}

/* --- the figure ---------------------------------------------------------------------------------------------------- */

/* The tally of the division itself, less those of its children where only its own units are asked for. */
static bool load_tally(struct request *rq, struct scope scope, bool is_own, struct tally *ret)
{
    struct line line = scope.line_from;
    struct tally_of_rows whole;
    struct tally_below_rows below = { 0 };
    struct tally_of_args args = { division_district(scope.from), scope.from, line, line };
    struct tally_below_args below_args = { scope.from, line, line, CHILDREN_MAX };
    if (!tally_of(rq->db, &args, rq->arena, &whole, &rq->err) ||
        (is_own && !tally_below(rq->db, &below_args, rq->arena, &below, &rq->err)))
        return false;
    *ret = whole.n > 0 ? TALLY_OF_ROW(&whole.at[0]) : (struct tally){ 0 };
    for (ptrdiff_t i = 0; i < below.n; i++)
        *ret = tally_minus(*ret, TALLY_OF_ROW(&below.at[i]));
    return true;
}

static struct rate_view rate_view(struct tally tally)
{
    int64_t rate = rate_of(tally);
    return (struct rate_view){ .is_known = rate >= 0,
                               .whole = rate / 10,
                               .tenths = rate % 10,
                               .covered = tally_covered(tally),
                               .to_cover = tally_to_cover(tally) };
}

/* What the rate was some weeks ago: what came since is taken off again. */
static bool fill_before(struct request *rq, struct scope scope, struct tally now, struct coverage_view *view)
{
    struct tally_since_rows rows;
    struct date then = { rq->today.days - DAYS_BACK };
    struct tally_since_args args = { division_district(scope.from), scope.from, then };
    if (!tally_since(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++)
        if (rows.at[i].line.n == scope.line_from.n)
            now = tally_minus(now, TALLY_OF_ROW(&rows.at[i]));
    view->before_on = then;
    view->before = rate_view(now);
    return true;
}

/* By which rule how many are due; counted, so only where there are not too many. */
static bool fill_reasons(struct request *rq, const struct book *book, struct scope scope, struct coverage_view *view)
{
    struct coverage_by_rule_rows rows;
    struct coverage_by_rule_args args = { .district = division_district(scope.from), .line = scope.line_from,
                                          .from = scope.from, .to = scope.to };
    if (division_level(scope.from) < DIVISION_DISTRICT)
        return true;
    if (!coverage_by_rule(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    view->reasons = (struct reason_views){ arena_new(rq->arena, struct reason_view, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct rule_entry *rule = book_rule(book, rows.at[i].due_rule);
        view->reasons.at[i] = (struct reason_view){ .kind = rule ? label_kind(rule->rule.kind) : (struct text){ 0 },
                                                    .has_kind = rule != NULL,
                                                    .condition = label_due(rule, rows.at[i].due_rule),
                                                    .basis = rule ? rule->basis[rq->lang] : (struct str){ 0 },
                                                    .count = rows.at[i].n };
    }
    return true;
}

/* --- the rows ------------------------------------------------------------------------------------------------------ */

static struct url list_url(struct request *rq, const char *path, struct str show)
{
    return url_with(rq->arena, url_own(rq, url_here(rq, url_literal(path))), "show", show);
}

/* A form that nothing has is left out, unless it is what one looks at. */
static struct part_views fill_parts(struct request *rq, const struct part *shown, struct tally tally)
{
    struct part_views views = { arena_new(rq->arena, struct part_view, COUNT_OF(parts)), 0 };
    for (ptrdiff_t i = 0; i < COUNT_OF(parts); i++) {
        int64_t count = count_of(i, tally);
        bool is_form = parts[i].is_form && parts[i].form != COVERAGE_NONE;
        if (is_form && count == 0 && shown != &parts[i])
            continue;
        views.at[views.n++] = (struct part_view){ .label = { .key = parts[i].label },
                                                  .count = count,
                                                  .url = list_url(rq, "/network/coverage", str_of(parts[i].name)),
                                                  .is_current = shown == &parts[i] };
    }
    return views;
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
    view->has_more = page_cut(&rows.n);
    view->rows.n = rows.n;
    view->rows.at = arena_new(rq->arena, struct covered_row, view->rows.n);
    for (ptrdiff_t i = 0; i < view->rows.n; i++) {
        const struct coverage_list *row = &rows.at[i];
        view->rows.at[i] = (struct covered_row){
            .name = row->name,
            .place = place_name(rq, row->division),
            .kind = label_kind(row->kind),
            .form = label_form(row->form),
            .since = row->since,
            .employees = row->employees,
            .is_blank = row->form == COVERAGE_NONE,
            .url = url_here(rq, unit_url(rq->arena, row->district, row->unit)),
        };
    }
    if (view->has_more) {
        const struct coverage_list *last = &rows.at[rows.n - 1];
        view->more = after_url(rq, list_url(rq, "/network/coverage", show), (struct after){ last->division, last->unit.n });
    }
    return true;
}

static bool fill_explanation(struct request *rq, struct scope scope, bool is_own, struct tally tally,
                             struct coverage_view *view)
{
    struct book book;
    view->is_explained = true;
    view->due = tally.due;
    view->exempt = tally.exempt;
    view->has_before = !is_own;
    return book_load(rq->db, rq->today, rq->arena, &book, &rq->err) && fill_reasons(rq, &book, scope, view) &&
           (is_own || fill_before(rq, scope, tally, view));
}

struct reply coverage_show(struct request *rq)
{
    struct scope scope;
    struct book book;
    struct tally tally;
    struct coverage_view view = { 0 };
    const struct part *shown = part_of(param(&rq->query, "show"));
    struct str show = str_of(shown->name);
    bool is_explained = str_equal(param(&rq->query, "why"), STR("1"));
    bool is_own = page_is_own(rq);
    if (!page_scope(rq, &cap_network_read, &scope) || !book_load_lines(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    scope_own(rq, &scope);
    /* one line at a time: the index behind the list starts with it */
    if (scope_line(scope).n == 0)
        scope.line_to = scope.line_from;
    rq->axes.line = scope.line_from;
    if (!load_tally(rq, scope, is_own, &tally) || !load_rows(rq, scope, show, &view) ||
        (is_explained && !fill_explanation(rq, scope, is_own, tally, &view)))
        return reply_error(rq);
    view.place = scope_name(rq, scope);
    view.line = book_line(&book, rq->lang, scope.line_from);
    view.rate = rate_view(tally);
    view.parts = fill_parts(rq, shown, tally);
    view.export_url = list_url(rq, "/network/coverage.xlsx", show);
    view.matrix_url = url_here(rq, url_literal("/network"));
    view.rules_url = url_here(rq, url_literal("/network/rules"));
    view.why_url = list_url(rq, "/network/coverage", show);
    view.why_url = is_explained ? view.why_url : url_with(rq->arena, view.why_url, "why", STR("1"));
    view.frame = frame_make(rq, t_coverage_title(), view.place);
    network_coverage_page(page_html(rq), &view);
    return reply_html(rq);
}
