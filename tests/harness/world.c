#include "harness/world.h"

#include "features/accounts/accounts.h"
#include "features/network/network.h"
#include "features/territory/territory.h"
#include "harness/place.h"
#include "platform/limits.h"
#include "platform/web/cookies.h"
#include "shuniu/features.h"

#include <sodium.h>
#include <unistd.h>

#define TERRITORY "tests/scenes/territory.csv"
#define START ((struct instant){ INT64_C(1795482000) * 1000000 }) /* 2026-11-24T01:00Z */
#define PASSWORD "scene-password-2026"

void must(bool ok, const struct error *err)
{
    if (!ok)
        BUG("%s (%s:%d)", err->detail, err->file, err->line);
}

struct str world_password(void)
{
    return STR(PASSWORD);
}

/* --- the data ---------------------------------------------------------------------------------------------------- */

static bool fill(void *self, struct txn *txn, struct error *err)
{
    static const struct division districts[] = { { INT64_C(440606000000) }, { INT64_C(440605000000) } };
    struct territory_counts counts;
    (void)self;
    bool ok = territory_load_csv(txn, TERRITORY, NULL, NULL, &counts, err) && shuniu_load_defaults(txn, err);
    for (ptrdiff_t i = 0; ok && i < COUNT_OF(districts); i++)
        ok = network_open_district(txn, districts[i], err);
    return ok;
}

/* The least work argon2id allows: its own check of passwords is what the scenes wait for otherwise. */
static struct str cheap_hash(struct arena *arena)
{
    char *hash = arena_new(arena, char, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(hash, PASSWORD, sizeof PASSWORD - 1, crypto_pwhash_OPSLIMIT_MIN,
                          crypto_pwhash_MEMLIMIT_MIN) != 0)
        BUG("no memory to hash a password");
    return str_of(hash);
}

void world_open(struct world *world, struct app app)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    struct error err;
    *world = (struct world){ .app = app, .folder = "/tmp/shuniu-world-XXXXXX", .ids = { .is_counting = true },
                             .now = START };
    if (sodium_init() < 0 || !mkdtemp(world->folder))
        BUG("no temporary folder");
    world->stages = web_app(&world->app);
    world->hash = cheap_hash(&world->arena);
    const char *path = str_z(&world->arena, str_format(&world->arena, "%s/shuniu.db", world->folder));
    const char *place = test_place(&world->arena, path);
    must(database_open(place, schemas, shuniu_schemas(schemas), &world->database, &err), &err);
    world->keeper = test_keys(&world->arena, world->folder);
    database_use_keys(world->database, world->keeper);
    must(database_writer(world->database, &world->writer, &err), &err);
    must(txn_run(world->writer, &world->ids, world->now, fill, NULL, &err), &err);
}

void world_close(struct world *world)
{
    static const char *const files[] = { "shuniu.db", "shuniu.db-wal", "shuniu.db-shm", "keys" };
    db_release(world->writer);
    database_close(world->database);
    keeper_close(world->keeper);
    for (ptrdiff_t i = 0; i < COUNT_OF(files); i++)
        (void)unlink(str_z(&world->arena, str_format(&world->arena, "%s/%s", world->folder, files[i])));
    (void)rmdir(world->folder);
    arena_release(&world->asking);
    arena_release(&world->arena);
}

struct db *world_reader(struct world *world)
{
    struct db *db;
    struct error err;
    must(database_reader(world->database, &db, &err), &err);
    return db;
}

/* --- people ------------------------------------------------------------------------------------------------------ */

struct making {
    struct new_account account;
    struct account_id id;
    struct grant grant;
};

static bool make_account(void *self, struct txn *txn, struct error *err)
{
    struct making *making = self;
    return account_create(txn, &making->account, &making->id, err);
}

static bool give(void *self, struct txn *txn, struct error *err)
{
    struct making *making = self;
    return account_grant(txn, (struct account_id){ 0 }, making->id, making->grant, err);
}

struct person *world_find(struct world *world, struct str login)
{
    for (int i = 0; i < world->people_count; i++)
        if (str_equal(world->people[i].login, login))
            return &world->people[i];
    return NULL;
}

struct person *world_add(struct world *world, struct str login)
{
    struct error err;
    struct making making = { .account = { .login = login, .name = login, .hash = world->hash } };
    if (world->people_count == WORLD_PEOPLE_MAX)
        BUG("more than %d people", WORLD_PEOPLE_MAX);
    must(txn_run(world->writer, &world->ids, world->now, make_account, &making, &err), &err);
    struct person *person = &world->people[world->people_count++];
    *person = (struct person){ .login = str_copy(&world->arena, login), .account = making.id };
    return person;
}

struct daily {
    const struct feature *feature;
    bool more;
};

static bool run_daily(void *self, struct txn *txn, struct error *err)
{
    struct daily *daily = self;
    return daily->feature->daily(txn, &daily->more, err);
}

void world_daily(struct world *world)
{
    for (int f = 0; f < world->app.feature_count; f++) {
        struct daily daily = { world->app.features[f], world->app.features[f]->daily != NULL };
        struct error err;
        while (daily.more)
            must(txn_run(world->writer, &world->ids, world->now, run_daily, &daily, &err), &err);
    }
}

void world_grant(struct world *world, const struct person *who, struct grant grant)
{
    struct error err;
    struct making making = { .id = who->account, .grant = grant };
    must(txn_run(world->writer, &world->ids, world->now, give, &making, &err), &err);
}

struct session world_session(struct world *world, const struct person *who)
{
    struct error err;
    struct session session = { 0 };
    struct actor actor = { 0 };
    struct exchange browser = { .headers = { { STR("Cookie"), who->cookies } }, .header_count = 1 };
    struct str token = cookie(&browser, STR(SESSION_COOKIE));
    if (token.len == 0)
        return session;
    struct db *db = world_reader(world);
    must(accounts_authenticate(db, token, world->now, &world->arena, &session, &actor, &err), &err);
    db_release(db);
    return session;
}

bool world_sign_in(struct world *world, struct person *who)
{
    struct buf body = buf_make(&world->arena, LIMIT_FORM_BYTES);
    if (who->account.n == 0 || world_session(world, who).id != 0)
        return true;
    form_put(&body, STR("login"), who->login);
    form_put(&body, STR("password"), world_password());
    struct ask ask = { .method = HTTP_POST, .target = STR("/sign-in"), .body = buf_str(&body) };
    return world_ask(world, who, &ask)->status == 303;
}

/* --- requests ---------------------------------------------------------------------------------------------------- */

void form_put(struct buf *body, struct str name, struct str value)
{
    if (body->len > 0)
        buf_char(body, '&');
    buf_put(body, name);
    buf_char(body, '=');
    for (ptrdiff_t i = 0; i < value.len; i++)
        buf_format(body, "%%%02X", (unsigned char)value.data[i]);
}

static void add_header(struct exchange *x, struct str name, struct str value)
{
    if (value.len > 0)
        x->headers[x->header_count++] = (struct http_header){ name, value };
}

static struct exchange *make_exchange(struct world *world, const struct person *who, const struct ask *ask)
{
    struct exchange *x = arena_new(&world->asking, struct exchange, 1);
    x->arena = &world->asking;
    x->now = world->now;
    x->number = ++world->asked;
    x->method = ask->method;
    (void)str_cut(str_copy(x->arena, ask->target), '?', &x->path, &x->query);
    x->body = str_copy(x->arena, ask->body);
    x->peer = STR("127.0.0.1");
    add_header(x, STR("Host"), STR("localhost"));
    add_header(x, STR("Cookie"), who->cookies);
    for (int i = 0; i < ask->header_count; i++)
        add_header(x, ask->headers[i].name, ask->headers[i].value);
    if (ask->method == HTTP_POST && exchange_header(x, STR("Content-Type")).len == 0)
        add_header(x, STR("Content-Type"), STR("application/x-www-form-urlencoded"));
    return x;
}

static void look(struct world *world, struct exchange *x)
{
    struct error err;
    x->db = world_reader(world);
    must(db_snapshot_begin(x->db, &err), &err);
}

static void look_away(struct exchange *x)
{
    db_snapshot_end(x->db);
    db_release(x->db);
    x->db = NULL;
}

/* As the writer does it (platform/serve/writer.c), in a batch of one. */
static bool change(struct world *world, struct exchange *x, struct error *ret_refusal)
{
    struct error err;
    struct txn txn = { .db = world->writer, .ids = &world->ids, .now = world->now };
    must(db_begin(world->writer, &world->ids, &err), &err);
    must(db_mark(world->writer, &err), &err);
    bool ok = world->stages.change(world->stages.self, x, &txn, ret_refusal);
    if (ok && txn.audited == 0 && db_has_changed(world->writer))
        BUG("%.*s: a change was written and not audited", STR_ARG(x->path));
    if (ok && !world->forgets)
        must(db_keep(world->writer, &err), &err);
    else if (!db_undo(world->writer))
        BUG("the engine threw the transaction away");
    if (!ok || world->forgets)
        must(db_commit(world->writer, &world->ids, &err), &err);
    return ok && (world->forgets || db_commit(world->writer, &world->ids, ret_refusal));
}

static void pass_stages(struct world *world, struct exchange *x)
{
    void *self = world->stages.self;
    struct error refusal;
    bool ok = true;
    look(world, x);
    world->stages.begin(self, x);
    look_away(x);
    if (x->next == SERVE_REPLY)
        return;
    if (x->next == SERVE_WORK) {
        x->next = SERVE_REPLY;
        look(world, x);
        world->stages.work(self, x);
        look_away(x);
    }
    if (x->next == SERVE_CHANGE)
        ok = change(world, x, &refusal);
    look(world, x);
    world->stages.finish(self, x, ok ? NULL : &refusal);
    look_away(x);
}

struct str reply_header(const struct exchange *x, struct str name)
{
    for (int i = 0; i < x->reply_header_count; i++)
        if (str_equal(x->reply_headers[i].name, name))
            return x->reply_headers[i].value;
    return (struct str){ 0 };
}

static void keep_cookie(struct world *world, struct person *who, const struct exchange *x)
{
    struct str pair, attributes, set = reply_header(x, STR("Set-Cookie"));
    (void)str_cut(set, ';', &pair, &attributes);
    if (pair.len > 0)
        who->cookies = str_format(&world->arena, "%.*s; %.*s", STR_ARG(pair), STR_ARG(who->cookies));
}

struct exchange *world_ask(struct world *world, struct person *who, const struct ask *ask)
{
    arena_reset(&world->asking);
    struct exchange *x = make_exchange(world, who, ask);
    if (x->body.len > world->stages.body_limit(world->stages.self, x->method, x->path))
        world->stages.refuse(world->stages.self, x, 413);
    else if (world->refuses_with != 0)
        world->stages.refuse(world->stages.self, x, world->refuses_with);
    else
        pass_stages(world, x);
    if (x->status < 200 || x->status > 599)
        BUG("%.*s was left without a reply", STR_ARG(x->path));
    keep_cookie(world, who, x);
    return x;
}
