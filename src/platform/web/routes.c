#include "platform/web/routes.h"

#include "base/parse.h"

#include <string.h>

static bool is_number(struct str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return s.len > 0;
}

static bool fits(struct str pattern, struct str path, struct str args[PATH_IDS_MAX])
{
    int count = 0;
    for (;;) {
        struct str want, have;
        bool more_pattern = str_cut(pattern, '/', &want, &pattern);
        bool more_path = str_cut(path, '/', &have, &path);
        bool is_arg = want.len > 0 && want.data[0] == '{';
        if (is_arg ? !is_number(have) : !str_equal(want, have))
            return false;
        if (is_arg) {
            assert(count < PATH_IDS_MAX);
            args[count++] = have;
        }
        if (!more_pattern || !more_path)
            return more_pattern == more_path;
    }
}

static void check_route(const struct feature *feature, const struct route *route)
{
    if (!route->needs || !route->handle || route->pattern[0] != '/')
        BUG("%s: route %s needs a capability and a handler", feature->name, route->pattern);
    if (route->form && !route->form_again)
        BUG("%s: route %s has a form and nothing that shows it again", feature->name, route->pattern);
    if (route->method != HTTP_GET && route->method != HTTP_POST)
        BUG("%s: route %s is neither GET nor POST", feature->name, route->pattern);
}

static void check_doubles(const struct app *app, const struct route *route)
{
    for (int f = 0; f < app->feature_count; f++) {
        for (int r = 0; r < app->features[f]->route_count; r++) {
            const struct route *other = &app->features[f]->routes[r];
            if (other != route && other->method == route->method && strcmp(other->pattern, route->pattern) == 0)
                BUG("two routes for %s", route->pattern);
        }
    }
}

void routes_check(const struct app *app)
{
    for (int f = 0; f < app->feature_count; f++) {
        for (int r = 0; r < app->features[f]->route_count; r++) {
            check_route(app->features[f], &app->features[f]->routes[r]);
            check_doubles(app, &app->features[f]->routes[r]);
        }
    }
}

static bool take_numbers(struct request *rq, const struct route *route, struct str args[PATH_IDS_MAX])
{
    for (int i = 0; i < PATH_IDS_MAX; i++) {
        rq->path_args[i] = args[i];
        rq->path_ids[i] = 0;
        if (args[i].len > 0 && !parse_int(args[i], 0, INT64_MAX, &rq->path_ids[i]))
            return false;
    }
    rq->route = route;
    return true;
}

bool routes_match(struct request *rq, enum http_method method, struct str path, bool *ret_is_known)
{
    *ret_is_known = false;
    for (int f = 0; f < rq->app->feature_count; f++) {
        const struct feature *feature = rq->app->features[f];
        for (int r = 0; r < feature->route_count; r++) {
            struct str args[PATH_IDS_MAX] = { 0 };
            const struct route *route = &feature->routes[r];
            if (!fits(str_of(route->pattern), path, args))
                continue;
            *ret_is_known = true;
            if (route->method == method)
                return take_numbers(rq, route, args);
        }
    }
    return false;
}

struct url routes_page_of(struct request *rq)
{
    struct request asked = { .app = rq->app };
    struct str path = rq->x->path;
    bool is_known;
    while (path.len > 1 && !routes_match(&asked, HTTP_GET, path, &is_known)) {
        while (path.data[path.len - 1] != '/')
            path.len--;
        if (path.len > 1)
            path.len--; /* without the '/' at its end */
    }
    if (rq->x->query.len > 0)
        path = str_format(rq->arena, "%.*s?%.*s", STR_ARG(path), STR_ARG(rq->x->query));
    return url_local(rq->arena, path);
}
