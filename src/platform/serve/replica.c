#include "platform/serve/replica.h"

#include "platform/limits.h"
#include "platform/serve/log.h"

#include <pthread.h>

struct replica {
    struct arena arena; /* holds the struct itself */
    const char *place;
    struct keeper *keeper;
    pthread_mutex_t lock; /* guards what follows */
    struct database *database; /* NULL: not reached yet */
    int64_t rests_until; /* in seconds of a clock that nobody sets */
};

struct replica *replica_make(const char *place, struct keeper *keeper)
{
    struct arena arena = { 0 };
    if (!place)
        return NULL;
    struct replica *replica = arena_new(&arena, struct replica, 1);
    *replica = (struct replica){ .place = place, .keeper = keeper };
    replica->arena = arena;
    pthread_mutex_init(&replica->lock, NULL);
    return replica;
}

void replica_free(struct replica *replica)
{
    if (!replica)
        return;
    database_close(replica->database);
    pthread_mutex_destroy(&replica->lock);
    struct arena arena = replica->arena;
    arena_release(&arena);
}

static void rest(struct replica *replica, const struct error *why)
{
    pthread_mutex_lock(&replica->lock);
    replica->rests_until = monotonic_ms() + LIMIT_REPLICA_REST_SECONDS * 1000;
    pthread_mutex_unlock(&replica->lock);
    log_event("warning", "replica", "passed by for %d s: %s", LIMIT_REPLICA_REST_SECONDS, why->detail);
}

/* The first to ask opens it; meanwhile the others pass it by, as this takes its time where nobody answers. */
static struct database *reached(struct replica *replica)
{
    struct error err;
    struct database *opened;
    pthread_mutex_lock(&replica->lock);
    bool is_resting = monotonic_ms() < replica->rests_until;
    struct database *database = is_resting ? NULL : replica->database;
    bool must_open = !is_resting && !database;
    if (must_open)
        replica->rests_until = monotonic_ms() + LIMIT_REPLICA_REST_SECONDS * 1000;
    pthread_mutex_unlock(&replica->lock);
    if (!must_open)
        return database;
    if (!database_open_replica(replica->place, &opened, &err)) {
        rest(replica, &err);
        return NULL;
    }
    database_use_keys(opened, replica->keeper);
    pthread_mutex_lock(&replica->lock);
    replica->database = opened;
    replica->rests_until = 0;
    pthread_mutex_unlock(&replica->lock);
    return opened;
}

bool replica_begin(struct replica *replica, struct db **ret)
{
    struct error err;
    struct db *db = NULL;
    struct database *database = replica ? reached(replica) : NULL;
    if (!database)
        return false;
    bool ok = database_reader(database, &db, &err) && db_snapshot_begin(db, &err);
    if (ok) {
        *ret = db;
        return true;
    }
    db_release(db);
    rest(replica, &err);
    return false;
}

void replica_end(struct db *db)
{
    db_snapshot_end(db);
    db_release(db);
}
