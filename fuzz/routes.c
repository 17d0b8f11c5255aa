#include "fuzz/fuzz.h"
#include "platform/web/routes.h"

static const struct route routes[] = {
    { HTTP_GET, "/", &cap_public, NULL },
    { HTTP_GET, "/units/{district}/{id}", &cap_public, NULL },
    { HTTP_POST, "/units/{district}/{id}/acts/{act}", &cap_public, NULL },
    { HTTP_GET, "/units/new", &cap_public, NULL },
};

void fuzz_one(struct str input, struct arena *arena)
{
    static const struct feature feature = { .name = "fuzz", .routes = routes, .route_count = COUNT_OF(routes) };
    static const struct feature *const features[] = { &feature };
    const struct app app = { .features = features, .feature_count = 1 };
    for (enum http_method method = HTTP_GET; method <= HTTP_POST; method++) {
        struct request *rq = arena_new(arena, struct request, 1);
        bool is_known;
        rq->app = &app;
        if (!routes_match(rq, method, input, &is_known))
            continue;
        if (!is_known || !rq->route || rq->route->method != method)
            BUG("matched, and yet not");
        for (int i = 0; i < PATH_IDS_MAX; i++)
            if (rq->path_ids[i] < 0)
                BUG("id %lld", (long long)rq->path_ids[i]);
    }
}
