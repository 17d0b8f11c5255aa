#include "platform/serve/outage.h"

#include "platform/limits.h"
#include "platform/serve/log.h"
#include "platform/serve/timed.h"

#include <pthread.h>
#include <stdlib.h>

struct outage {
    struct database *database;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    bool is_on, is_stopping;
    int64_t since_ms;
    struct outage_waiter *first;
};

bool reader_that_answers(struct database *database, struct db **ret, struct error *err)
{
    struct db *db;
    if (!database_reader(database, &db, err))
        return false;
    if (db_snapshot_begin(db, err)) {
        db_snapshot_end(db);
        *ret = db;
        return true;
    }
    db_release(db);
    return false;
}

static bool answers(struct database *database)
{
    struct db *db;
    struct error err;
    bool ok = reader_that_answers(database, &db, &err);
    if (ok)
        db_release(db);
    return ok;
}

/* Takes those out whose time has come; all of them if there is nothing to wait for. */
static struct outage_waiter *take(struct outage *outage, bool is_all)
{
    int64_t now = monotonic_ms();
    struct outage_waiter *taken = NULL, **at = &outage->first;
    while (*at) {
        struct outage_waiter *waiter = *at;
        if (!is_all && now < waiter->until_ms) {
            at = &waiter->next;
            continue;
        }
        *at = waiter->next;
        waiter->next = taken;
        taken = waiter;
    }
    return taken;
}

static void let_go(struct outage_waiter *first)
{
    for (struct outage_waiter *waiter = first; waiter;) {
        struct outage_waiter *next = waiter->next; /* done() gives the memory back */
        waiter->done(waiter->self);
        waiter = next;
    }
}

static void rest(struct outage *outage)
{
    if (!outage->is_stopping)
        (void)timed_wait(&outage->changed, &outage->lock, monotonic_us() + LIMIT_AWAY_MS * 1000);
}

/* With the lock, which is open while it asks. */
static void ask(struct outage *outage)
{
    pthread_mutex_unlock(&outage->lock);
    bool is_back = answers(outage->database);
    pthread_mutex_lock(&outage->lock);
    if (is_back && outage->is_on) {
        outage->is_on = false;
        log_event("info", "database", "it answers again, after %lld s", (long long)(monotonic_ms() - outage->since_ms) / 1000);
    }
    struct outage_waiter *taken = take(outage, is_back || outage->is_stopping);
    pthread_mutex_unlock(&outage->lock);
    let_go(taken);
    pthread_mutex_lock(&outage->lock);
}

static void *outage_main(void *self)
{
    struct outage *outage = self;
    pthread_mutex_lock(&outage->lock);
    while (!outage->is_stopping) {
        if (!outage->is_on && !outage->first) {
            pthread_cond_wait(&outage->changed, &outage->lock);
            continue;
        }
        rest(outage);
        ask(outage);
    }
    struct outage_waiter *left = take(outage, true);
    pthread_mutex_unlock(&outage->lock);
    let_go(left);
    return NULL;
}

struct outage *outage_start(struct database *database)
{
    struct outage *outage = calloc(1, sizeof *outage); /* depcheck: allow malloc - shared by threads */
    if (!outage)
        BUG("out of memory");
    outage->database = database;
    pthread_mutex_init(&outage->lock, NULL);
    timed_init(&outage->changed);
    if (pthread_create(&outage->thread, NULL, outage_main, outage) != 0)
        BUG("no thread to ask for the database");
    return outage;
}

void outage_noted(struct outage *outage, const struct error *why)
{
    pthread_mutex_lock(&outage->lock);
    if (!outage->is_on) {
        outage->is_on = true;
        outage->since_ms = monotonic_ms();
        log_event("error", "database", "it does not answer: %s", why->detail);
        pthread_cond_signal(&outage->changed);
    }
    pthread_mutex_unlock(&outage->lock);
}

bool outage_is_on(struct outage *outage)
{
    pthread_mutex_lock(&outage->lock);
    bool is_on = outage->is_on;
    pthread_mutex_unlock(&outage->lock);
    return is_on;
}

bool outage_wait(struct outage *outage, struct outage_waiter *waiter)
{
    pthread_mutex_lock(&outage->lock);
    bool may_wait = !outage->is_stopping;
    if (may_wait) {
        waiter->until_ms = monotonic_ms() + LIMIT_AWAY_WAIT_SECONDS * 1000;
        waiter->next = outage->first;
        outage->first = waiter;
        pthread_cond_signal(&outage->changed);
    }
    pthread_mutex_unlock(&outage->lock);
    return may_wait;
}

void outage_drain(struct outage *outage)
{
    pthread_mutex_lock(&outage->lock);
    outage->is_stopping = true;
    pthread_cond_signal(&outage->changed);
    pthread_mutex_unlock(&outage->lock);
    pthread_join(outage->thread, NULL);
}

void outage_free(struct outage *outage)
{
    pthread_cond_destroy(&outage->changed);
    pthread_mutex_destroy(&outage->lock);
    free(outage); /* depcheck: allow malloc - see outage_start */
}
