/*
 * feature.c - the tables of appeals: capabilities, routes, side bar.
 */
#include "features/appeals/appeal_index.h"
#include "features/appeals/appeals.h"
#include "features/appeals/capabilities.h"
#include "features/appeals/ladder.h"
#include "features/appeals/pages.h"
#include "features/appeals/today.h"
#include "features/appeals/recount.h"

#include "gen/appeals_texts.h"

const struct capability cap_appeals_read = {
    .name = "appeals.read",
    .roles = HAS(VILLAGE_WORKER) | HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER) | HAS(LEADER) | HAS(AUDITOR),
};
const struct capability cap_appeals_handle = {
    .name = "appeals.handle",
    .roles = HAS(VILLAGE_WORKER) | HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER),
};
const struct capability cap_appeals_person = {
    .name = "appeals.person",
    .roles = HAS(VILLAGE_WORKER) | HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER),
};
const struct capability cap_appeals_decide = {
    .name = "appeals.decide",
    .roles = HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER),
};

/* To add a page: one row here, one function in a pages file, one scene in tests/. */
static const struct route routes[] = {
    { HTTP_GET, "/appeals", &cap_appeals_read, appeals_show },
    { HTTP_GET, "/appeals.xlsx", &cap_appeals_read, appeals_export },
    { HTTP_GET, "/appeals/new", &cap_appeals_handle, appeal_new_show },
    { HTTP_POST, "/appeals/new", &cap_appeals_handle, appeal_new_submit, &appeal_form, appeal_new_show },
    { HTTP_GET, "/appeals/{district}/{id}", &cap_appeals_read, appeal_show },
    { HTTP_GET, "/appeals/{district}/{id}/edit", &cap_appeals_handle, appeal_edit_show },
    { HTTP_POST, "/appeals/{district}/{id}/edit", &cap_appeals_handle, appeal_edit_submit, &appeal_edit_form, appeal_edit_show },
    { HTTP_POST, "/appeals/{district}/{id}/acts/{act}", &cap_appeals_handle, appeal_act_submit, &appeal_step_form, appeal_show },
    { HTTP_POST, "/appeals/{district}/{id}/assign", &cap_appeals_handle, appeal_assign_submit, &appeal_assign_form, appeal_show },
    { HTTP_POST, "/appeals/{district}/{id}/clocks/{kind}/extend", &cap_appeals_handle, appeal_extend_submit, &appeal_extend_form,
      appeal_show },
    { HTTP_POST, "/appeals/{district}/{id}/clocks/{kind}/pause", &cap_appeals_handle, appeal_pause_submit, &appeal_pause_form,
      appeal_show },
    { HTTP_POST, "/appeals/{district}/{id}/clocks/{kind}/resume", &cap_appeals_handle, appeal_resume_submit, &appeal_resume_form,
      appeal_show },
    { HTTP_POST, "/appeals/{district}/{id}/notes", &cap_appeals_handle, appeal_note_submit, &appeal_note_form, appeal_show },
};

/* To add a kind of long work: its table in the file that does it, and one line here. */
static const struct job_kind *const jobs[] = { &appeals_recount_job };

static const struct nav_item nav[] = {
    { &text_key_nav_appeals, "/appeals", &cap_appeals_read },
};

const struct feature appeals_feature = { .name = "appeals",
                                         .schema = &appeals_schema,
                                         .routes = routes,
                                         .route_count = COUNT_OF(routes),
                                         .nav = nav,
                                         .nav_count = COUNT_OF(nav),
                                         .daily = appeals_climb,
                                         .reindex = appeal_reindex,
                                         .today = appeals_today,
                                         .jobs = jobs,
                                         .job_count = COUNT_OF(jobs) };
