/*
 * lists.h - what every page with a list or a record asks for: the part of the axes one may read, where a page of a list
 * ends, searching, filters, what happened to a record and what may be done with it next.
 *
 *     struct scope scope;
 *     if (!page_scope(rq, &cap_X_read, &scope))
 *         return reply_error(rq);
 *     struct after after = after_parse(rq, scope);
 *     read LIMIT_ROWS + 1 rows behind after; bool has_more = page_cut(&rows.n);
 *     view.more = after_url(rq, this list with its filters, (struct after){ the last row's });
 *
 * pages/list.html shows the views below.
 */
#pragma once
#include "platform/web/forms.h"

/* --- where one looks --------------------------------------------------------------------------------------------- */

/*
 * The part of the axes where the actor holds needs; the axes of the request become it, so that links stay inside.  False:
 * none (ERROR_NOT_FOUND in rq->err).
 */
bool page_scope(struct request *rq, const struct capability *needs, struct scope *ret);
/*
 * ?own=1: only what lies in the division itself, none of what is below; addresses of the same list carry it on.
 */
bool page_is_own(const struct request *rq);
void scope_own(const struct request *rq, struct scope *scope);
struct url url_own(const struct request *rq, struct url url);
/* The name of what a list shows. */
struct str scope_name(struct request *rq, struct scope scope);
/* One line of the scope, or 0 for all: what the optional clause 'line' of a query gets. */
struct line scope_line(struct scope scope);
/* A division as it is called today. */
struct str place_name(struct request *rq, struct division division);
/* A sealed value that does not open, of a page that is shown all the same: a fault of the data, so it is in the log. */
void page_log_unread(struct request *rq, const struct error *unread);
/* Whether there is such a line today; false: the look-up itself failed. */
bool line_is_known(struct request *rq, int64_t line, bool *ret);
/* The district of a path like /units/{district}/{id}; a number that is none is not found. */
bool district_of_path(struct request *rq, struct division *ret);

/* --- the pages of a list ----------------------------------------------------------------------------------------- */

/* A place in a list sorted by division and id. */
struct after {
    struct division division;
    int64_t id;
};

/* Where a page of a list ends; the next one begins behind last, if there is one. */
struct page_end {
    bool has_more;
    struct after last;
};

/* A place in a list as text for ?after= and back; an unreadable one is the start. */
struct after after_parse(struct request *rq, struct scope scope);
struct url after_url(struct request *rq, struct url list, struct after last);

/* Of a list that was asked for LIMIT_ROWS + 1 rows: cuts *n to what the page shows; true: there are more. */
bool page_cut(ptrdiff_t *n);

/*
 * One page of a search.  The index finds more than really fits, so hits are read piece by piece, the newest first, until
 * the page is full and one more would fit, or there are no more hits, or so many were looked through that a person had
 * better say go on:
 *
 *     while (page_search_goes_on(&search)) {
 *         read the next hits below search.end.last.id; search.is_read: these are all
 *         of each hit: if (page_search_takes(&search, its id, whether it fits)) add it to the rows
 *     }
 *
 * Hits of one id stay on one page, so a page of them may be longer than max.
 */
struct page_search {
    struct page_end end;
    ptrdiff_t shown, max;
    int pieces;
    bool is_read;
};
struct page_search page_search(struct after after, ptrdiff_t max);
bool page_search_goes_on(struct page_search *search);
bool page_search_takes(struct page_search *search, int64_t id, bool fits);

/* --- what pages/list.html shows ---------------------------------------------------------------------------------- */

/* Filters of a list, or whatever else stands in a row. */
struct link_view {
    struct str label;
    struct url url;
    bool is_current;
};

struct links {
    struct link_view *at;
    ptrdiff_t n;
};

/* A search box above a list; it keeps the filter and the axes. */
struct search_view {
    struct str typed, at, line, show;
    struct text label, hint;
    struct url action;
};

/* The search box of the list at this address; label and hint say "by name" and may be said otherwise. */
struct search_view search_row(struct request *rq, struct url list, struct str typed);

/* What happened to a record, and who did it. */
struct event_view {
    struct instant at;
    struct str who, note;
    struct text what;
};

struct event_views {
    struct event_view *at;
    ptrdiff_t n;
};

/* What waits for somebody, of one feature: the most urgent first. */
struct today_row {
    struct str title, detail, due;
    struct text state;
    bool is_late, is_near;
    struct url url;
};

struct today_section {
    struct text title, all; /* all: what the link to the rest says */
    struct url all_url;
    struct {
        struct today_row *at;
        ptrdiff_t n;
    } rows;
};

struct today_sections {
    struct today_section *at;
    ptrdiff_t n;
};

/* Of all features that have something; false: rq->err. */
bool today_sections(struct request *rq, struct today_sections *ret);

/* What may be done with a record next: one form for each step, or why it cannot be done here. */
struct step_view {
    struct text label;
    struct url action;
    struct form_view form;
    bool is_open;    /* shown unfolded, because its form came back with problems */
    bool is_refused; /* cannot be done by this person; why says it */
    struct text why;
    bool is_quiet;    /* not what is mostly done next */
    bool has_warning; /* what it will do, before one does it */
    struct text warning;
};

struct step_views {
    struct step_view *at;
    ptrdiff_t n;
};
