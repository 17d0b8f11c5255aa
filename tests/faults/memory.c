/*
 * memory.c - the n-th allocation fails, for every n of a script of real requests.  usage: memory [STRIDE [KIND N]]
 *
 * Decision 0002: the process may end, saying that there is no memory; a request may be refused (SQLite says so itself);
 * nothing else.  Where it ended, the next start finds whole data: what was acknowledged, or that and the change in the
 * middle.  Counted are our own allocations (arenas; --wrap=malloc) and SQLite's, which are nearly all of a request.
 */
#include "base/parse.h"
#include "faults/hub.h"
#include "faults/trial.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- allocations -------------------------------------------------------------------------------------------------- */

/* malloc() has no self: the only place for this. */
static atomic_llong calls, fails_at; /* fails_at 0: never */
static atomic_bool fails_ever_after;
static sqlite3_mem_methods engine; /* SQLite's own */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);

static bool fails(void)
{
    long long at = atomic_load(&fails_at), call = atomic_fetch_add(&calls, 1) + 1;
    return at > 0 && (call == at || (call > at && atomic_load(&fails_ever_after)));
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

static void plan(int64_t n, bool ever_after)
{
    atomic_store(&fails_ever_after, ever_after);
    atomic_store(&calls, 0);
    atomic_store(&fails_at, n);
}

static void *engine_malloc(int size)
{
    return fails() ? NULL : engine.xMalloc(size);
}

static void *engine_realloc(void *old, int size)
{
    return fails() ? NULL : engine.xRealloc(old, size);
}

static void watch_allocations(void)
{
    sqlite3_mem_methods ours;
    (void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &engine);
    ours = engine;
    ours.xMalloc = engine_malloc;
    ours.xRealloc = engine_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK)
        BUG("SQLite is in use already");
}

/* --- a trial ------------------------------------------------------------------------------------------------------ */

static const struct kind {
    const char *name, *means;
    bool ever_after;
} kinds[] = {
    { "once", "the n-th allocation fails", false },
    { "for-good", "the n-th allocation and all later ones fail", true },
};

struct memory {
    struct ground ground;
    const char *path;
    const struct kind *kind;
    int *step; /* the first that is not yet acknowledged; shared with the child, which may end at any moment */
};

static bool fails_to(const struct memory *memory, const char *what)
{
    printf("%s: step %d: %s\n", memory->kind->name, *memory->step, what);
    return false;
}

/* Refused cleanly: the same again is done, unless there is no memory for anything. */
static bool run_step(struct memory *memory, struct hub *hub, bool *ret_is_over)
{
    struct exchange *x = hub_ask(hub, *memory->step);
    enum hub_answer answer = hub_judge(hub, *memory->step, x);
    if (answer == HUB_REFUSED && !memory->kind->ever_after) {
        x = hub_ask_again(hub, *memory->step, true);
        answer = hub_judge(hub, *memory->step, x);
    }
    *ret_is_over = answer == HUB_REFUSED && memory->kind->ever_after;
    if (answer != HUB_RIGHT && !*ret_is_over)
        hub_print(hub, *memory->step, x);
    if (answer != HUB_RIGHT && !*ret_is_over)
        return fails_to(memory, str_z(x->arena, str_format(x->arena, "answered %d", x->status)));
    *memory->step += answer == HUB_RIGHT;
    return true;
}

static bool run_script(struct memory *memory, struct hub *hub)
{
    struct error err;
    bool is_over = !hub_open(hub, &err);
    if (is_over && !memory->kind->ever_after) {
        is_over = false;
        if (!hub_open(hub, &err))
            return fails_to(memory, err.detail);
    }
    while (*memory->step < hub_steps() && !is_over)
        if (!run_step(memory, hub, &is_over))
            return false;
    return true;
}

static enum trial_end try(void *self, int64_t n)
{
    struct memory *memory = self;
    struct hub hub;
    *memory->step = 0;
    hub_place(&hub, &memory->ground, memory->path);
    plan(n, memory->kind->ever_after);
    bool ok = run_script(memory, &hub);
    bool is_hit = atomic_load(&calls) >= n;
    if (!ok)
        return TRIAL_FAILED;
    return is_hit ? TRIAL_OK : TRIAL_NOT_HIT; /* without a word to the files, as if killed */
}

/* In a child of its own, as the next start. */
static enum trial_end examine(void *self, int64_t n)
{
    struct memory *memory = self;
    struct hub hub;
    struct error err;
    uint64_t digest = 0;
    (void)n;
    hub_take(&hub, &memory->ground, memory->path);
    if (!hub_open(&hub, &err))
        return fails_to(memory, err.detail), TRIAL_FAILED;
    struct str why = hub_check(&hub, &digest, &hub.arena);
    if (why.len == 0 && !hub_explains(&memory->ground, *memory->step, *memory->step == hub_steps(), digest))
        why = STR("the data is not what was acknowledged");
    hub_close(&hub);
    return why.len == 0 ? TRIAL_OK : (fails_to(memory, str_z(&hub.arena, why)), TRIAL_FAILED);
}

struct tally {
    int64_t trials, ended;
};

static bool try_one(struct memory *memory, int64_t n, bool *ret_is_hit, struct tally *tally)
{
    enum trial_end end = trial_run(try, memory, n);
    *ret_is_hit = end != TRIAL_NOT_HIT;
    tally->trials++;
    tally->ended += end == TRIAL_STOPPED;
    if (end == TRIAL_FAILED || end == TRIAL_CRASHED)
        return false;
    return trial_run(examine, memory, n) == TRIAL_OK;
}

static bool try_all(struct memory *memory, int64_t stride)
{
    enum { SHOWN_MAX = 3 };
    struct tally tally = { 0 };
    int bad = 0;
    int64_t n = 1;
    for (bool is_hit = true; is_hit && bad < SHOWN_MAX; n += stride)
        bad += !try_one(memory, n, &is_hit, &tally);
    printf("%s %td - %s: %" PRId64 " trials up to n = %" PRId64 ", in %" PRId64 " the process ended\n",
           bad == 0 ? "ok" : "not ok", memory->kind - kinds + 1, memory->kind->means, tally.trials, n - stride,
           tally.ended);
    return bad == 0;
}

static bool run_all(struct memory *memory, int64_t stride)
{
    bool ok = true;
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++) {
        memory->kind = &kinds[i];
        ok = try_all(memory, stride) && ok;
    }
    printf("1..%td\n", COUNT_OF(kinds));
    return ok;
}

static bool run_one(struct memory *memory, struct str name, int64_t n)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++) {
        memory->kind = &kinds[i];
        if (str_equal(name, str_of(kinds[i].name)))
            return try(memory, n) == TRIAL_OK;
    }
    return false;
}

int main(int argc, char **argv)
{
    int64_t stride = 1, n = 0;
    char folder[] = "/tmp/shuniu-memory-XXXXXX";
    struct memory memory = { 0 };
    bool is_one = argc == 4 && parse_int(str_of(argv[3]), 1, INT64_MAX, &n);
    if ((argc > 1 && !parse_int(str_of(argv[1]), 1, 1000000, &stride)) || (argc > 2 && !is_one) || !mkdtemp(folder))
        return 2;
    watch_allocations();
    ground_prepare(&memory.ground, folder);
    memory.path = str_z(&memory.ground.arena, str_format(&memory.ground.arena, "%s/shuniu.db", folder));
    memory.step = mmap(NULL, sizeof *memory.step, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory.step == MAP_FAILED)
        BUG("no shared page");
    bool ok = is_one ? run_one(&memory, str_of(argv[2]), n) : run_all(&memory, stride);
    hub_remove(memory.path);
    ground_release(&memory.ground);
    (void)rmdir(folder);
    return ok ? 0 : 1;
}
