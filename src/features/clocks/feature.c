/*
 * feature.c - the tables of clocks: capabilities, routes.
 */
#include "features/clocks/clocks.h"
#include "features/clocks/pages.h"

#include "gen/clocks_texts.h"

const struct capability cap_clocks_tell = { .name = "clocks.tell", .roles = HAS(ADMINISTRATOR) };
const struct capability cap_clocks_limits = { .name = "clocks.limits", .roles = HAS(ADMINISTRATOR) };

/* To add a page: one row here, one function in a pages file, one scene in tests/. */
static const struct route routes[] = {
    { HTTP_GET, "/workdays", &cap_signed_in, workdays_show },
    { HTTP_GET, "/workdays/{year}", &cap_clocks_tell, workday_year_show },
    { HTTP_POST, "/workdays/{year}", &cap_clocks_tell, workday_year_submit, &workday_form, workday_year_show },
    { HTTP_GET, "/time-limits", &cap_signed_in, limits_show },
    { HTTP_GET, "/time-limits/new", &cap_clocks_limits, limit_new_show },
    { HTTP_POST, "/time-limits/new", &cap_clocks_limits, limit_new_submit, &limit_form, limit_new_show },
    { HTTP_POST, "/time-limits/{number}/end", &cap_clocks_limits, limit_end_submit },
};

static const struct nav_item nav[] = {
    { &text_key_workdays_title, "/workdays", &cap_clocks_tell },
    { &text_key_limits_title, "/time-limits", &cap_clocks_limits },
};

const struct feature clocks_feature = { .name = "clocks",
                                        .schema = &clocks_schema,
                                        .routes = routes,
                                        .route_count = COUNT_OF(routes),
                                        .nav = nav,
                                        .nav_count = COUNT_OF(nav) };
