/*
 * pages_lines.c - the lines: whom each represents, the bodies it forms at each level; a further one is data.
 */
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_queries.h"
#include "gen/network_texts.h"

#define AT(member) offsetof(struct line_input, member)

/* To add a field: one row, its label, a member of struct line_input. */
static const struct field line_fields[] = {
    { "code", FIELD_TEXT, AT(code), &text_key_line_code, &text_key_line_code_hint, true, 2, 20 },
    { "name_zh", FIELD_TEXT, AT(name_zh), &text_key_line_name_zh, NULL, true, 2, 40 },
    { "short_zh", FIELD_TEXT, AT(short_zh), &text_key_line_short_zh, NULL, true, 1, 8 },
    { "groups_zh", FIELD_TEXT, AT(groups_zh), &text_key_line_groups, NULL, false, 0, LIMIT_NAME },
    { "name_en", FIELD_TEXT, AT(name_en), &text_key_line_name_en, NULL, true, 2, 80 },
    { "short_en", FIELD_TEXT, AT(short_en), &text_key_line_short_en, NULL, true, 1, 16 },
};
#undef AT

const struct form line_form = FORM(line_fields, struct line_input);

/* "镇（街道）：镇（街道）总工会；..." from the district down. */
static struct str bodies_of(struct request *rq, const struct line_body_all_rows *bodies, struct line line)
{
    enum { BODIES_BYTES = 2048 };
    struct buf out = buf_make(rq->arena, BODIES_BYTES);
    for (ptrdiff_t i = bodies->n - 1; i >= 0; i--) {
        const struct line_body_all *body = &bodies->at[i];
        if (body->line.n != line.n)
            continue;
        if (out.len > 0)
            buf_put(&out, STR(" · "));
        buf_put(&out, rq->lang == LANG_ZH ? body->name_zh : body->name_en);
    }
    return buf_str(&out);
}

/* Lines are the same for the whole installation: only its administrators add one. */
static bool may_add(const struct request *rq)
{
    return access_may(&rq->actor, &cap_network_rules, (struct division){ 0 }, (struct line){ 0 });
}

struct reply lines_show(struct request *rq)
{
    struct line_all_rows rows;
    struct line_body_all_rows bodies;
    struct lines_view view = { .may_add = may_add(rq), .new_url = url_here(rq, url_literal("/network/lines/new")) };
    if (!line_all(rq->db, &(struct line_all_args){ .on = rq->today }, rq->arena, &rows, &rq->err) ||
        !line_body_all(rq->db, rq->arena, &bodies, &rq->err))
        return reply_error(rq);
    view.lines = (struct line_views){ arena_new(rq->arena, struct line_view, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct line_all *row = &rows.at[i];
        bool is_zh = rq->lang == LANG_ZH;
        view.lines.at[i] = (struct line_view){ .name = is_zh ? row->name_zh : row->name_en,
                                                .short_name = is_zh ? row->short_zh : row->short_en,
                                                .groups = is_zh ? row->groups_zh : row->groups_en,
                                                .bodies = bodies_of(rq, &bodies, row->line) };
    }
    view.frame = frame_make(rq, t_lines_title(), (struct str){ 0 });
    network_lines_page(page_html(rq), &view);
    return reply_html(rq);
}

static struct reply not_ours(struct request *rq)
{
    (void)error_fail(&rq->err, ERROR_NOT_FOUND, "lines are the installation's");
    return reply_error(rq);
}

struct reply line_new_show(struct request *rq)
{
    if (!may_add(rq))
        return not_ours(rq);
    struct form_page_view view = { .title = t_line_new_title(),
                                   .lead = t_line_new_lead(),
                                   .form = form_show(rq, &line_form, NULL),
                                   .action = url_here(rq, url_literal("/network/lines/new")),
                                   .back = url_here(rq, url_literal("/network/lines")) };
    form_draft(rq, &view.form, view.action);
    return reply_form(rq, &view);
}

struct reply line_new_submit(struct request *rq)
{
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!may_add(rq))
        return not_ours(rq);
    if (!line_create(&doing, rq->input, &rq->err))
        return has_problems(rq) ? reply_again(rq, line_new_show) : reply_error(rq);
    return reply_see_other(rq, url_literal("/network/lines"));
}
