#include "platform/web/error_page.h"

#include "platform/web/forms.h"
#include "platform/web/frame.h"
#include "platform/web/routes.h"

#include "gen/web_pages.h"
#include "gen/web_texts.h"

struct words {
    struct text what, advice;
};

static struct words words_of_unavailable(const struct exchange *x)
{
    if (x->is_done)
        return (struct words){ t_error_done(), t_error_done_advice() };
    return (struct words){ x->is_full ? t_error_busy() : t_error_away(),
                           x->method == HTTP_POST ? t_error_later_unsaved() : t_error_later() };
}

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
        return words_of_unavailable(rq->x);
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

/* --- what may be tried again --------------------------------------------------------------------------------------- */

static bool is_passing(int status)
{
    return status == 503 || status == 504;
}

static struct url address_of(struct request *rq)
{
    struct str address = rq->x->path;
    if (rq->x->query.len > 0)
        address = str_format(rq->arena, "%.*s?%.*s", STR_ARG(address), STR_ARG(rq->x->query));
    return url_local(rq->arena, address);
}

/* The page a form stood on, as the browser says, if it is a page of ours; else by its address. */
static struct url page_of_form(struct request *rq)
{
    struct request asked = { .app = rq->app };
    struct str said = exchange_header(rq->x, STR("Referer")), host = exchange_header(rq->x, STR("Host")), path, query;
    ptrdiff_t scheme = str_find(said, STR("://"));
    struct str local = scheme < 0 ? (struct str){ 0 } : str_slice(said, scheme + 3, said.len);
    bool is_known;
    bool is_ours = host.len > 0 && str_starts(local, host);
    local = is_ours ? str_slice(local, host.len, local.len) : (struct str){ 0 };
    (void)str_cut(local, '?', &path, &query);
    if (path.len == 0 || !routes_match(&asked, HTTP_GET, path, &is_known))
        return routes_page_of(rq);
    return url_local(rq->arena, local);
}

static bool carry_fields(struct request *rq, struct params *ret)
{
    struct request asked = { .app = rq->app };
    struct error err;
    bool is_known;
    return routes_match(&asked, HTTP_POST, rq->x->path, &is_known) &&
           !(asked.route->form && form_has_secret(asked.route->form)) &&
           str_starts(exchange_header(rq->x, STR("Content-Type")), STR("application/x-www-form-urlencoded")) &&
           params_parse(rq->arena, rq->x->body, ret, &err) && ret->n > 0;
}

static void offer_again(struct request *rq, int status, struct error_view *view)
{
    if (rq->x->method != HTTP_POST) {
        view->again = address_of(rq);
        view->again_label = t_try_again();
        return;
    }
    view->is_carried = !rq->x->is_done && carry_fields(rq, &view->fields);
    if (view->is_carried) {
        view->action = address_of(rq);
        view->record = status == 504 ? page_of_form(rq) : (struct url){ 0 };
        return;
    }
    view->again = page_of_form(rq);
    view->again_label = t_to_form();
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
    if (is_passing(status))
        offer_again(rq, status, &view);
    web_error_page(page_html(rq), &view);
    return reply_html(rq);
}
