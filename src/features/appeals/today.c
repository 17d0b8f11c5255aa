/*
 * today.c - what waits for this person on the start page: the most urgent appeals of the office where they are at home.
 */
#include "features/appeals/today.h"

#include "features/appeals/capabilities.h"
#include "features/appeals/due_words.h"
#include "features/appeals/labels.h"

#include "gen/appeals_texts.h"

enum { ROWS = 8 };

static struct today_row row_of(struct request *rq, const struct appeal_words *words, const struct appeal_desk_list *appeal)
{
    struct due_view due = due_view_of(rq, words->workdays, appeal->due_at, appeal->due_kind);
    return (struct today_row){ .title = appeal->title,
                               .detail = str_format(rq->arena, "%.*s · %.*s", STR_ARG(topic_name(&words->topics, appeal->topic, rq->lang)),
                                                    STR_ARG(place_name(rq, appeal->division))),
                               .due = str_format(rq->arena, "%.*s %.*s %.*s", STR_ARG(due.kind), STR_ARG(due.at), STR_ARG(due.left)),
                               .state = label_appeal_state(appeal->state),
                               .is_late = due.is_late,
                               .is_near = due.is_near,
                               .url = url_here(rq, appeal_url(rq->arena, appeal->district, appeal->id)) };
}

bool appeals_today(struct request *rq, struct today_section *ret)
{
    struct scope scope;
    struct appeal_words words;
    struct appeal_desk_list_rows rows;
    struct division home = access_home(&rq->actor);
    if (division_level(home) < DIVISION_DISTRICT ||
        !access_scope(&rq->actor, &cap_appeals_handle, home, (struct line){ 0 }, &scope))
        return true;
    struct appeal_desk_list_args args = { .district = division_district(home),
                                          .desk = home,
                                          .by_line = scope_line(scope).n != 0,
                                          .line = scope_line(scope),
                                          .limit = ROWS };
    if (!appeal_words_load(rq, rq->db, &words) || !appeal_desk_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    *ret = (struct today_section){ .title = t_appeals_today(), .all = t_appeals_today_all() };
    ret->all_url = url_axes(rq->arena, url_literal("/appeals"), (struct axes){ home, scope_line(scope) });
    ret->rows.at = arena_new(rq->arena, struct today_row, rows.n);
    for (; ret->rows.n < rows.n; ret->rows.n++)
        ret->rows.at[ret->rows.n] = row_of(rq, &words, &rows.at[ret->rows.n]);
    return true;
}
