#include "platform/web/lists.h"

#include "base/parse.h"
#include "platform/limits.h"
#include "platform/serve/log.h"

#include "gen/web_texts.h"

/* --- where one looks --------------------------------------------------------------------------------------------- */

bool page_scope(struct request *rq, const struct capability *needs, struct scope *ret)
{
    if (!access_scope(&rq->actor, needs, rq->axes.at, rq->axes.line, ret))
        return error_fail(&rq->err, ERROR_NOT_FOUND, "outside the actor's scope");
    rq->axes.at = ret->from;
    rq->axes.line = scope_line(*ret);
    return true;
}

bool page_is_own(const struct request *rq)
{
    return str_equal(param(&rq->query, "own"), STR("1"));
}

void scope_own(const struct request *rq, struct scope *scope)
{
    if (page_is_own(rq))
        scope->to = scope->from;
}

struct url url_own(const struct request *rq, struct url url)
{
    return page_is_own(rq) ? url_with(rq->arena, url, "own", STR("1")) : url;
}

struct str scope_name(struct request *rq, struct scope scope)
{
    struct str name = place_name(rq, scope.from);
    return page_is_own(rq) ? text_in(rq->arena, rq->lang, t_list_own_level(name)) : name;
}

struct line scope_line(struct scope scope)
{
    return scope.line_from.n == scope.line_to.n ? scope.line_from : (struct line){ 0 };
}

struct str place_name(struct request *rq, struct division division)
{
    return rq->app->division_name ? rq->app->division_name(rq->db, division, rq->today, rq->arena)
                                  : division_text(rq->arena, division);
}

void page_log_unread(struct request *rq, const struct error *unread)
{
    log_fault(rq->x->number, unread);
}

bool line_is_known(struct request *rq, int64_t line, bool *ret)
{
    struct choices lines;
    if (!rq->app->lines(rq, &lines, &rq->err))
        return false;
    *ret = false;
    for (ptrdiff_t i = 0; i < lines.n; i++)
        *ret = *ret || lines.at[i].value == line;
    return true;
}

bool district_of_path(struct request *rq, struct division *ret)
{
    enum { DISTRICT_MAX = 999999 };
    int64_t number = rq->path_ids[0];
    if (number > DISTRICT_MAX)
        return error_fail(&rq->err, ERROR_NOT_FOUND, "%lld is no district", (long long)number);
    *ret = (struct division){ number * 1000000 };
    return true;
}

/* --- the pages of a list ----------------------------------------------------------------------------------------- */

struct after after_parse(struct request *rq, struct scope scope)
{
    struct after after = { .division = scope.from, .id = 0 };
    struct str place, id;
    int64_t division, number;
    if (str_cut(param(&rq->query, "after"), '-', &place, &id) && parse_int(place, 0, INT64_MAX, &division) &&
        parse_int(id, 0, INT64_MAX, &number))
        after = (struct after){ { division }, number };
    return after;
}

struct url after_url(struct request *rq, struct url list, struct after last)
{
    struct str text = str_format(rq->arena, "%lld-%lld", (long long)last.division.code, (long long)last.id);
    return url_with(rq->arena, list, "after", text);
}

bool page_cut(ptrdiff_t *n)
{
    bool has_more = *n > LIMIT_ROWS;
    *n = has_more ? LIMIT_ROWS : *n;
    return has_more;
}

struct page_search page_search(struct after after, ptrdiff_t max)
{
    return (struct page_search){ .end.last.id = after.id > 0 ? after.id : INT64_MAX, .max = max };
}

bool page_search_goes_on(struct page_search *search)
{
    enum { PIECES_MAX = 10 };
    if (search->is_read || search->end.has_more)
        return false;
    search->end.has_more = search->pieces++ == PIECES_MAX; /* whether it really has, the next page finds */
    return !search->end.has_more;
}

bool page_search_takes(struct page_search *search, int64_t id, bool fits)
{
    bool is_full = search->shown >= search->max && id != search->end.last.id;
    search->end.has_more = search->end.has_more || (fits && is_full);
    if (search->end.has_more)
        return false;
    search->end.last.id = id;
    search->shown += fits;
    return fits;
}

struct search_view search_row(struct request *rq, struct url list, struct str typed)
{
    struct line line = rq->axes.line;
    return (struct search_view){ .typed = typed,
                                 .at = division_text(rq->arena, rq->axes.at),
                                 .line = line.n > 0 ? str_int(rq->arena, line.n) : (struct str){ 0 },
                                 .label = t_list_search_by_name(),
                                 .hint = t_list_search_by_name_hint(),
                                 .action = list };
}

bool today_sections(struct request *rq, struct today_sections *ret)
{
    *ret = (struct today_sections){ arena_new(rq->arena, struct today_section, rq->app->feature_count), 0 };
    for (int i = 0; i < rq->app->feature_count; i++) {
        const struct feature *feature = rq->app->features[i];
        struct today_section section = { 0 };
        if (!feature->today)
            continue;
        if (!feature->today(rq, &section))
            return false;
        if (section.rows.n > 0)
            ret->at[ret->n++] = section;
    }
    return true;
}
