#include "unit/jobs_world.h"

#include "harness/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <dirent.h>
#include <sodium.h>
#include <unistd.h>

struct jobs_world world;

void ok(bool is_ok)
{
    if (!is_ok)
        fail_msg("%s: %s (%s:%d)", error_kind_name(world.err.kind), world.err.detail, world.err.file, world.err.line);
}

const char *world_path(const char *name)
{
    return str_z(&world.arena, str_format(&world.arena, "%s/%s", world.folder, name));
}

static void start_threads(void)
{
    ok(writer_start(world.database, &world.ids, world.clock, &world.writer, &world.err));
    world.background = background_start(world.database, NULL, world.writer, NULL, world.clock, NULL, NULL);
}

static void stop_threads(void)
{
    background_end(world.background);
    writer_drain(world.writer);
    writer_free(world.writer);
    background_free(world.background);
}

void world_restart(void)
{
    stop_threads();
    start_threads();
}

int world_begin(const struct schema *const *schemas, int schema_count, const struct feature *const *features,
                int feature_count, clock_fn *clock)
{
    world = (struct jobs_world){ .folder = "/tmp/shuniu-jobs-XXXXXX",
                                 .ids = { .is_counting = true },
                                 .clock = clock,
                                 .app = { .features = features, .feature_count = feature_count } };
    if (sodium_init() < 0 || !mkdtemp(world.folder))
        return -1;
    ok(database_open(test_place(&world.arena, world_path("data.db")), schemas, schema_count, &world.database, &world.err));
    world.keeper = test_keys(&world.arena, world.folder);
    database_use_keys(world.database, world.keeper);
    start_threads();
    return 0;
}

int world_end(void)
{
    stop_threads();
    database_close(world.database);
    keeper_close(world.keeper);
    DIR *folder = opendir(world.folder);
    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder))
        (void)unlink(world_path(entry->d_name));
    if (folder)
        (void)closedir(folder);
    arena_release(&world.arena);
    return rmdir(world.folder);
}

struct db *world_reader(void)
{
    struct db *db;
    ok(database_reader(world.database, &db, &world.err));
    return db;
}

bool world_change(change_fn *change, void *self)
{
    return background_change(world.background, change, self, &world.err);
}

/* --- jobs --------------------------------------------------------------------------------------------------------- */

struct asking {
    struct new_job job;
    struct job_id id;
    const struct job *go_on, *cancel;
};

static bool ask(void *self, struct txn *txn, struct error *err)
{
    struct asking *asking = self;
    if (asking->go_on)
        return job_go_on(txn, asking->go_on, 2, err);
    if (asking->cancel)
        return job_cancel(txn, asking->cancel, err);
    return job_start(txn, &asking->job, &asking->id, err);
}

struct job_id job_started(struct new_job job)
{
    struct asking asking = { .job = job };
    ok(world_change(ask, &asking));
    return asking.id;
}

bool job_continued(const struct job *job)
{
    return world_change(ask, &(struct asking){ .go_on = job });
}

bool job_cancelled(const struct job *job)
{
    return world_change(ask, &(struct asking){ .cancel = job });
}

struct job job_found(struct account_id account, int64_t district, struct job_id id)
{
    struct job job;
    struct db *db = world_reader();
    ok(job_find(db, account, district, id, &world.arena, &job, &world.err));
    db_release(db);
    return job;
}

bool job_run_one(void)
{
    bool ran;
    bool is_ok = jobs_run_next(&world.app, world.background, &ran, &world.err);
    return is_ok && ran;
}
