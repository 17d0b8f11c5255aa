#include "platform/web/error_page.h"

#include "platform/web/frame.h"
#include "platform/web/routes.h"

#include "gen/web_pages.h"
#include "gen/web_texts.h"

struct words {
    struct text what, advice;
};

static struct words words_of(const struct request *rq, int status)
{
    switch (status) {
    case 400:
        return (struct words){ t_error_bad_request(), t_error_bad_request_advice() };
    case 403:
        if (rq->is_anothers)
            return (struct words){ t_error_anothers(), t_error_anothers_advice() };
        return rq->is_stale ? (struct words){ t_error_stale(), t_error_stale_advice() }
                            : (struct words){ t_error_forbidden(), t_error_forbidden_advice() };
    case 404:
        return (struct words){ t_error_not_found(), t_error_not_found_advice() };
    case 409:
        return (struct words){ t_error_conflict(), t_error_conflict_advice() };
    case 413:
    case 431:
        return (struct words){ t_error_too_large(), t_error_too_large_advice() };
    case 504:
        return (struct words){ t_error_unknown(), t_error_unknown_advice() };
    case 503:
        return (struct words){ t_error_busy(), t_error_busy_advice() };
    case 507:
        return (struct words){ t_error_disk_full(), t_error_disk_full_advice() };
    default:
        return (struct words){ t_error_broken(), t_error_broken_advice() };
    }
}

/* Nobody is signed in any more: that first, and then the page of the form again. */
static struct url sign_in_of(struct request *rq, int status)
{
    if (status != 403 || !rq->is_stale || rq->actor.account.n != 0)
        return (struct url){ 0 };
    return url_with(rq->arena, url_of(rq, rq->app->addresses.sign_in), "back", routes_page_of(rq).text);
}

struct reply error_page(struct request *rq, int status)
{
    struct words words = words_of(rq, status);
    struct error_view view = { .frame = frame_make(rq, words.what, (struct str){ 0 }),
                               .what = words.what,
                               .advice = words.advice,
                               .request_number = str_int(rq->arena, rq->x->number),
                               .back = url_literal("/"),
                               .sign_in = sign_in_of(rq, status) };
    web_error_page(page_html(rq), &view);
    return reply_html(rq);
}

struct str bare_error_text(struct request *rq, int status)
{
    struct words words = words_of(rq, status);
    return str_format(rq->arena, "%.*s %.*s\n", STR_ARG(text_in(rq->arena, rq->lang, words.what)),
                      STR_ARG(text_in(rq->arena, rq->lang, words.advice)));
}
