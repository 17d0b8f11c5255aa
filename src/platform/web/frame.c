#include "platform/web/frame.h"

#include "platform/db/ids.h"
#include "platform/serve/log.h"
#include "platform/web/once.h"

/* /spots stays marked on /spots/440606/17. */
static bool is_within(struct str path, struct str item)
{
    return str_equal(path, item) ||
           (item.len > 1 && str_starts(path, item) && path.data[item.len] == '/');
}

/* The side bar: what the actor may use, in the order of the features. */
static void fill_nav(struct request *rq, struct frame *frame)
{
    ptrdiff_t n = 0;
    for (int f = 0; f < rq->app->feature_count; f++)
        n += rq->app->features[f]->nav_count;
    frame->nav.at = arena_new(rq->arena, struct frame_link, n);
    for (int f = 0; f < rq->app->feature_count; f++) {
        for (int i = 0; i < rq->app->features[f]->nav_count; i++) {
            const struct nav_item *item = &rq->app->features[f]->nav[i];
            if (!access_has(&rq->actor, item->needs))
                continue;
            frame->nav.at[frame->nav.n++] = (struct frame_link){
                .label = text_in(rq->arena, rq->lang, (struct text){ .key = item->label }),
                .url = url_here(rq, url_literal(item->path)),
                .is_current = is_within(rq->x->path, str_of(item->path)),
            };
        }
    }
}

/* The page one is on, to come back to after changing language or theme. */
static struct str here(struct request *rq)
{
    if (rq->x->method == HTTP_POST)
        return STR("/");
    if (rq->x->query.len == 0)
        return rq->x->path;
    return str_format(rq->arena, "%.*s?%.*s", STR_ARG(rq->x->path), STR_ARG(rq->x->query));
}

struct frame *frame_make(struct request *rq, struct text title, struct str title_extra)
{
    static const char *const themes[] = { "auto", "light", "dark" };
    static const char *const langs[] = { "zh-CN", "en" };
    struct frame *frame = arena_new(rq->arena, struct frame, 1);
    bool is_dark = rq->theme == THEME_DARK;
    *frame = (struct frame){
        .title = title,
        .title_extra = title_extra,
        .lang_tag = str_of(langs[rq->lang]),
        .theme = str_of(themes[rq->theme]),
        .has_actor = rq->actor.account.n != 0,
        .is_demo = rq->app->is_demo,
        .is_saved = rq->x->method == HTTP_GET && param(&rq->query, "saved").len > 0,
        .is_old = rq->is_old,
        .is_bare = !rq->db && rq->actor.account.n == 0,
        .actor_name = rq->actor.name,
        .csrf = rq->session.csrf,
        .lang_url = url_with(rq->arena, url_literal(rq->lang == LANG_ZH ? "/lang/1" : "/lang/0"), "back",
                             here(rq)),
        .theme_url = url_with(rq->arena, url_literal(is_dark ? "/theme/1" : "/theme/2"), "back", here(rq)),
        .search_url = url_of(rq, rq->app->addresses.search),
        .account_url = url_of(rq, rq->app->addresses.account),
        .sign_out_url = url_of(rq, rq->app->addresses.sign_out),
        .sign_in_url = url_of(rq, rq->app->addresses.sign_in),
    };
    if (frame->has_actor) {
        frame->who = str_int(rq->arena, rq->actor.account.n);
        frame->once = once_key(rq->arena, rq->now);
    }
    fill_nav(rq, frame);
    struct error err;
    int64_t last_id;
    if (rq->is_old && db_last_id(rq->db, &last_id, &err))
        frame->old_as_of = instant_minute(rq->arena, ids_time(last_id));
    /* the frame must not keep an error page from being shown */
    if (rq->app->fill_frame && rq->db && !rq->app->fill_frame(rq, frame, &err))
        log_fault(rq->x->number, &err);
    return frame;
}
