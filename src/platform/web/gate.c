/*
 * gate.c - what every request passes, in this order: language, address, session, access, cross-site check, form.
 *
 * It fills struct serve_app: begin runs the gate, and for a GET the handler; change runs the handler of a POST inside
 * the writer; finish renders what the writer must not wait for.
 */
#include "platform/limits.h"
#include "platform/serve/log.h"
#include "platform/web/asset.h"
#include "platform/web/cookies.h"
#include "platform/web/drafts.h"
#include "platform/web/error_page.h"
#include "platform/web/forms.h"
#include "platform/web/frame.h"
#include "platform/web/once.h"
#include "platform/web/routes.h"
#include "platform/web/web.h"

#include <string.h>

static const struct http_header security_headers[] = {
    { STR_INIT("Content-Security-Policy"),
      STR_INIT("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'") },
    { STR_INIT("X-Content-Type-Options"), STR_INIT("nosniff") },
    { STR_INIT("Referrer-Policy"), STR_INIT("same-origin") },
    { STR_INIT("Cross-Origin-Opener-Policy"), STR_INIT("same-origin") },
};

/* --- replies ------------------------------------------------------------------------------------------------- */

static void send(struct request *rq, struct reply reply)
{
    struct exchange *x = rq->x;
    x->next = SERVE_REPLY;
    x->status = reply.status;
    x->reply = reply.body;
    for (int i = 0; i < COUNT_OF(security_headers); i++)
        exchange_add_header(x, security_headers[i].name, security_headers[i].value);
    exchange_add_header(x, STR("Cache-Control"), STR("no-store"));
    if (reply.type.len > 0)
        exchange_add_header(x, STR("Content-Type"), reply.type);
    if (reply.location.text.len > 0)
        exchange_add_header(x, STR("Location"), reply.location.text);
    if (reply.status == 503)
        exchange_add_header(x, STR("Retry-After"), STR("5"));
    if (reply.set_cookie.len > 0)
        exchange_add_header(x, STR("Set-Cookie"),
                            rq->app->is_https
                                ? str_format(rq->arena, "%.*s; Secure", STR_ARG(reply.set_cookie))
                                : reply.set_cookie);
    if (reply.file_name.len > 0)
        exchange_add_header(x, STR("Content-Disposition"),
                            str_format(x->arena, "attachment; filename*=UTF-8''%.*s",
                                       STR_ARG(url_encoded(x->arena, reply.file_name))));
}

struct html *page_html(struct request *rq)
{
    enum { PAGE_FIRST = 32 * 1024 }; /* most pages fit, so that nothing is copied while it grows */
    struct buf *body = arena_new(rq->arena, struct buf, 1);
    *body = buf_make(rq->arena, LIMIT_PAGE_BYTES);
    (void)buf_reserve(body, PAGE_FIRST);
    rq->html = arena_new(rq->arena, struct html, 1);
    *rq->html = (struct html){ .out = body, .lang = rq->lang };
    return rq->html;
}

struct reply reply_html(struct request *rq)
{
    const struct html *html = rq->html;
    /* a name that could not be looked up is left out, so that pages need not ask each time: here it is seen */
    if (rq->db && rq->err.kind == ERROR_NONE && db_has_failed(rq->db, &rq->err))
        return reply_error(rq);
    if (html->out->overflowed) {
        (void)error_fail(&rq->err, ERROR_LIMIT, "a page over %d bytes", LIMIT_PAGE_BYTES);
        return reply_error(rq);
    }
    return reply_status(200, STR("text/html; charset=utf-8"), buf_str(html->out));
}

struct reply reply_status(int status, struct str type, struct str body)
{
    return (struct reply){ .status = status, .type = type, .body = body };
}

struct reply reply_see_other(struct request *rq, struct url url)
{
    (void)rq;
    return (struct reply){ .status = 303, .location = url };
}

struct reply reply_saved(struct request *rq, struct url url)
{
    return reply_see_other(rq, url_with(rq->arena, url, "saved", STR("1")));
}

struct reply reply_again(struct request *rq, handler_fn *page)
{
    if (rq->err.kind == ERROR_NONE)
        (void)error_fail(&rq->err, ERROR_REFUSED, "%td problems", rq->problems.n);
    return (struct reply){ .again = page };
}

struct reply reply_shown(struct request *rq, handler_fn *page)
{
    (void)rq;
    return (struct reply){ .status = 200, .again = page, .keep = true };
}

bool has_problems(const struct request *rq)
{
    return rq->problems.n > 0;
}

/* The one table from faults to HTTP. */
static int status_of(enum error_kind kind)
{
    static const int statuses[] = {
        [ERROR_NONE] = 500,    [ERROR_NOT_FOUND] = 404, [ERROR_FORBIDDEN] = 403, [ERROR_CONFLICT] = 409,
        [ERROR_REFUSED] = 422, [ERROR_INPUT] = 400,     [ERROR_LIMIT] = 413,     [ERROR_BUSY] = 503,
        [ERROR_FULL] = 507,    [ERROR_IO] = 500,        [ERROR_VERSION] = 500,
        [ERROR_UNKNOWN] = 504, [ERROR_SEALED] = 500,
    };
    return statuses[kind];
}

struct reply reply_error(struct request *rq)
{
    int status = status_of(rq->err.kind);
    if (status >= 500)
        log_fault(rq->x->number, &rq->err);
    if (!rq->db) /* in the writer: shown later */
        return (struct reply){ .again = reply_error };
    struct reply reply = error_page(rq, status);
    reply.status = status;
    return reply;
}

struct url url_axes(struct arena *arena, struct url url, struct axes axes)
{
    url = url_with(arena, url, "at", division_text(arena, axes.at));
    return axes.line.n > 0 ? url_with(arena, url, "line", str_int(arena, axes.line.n)) : url;
}

struct url url_of(const struct request *rq, const char *address)
{
    (void)rq;
    return url_literal(address ? address : "/");
}

/* The axes as a query, written once for all the links of a page. */
static struct str axes_query(struct request *rq)
{
    bool is_known = rq->axes_query.len > 0 && rq->axes_written.at.code == rq->axes.at.code &&
                    rq->axes_written.line.n == rq->axes.line.n;
    if (!is_known) {
        rq->axes_query = url_axes(rq->arena, (struct url){ 0 }, rq->axes).text;
        rq->axes_written = rq->axes;
    }
    return rq->axes_query;
}

struct url url_here(struct request *rq, struct url url)
{
    struct str text = url.text;
    if (memchr(text.data, '?', (size_t)text.len) || memchr(text.data, '#', (size_t)text.len))
        return url_axes(rq->arena, url, rq->axes);
    struct str query = axes_query(rq);
    char *here = arena_new(rq->arena, char, text.len + query.len);
    memcpy(here, text.data, (size_t)text.len);
    memcpy(here + text.len, query.data, (size_t)query.len);
    return (struct url){ { here, text.len + query.len } };
}

/* --- the checks ---------------------------------------------------------------------------------------------- */

static enum lang lang_of(struct request *rq)
{
    struct str chosen = cookie(rq->x, STR("lang"));
    if (chosen.len == 0)
        chosen = exchange_header(rq->x, STR("Accept-Language"));
    return str_starts(chosen, STR("en")) ? LANG_EN : LANG_ZH;
}

static enum theme theme_of(struct request *rq)
{
    struct str chosen = cookie(rq->x, STR("theme"));
    if (str_equal(chosen, STR("dark")))
        return THEME_DARK;
    return str_equal(chosen, STR("light")) ? THEME_LIGHT : THEME_AUTO;
}

static bool read_session(struct request *rq)
{
    struct str token = cookie(rq->x, STR(SESSION_COOKIE));
    if (token.len == 0 || !rq->app->authenticate)
        return true;
    return rq->app->authenticate(rq->db, token, rq->now, rq->arena, &rq->session, &rq->actor, &rq->err);
}

static bool read_axes(struct request *rq)
{
    struct str at = param(&rq->query, "at"), line = param(&rq->query, "line");
    rq->axes.at = access_home(&rq->actor);
    if (at.len > 0 && !division_parse(at, &rq->axes.at))
        return error_fail(&rq->err, ERROR_NOT_FOUND, "no such division");
    if (line.len > 0 && !line_parse(line, &rq->axes.line))
        return error_fail(&rq->err, ERROR_NOT_FOUND, "no such line");
    return true;
}

static bool check_access(struct request *rq)
{
    if (access_has(&rq->actor, rq->route->needs))
        return true;
    rq->is_stale = rq->actor.account.n == 0;
    if (rq->is_stale)
        return error_fail(&rq->err, ERROR_FORBIDDEN, "nobody is signed in");
    return error_fail(&rq->err, ERROR_NOT_FOUND, "no right to %s", rq->route->needs->name);
}

/* "null", of a frame or a file without an origin of its own, is not ours either. */
static bool is_own(struct str origin, struct str host)
{
    ptrdiff_t scheme = str_find(origin, STR("://"));
    return scheme >= 0 && str_equal(str_slice(origin, scheme + 3, origin.len), host);
}

/* Whose page a form stands on, as far as the browser says. */
enum site { SITE_UNSAID, SITE_OURS, SITE_FOREIGN };

static enum site site_of(const struct request *rq)
{
    struct str site = exchange_header(rq->x, STR("Sec-Fetch-Site"));
    struct str origin = exchange_header(rq->x, STR("Origin"));
    if (origin.len > 0 && !is_own(origin, exchange_header(rq->x, STR("Host"))))
        return SITE_FOREIGN;
    if (site.len == 0 || str_equal(site, STR("none")))
        return origin.len > 0 ? SITE_OURS : SITE_UNSAID;
    return str_equal(site, STR("same-origin")) ? SITE_OURS : SITE_FOREIGN;
}

/* A form of another site cannot make this browser change anything here. */
static bool check_same_site(struct request *rq)
{
    rq->is_stale = true;
    if (site_of(rq) == SITE_FOREIGN)
        return error_fail(&rq->err, ERROR_FORBIDDEN, "a form of another site");
    if (rq->session.id != 0 && !same_secret(param(&rq->fields, "csrf"), rq->session.csrf))
        return error_fail(&rq->err, ERROR_FORBIDDEN, "a form without its token");
    rq->is_stale = false;
    return true;
}

static struct request *request_make(const struct app *app, struct exchange *x)
{
    struct request *rq = arena_new(x->arena, struct request, 1);
    x->app = rq;
    rq->x = x;
    rq->arena = x->arena;
    rq->now = x->now;
    rq->today = date_of(x->now);
    rq->app = app;
    rq->db = x->db;
    rq->problems.arena = x->arena;
    rq->lang = lang_of(rq);
    rq->theme = theme_of(rq);
    return rq;
}

static bool route_request(struct request *rq)
{
    struct exchange *x = rq->x;
    bool is_known;
    enum http_method method = x->method == HTTP_HEAD ? HTTP_GET : x->method;
    if (!params_parse(rq->arena, x->query, &rq->query, &rq->err) || !read_session(rq) || !read_axes(rq))
        return false;
    if (!routes_match(rq, method, x->path, &is_known))
        return error_fail(&rq->err, ERROR_NOT_FOUND, is_known ? "not with this method" : "no such page");
    return check_access(rq);
}

/* --- the stages ---------------------------------------------------------------------------------------------- */

/* A visitor who asks for a page that needs an account is sent to sign in, and back afterwards. */
static struct reply refuse_access(struct request *rq)
{
    bool may_sign_in = rq->err.kind == ERROR_FORBIDDEN && rq->actor.account.n == 0 && rq->x->method == HTTP_GET;
    if (!may_sign_in)
        return reply_error(rq);
    struct str back = rq->x->path;
    if (rq->x->query.len > 0)
        back = str_format(rq->arena, "%.*s?%.*s", STR_ARG(back), STR_ARG(rq->x->query));
    return reply_see_other(rq, url_with(rq->arena, url_of(rq, rq->app->addresses.sign_in), "back", back));
}

/* Until the first password is changed, its form is all there is to see. */
static bool leads_to_password(const struct request *rq)
{
    if (!rq->session.must_change || rq->x->method == HTTP_POST)
        return false;
    struct str path = rq->x->path, password = url_of(rq, rq->app->addresses.password).text;
    return !str_equal(path, password) && !str_starts(path, STR("/lang/")) && !str_starts(path, STR("/theme/"));
}

/* A form of another type has no fields, so not the token either. */
static bool read_fields(struct request *rq)
{
    struct str type = exchange_header(rq->x, STR("Content-Type"));
    if (rq->route->takes_file)
        return multipart_parse(rq->arena, type, rq->x->body, &rq->fields, &rq->upload, &rq->err);
    return !str_starts(type, STR("application/x-www-form-urlencoded")) ||
           params_parse(rq->arena, rq->x->body, &rq->fields, &rq->err);
}

/* A form that comes too late, from a page of ours beyond doubt, is kept as a draft. */
static void refuse_post(struct request *rq)
{
    struct error why = rq->err;
    rq->is_rescue = rq->is_stale && site_of(rq) == SITE_OURS && draft_may_rescue(rq);
    rq->err = why;
    if (rq->is_rescue)
        rq->x->next = SERVE_CHANGE;
    else
        send(rq, reply_error(rq));
}

static void begin_post(struct request *rq)
{
    const struct route *route = rq->route;
    if (!read_fields(rq) || !check_same_site(rq)) {
        refuse_post(rq);
        return;
    }
    once_begin(rq);
    if (route->form)
        rq->input = form_decode(rq, route->form);
    if (has_problems(rq)) {
        struct reply reply = route->form_again(rq);
        reply.status = 422;
        send(rq, reply);
        return;
    }
    rq->x->next = route->work ? SERVE_WORK : SERVE_CHANGE;
}

/*
 * A page that may be old is made from a replica if there is one that answers; it may not know everything yet, so whatever goes
 * wrong there is tried again on the data itself.  Who may see it was asked there in any case.
 */
static struct reply show(struct request *rq)
{
    struct db *own = rq->db, *replica;
    if (rq->route->may_be_old && replica_begin(rq->x->replica, &replica)) {
        rq->db = replica;
        rq->is_old = db_is_replica(replica);
        struct reply reply = rq->route->handle(rq);
        replica_end(replica);
        rq->db = own;
        if (rq->err.kind == ERROR_NONE)
            return reply;
        rq->err = (struct error){ 0 };
        rq->problems.n = 0;
        rq->is_old = false;
    }
    return rq->route->handle(rq);
}

static void on_begin(void *self, struct exchange *x)
{
    struct request *rq = request_make(self, x);
    bool is_routed = route_request(rq);
    if (leads_to_password(rq))
        send(rq, reply_see_other(rq, url_of(rq, rq->app->addresses.password)));
    else if (!is_routed && rq->is_stale && x->method == HTTP_POST && read_fields(rq))
        refuse_post(rq);
    else if (!is_routed)
        send(rq, refuse_access(rq));
    else if (rq->route->method == HTTP_POST)
        begin_post(rq);
    else
        send(rq, show(rq));
    rq->db = NULL;
}

static bool on_fixed(void *self, struct exchange *x)
{
    (void)self;
    return x->method != HTTP_POST && asset_reply(x);
}

static void on_work(void *self, struct exchange *x)
{
    (void)self;
    struct request *rq = x->app;
    rq->db = x->db;
    x->next = rq->route->work(rq) ? SERVE_CHANGE : SERVE_REPLY;
    rq->db = NULL;
}

/* The handler, unless the same form has been done; what it stored ends its draft. */
static struct reply reply_once(struct request *rq)
{
    struct url location;
    bool is_done;
    if (!once_find(rq, &is_done, &location, &rq->err))
        return reply_error(rq);
    if (is_done)
        return reply_see_other(rq, location);
    struct reply reply = rq->route->handle(rq);
    bool is_stored = reply.status >= 200 && reply.status < 400 && rq->txn->audited > 0;
    if (is_stored && (!once_remember(rq, &reply, &rq->err) || !draft_drop_sent(rq, &rq->err)))
        return reply_error(rq);
    return reply;
}

static bool on_change(void *self, struct exchange *x, struct txn *txn, struct error *err)
{
    (void)self;
    struct request *rq = x->app;
    /* the batch may be run again one by one: nothing of the first try may be left */
    rq->problems.n = 0;
    rq->err = (struct error){ 0 };
    rq->txn = txn;
    rq->reply = rq->is_rescue ? draft_rescue(rq) : reply_once(rq);
    rq->txn = NULL;
    bool is_refusal = rq->reply.again || rq->reply.status >= 400;
    if (!is_refusal || rq->reply.keep)
        return true;
    *err = rq->err;
    return false;
}

static void on_finish(void *self, struct exchange *x, const struct error *err)
{
    (void)self;
    struct request *rq = x->app;
    rq->db = x->db;
    if (err && (!rq->reply.again || rq->reply.keep)) { /* what was to be kept is not on the disk */
        rq->err = *err;
        rq->reply = (struct reply){ 0 };
    }
    struct reply reply = rq->reply;
    if (reply.again) {
        int failed = rq->err.kind == ERROR_NONE ? 422 : status_of(rq->err.kind);
        int status = reply.status != 0 ? reply.status : failed;
        struct str set_cookie = reply.set_cookie;
        reply = reply.again(rq);
        reply.status = status;
        reply.set_cookie = set_cookie;
    } else if (rq->err.kind != ERROR_NONE) {
        reply = reply_error(rq);
    }
    send(rq, reply);
    rq->db = NULL;
}

static void on_refuse(void *self, struct exchange *x, int status)
{
    struct request *rq = x->app;
    if (!rq)
        rq = request_make(self, x);
    x->reply_header_count = 0;
    if (x->is_done && !rq->reply.again && rq->reply.status != 0) { /* nothing has to be read for it */
        send(rq, rq->reply);
        return;
    }
    struct reply reply = error_page(rq, status);
    reply.status = status;
    send(rq, reply);
}

static ptrdiff_t body_limit(void *self, enum http_method method, struct str path)
{
    struct request rq = { .app = self };
    bool is_known;
    if (!routes_match(&rq, method, path, &is_known))
        return LIMIT_FORM_BYTES;
    return rq.route->body_limit > 0 ? rq.route->body_limit : LIMIT_FORM_BYTES;
}

/* The same checks as for begin, which makes them again with the whole request. */
static void on_admit(void *self, struct exchange *x)
{
    struct request *rq = request_make(self, x);
    x->is_admitted = route_request(rq);
    x->sender = rq->actor.account.n;
    rq->db = NULL;
}

struct serve_app web_app(const struct app *app)
{
    routes_check(app);
    return (struct serve_app){ .self = (void *)(uintptr_t)app,
                               .body_limit = body_limit,
                               .admit = on_admit,
                               .fixed = on_fixed,
                               .begin = on_begin,
                               .work = on_work,
                               .change = on_change,
                               .finish = on_finish,
                               .refuse = on_refuse };
}
