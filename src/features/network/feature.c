/*
 * feature.c - the network's tables: capabilities, routes, side bar.
 */
#include "features/network/capabilities.h"
#include "features/network/import.h"
#include "features/network/import_pages.h"
#include "features/network/network.h"
#include "features/network/organisation_index.h"
#include "features/network/pages.h"
#include "features/network/reapply.h"
#include "features/network/unit_index.h"
#include "platform/limits.h"

#include "gen/network_texts.h"

const struct capability cap_network_read = { .name = "network.read", .roles = HAS_ALL };
const struct capability cap_network_edit = {
    .name = "network.edit",
    .roles = HAS(VILLAGE_WORKER) | HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER),
};
const struct capability cap_network_contacts = {
    .name = "network.contacts",
    .roles = HAS(VILLAGE_WORKER) | HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER),
};
const struct capability cap_network_approve = {
    .name = "network.approve",
    .roles = HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER),
};

const struct capability cap_network_rules = { .name = "network.rules", .roles = HAS(ADMINISTRATOR) };

/* To add a page: one row here, one function in a pages file, one scene in tests/. */
static const struct route routes[] = {
    { HTTP_GET, "/", &cap_signed_in, today_show },
    { HTTP_GET, "/network", &cap_network_read, matrix_show },
    { HTTP_GET, "/network/map", &cap_network_read, map_show },
    { HTTP_GET, "/network/trend", &cap_network_read, trend_show, .may_be_old = true },
    { HTTP_GET, "/network/rules", &cap_network_read, rules_show },
    { HTTP_GET, "/network/rules/new", &cap_network_rules, rule_new_show },
    { HTTP_POST, "/network/rules/new", &cap_network_rules, rule_new_submit, &rule_form, rule_new_show },
    { HTTP_POST, "/network/rules/{rule}/end", &cap_network_rules, rule_end_submit },
    { HTTP_GET, "/network/lines", &cap_network_read, lines_show },
    { HTTP_GET, "/network/lines/new", &cap_network_rules, line_new_show },
    { HTTP_POST, "/network/lines/new", &cap_network_rules, line_new_submit, &line_form, line_new_show },
    { HTTP_GET, "/network/coverage", &cap_network_read, coverage_show },
    { HTTP_GET, "/spots", &cap_network_read, spots_show },
    { HTTP_GET, "/spots/{district}/{id}", &cap_network_read, spot_show },
    { HTTP_POST, "/spots/{district}/{id}/acts/{act}", &cap_network_edit, spot_act_submit, &spot_act_form, spot_show },
    { HTTP_POST, "/spots/{district}/{id}/assign", &cap_network_edit, spot_assign_submit, &spot_assign_form, spot_show },
    { HTTP_POST, "/spots/{district}/{id}/notes", &cap_network_edit, spot_note_submit, &spot_note_form, spot_show },
    { HTTP_GET, "/units", &cap_network_read, units_show },
    { HTTP_GET, "/network.xlsx", &cap_network_read, matrix_export },
    { HTTP_GET, "/network/coverage.xlsx", &cap_network_read, coverage_export },
    { HTTP_GET, "/spots.xlsx", &cap_network_read, spots_export },
    { HTTP_GET, "/units.xlsx", &cap_network_read, units_export },
    { HTTP_GET, "/units/template.xlsx", &cap_network_edit, import_template },
    { HTTP_GET, "/units/import", &cap_network_edit, import_form_show },
    { HTTP_POST, "/units/import", &cap_network_edit, import_submit, .body_limit = LIMIT_UPLOAD_BYTES,
      .takes_file = true },
    { HTTP_POST, "/units/import/{district}/{id}", &cap_network_edit, import_save_submit },
    { HTTP_POST, "/units/export", &cap_network_read, units_export_submit },
    { HTTP_GET, "/units/export/{district}/{id}", &cap_network_read, units_export_file },
    { HTTP_GET, "/units/new", &cap_network_edit, unit_new_show },
    { HTTP_POST, "/units/new", &cap_network_edit, unit_new_submit, &unit_form, unit_new_show },
    { HTTP_GET, "/units/{district}/{id}", &cap_network_read, unit_show },
    { HTTP_POST, "/units/{district}/{id}/spots", &cap_network_edit, spot_find_submit, &spot_find_form, unit_show },
    { HTTP_GET, "/units/{district}/{id}/edit", &cap_network_edit, unit_edit_show },
    { HTTP_POST, "/units/{district}/{id}/edit", &cap_network_edit, unit_edit_submit, &unit_form, unit_edit_show },
    { HTTP_GET, "/organisations", &cap_network_read, organisations_show },
    { HTTP_GET, "/organisations.json", &cap_network_read, organisations_json },
    { HTTP_GET, "/organisations.xlsx", &cap_network_read, organisations_export },
    { HTTP_GET, "/organisations/new", &cap_network_edit, organisation_new_show },
    { HTTP_POST, "/organisations/new", &cap_network_edit, organisation_new_submit, &organisation_form,
      organisation_new_show },
    { HTTP_GET, "/organisations/{district}/{id}", &cap_network_read, organisation_show },
    { HTTP_GET, "/organisations/{district}/{id}/edit", &cap_network_edit, organisation_edit_show },
    { HTTP_POST, "/organisations/{district}/{id}/edit", &cap_network_edit, organisation_edit_submit, &organisation_form,
      organisation_edit_show },
    { HTTP_POST, "/organisations/{district}/{id}/acts/{act}", &cap_network_edit, organisation_act_submit,
      &organisation_act_form, organisation_show },
    { HTTP_POST, "/organisations/{district}/{id}/relations", &cap_network_edit, relation_add_submit, &relation_form,
      organisation_show },
    { HTTP_POST, "/organisations/{district}/{id}/relations/{relation}/end", &cap_network_edit, relation_end_submit,
      &relation_end_form, organisation_show },
};

/* To add a kind of long work: its table in the file that does it, and one line here. */
static const struct job_kind *const jobs[] = { &import_kind, &export_kind, &network_reapply_job };

/* To add an entry of the side bar: one row here, its label in messages/. */
static const struct nav_item nav[] = {
    { &text_key_nav_today, "/", &cap_signed_in },
    { &text_key_nav_network, "/network", &cap_network_read },
    { &text_key_nav_spots, "/spots", &cap_network_read },
    { &text_key_nav_units, "/units", &cap_network_read },
    { &text_key_nav_organisations, "/organisations", &cap_network_read },
};

static bool reindex(struct txn *txn, struct error *err)
{
    return unit_reindex(txn, err) && organisation_reindex(txn, err);
}

const struct feature network_feature = { .name = "network",
                                         .schema = &network_schema,
                                         .routes = routes,
                                         .route_count = COUNT_OF(routes),
                                         .nav = nav,
                                         .nav_count = COUNT_OF(nav),
                                         .daily = coverage_lapse,
                                         .reindex = reindex,
                                         .jobs = jobs,
                                         .job_count = COUNT_OF(jobs) };
