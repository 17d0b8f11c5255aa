/*
 * territory.c - the CSV of another tree of divisions.  It is loaded as a whole or refused; either way it is undone here,
 * so that each input meets an empty database.
 */
#include "features/territory/territory.h"
#include "fuzz/fuzz.h"
#include "harness/world.h"
#include "platform/limits.h"
#include "shuniu/features.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct place {
    char folder[40], data[64];
    struct database *database;
    struct db *writer;
    struct ids ids;
};

static struct place place = { .folder = "/tmp/shuniu-fuzz-XXXXXX", .ids = { .is_counting = true } };

static void close_place(void)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char path[80];
    db_release(place.writer);
    database_close(place.database);
    for (int i = 0; i < COUNT_OF(endings); i++) {
        (void)snprintf(path, sizeof path, "%s%s", place.data, endings[i]);
        (void)unlink(path);
    }
    (void)rmdir(place.folder);
}

static void open_place(void)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    struct error err;
    if (place.database)
        return;
    if (!mkdtemp(place.folder))
        BUG("no temporary folder");
    (void)snprintf(place.data, sizeof place.data, "%s/shuniu.db", place.folder);
    must(database_open(place.data, schemas, shuniu_schemas(schemas), &place.database, &err), &err);
    must(database_writer(place.database, &place.writer, &err), &err);
    (void)atexit(close_place);
}

struct loading {
    char path[64];
    struct territory_counts counts;
};

/* Never true, so that nothing stays. */
static bool load(void *self, struct txn *txn, struct error *err)
{
    struct loading *loading = self;
    const int64_t *counts = loading->counts.at_level;
    if (territory_load_csv(txn, loading->path, NULL, NULL, &loading->counts, err)) {
        if (counts[DIVISION_NATION] != 1 || counts[DIVISION_PROVINCE] < 1)
            BUG("a tree without a root");
        return error_fail(err, ERROR_REFUSED, "loaded");
    }
    if (err->kind != ERROR_INPUT && err->kind != ERROR_LIMIT)
        BUG("%s", err->detail);
    return false;
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct loading loading = { .counts = { .at_level = { 0 } } };
    struct instant now = { INT64_C(1795482000) * 1000000 };
    struct error err;
    (void)arena;
    open_place();
    int fd = memfd_create("tree", MFD_CLOEXEC);
    if (fd < 0 || write(fd, input.data, (size_t)input.len) != (ssize_t)input.len)
        BUG("no file in memory");
    (void)snprintf(loading.path, sizeof loading.path, "/proc/self/fd/%d", fd);
    if (txn_run(place.writer, &place.ids, now, load, &loading, &err))
        BUG("not undone");
    (void)close(fd);
}
