#include "platform/web/preferences.h"

#include "platform/web/cookies.h"

/* The value of a choice cookie by the number in the address; empty: no such choice. */
static const struct str langs[LANG_COUNT] = { [LANG_ZH] = STR_INIT("zh"), [LANG_EN] = STR_INIT("en") };
static const struct str themes[] = { [THEME_LIGHT] = STR_INIT("light"), [THEME_DARK] = STR_INIT("dark") };

static struct reply choose(struct request *rq, struct str name, const struct str *values, ptrdiff_t count)
{
    enum { YEAR_SECONDS = 365 * 24 * 3600 };
    int64_t n = rq->path_ids[0];
    if (n >= count || values[n].len == 0) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "no such choice");
        return reply_error(rq);
    }
    struct reply reply = reply_see_other(rq, url_local(rq->arena, param(&rq->query, "back")));
    reply.set_cookie = cookie_set(rq->arena, name, values[n], YEAR_SECONDS);
    return reply;
}

static struct reply choose_lang(struct request *rq)
{
    return choose(rq, STR("lang"), langs, COUNT_OF(langs));
}

static struct reply choose_theme(struct request *rq)
{
    return choose(rq, STR("theme"), themes, COUNT_OF(themes));
}

/* To add an address: one row here, its function above. */
static const struct route routes[] = {
    { HTTP_GET, "/lang/{n}", &cap_public, .handle = choose_lang },
    { HTTP_GET, "/theme/{n}", &cap_public, .handle = choose_theme },
};

const struct feature preferences_feature = {
    .name = "preferences",
    .routes = routes,
    .route_count = (int)COUNT_OF(routes),
};
