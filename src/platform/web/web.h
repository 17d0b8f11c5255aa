/*
 * web.h - requests as a feature sees them: routed, checked, decoded; and the replies it gives.
 *
 * A feature lists routes; the gate (gate.c) does for all of them, in order: session, route, access, cross-site check,
 * form.  A handler translates request to action to reply; it checks no role and builds no HTML.
 *
 * A GET handler runs in a serving thread and reads rq->db.  A POST handler runs in the writer: rq->txn is set, and what a
 * person then sees is rendered later, outside the writer: it returns reply_see_other(), or reply_again() with the page
 * function that shows the form and its problems once more.  A route with .work runs that first, in a worker.
 */
#pragma once
#include "base/error.h"
#include "platform/access/access.h"
#include "platform/serve/serve.h"
#include "platform/web/html.h"
#include "platform/web/multipart.h"
#include "platform/web/params.h"
#include "platform/web/problems.h"
#include "platform/web/url.h"

struct choices;
struct form;
struct once;
struct job_kind;
struct today_section;
struct request;

struct reply {
    int status; /* 0: none yet */
    struct str type;
    struct str body;
    struct url location;                        /* of a redirect; or of the same form sent twice (once.h) */
    struct str file_name;                       /* of a download; empty: shown in place */
    struct str set_cookie;                      /* a whole Set-Cookie value; empty: none */
    struct reply (*again)(struct request *rq);  /* render this in finish instead */
    bool keep; /* what the handler wrote stays although the reply is a refusal: a failed sign-in is recorded */
};

typedef struct reply handler_fn(struct request *rq);

/* To add a page: one row in the feature's table, one function in its pages.c, one scene in its tests/. */
struct route {
    enum http_method method;
    const char *pattern; /* "/units/{id}"; what stands in braces matches digits */
    const struct capability *needs;
    handler_fn *handle;
    const struct form *form;                /* decoded into rq->input before handle; problems go to form_again */
    handler_fn *form_again;                 /* shows the form with its problems */
    bool (*work)(struct request *rq);       /* slow stage, in a worker, reading only; false: rq->err */
    ptrdiff_t body_limit;                   /* 0: LIMIT_FORM_BYTES */
    bool takes_file;                        /* multipart/form-data: the file is in rq->upload */
    bool may_be_old;                        /* of a GET: from a replica, if there is one; the page says so then */
};

/* An entry of the side bar. */
struct nav_item {
    const struct text_key *label;
    const char *path;
    const struct capability *needs;
};

struct feature {
    const char *name;
    const struct schema *schema; /* NULL: no tables */
    const struct route *routes;
    int route_count;
    const struct nav_item *nav;
    int nav_count;
    /* What falls due with a new day, a bounded piece at a time; *ret_more asks for another. NULL: nothing does. */
    bool (*daily)(struct txn *txn, bool *ret_more, struct error *err);
    /* Fills its tables for searching, which are empty: they are not moved with the others. NULL: there are none. */
    bool (*reindex)(struct txn *txn, struct error *err);
    /* What of it waits for this person, for the start page (lists.h); no rows: nothing does.  NULL: it has nothing of that kind. */
    bool (*today)(struct request *rq, struct today_section *ret);
    const struct job_kind *const *jobs; /* kinds of long work (platform/jobs) */
    int job_count;
};

/* The two axes a page looks at, from ?at= and ?line=; every link keeps them. */
struct axes {
    struct division at;
    struct line line; /* 0: all */
};

struct session {
    int64_t id;     /* 0: none */
    struct str csrf;
    bool must_change; /* the password, before anything else */
};

struct frame;

/* Pages of features that every page leads to; NULL: this program has none, and the start page stands for it. */
struct addresses {
    const char *sign_in, *sign_out, *account, *password, *search;
    const char *search_json; /* divisions found, for assets/picker.js; NULL: a division in a form is its code */
};

/* What the platform needs from features it does not know; set by the roof (src/shuniu). */
struct app {
    struct addresses addresses;
    const struct feature *const *features;
    int feature_count;
    /* Who holds this token; a visitor when nobody does. */
    bool (*authenticate)(struct db *db, struct str token, struct instant now, struct arena *arena,
                         struct session *ret_session, struct actor *ret_actor, struct error *err);
    /* Whose session of this token ended, at most LIMIT_RESCUE_HOURS ago; 0: nobody's. NULL: there is none. */
    bool (*ended_session)(struct db *db, struct str token, struct instant now, struct arena *arena,
                          struct account_id *ret, struct error *err);
    /* Fills the axes of the frame: crumbs and lines. */
    bool (*fill_frame)(struct request *rq, struct frame *frame, struct error *err);
    /* The lines of today, by number and name, also in a POST; NULL: there are none. */
    bool (*lines)(struct request *rq, struct choices *ret, struct error *err);
    /* What a division is called; NULL: its code. */
    struct str (*division_name)(struct db *db, struct division division, struct date today, struct arena *arena);
    /* Starts what a year of working days calls for, in the change that tells it; *ret_job: its page.  NULL: nothing. */
    bool (*workdays_told)(struct request *rq, int year, struct url *ret_job, struct error *err);
    /* What the installation itself has to do on a new day, in the thread for long work; NULL: nothing. */
    bool (*daily)(const struct app *app, struct background *background, struct error *err);
    bool is_demo;  /* says so on every page */
    bool is_https; /* a proxy in front speaks TLS: cookies are sent back over it only */
    void *roof;   /* the roof's own */
};

enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK };

enum { PATH_IDS_MAX = 3 };

struct request {
    struct exchange *x;
    struct arena *arena;
    struct instant now;
    struct date today;
    enum lang lang;
    enum theme theme;
    const struct app *app;
    const struct route *route;
    struct str path_args[PATH_IDS_MAX]; /* as written: digits */
    int64_t path_ids[PATH_IDS_MAX];     /* the same as numbers */
    struct params query, fields;
    struct upload upload; /* of a route that takes_file */
    struct axes axes;
    struct axes axes_written; /* what axes_query says: for url_here() alone */
    struct str axes_query;    /* "?at=440606&line=1" */
    struct session session;
    struct actor actor;
    struct db *db;   /* reading */
    struct txn *txn; /* in a POST handler only */
    void *input;     /* decoded form */
    void *worked;    /* what .work left for handle */
    struct once *once; /* which sending of a form this is (once.h); NULL: it does not matter */
    bool is_rescue;    /* the form comes too late: it is not done, but kept as a draft (drafts.h) */
    struct problems problems;
    struct html *html; /* of page_html() */
    bool is_old;       /* rq->db is a replica */
    struct error err;
    bool is_stale; /* refused because the page was open for too long, or is not ours: its session or token is gone */
    bool is_anothers; /* and what was typed is not kept: another account opened the page (drafts.h) */
    struct reply reply;
};

/* Makes the stages of serve out of the features. Stops the process on a route without a capability or a doubled one. */
struct serve_app web_app(const struct app *app);

/* One of app->addresses. */
struct url url_of(const struct request *rq, const char *address);
/*
 * The end of every page function: a template writes its view, and that is the reply.
 *
 *     network_unit_page(page_html(rq), &view);
 *     return reply_html(rq);
 */
struct html *page_html(struct request *rq);
struct reply reply_html(struct request *rq);
struct reply reply_see_other(struct request *rq, struct url url);
/* The same after something was stored: the page it leads to says so. */
struct reply reply_saved(struct request *rq, struct url url);
struct reply reply_again(struct request *rq, handler_fn *page); /* 422 with the form's problems */
/*
 * 200, after the change is on the disk: for what can be shown only once, such as a new password.  Set reply.location to
 * where the same form leads when it is sent twice.
 */
struct reply reply_shown(struct request *rq, handler_fn *page);
/* The page for rq->err: 404, 403, 409, 503 ..., by the one table in gate.c. */
struct reply reply_error(struct request *rq);
struct reply reply_status(int status, struct str type, struct str body);

/* path plus the axes of the page one is on. */
struct url url_here(struct request *rq, struct url url);
struct url url_axes(struct arena *arena, struct url url, struct axes axes);
bool has_problems(const struct request *rq);
