/*
 * pages.h - the handlers of the network's routes (feature.c), and what they share.
 */
#pragma once
#include "features/network/book.h"
#include "features/network/views.h"
#include "platform/web/lists.h"

#include "gen/network_queries.h"

handler_fn matrix_show, map_show, trend_show, coverage_show, today_show;
handler_fn rules_show, rule_new_show, rule_new_submit, rule_end_submit;
handler_fn lines_show, line_new_show, line_new_submit;
handler_fn spots_show, spot_show, spot_find_submit, spot_act_submit, spot_assign_submit, spot_note_submit;
handler_fn units_show, unit_show, unit_new_show, unit_new_submit, unit_edit_show, unit_edit_submit;
handler_fn organisations_show, organisation_show, organisation_new_show, organisation_new_submit,
    organisation_edit_show, organisation_edit_submit, organisations_json;
handler_fn organisation_act_submit, relation_add_submit, relation_end_submit;

extern const struct form spot_act_form, spot_assign_form, spot_note_form, spot_find_form, unit_form, organisation_form,
    organisation_act_form, relation_form, relation_end_form, rule_form, line_form;

/* The same in a form, where the field says what becomes of it. */
void form_contact_unread(struct request *rq, struct form_view *view, const struct error *unread);

/*
 * One's own blank spots (?show=mine) lie wherever they lie: asked for the whole country, the list is not narrowed to one
 * of several grants.  asked: the axes before page_scope().
 */
void scope_mine(struct request *rq, struct axes asked, struct str show, struct scope *scope);
/* Which rows a list shows by its filter ?show=, in a scope; where it starts and its limit are the caller's. */
struct spot_list_args spot_list_asked(const struct request *rq, struct scope scope, struct str show);
struct coverage_list_args coverage_list_asked(struct scope scope, struct line line, struct str show);

/* The kind of unit of ?kind=; 0: all. */
int64_t unit_kind_asked(const struct request *rq);

/*
 * By name or code, the newest first: one page of asked->limit - 1 rows.  A workbook asks for one large page, and is not
 * made where there is more.
 */
bool units_search(struct request *rq, const struct unit_list_args *asked, struct str typed, struct unit_list_rows *ret,
                  struct page_end *ret_end);
bool spots_search(struct request *rq, const struct spot_list_args *asked, struct str typed, struct spot_list_rows *ret,
                  struct page_end *ret_end);
/* only_bodies: none that lies inside an enterprise. */
bool organisations_search(struct request *rq, const struct organisation_list_args *asked, struct str typed,
                          bool only_bodies, struct organisation_list_rows *ret, struct page_end *ret_end);
/* Which rows the list of organisations shows by its filter ?show=; where it starts and its limit are the caller's. */
struct organisation_list_args organisation_list_asked(const struct request *rq, struct scope scope, struct str show);

/* A blank spot as lists and its own page show it. */
struct spot_row spot_row_of(struct request *rq, const struct book *book,
                            const struct spot_list *spot);
/* The same of an organisation. */
struct organisation_row organisation_row_of(struct request *rq, const struct book *book,
                                            const struct organisation_list *row);
/*
 * The organisation of the path, if the actor may do this for it; one outside is not found, one inside that is not the
 * actor's to change either.
 */
bool organisation_of_path(struct request *rq, struct db *db, const struct capability *needs,
                          struct organisation_by_id *ret);

/* Whether the form that this handler takes is the one that came back. */
bool organisation_was_sent(const struct request *rq, handler_fn *handle);
/* After a change: its page again, with the problems or the conflict; the page anew. */
struct reply organisation_again(struct request *rq);
struct reply organisation_saved(struct request *rq, const struct organisation_by_id *row);
/* The part of its page about relations. */
bool relations_fill(struct request *rq, const struct book *book, const struct organisation_by_id *self,
                    struct organisation_view *view);

struct choices regime_choices(struct request *rq);

/* Whether there is such a division today, in a POST; false: the look-up itself failed. */
bool division_is_known(struct request *rq, struct division division, bool *ret);

/* As it is called today; of nobody: empty. */
struct str person_name(struct request *rq, struct account_id account);

/* What happened to one thing, from the audit. */
bool page_history(struct request *rq, int64_t district, struct str subject, struct event_views *ret);

struct url spot_url(struct arena *arena, int64_t district, struct spot_id id);
struct url unit_url(struct arena *arena, int64_t district, struct unit_id id);
struct url organisation_url(struct arena *arena, int64_t district, struct organisation_id id);
/* Where the picker searches for an organisation of a district. */
struct url organisations_json_url(struct arena *arena, int64_t district);
