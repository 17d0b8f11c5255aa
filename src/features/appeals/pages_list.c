/*
 * pages_list.c - the lists of appeals: what an office has, one's own, those of an area.
 */
#include "base/parse.h"
#include "features/accounts/accounts.h"
#include "features/appeals/appeals.h"
#include "features/appeals/capabilities.h"
#include "features/appeals/due_words.h"
#include "features/appeals/labels.h"
#include "features/appeals/pages.h"
#include "features/appeals/views.h"
#include "platform/limits.h"

#include "gen/appeals_pages.h"
#include "gen/appeals_texts.h"

/* Which list, by ?show=. */
enum show { SHOW_DESK, SHOW_MINE, SHOW_OPEN, SHOW_CLOSED, SHOW_LATE, SHOW_COUNT };

static const char *const shows[SHOW_COUNT] = { "desk", "mine", "open", "closed", "late" };

/* An office lies in a district or below, and one that others report to in a town or above; elsewhere there is no such list. */
static bool is_there(enum show show, struct scope scope)
{
    enum division_level level = division_level(scope.from);
    if (show == SHOW_LATE)
        return level == DIVISION_DISTRICT || level == DIVISION_TOWN;
    return show != SHOW_DESK || level >= DIVISION_DISTRICT;
}

static enum show show_asked(struct request *rq, struct scope scope)
{
    struct str word = param(&rq->query, "show");
    for (enum show show = SHOW_DESK; show < SHOW_COUNT; show++)
        if (str_equal(word, str_of(shows[show])) && is_there(show, scope))
            return show;
    return is_there(SHOW_DESK, scope) ? SHOW_DESK : SHOW_OPEN;
}

static struct links filters(struct request *rq, struct url list, struct scope scope, enum show shown)
{
    const struct text labels[SHOW_COUNT] = { t_appeals_filter_desk(), t_appeals_filter_mine(), t_appeals_filter_open(),
                                             t_appeals_filter_closed(), t_appeals_filter_late() };
    struct links links = { arena_new(rq->arena, struct link_view, SHOW_COUNT), 0 };
    for (enum show show = SHOW_DESK; show < SHOW_COUNT; show++) {
        if (!is_there(show, scope))
            continue;
        links.at[links.n++] = (struct link_view){ .label = text_in(rq->arena, rq->lang, labels[show]),
                                                  .url = url_with(rq->arena, list, "show", str_of(shows[show])),
                                                  .is_current = show == shown };
    }
    return links;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* A place in a list sorted by time limit and id. */
struct after_due {
    struct instant due;
    struct appeal_id id;
};

static struct after_due after_due_parse(struct request *rq)
{
    struct after_due after = { 0 };
    struct str due, id;
    if (!str_cut(param(&rq->query, "after"), '-', &due, &id) || !parse_int(due, 0, INT64_MAX, &after.due.us) ||
        !parse_int(id, 0, INT64_MAX, &after.id.n))
        return (struct after_due){ 0 };
    return after;
}

/* The four queries give the same columns. */
#define COPY_ROWS(rows)                                                                                                \
    do {                                                                                                               \
        *ret = (struct appeal_list_rows){ arena_new(rq->arena, struct appeal_list, (rows).n), (rows).n };              \
        for (ptrdiff_t i = 0; i < (rows).n; i++)                                                                       \
            ret->at[i] = (struct appeal_list){                                                                         \
                (rows).at[i].district, (rows).at[i].id,       (rows).at[i].number,   (rows).at[i].state,               \
                (rows).at[i].is_open,  (rows).at[i].division, (rows).at[i].line,     (rows).at[i].desk,                \
                (rows).at[i].owner,    (rows).at[i].topic,    (rows).at[i].title,    (rows).at[i].received_at,         \
                (rows).at[i].due_at,   (rows).at[i].due_kind, (rows).at[i].closed_at                                   \
            };                                                                                                         \
    } while (0)

static bool read_desk(struct request *rq, struct scope scope, struct appeal_list_rows *ret)
{
    struct appeal_desk_list_rows rows;
    struct after_due after = after_due_parse(rq);
    struct appeal_desk_list_args args = { .district = division_district(scope.from),
                                          .desk = scope.from,
                                          .by_line = scope_line(scope).n != 0,
                                          .line = scope_line(scope),
                                          .after_due = after.due,
                                          .after_id = after.id,
                                          .limit = LIMIT_ROWS + 1 };
    if (!appeal_desk_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    COPY_ROWS(rows);
    return true;
}

static bool read_late(struct request *rq, struct scope scope, struct appeal_list_rows *ret)
{
    struct appeal_late_list_rows rows;
    struct after_due after = after_due_parse(rq);
    struct appeal_late_list_args args = { .district = division_district(scope.from),
                                          .told = scope.from,
                                          .by_line = scope_line(scope).n != 0,
                                          .line = scope_line(scope),
                                          .after_due = after.due,
                                          .after_id = after.id,
                                          .limit = LIMIT_ROWS + 1 };
    if (!appeal_late_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    COPY_ROWS(rows);
    return true;
}

static bool read_mine(struct request *rq, struct appeal_list_rows *ret)
{
    struct appeal_owner_list_rows rows;
    struct after_due after = after_due_parse(rq);
    struct appeal_owner_list_args args = { rq->actor.account, after.due, after.id, LIMIT_ROWS + 1 };
    if (!appeal_owner_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    COPY_ROWS(rows);
    return true;
}

static bool read_area(struct request *rq, struct scope scope, bool is_open, struct appeal_list_rows *ret)
{
    struct after after = after_parse(rq, scope);
    struct appeal_list_args args = { .is_open = is_open,
                                     .from = scope.from,
                                     .to = scope.to,
                                     .after_division = after.division,
                                     .after_id = { after.id },
                                     .by_line = scope_line(scope).n != 0,
                                     .line = scope_line(scope),
                                     .limit = LIMIT_ROWS + 1 };
    return appeal_list(rq->db, &args, rq->arena, ret, &rq->err);
}

static bool read(struct request *rq, struct scope scope, enum show show, struct appeal_list_rows *ret)
{
    if (show == SHOW_DESK)
        return read_desk(rq, scope, ret);
    if (show == SHOW_LATE)
        return read_late(rq, scope, ret);
    return show == SHOW_MINE ? read_mine(rq, ret) : read_area(rq, scope, show == SHOW_OPEN, ret);
}

/* --- showing ------------------------------------------------------------------------------------------------------ */

static struct appeal_row row_of(struct request *rq, const struct appeal_words *words, const struct appeal_list *appeal)
{
    struct str owner = account_name(rq->db, appeal->owner, rq->arena);
    return (struct appeal_row){
        .number = appeal->number,
        .title = appeal->title,
        .topic = topic_name(&words->topics, appeal->topic, rq->lang),
        .place = place_name(rq, appeal->division),
        .office = appeal_office(rq, words, appeal->desk, appeal->line),
        .owner = owner.len > 0 ? owner : text_in(rq->arena, rq->lang, t_appeal_nobody()),
        .state = label_appeal_state(appeal->state),
        .received_on = date_of(appeal->received_at),
        .closed_on = date_of(appeal->closed_at),
        .is_open = appeal->is_open,
        .due = due_view_of(rq, words->workdays, appeal->due_at, appeal->due_kind),
        .url = url_here(rq, appeal_url(rq->arena, appeal->district, appeal->id)),
    };
}

static struct url more_url(struct request *rq, struct url list, enum show show, const struct appeal_list *last)
{
    struct url url = url_with(rq->arena, list, "show", str_of(shows[show]));
    bool is_by_due = show == SHOW_DESK || show == SHOW_MINE || show == SHOW_LATE;
    int64_t first = is_by_due ? last->due_at.us : last->division.code;
    return url_with(rq->arena, url, "after", str_format(rq->arena, "%lld-%lld", (long long)first, (long long)last->id.n));
}

struct reply appeals_show(struct request *rq)
{
    struct scope scope;
    struct appeal_words words;
    struct appeal_list_rows rows;
    if (!page_scope(rq, &cap_appeals_read, &scope) || !appeal_words_load(rq, rq->db, &words))
        return reply_error(rq);
    enum show show = show_asked(rq, scope);
    if (!read(rq, scope, show, &rows))
        return reply_error(rq);
    struct url here = url_here(rq, url_literal("/appeals"));
    struct appeals_view view = { .place = scope_name(rq, scope),
                                 .filters = filters(rq, here, scope, show),
                                 .may_register = access_has(&rq->actor, &cap_appeals_handle),
                                 .is_closed = show == SHOW_CLOSED,
                                 .new_url = url_here(rq, url_literal("/appeals/new")),
                                 .has_more = page_cut(&rows.n) };
    if (view.has_more)
        view.more = more_url(rq, here, show, &rows.at[rows.n - 1]);
    view.rows = (struct appeal_rows){ arena_new(rq->arena, struct appeal_row, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        view.rows.at[i] = row_of(rq, &words, &rows.at[i]);
    view.frame = frame_make(rq, t_appeals_title(), view.place);
    appeals_list_page(page_html(rq), &view);
    return reply_html(rq);
}
