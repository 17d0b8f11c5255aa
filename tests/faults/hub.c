#include "faults/hub.h"

#include "features/accounts/accounts.h"
#include "harness/words.h"
#include "platform/limits.h"
#include "shuniu/features.h"

#include <sqlite3.h>
#include <unistd.h>

enum { TEXT_MAX = 64 * 1024 };

/* As in harness/world.c: 2026-11-24T01:00Z. */
struct instant hub_clock(void)
{
    return (struct instant){ INT64_C(1795482000) * 1000000 };
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

static struct str fill_in(const struct ground *ground, struct arena *arena, const char *text)
{
    struct buf out = buf_make(arena, TEXT_MAX);
    for (; *text; text++) {
        if (*text == '$') {
            text++;
            buf_put(&out, ground->names[*text - '0']);
        } else {
            buf_char(&out, *text);
        }
    }
    return buf_str(&out);
}

/* A request on its way. */
struct asked {
    struct exchange x;
    struct hub *hub;
    struct change change;
    int64_t last_id; /* before it */
    bool failed;
    struct error err;
};

static struct asked *make_asked(struct hub *hub, enum http_method method, const char *target, const char *fields,
                                struct str once)
{
    struct asked *asked = arena_new(&hub->asking, struct asked, 1);
    struct exchange *x = &asked->x;
    asked->hub = hub;
    x->arena = &hub->asking;
    x->now = hub_clock();
    x->number = ++hub->asked;
    x->method = method;
    x->peer = STR("127.0.0.1");
    (void)str_cut(fill_in(hub->ground, x->arena, target), '?', &x->path, &x->query);
    x->headers[x->header_count++] = (struct http_header){ STR("Host"), STR("localhost") };
    x->headers[x->header_count++] = (struct http_header){ STR("Cookie"), hub->ground->who.cookies };
    if (!fields)
        return asked;
    x->body = str_format(x->arena, "%.*s&once=%.*s&csrf=%.*s", STR_ARG(fill_in(hub->ground, x->arena, fields)),
                         STR_ARG(once), STR_ARG(hub->ground->csrf));
    x->headers[x->header_count++] =
        (struct http_header){ STR("Content-Type"), STR("application/x-www-form-urlencoded") };
    return asked;
}

typedef void stage_fn(void *app, struct exchange *x);

static bool run_reading(struct hub *hub, struct exchange *x, stage_fn *stage, struct error *err)
{
    if (!database_reader(hub->database, &x->db, err))
        return false;
    bool ok = db_snapshot_begin(x->db, err);
    if (ok) {
        stage(hub->stages.self, x);
        db_snapshot_end(x->db);
    }
    db_release(x->db);
    x->db = NULL;
    return ok;
}

static void finish_stage(void *app, struct exchange *x)
{
    struct asked *asked = (struct asked *)x; /* x is its first member */
    asked->hub->stages.finish(app, x, asked->failed ? &asked->err : NULL);
}

static bool run_change(void *self, struct txn *txn, struct error *err)
{
    struct asked *asked = self;
    txn->ids->last = asked->last_id; /* the writer may run a change twice */
    return asked->hub->stages.change(asked->hub->stages.self, &asked->x, txn, err);
}

static void on_changed(void *self, const struct error *err)
{
    struct asked *asked = self;
    pthread_mutex_lock(&asked->hub->lock);
    asked->failed = err != NULL;
    if (err)
        asked->err = *err;
    asked->hub->unanswered--;
    pthread_cond_broadcast(&asked->hub->moved);
    pthread_mutex_unlock(&asked->hub->lock);
}

static void submit(struct hub *hub, struct asked *asked)
{
    struct error err;
    asked->change = (struct change){ .run = run_change, .done = on_changed, .self = asked };
    pthread_mutex_lock(&hub->lock);
    hub->unanswered++;
    pthread_mutex_unlock(&hub->lock);
    if (!writer_submit(hub->writer, &asked->change, &err))
        on_changed(asked, &err);
}

static void wait_for_all(struct hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    while (hub->unanswered > 0)
        pthread_cond_wait(&hub->moved, &hub->lock);
    pthread_mutex_unlock(&hub->lock);
}

/* False: what serve.c answers with 503. */
static bool pass_stages(struct hub *hub, struct asked *asked)
{
    struct exchange *x = &asked->x;
    if (!run_reading(hub, x, hub->stages.begin, &asked->err))
        return false;
    if (x->next == SERVE_REPLY)
        return true;
    if (x->next == SERVE_WORK) {
        x->next = SERVE_REPLY;
        asked->failed = !run_reading(hub, x, hub->stages.work, &asked->err);
    }
    if (!asked->failed && x->next == SERVE_CHANGE) {
        submit(hub, asked);
        wait_for_all(hub);
    }
    struct error err;
    return run_reading(hub, x, finish_stage, &err);
}

struct exchange *hub_ask(struct hub *hub, int step)
{
    return hub_ask_again(hub, step, false);
}

/* Through a connection of its own: the log is brought into the file, and begins anew. */
static bool checkpoint(struct hub *hub)
{
    sqlite3 *sqlite = NULL;
    bool ok = sqlite3_open_v2(hub->path, &sqlite, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_exec(sqlite, "PRAGMA wal_checkpoint(RESTART)", NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(sqlite);
    return ok;
}

/* --- a crowd ------------------------------------------------------------------------------------------------------- */

/* Holds the writer until all have come. */
static bool wait_at_gate(void *self, struct txn *txn, struct error *err)
{
    struct hub *hub = self;
    (void)txn, (void)err;
    pthread_mutex_lock(&hub->lock);
    while (!hub->gate_is_open)
        pthread_cond_wait(&hub->moved, &hub->lock);
    pthread_mutex_unlock(&hub->lock);
    return true;
}

static void gate_is_past(void *self, const struct error *err)
{
    struct hub *hub = self;
    (void)err;
    pthread_mutex_lock(&hub->lock);
    hub->unanswered--;
    pthread_cond_broadcast(&hub->moved);
    pthread_mutex_unlock(&hub->lock);
}

static struct asked *crowd_member(struct hub *hub, int step, int i)
{
    const char *fields = str_z(&hub->asking, str_format(&hub->asking, "note=第%d次联系", i));
    struct str once = str_format(&hub->asking, "crowd%d", i);
    struct asked *asked = make_asked(hub, HTTP_POST, hub_step(step)->fields, fields, once);
    asked->last_id = hub->ground->last_ids[step] + i * 10;
    return asked;
}

int hub_crowd(struct hub *hub, int step, int n)
{
    struct asked *all[HUB_CROWD];
    struct change gate = { .run = wait_at_gate, .done = gate_is_past, .self = hub };
    struct error err;
    int status = 200;
    hub->gate_is_open = false;
    hub->unanswered = 1;
    if (!writer_submit(hub->writer, &gate, &err))
        BUG("the writer takes nothing");
    for (int i = 0; i < n; i++) {
        all[i] = crowd_member(hub, step, i);
        if (run_reading(hub, &all[i]->x, hub->stages.begin, &err) && all[i]->x.next == SERVE_CHANGE)
            submit(hub, all[i]);
    }
    pthread_mutex_lock(&hub->lock);
    hub->gate_is_open = true;
    pthread_cond_broadcast(&hub->moved);
    pthread_mutex_unlock(&hub->lock);
    wait_for_all(hub);
    for (int i = 0; i < n; i++) {
        if (all[i]->x.next == SERVE_CHANGE)
            (void)run_reading(hub, &all[i]->x, finish_stage, &err);
        if (all[i]->x.status != 303 && status < 500)
            status = all[i]->x.status == 0 ? 503 : all[i]->x.status;
    }
    return status;
}

static int do_other(struct hub *hub, int step)
{
    struct error err;
    if (strcmp(hub_step(step)->target, "crowd") == 0)
        return hub_crowd(hub, step, HUB_CROWD);
    if (strcmp(hub_step(step)->target, "checkpoint") == 0)
        return checkpoint(hub) ? 200 : 500;
    hub_close(hub);
    return hub_open(hub, &err) ? 200 : 500;
}

struct exchange *hub_ask_again(struct hub *hub, int step, bool is_again)
{
    arena_reset(&hub->asking);
    struct str once = str_format(&hub->asking, "once%d", step);
    struct asked *asked = make_asked(hub, hub_step(step)->method, hub_step(step)->target, hub_step(step)->fields, once);
    asked->last_id = hub->ground->last_ids[is_again && hub_step(step)->adds_again ? step + 1 : step];
    if (!hub->database && strcmp(hub_step(step)->target, "restart") != 0)
        asked->x.status = 503; /* it is not running */
    else if (hub_step(step)->method == HTTP_OTHER)
        asked->x.status = do_other(hub, step);
    else if (!pass_stages(hub, asked))
        hub->stages.refuse(hub->stages.self, &asked->x, 503);
    return &asked->x;
}

struct str hub_page(struct arena *arena, int step, const struct exchange *x)
{
    return hub_step(step)->method == HTTP_GET ? plain_text(arena, x->reply, TEXT_MAX) : (struct str){ 0 };
}

/*
 * What is read of a page when the disk fails just then: a place by its number, a person not at all (territory_name(),
 * account_name()).  That is all that may be missing.
 */
static struct str without_names(struct arena *arena, struct str text)
{
    static const struct {
        struct str name, instead;
    } names[] = {
        { STR_INIT("北滘社区居委会"), STR_INIT("440606102001") },
        { STR_INIT("顺德区"), STR_INIT("440606") },
        { STR_INIT("wang "), STR_INIT("") },
        { STR_INIT("wang"), STR_INIT("") },
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++) {
        struct buf out = buf_make(arena, TEXT_MAX);
        for (ptrdiff_t at = str_find(text, names[i].name); at >= 0; at = str_find(text, names[i].name)) {
            buf_put(&out, str_slice(text, 0, at));
            buf_put(&out, names[i].instead);
            text = str_slice(text, at + names[i].name.len, text.len);
        }
        buf_put(&out, text);
        text = buf_str(&out);
    }
    return text;
}

enum hub_answer hub_judge(const struct hub *hub, int step, const struct exchange *x)
{
    if (x->status == 500 || x->status == 503 || x->status == 507)
        return HUB_REFUSED;
    struct str page = hub_page(x->arena, step, x), wanted = hub->ground->pages[step];
    bool is_right = x->status == hub_step(step)->status &&
                    str_equal(without_names(x->arena, page), without_names(x->arena, wanted));
    return is_right ? HUB_RIGHT : HUB_WRONG;
}

void hub_print(const struct hub *hub, int step, const struct exchange *x)
{
    struct str location = reply_header(x, STR("Location"));
    printf("%s\nwanted %d: %.*s\ngot    %d: %.*s%.*s\n", hub_step(step)->target, hub_step(step)->status,
           STR_ARG(hub->ground->pages[step]), x->status, STR_ARG(location), STR_ARG(hub_page(x->arena, step, x)));
}

/* --- the installation --------------------------------------------------------------------------------------------- */

void hub_take(struct hub *hub, const struct ground *ground, const char *path)
{
    *hub = (struct hub){ .ground = ground, .app = shuniu_app(false, NULL), .ids = ground->ids, .who = ground->who };
    hub->stages = web_app(&hub->app);
    hub->path = str_z(&hub->arena, str_of(path));
    pthread_mutex_init(&hub->lock, NULL);
    pthread_cond_init(&hub->moved, NULL);
}

void hub_remove(const char *path)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
    struct arena arena = { 0 };
    for (ptrdiff_t i = 0; i < COUNT_OF(tails); i++)
        (void)unlink(str_z(&arena, str_format(&arena, "%s%s", path, tails[i])));
    arena_release(&arena);
}

void hub_place(struct hub *hub, const struct ground *ground, const char *path)
{
    hub_remove(path);
    hub_take(hub, ground, path);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(ground->file.data, 1, (size_t)ground->file.len, file) != (size_t)ground->file.len ||
        fclose(file) != 0)
        BUG("cannot write %s", path);
}

bool hub_open(struct hub *hub, struct error *err)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    if (!database_open(hub->path, schemas, shuniu_schemas(schemas), &hub->database, err))
        return false;
    database_use_keys(hub->database, hub->ground->keeper);
    if (writer_start(hub->database, &hub->ids, hub_clock, &hub->writer, err))
        return true;
    hub_close(hub);
    return false;
}

void hub_close(struct hub *hub)
{
    if (hub->writer) {
        writer_drain(hub->writer);
        writer_free(hub->writer);
    }
    database_close(hub->database);
    hub->writer = NULL;
    hub->database = NULL;
}

void hub_release(struct hub *hub)
{
    pthread_mutex_destroy(&hub->lock);
    pthread_cond_destroy(&hub->moved);
    arena_release(&hub->asking);
    arena_release(&hub->arena);
}
