#include "features/territory/pages.h"

#include "features/territory/tree.h"
#include "features/territory/views.h"
#include "gen/territory_pages.h"
#include "gen/territory_texts.h"
#include "platform/limits.h"
#include "platform/web/json.h"

enum { JSON_ROWS = 20, JSON_BYTES_MAX = 64 * 1024 };

/* An address of another division's page, the axes kept. */
static struct division_link link_to(struct request *rq, const struct division_row *row)
{
    return (struct division_link){ .name = row->name,
                                   .code = division_text(rq->arena, row->code),
                                   .url = url_here(rq, territory_url(rq->arena, row->code)) };
}

static struct division_links links_to(struct request *rq, struct division_rows rows)
{
    struct division_links links = { .at = arena_new(rq->arena, struct division_link, rows.n), .n = rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        links.at[i] = link_to(rq, &rows.at[i]);
    return links;
}

/* --- the list: provinces, or what was found -------------------------------------------------------------------- */

/* What is in the district one looks at comes first: in Shunde bjz is 北滘镇, in the nation it is many towns. */
static bool find_near_first(struct request *rq, struct str query, int limit, struct division_rows *ret)
{
    struct division near = division_at(rq->axes.at, DIVISION_DISTRICT), nation = { 0 };
    struct division_rows rows, others;
    if (!territory_search(rq->db, query, near, rq->today, limit, rq->arena, &rows, &rq->err))
        return false;
    *ret = rows;
    if (near.code == nation.code || rows.n == limit)
        return true;
    if (!territory_search(rq->db, query, nation, rq->today, limit, rq->arena, &others, &rq->err))
        return false;
    struct division_rows all = { .at = arena_new(rq->arena, struct division_row, limit) };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        all.at[all.n++] = rows.at[i];
    for (ptrdiff_t i = 0; i < others.n && all.n < limit; i++) {
        if (!division_contains(near, others.at[i].code))
            all.at[all.n++] = others.at[i];
    }
    *ret = all;
    return true;
}

static bool find_links(struct request *rq, struct str query, int limit, struct division_links *ret)
{
    struct division_rows rows;
    if (!find_near_first(rq, query, limit, &rows))
        return false;
    *ret = links_to(rq, rows);
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        if (!tree_path_text(rq->db, rows.at[i].code, rq->today, rq->arena, &ret->at[i].path, &rq->err))
            return false;
    }
    return true;
}

static bool fill_provinces(struct request *rq, struct division_links *ret)
{
    struct division_rows rows;
    if (!territory_children(rq->db, (struct division){ 0 }, rq->today, rq->arena, &rows, &rq->err))
        return false;
    *ret = links_to(rq, rows);
    return true;
}

struct reply division_list(struct request *rq)
{
    struct divisions_view view = { .query = str_trim(param(&rq->query, "q")) };
    view.is_search = view.query.len > 0;
    bool ok = view.is_search ? find_links(rq, view.query, LIMIT_ROWS + 1, &view.links)
                             : fill_provinces(rq, &view.links);
    if (!ok)
        return reply_error(rq);
    view.is_cut = view.is_search && view.links.n > LIMIT_ROWS;
    if (view.is_cut)
        view.links.n = LIMIT_ROWS;
    view.action = url_literal("/divisions");
    view.frame = frame_make(rq, t_territory_title(), view.query);
    territory_list_page(page_html(rq), &view);
    return reply_html(rq);
}

struct reply division_list_json(struct request *rq)
{
    struct division_links links;
    struct buf out = buf_make(rq->arena, JSON_BYTES_MAX);
    if (!find_links(rq, param(&rq->query, "q"), JSON_ROWS, &links))
        return reply_error(rq);
    buf_char(&out, '[');
    for (ptrdiff_t i = 0; i < links.n; i++) {
        buf_put(&out, i > 0 ? STR(",{\"code\":") : STR("{\"code\":"));
        json_put_str(&out, links.at[i].code);
        buf_put(&out, STR(",\"name\":"));
        json_put_str(&out, links.at[i].name);
        buf_put(&out, STR(",\"path\":"));
        json_put_str(&out, links.at[i].path);
        buf_char(&out, '}');
    }
    buf_char(&out, ']');
    if (out.overflowed)
        BUG("%d names do not fit into %d bytes", JSON_ROWS, JSON_BYTES_MAX);
    return reply_status(200, STR("application/json"), buf_str(&out));
}

/* --- one division ----------------------------------------------------------------------------------------------- */

static struct text level_name(enum division_level level)
{
    switch (level) {
    case DIVISION_NATION:
        return t_territory_nation();
    case DIVISION_PROVINCE:
        return t_territory_province();
    case DIVISION_CITY:
        return t_territory_city();
    case DIVISION_DISTRICT:
        return t_territory_district();
    case DIVISION_TOWN:
        return t_territory_town();
    case DIVISION_VILLAGE:
        return t_territory_village();
    }
    BUG("level %d", level);
}

static bool fill_siblings(struct request *rq, const struct division_row *row, struct division_links *ret)
{
    struct division_rows rows;
    struct division above = division_parent(row->code);
    if (row->level == DIVISION_NATION)
        return true;
    if (!territory_children(rq->db, above, rq->today, rq->arena, &rows, &rq->err))
        return false;
    *ret = links_to(rq, rows);
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i].is_current = rows.at[i].code.code == row->code.code;
    return true;
}

/* The nation's 620,573 villages are not counted for every visitor. */
static bool fill_counts(struct request *rq, const struct division_row *row, struct division_view *view)
{
    view->has_towns = row->level != DIVISION_NATION && row->level < DIVISION_TOWN;
    view->has_villages = row->level != DIVISION_NATION && row->level < DIVISION_VILLAGE;
    return (!view->has_towns ||
            tree_count(rq->db, DIVISION_TOWN, row->code, rq->today, &view->towns, &rq->err)) &&
           (!view->has_villages ||
            tree_count(rq->db, DIVISION_VILLAGE, row->code, rq->today, &view->villages, &rq->err));
}

static bool fill_view(struct request *rq, struct division code, struct division_view *view)
{
    struct division_row row;
    struct division_rows path, children;
    if (!territory_find(rq->db, code, rq->today, rq->arena, &row, &rq->err) ||
        !territory_path(rq->db, code, rq->today, rq->arena, &path, &rq->err) ||
        !territory_children(rq->db, code, rq->today, rq->arena, &children, &rq->err) ||
        !tree_since(rq->db, code, rq->today, rq->arena, &view->since, &rq->err) ||
        !fill_siblings(rq, &row, &view->siblings) || !fill_counts(rq, &row, view))
        return false;
    path.n -= path.n > 0; /* the last is this page */
    view->path = links_to(rq, path);
    view->children = links_to(rq, children);
    view->name = row.name;
    view->code = division_text(rq->arena, code);
    view->long_code = str_format(rq->arena, "%012lld", (long long)code.code);
    view->level = level_name(row.level);
    view->all = url_here(rq, url_literal("/divisions"));
    return true;
}

struct reply division_show(struct request *rq)
{
    struct division_view view = { 0 };
    struct division code;
    if (!division_parse(rq->path_args[0], &code)) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "no division code");
        return reply_error(rq);
    }
    if (!fill_view(rq, code, &view))
        return reply_error(rq);
    view.frame = frame_make(rq, t_territory_title(), view.name);
    territory_division_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- the crumbs of the frame ------------------------------------------------------------------------------------ */

/*
 * The page one is on, looked at from another division.  The path is still encoded as it was sent and is taken only
 * if it is an address of this program; a reply to a POST has no address to come back to.  A place in a list does not
 * carry over.
 */
static struct url seen_from(const struct request *rq, struct division at)
{
    struct url url = url_local(rq->arena, rq->x->method == HTTP_POST ? STR("/") : rq->x->path);
    url = url_with(rq->arena, url, "at", division_text(rq->arena, at));
    for (ptrdiff_t i = 0; i < rq->query.n; i++) {
        const struct param *param = &rq->query.at[i];
        if (rq->x->method != HTTP_POST && !str_equal(param->name, STR("at")) && !str_equal(param->name, STR("after")))
            url = url_with(rq->arena, url, str_z(rq->arena, param->name), param->value);
    }
    return url;
}

bool territory_fill_crumbs(struct request *rq, struct frame *frame, struct error *err)
{
    struct division_rows path = { 0 };
    struct error missing;
    struct division nation = { 0 };
    if (!territory_path(rq->db, rq->axes.at, rq->today, rq->arena, &path, &missing) &&
        missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    }
    struct frame_links crumbs = { .at = arena_new(rq->arena, struct frame_link, path.n + 1), .n = path.n + 1 };
    struct str nation_name = text_in(rq->arena, rq->lang, t_territory_nation());
    crumbs.at[0] = (struct frame_link){ .label = nation_name, .url = seen_from(rq, nation) };
    for (ptrdiff_t i = 0; i < path.n; i++)
        crumbs.at[i + 1] = (struct frame_link){ .label = path.at[i].name, .url = seen_from(rq, path.at[i].code) };
    crumbs.at[path.n].is_current = true;
    frame->crumbs = crumbs;
    return true;
}
