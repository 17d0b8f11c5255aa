/*
 * storage.c - the disk fails at the n-th call, for every n of a script of real changes.  usage: storage [STRIDE [FAULT N]]
 *
 * Whatever the fault: a request is answered rightly or refused cleanly (500, 503, 507), nothing stops, and nobody reads
 * anything wrong.  Where the fault passes, what was refused is asked for again at once, is done, and the data in the end
 * is that of an undisturbed run.  Every trial ends with a power cut.  Where the power went in the middle, the data is
 * that of an undisturbed run as far as it was acknowledged, or with the change in the middle: never half of it.
 */
#include "base/parse.h"
#include "faults/disk.h"
#include "faults/hub.h"
#include "faults/trial.h"

#include <inttypes.h>
#include <unistd.h>

/* One row for each way to fail; the power cut also with a random part of what was not synced. */
struct kind {
    const char *name, *means;
    enum disk_fault fault;
    uint64_t seed; /* of what remains after the cut; 0: only what was synced */
};

static const struct kind kinds[] = {
    { "fails", "the n-th call fails", DISK_FAILS, 0 },
    { "short", "the n-th read or write ends in its middle", DISK_SHORT, 0 },
    { "broken", "all calls from the n-th on fail, for a while", DISK_BROKEN, 0 },
    { "full", "no write from the n-th on has room, for a while", DISK_FULL, 0 },
    { "cut", "the power goes at the n-th call, and what was not synced is gone", DISK_CUT, 0 },
    { "torn", "the same, and any part of what was not synced is there", DISK_CUT, 20261124 },
};

/* Nothing can be done about this one: it must be found out, or the others prove nothing. */
static const struct kind lies = { "lies", "a disk that says it has synced and has not", DISK_LIES, 0 };

struct storage {
    struct ground ground;
    const char *path;
    const struct kind *kind;
};

/* A trial, in its process. */
struct run {
    const struct storage *storage;
    struct disk *disk;
    struct hub hub;
    int step; /* the first that is not yet done */
};

static bool fails_at(const struct run *run, const char *what)
{
    printf("%s: step %d: %s\n", run->storage->kind->name, run->step, what);
    return false;
}

/* --- while it runs ------------------------------------------------------------------------------------------------ */

/* A disk that is full can still be read. */
static bool others_go_on(struct run *run)
{
    int last = hub_steps() - 1;
    struct exchange *x = hub_ask(&run->hub, last);
    bool is_full = run->storage->kind->fault == DISK_FULL;
    if (x->status != 200 && (is_full || x->status < 500))
        return fails_at(run, str_z(x->arena, str_format(x->arena, "beside it a page is answered %d", x->status)));
    return true;
}

/* Refused: unless the fault is over already it ends now, and the same again must be done. */
static bool try_again(struct run *run)
{
    if (!others_go_on(run))
        return false;
    disk_mend(run->disk);
    struct exchange *x = hub_ask_again(&run->hub, run->step, true);
    if (hub_judge(&run->hub, run->step, x) == HUB_RIGHT)
        return true;
    return fails_at(run, str_z(x->arena, str_format(x->arena, "asked again: %d", x->status)));
}

static bool run_step(struct run *run)
{
    struct exchange *x = hub_ask(&run->hub, run->step);
    enum hub_answer answer = hub_judge(&run->hub, run->step, x);
    if (answer == HUB_WRONG)
        hub_print(&run->hub, run->step, x);
    if (answer == HUB_WRONG)
        return fails_at(run, str_z(x->arena, str_format(x->arena, "a wrong answer: %d", x->status)));
    if (answer == HUB_REFUSED && !disk_has_failed(run->disk))
        return fails_at(run, "refused, and nothing had failed");
    if (answer == HUB_REFUSED && run->storage->kind->fault != DISK_CUT && !try_again(run))
        return false;
    bool is_dead = answer == HUB_REFUSED && run->storage->kind->fault == DISK_CUT;
    run->step += !is_dead;
    return true;
}

/* True also if the power has gone. */
static bool run_script(struct run *run)
{
    struct error err;
    bool is_open = hub_open(&run->hub, &err);
    if (!is_open && run->storage->kind->fault == DISK_CUT)
        return true;
    if (!is_open) {
        disk_mend(run->disk);
        if (!hub_open(&run->hub, &err))
            return fails_at(run, err.detail);
    }
    int before = -1;
    while (run->step < hub_steps() && run->step != before) {
        before = run->step;
        if (!run_step(run))
            return false;
    }
    return true;
}

/* --- afterwards --------------------------------------------------------------------------------------------------- */

/* The machine starts again; the shared memory of the log may hold anything. */
static void restart(struct run *run)
{
    char shm[100];
    disk_cut(run->disk);
    hub_close(&run->hub);
    disk_restart(run->disk, run->storage->kind->seed);
    (void)snprintf(shm, sizeof shm, "%s-shm", run->storage->path);
    FILE *file = fopen(shm, "wb");
    for (int i = 0; file && i < 32 * 1024; i++)
        (void)fputc(i * 7 + 1, file);
    if (file)
        (void)fclose(file);
}

static bool check_data(struct run *run)
{
    struct error err;
    struct arena arena = { 0 };
    uint64_t digest = 0;
    struct str why = { 0 };
    if (!hub_open(&run->hub, &err))
        why = str_format(&arena, "after the start: %s", err.detail);
    else
        why = hub_check(&run->hub, &digest, &arena);
    if (why.len == 0 && !hub_explains(&run->storage->ground, run->step, run->step == hub_steps(), digest))
        why = STR("the data is not what was acknowledged");
    bool ok = why.len == 0 || fails_at(run, str_z(&arena, why));
    hub_close(&run->hub);
    arena_release(&arena);
    return ok;
}

static enum trial_end try(void *self, int64_t n)
{
    struct storage *storage = self;
    struct run run = { .storage = storage, .disk = disk_start() };
    hub_place(&run.hub, &storage->ground, storage->path);
    disk_plan(run.disk, storage->kind->fault, n);
    bool ok = run_script(&run);
    bool is_hit = disk_has_failed(run.disk);
    if (ok) {
        restart(&run);
        ok = check_data(&run);
    }
    hub_release(&run.hub);
    disk_stop(run.disk);
    if (!ok)
        return TRIAL_FAILED;
    return is_hit ? TRIAL_OK : TRIAL_NOT_HIT;
}

/* Every stride-th call, from the first to the last that comes. */
static bool try_all(struct storage *storage, int64_t stride)
{
    enum { SHOWN_MAX = 3 };
    int64_t n = 1, trials = 0;
    int bad = 0;
    for (enum trial_end end = TRIAL_OK; end != TRIAL_NOT_HIT && bad < SHOWN_MAX; n += stride) {
        end = trial_run(try, storage, n);
        bad += end != TRIAL_OK && end != TRIAL_NOT_HIT;
        trials++;
    }
    printf("%s %td - %s: %s, %" PRId64 " trials up to n = %" PRId64 "\n", bad == 0 ? "ok" : "not ok",
           storage->kind - kinds + 1, storage->kind->name, storage->kind->means, trials, n - stride);
    return bad == 0;
}

static bool find_out(struct storage *storage)
{
    storage->kind = &lies;
    bool ok = trial_run(try, storage, 1) == TRIAL_FAILED;
    printf("%s %td - %s is found out\n", ok ? "ok" : "not ok", COUNT_OF(kinds) + 1, lies.means);
    return ok;
}

static bool try_one(struct storage *storage, struct str name, int64_t n)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++) {
        storage->kind = &kinds[i];
        if (str_equal(name, str_of(kinds[i].name)))
            return try(storage, n) == TRIAL_OK;
    }
    return false;
}

static bool run_all(struct storage *storage, int64_t stride)
{
    bool ok = true;
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++) {
        storage->kind = &kinds[i];
        ok = try_all(storage, stride) && ok;
    }
    ok = find_out(storage) && ok;
    printf("1..%td\n", COUNT_OF(kinds) + 1);
    return ok;
}

int main(int argc, char **argv)
{
    int64_t stride = 1, n = 0;
    char folder[] = "/tmp/shuniu-storage-XXXXXX";
    struct storage storage = { 0 };
    bool is_one = argc == 4 && parse_int(str_of(argv[3]), 1, INT64_MAX, &n);
    if ((argc > 1 && !parse_int(str_of(argv[1]), 1, 1000000, &stride)) || (argc > 2 && !is_one) || !mkdtemp(folder))
        return 2;
    ground_prepare(&storage.ground, folder);
    storage.path = str_z(&storage.ground.arena, str_format(&storage.ground.arena, "%s/shuniu.db", folder));
    bool ok = is_one ? try_one(&storage, str_of(argv[2]), n) : run_all(&storage, stride);
    hub_remove(storage.path);
    ground_release(&storage.ground);
    (void)rmdir(folder);
    return ok ? 0 : 1;
}
