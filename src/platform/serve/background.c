#include "platform/serve/background.h"

#include "platform/limits.h"
#include "platform/serve/timed.h"

#include <pthread.h>
#include <stdlib.h>

struct background {
    struct database *database;
    struct replica *replica;
    struct writer *writer;
    struct outage *outage;
    clock_fn *clock;
    background_fn *run;
    void *self;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    bool is_stopping;
    int64_t job, done, total;
};

/* A change one waits for; the answer is guarded by the lock of its background. */
struct waiting {
    struct change change;
    struct background *background;
    change_fn *run;
    void *self;
    bool is_answered;
    bool ok;
    struct error err;
};

static void *background_main(void *self)
{
    struct background *background = self;
    background->run(background->self, background);
    return NULL;
}

struct background *background_start(struct database *database, struct replica *replica, struct writer *writer,
                                    struct outage *outage, clock_fn *clock, background_fn *run, void *self)
{
    struct background *background = calloc(1, sizeof *background); /* depcheck: allow malloc - shared by threads */
    if (!background)
        BUG("out of memory");
    background->database = database;
    background->replica = replica;
    background->writer = writer;
    background->outage = outage;
    background->clock = clock;
    background->run = run;
    background->self = self;
    pthread_mutex_init(&background->lock, NULL);
    timed_init(&background->changed);
    if (run && pthread_create(&background->thread, NULL, background_main, background) != 0)
        BUG("no thread for long work");
    return background;
}

void background_end(struct background *background)
{
    if (!background)
        return;
    pthread_mutex_lock(&background->lock);
    background->is_stopping = true;
    pthread_cond_broadcast(&background->changed);
    pthread_mutex_unlock(&background->lock);
    if (background->run)
        pthread_join(background->thread, NULL);
}

void background_free(struct background *background)
{
    if (!background)
        return;
    pthread_cond_destroy(&background->changed);
    pthread_mutex_destroy(&background->lock);
    free(background); /* depcheck: allow malloc - see background_start */
}

bool background_is_stopping(struct background *background)
{
    pthread_mutex_lock(&background->lock);
    bool is_stopping = background->is_stopping;
    pthread_mutex_unlock(&background->lock);
    return is_stopping;
}

void background_rest(struct background *background, int milliseconds)
{
    int64_t until = monotonic_us() + milliseconds * INT64_C(1000);
    pthread_mutex_lock(&background->lock);
    if (!background->is_stopping)
        (void)timed_wait(&background->changed, &background->lock, until);
    pthread_mutex_unlock(&background->lock);
}

struct instant background_now(struct background *background)
{
    return background->clock();
}

bool background_reader(struct background *background, struct db **ret, struct error *err)
{
    while (!reader_that_answers(background->database, ret, err)) {
        if (err->kind != ERROR_BUSY || !background->outage || background_is_stopping(background))
            return false;
        outage_noted(background->outage, err);
        while (outage_is_on(background->outage) && !background_is_stopping(background))
            background_rest(background, LIMIT_AWAY_MS);
    }
    return true;
}

struct replica *background_replica(struct background *background)
{
    return background->replica;
}

static void on_changed(void *self, const struct error *err)
{
    struct waiting *waiting = self;
    struct background *background = waiting->background;
    pthread_mutex_lock(&background->lock);
    waiting->is_answered = true;
    waiting->ok = err == NULL;
    if (err)
        waiting->err = *err;
    pthread_cond_broadcast(&background->changed);
    pthread_mutex_unlock(&background->lock);
}

static bool run_waiting(void *self, struct txn *txn, struct error *err)
{
    struct waiting *waiting = self;
    return waiting->run(waiting->self, txn, err);
}

bool background_change(struct background *background, change_fn *run, void *self, struct error *err)
{
    struct waiting waiting = { .background = background, .run = run, .self = self };
    waiting.change = (struct change){ .run = run_waiting, .done = on_changed, .self = &waiting };
    if (!writer_submit(background->writer, &waiting.change, err))
        return false;
    pthread_mutex_lock(&background->lock);
    while (!waiting.is_answered)
        pthread_cond_wait(&background->changed, &background->lock);
    pthread_mutex_unlock(&background->lock);
    if (!waiting.ok)
        *err = waiting.err;
    return waiting.ok;
}

void background_progress(struct background *background, int64_t job, int64_t done, int64_t total)
{
    pthread_mutex_lock(&background->lock);
    background->job = job;
    background->done = done;
    background->total = total;
    pthread_mutex_unlock(&background->lock);
}

bool background_progress_of(struct background *background, int64_t job, int64_t *ret_done, int64_t *ret_total)
{
    pthread_mutex_lock(&background->lock);
    bool is_it = background->job == job;
    *ret_done = background->done;
    *ret_total = background->total;
    pthread_mutex_unlock(&background->lock);
    return is_it;
}
