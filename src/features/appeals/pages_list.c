/*
 * pages_list.c - the lists of appeals (listing.h).
 */
#include "features/accounts/accounts.h"
#include "features/appeals/appeals.h"
#include "features/appeals/capabilities.h"
#include "features/appeals/due_words.h"
#include "features/appeals/labels.h"
#include "features/appeals/listing.h"
#include "features/appeals/pages.h"
#include "features/appeals/views.h"
#include "platform/limits.h"

#include "gen/appeals_pages.h"
#include "gen/appeals_texts.h"

/* A search is kept where it goes on: through the open ones of the area, or the closed ones. */
static struct links filters(struct request *rq, struct url list, const struct appeal_asked *asked)
{
    const struct text labels[APPEAL_SHOW_COUNT] = { t_appeals_filter_desk(),  t_appeals_filter_late(), t_appeals_filter_mine(),
                                                    t_appeals_filter_taken(), t_appeals_filter_open(), t_appeals_filter_closed() };
    struct links links = { arena_new(rq->arena, struct link_view, APPEAL_SHOW_COUNT), 0 };
    for (enum appeal_show show = SHOW_DESK; show < APPEAL_SHOW_COUNT; show++) {
        if (!appeal_has_list(show, asked->scope))
            continue;
        struct url url = url_with(rq->arena, list, "show", appeal_show_name(show));
        links.at[links.n++] = (struct link_view){ .label = text_in(rq->arena, rq->lang, labels[show]),
                                                  .url = show < SHOW_OPEN ? url : url_with(rq->arena, url, "q", asked->typed),
                                                  .is_current = show == asked->show };
    }
    return links;
}

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

static struct search_view search_box(struct request *rq, const struct appeal_asked *asked)
{
    struct search_view search = search_row(rq, url_literal("/appeals"), asked->typed);
    search.show = appeal_show_name(asked->show);
    search.label = t_appeals_search();
    search.hint = t_appeals_search_hint();
    return search;
}

static struct url same_rows(struct request *rq, struct url url, const struct appeal_asked *asked)
{
    return url_with(rq->arena, url_with(rq->arena, url, "show", appeal_show_name(asked->show)), "q", asked->typed);
}

struct reply appeals_show(struct request *rq)
{
    struct appeal_asked asked;
    struct appeal_words words;
    struct appeal_found_rows found;
    if (!appeal_asked_read(rq, &asked) || !appeal_words_load(rq, rq->db, &words) || !appeals_read(rq, &asked, LIMIT_ROWS, &found))
        return reply_error(rq);
    struct url here = url_here(rq, url_literal("/appeals"));
    struct appeals_view view = { .place = scope_name(rq, asked.scope),
                                 .filters = filters(rq, here, &asked),
                                 .search = search_box(rq, &asked),
                                 .may_register = access_has(&rq->actor, &cap_appeals_handle),
                                 .is_closed = asked.show == SHOW_CLOSED,
                                 .has_offices = asked.show != SHOW_DESK || scope_line(asked.scope).n == 0,
                                 .new_url = url_here(rq, url_literal("/appeals/new")),
                                 .export_url = same_rows(rq, url_here(rq, url_literal("/appeals.xlsx")), &asked),
                                 .has_more = found.has_more,
                                 .more = url_with(rq->arena, same_rows(rq, here, &asked), "after", found.after) };
    view.rows = (struct appeal_rows){ arena_new(rq->arena, struct appeal_row, found.rows.n), found.rows.n };
    for (ptrdiff_t i = 0; i < found.rows.n; i++)
        view.rows.at[i] = row_of(rq, &words, &found.rows.at[i]);
    view.frame = frame_make(rq, t_appeals_title(), view.place);
    appeals_list_page(page_html(rq), &view);
    return reply_html(rq);
}
