#include "shuniu/features.h"

#include "features/accounts/accounts.h"
#include "features/appeals/appeals.h"
#include "features/clocks/clocks.h"
#include "features/network/contacts.h"
#include "features/network/network.h"
#include "features/territory/territory.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "platform/web/drafts.h"
#include "platform/web/frame.h"
#include "platform/web/preferences.h"
#include "shuniu/health.h"
#include "shuniu/settings.h"

/* To add a feature: one line here, its room in gen/meson.build and src/meson.build, its edges in features/DEPENDS. */
static const struct feature *const features[] = {
    &network_feature, &appeals_feature, &territory_feature, &accounts_feature, &clocks_feature, &jobs_feature,
    &preferences_feature, &drafts_feature, &health_feature,
};

struct feature_list shuniu_features(void)
{
    return (struct feature_list){ features, (int)COUNT_OF(features) };
}

int shuniu_schemas(const struct schema *ret[SHUNIU_SCHEMAS_MAX])
{
    int n = 0;
    ret[n++] = &audit_schema;
    ret[n++] = &shuniu_schema;
    for (ptrdiff_t i = 0; i < COUNT_OF(features); i++)
        if (features[i]->schema)
            ret[n++] = features[i]->schema;
    return n;
}

/* To add one: its struct in the room that has the column (platform/crypt/reseal.h). */
struct sealed_columns shuniu_sealed_columns(void)
{
    static const struct sealed_column *const columns[] = {
        &unit_contact_column, &organisation_contact_column, &draft_fields_column, &job_payload_column, &job_result_column,
        &appeal_person_column,
    };
    return (struct sealed_columns){ columns, (int)COUNT_OF(columns) };
}

/* To add one: tests/upgrade/README.md.  Jobs come before the features that look into them. */
int shuniu_upgrades(const struct upgrade *ret[SHUNIU_SCHEMAS_MAX])
{
    static const struct upgrade *const upgrades[] = { &web_upgrade, &jobs_upgrade, &accounts_upgrade, &network_upgrade,
                                                      &clocks_upgrade,  &appeals_upgrade };
    for (ptrdiff_t i = 0; i < COUNT_OF(upgrades); i++)
        ret[i] = upgrades[i];
    return (int)COUNT_OF(upgrades);
}

bool shuniu_load_defaults(struct txn *txn, struct error *err)
{
    return network_load_defaults(txn, err) && clocks_load_defaults(txn, err) && appeals_load_defaults(txn, err);
}

static bool fill_frame(struct request *rq, struct frame *frame, struct error *err)
{
    return territory_fill_crumbs(rq, frame, err) && network_fill_lines(rq, frame, err);
}

struct app shuniu_app(bool is_demo, struct roof *roof)
{
    return (struct app){ .addresses = { .sign_in = "/sign-in",
                                        .sign_out = "/sign-out",
                                        .account = "/account",
                                        .password = "/account/password",
                                        .search = "/divisions",
                                        .search_json = "/divisions.json" },
                         .features = features,
                         .feature_count = (int)COUNT_OF(features),
                         .authenticate = accounts_authenticate,
                         .ended_session = accounts_ended_session,
                         .fill_frame = fill_frame,
                         .lines = network_lines,
                         .division_name = territory_name,
                         .workdays_told = appeals_recount,
                         .is_demo = is_demo,
                         .roof = roof };
}
