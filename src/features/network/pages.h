/*
 * pages.h - the handlers of the network's routes (feature.c), and what they share.
 */
#pragma once
#include "features/network/book.h"
#include "features/network/views.h"
#include "platform/web/web.h"

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
/* One line of the scope, or 0 for all: what the optional clause 'line' of a query gets. */
struct line scope_line(struct scope scope);

/* A place in a list sorted by division and id, as text for ?after= and back; an unreadable one is the start. */
struct after {
    struct division division;
    int64_t id;
};
struct after after_parse(struct request *rq, struct scope scope);
struct url after_url(struct request *rq, struct url list, struct after last);

/* What happened to one thing, from the audit. */
bool page_history(struct request *rq, int64_t district, struct str subject, struct event_views *ret);

struct url spot_url(struct arena *arena, int64_t district, struct spot_id id);
struct url unit_url(struct arena *arena, int64_t district, struct unit_id id);
struct url organisation_url(struct arena *arena, int64_t district, struct organisation_id id);
