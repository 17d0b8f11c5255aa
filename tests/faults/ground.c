/*
 * ground.c - the script all trials run, and what an undisturbed run of it gives.
 */
#include "faults/hub.h"

#include "harness/place.h"
#include "harness/words.h"
#include "shuniu/features.h"

#include <unistd.h>

/* --- the script --------------------------------------------------------------------------------------------------- */

/*
 * Units, blank spots, tallies, drafts, a session, the life of an organisation; pages between; a crowd whose notes the
 * writer takes as one batch; and once each what the engine does seldom: bringing its log into the file, and ending and
 * starting again.
 */
static const struct step steps[] = {
    { HTTP_GET, 200, "/network?at=440606", NULL, 0, NULL },
    { HTTP_POST, 303, "/units/new", "name=铸造厂&kind=1&division=440606102001&uscc_missing=未办&employees=30", 1,
      "/units/440606/" },
    { HTTP_GET, 200, "/units/440606/$1", NULL, 2, "/spots/440606/" },
    { HTTP_POST, 303, "/units/new", "name=家具厂&kind=1&division=440606102001&uscc_missing=未办&employees=30", 3,
      "/units/440606/" },
    { HTTP_GET, 200, "/units/440606/$3", NULL, 4, "/spots/440606/" },
    { HTTP_POST, 303, "/spots/440606/$2/acts/1", "version=1&note=上门见到厂长", 0, NULL },
    { HTTP_GET, 200, "/spots/440606/$2", NULL, 0, NULL },
    { HTTP_OTHER, 200, "checkpoint", NULL, 0, NULL },
    { HTTP_POST, 303, "/spots/440606/$4/assign", "version=1&deadline=2026-12-31&plan=先打电话", 0, NULL },
    { HTTP_POST, 303, "/spots/440606/$4/notes", "note=厂长出差", 0, NULL },
    { HTTP_OTHER, 200, "crowd", "/spots/440606/$4/notes", 0, NULL },
    { HTTP_POST, 303, "/spots/440606/$2/acts/10",
      "version=2&form=1&organisation_name=铸造厂工会&founded_on=2026-11-20&members=28&members_women=9", 0, NULL },
    { HTTP_GET, 200, "/network?at=440606", NULL, 0, NULL },
    { HTTP_POST, 204, "/drafts", "draft=/units/new&name=没写完的厂&kind=2&division=440606102", 0, NULL },
    { HTTP_OTHER, 200, "restart", NULL, 0, NULL },
    { HTTP_POST, 303, "/units/440606/$3/edit", "version=1&name=家具厂&uscc_missing=未办&employees=3", 0, NULL },
    { HTTP_GET, 200, "/organisations?at=440606102001&line=1", NULL, 5, "/organisations/440606/" },
    { HTTP_POST, 303, "/organisations/440606/$5/acts/6",
      "version=1&happened_on=2026-11-24&document=北工〔2026〕9号&note=企业关闭", 0, NULL },
    { HTTP_GET, 200, "/spots?at=440606102001", NULL, 0, NULL },
    { HTTP_POST, 303, "/sign-in", "login=wang&password=scene-password-2026", 0, NULL, true },
    { HTTP_GET, 200, "/", NULL, 0, NULL },
};

const struct step *hub_step(int step)
{
    return &steps[step];
}

int hub_steps(void)
{
    return COUNT_OF(steps);
}

/* --- an undisturbed run ------------------------------------------------------------------------------------------- */

static void make_people(struct world *world, struct ground *ground)
{
    struct grant everywhere = { .role = ROLE_DISTRICT_OFFICER, .division = { INT64_C(440606000000) } };
    struct person *who = world_add(world, STR("wang"));
    world_grant(world, who, everywhere);
    if (!world_sign_in(world, who))
        BUG("wang was not let in");
    ground->who = *who;
    ground->who.cookies = str_copy(&ground->arena, who->cookies);
    ground->csrf = str_copy(&ground->arena, world_session(world, who).csrf);
}

/* The keys of the world, for as long as the ground is there. */
static void keep_keys(struct ground *ground, const struct world *world, const char *folder)
{
    struct arena *arena = &ground->arena;
    ground->keys = str_z(arena, str_format(arena, "%s/keys", folder));
    if (rename(str_z(arena, str_format(arena, "%s/keys", world->folder)), ground->keys) != 0)
        BUG("cannot take the keys");
    ground->keeper = test_keys(arena, folder);
}

static void make_file(struct ground *ground, const char *folder, const char *path)
{
    struct world world;
    struct error err;
    world_open(&world, shuniu_app(false, NULL));
    make_people(&world, ground);
    ground->ids = world.ids;
    (void)unlink(path);
    must(database_backup(world.database, path, &err), &err);
    keep_keys(ground, &world, folder);
    world_close(&world);
    if (!read_text(path, &ground->arena, 64 * 1024 * 1024, &ground->file))
        BUG("cannot read %s", path);
    (void)unlink(path);
}

static void learn(struct ground *ground, const struct step *step, const struct exchange *x)
{
    struct str behind = str_of(step->behind), text = reply_header(x, STR("Location"));
    if (!str_starts(text, behind))
        text = x->reply;
    struct str value = { 0 };
    for (ptrdiff_t at = str_find(text, behind); at >= 0 && value.len == 0; at = str_find(text, behind)) {
        text = str_slice(text, at + behind.len, text.len);
        value = digits(text);
    }
    if (value.len == 0)
        BUG("nothing behind %s", step->behind);
    ground->names[step->learns] = str_copy(&ground->arena, value);
}

static uint64_t digest_of(struct hub *hub)
{
    struct arena arena = { 0 };
    uint64_t digest;
    struct str why = hub_check(hub, &digest, &arena);
    if (why.len > 0)
        BUG("undisturbed, and yet: %.*s", STR_ARG(why));
    arena_release(&arena);
    return digest;
}

void ground_prepare(struct ground *ground, const char *folder)
{
    struct hub hub;
    struct error err;
    *ground = (struct ground){ 0 };
    const char *path = str_z(&ground->arena, str_format(&ground->arena, "%s/ground.db", folder));
    make_file(ground, folder, path);
    hub_place(&hub, ground, path);
    must(hub_open(&hub, &err), &err);
    for (int i = 0; i < COUNT_OF(steps); i++) {
        ground->last_ids[i] = hub.ids.last;
        ground->digests[i] = digest_of(&hub);
        for (int n = 1; n < HUB_CROWD && strcmp(steps[i].target, "crowd") == 0; n++) {
            arena_reset(&hub.asking);
            if (hub_crowd(&hub, i, n) != 200)
                BUG("a crowd of %d was refused", n);
            ground->crowd_digests[n] = digest_of(&hub);
        }
        struct exchange *x = hub_ask(&hub, i);
        if (x->status != steps[i].status)
            BUG("step %d (%s): %d", i, steps[i].target, x->status);
        if (steps[i].learns > 0)
            learn(ground, &steps[i], x);
        ground->pages[i] = str_copy(&ground->arena, hub_page(x->arena, i, x));
    }
    ground->last_ids[COUNT_OF(steps)] = hub.ids.last;
    ground->digests[COUNT_OF(steps)] = digest_of(&hub);
    for (int i = 0; i < COUNT_OF(steps); i++)
        if (steps[i].adds_again)
            (void)hub_ask_again(&hub, i, true);
    ground->digest_with_more = digest_of(&hub);
    hub_close(&hub);
    hub_release(&hub);
    (void)unlink(path);
}

bool hub_explains(const struct ground *ground, int step, bool is_over, uint64_t digest)
{
    if (digest == ground->digests[step] || (is_over && digest == ground->digest_with_more))
        return true;
    bool is_next = !is_over && step < COUNT_OF(steps) && digest == ground->digests[step + 1];
    for (int n = 1; n < HUB_CROWD && !is_over && step < COUNT_OF(steps) && strcmp(steps[step].target, "crowd") == 0; n++)
        is_next = is_next || digest == ground->crowd_digests[n];
    return is_next;
}

void ground_release(struct ground *ground)
{
    keeper_close(ground->keeper);
    (void)unlink(ground->keys);
    arena_release(&ground->arena);
}
