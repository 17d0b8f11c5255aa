#include "features/territory/pages.h"
#include "features/territory/territory.h"

/* Divisions are public reference data.  To add a page: one row here, one function in pages.c, one test. */
static const struct route territory_routes[] = {
    { .method = HTTP_GET, .pattern = "/divisions", .needs = &cap_public, .handle = division_list },
    { .method = HTTP_GET, .pattern = "/divisions.json", .needs = &cap_public, .handle = division_list_json },
    { .method = HTTP_GET, .pattern = "/divisions/{code}", .needs = &cap_public, .handle = division_show },
};

const struct feature territory_feature = {
    .name = "territory",
    .schema = &territory_schema,
    .reindex = territory_reindex,
    .routes = territory_routes,
    .route_count = (int)COUNT_OF(territory_routes),
};
