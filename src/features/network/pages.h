/*
 * pages.h - the handlers of the network's routes (feature.c), and what they share.
 */
#pragma once
#include "features/network/book.h"
#include "features/network/views.h"
#include "platform/web/web.h"

#include "gen/network_queries.h"

handler_fn matrix_show, trend_show, coverage_show, today_show;
handler_fn rules_show, rule_new_show, rule_new_submit, rule_end_submit;
handler_fn lines_show, line_new_show, line_new_submit;
handler_fn spots_show, spot_show, spot_act_submit, spot_assign_submit, spot_note_submit;
handler_fn units_show, unit_show, unit_new_show, unit_new_submit, unit_edit_show, unit_edit_submit;
handler_fn organisations_show, organisation_show, organisation_new_show, organisation_new_submit,
    organisation_edit_show, organisation_edit_submit;

extern const struct form spot_act_form, spot_assign_form, spot_note_form, unit_form, organisation_form, rule_form, line_form;

/*
 * The part of the axes the actor may read; the axes of the request become it, so that links stay inside.  False: none
 * (ERROR_NOT_FOUND in rq->err).
 */
bool page_scope(struct request *rq, struct scope *ret);
/*
 * ?own=1: only what lies in the division itself, none of what is below, as the matrix counts it in a row of its own;
 * addresses of the same list carry it on.
 */
void scope_own(const struct request *rq, struct scope *scope);
struct url url_own(const struct request *rq, struct url url);
/* The name of what a list shows. */
struct str scope_name(struct request *rq, struct scope scope);
/* One line of the scope, or 0 for all: what the optional clause 'line' of a query gets. */
struct line scope_line(struct scope scope);

/* Which rows a list shows by its filter ?show=, in a scope; where it starts and its limit are the caller's. */
struct spot_list_args spot_list_asked(const struct request *rq, struct scope scope, struct str show);
struct coverage_list_args coverage_list_asked(struct scope scope, struct line line, struct str show);

/* A place in a list sorted by division and id, as text for ?after= and back; an unreadable one is the start. */
struct after {
    struct division division;
    int64_t id;
};
struct after after_parse(struct request *rq, struct scope scope);
struct url after_url(struct request *rq, struct url list, struct after last);

/* The district of a path like /units/{district}/{id}; a number that is none is not found. */
bool district_of_path(struct request *rq, struct division *ret);

/* Whether there is such a division today, in a POST; false: the look-up itself failed. */
bool division_is_known(struct request *rq, struct division division, bool *ret);

/* What happened to one thing, from the audit. */
bool page_history(struct request *rq, int64_t district, struct str subject, struct event_views *ret);

struct url spot_url(struct arena *arena, int64_t district, struct spot_id id);
struct url unit_url(struct arena *arena, int64_t district, struct unit_id id);
struct url organisation_url(struct arena *arena, int64_t district, struct organisation_id id);
