#include "platform/serve/watch.h"

#include "base/time.h"
#include "platform/limits.h"
#include "platform/serve/timed.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Descriptors are small numbers: the table is indexed by them; higher ones than these are refused by the limits. */
enum { SOCKETS = LIMIT_CONNECTIONS + 512, TICK_MS = 250 };

struct watch {
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t stopping;
    bool is_stopping;
    int64_t deadline_ms[SOCKETS]; /* 0: none */
    bool is_reply[SOCKETS];
    pthread_t thread;
};

static void sweep(struct watch *watch)
{
    int64_t now = monotonic_ms();
    for (int socket = 0; socket < SOCKETS; socket++) {
        if (watch->deadline_ms[socket] == 0 || watch->deadline_ms[socket] > now)
            continue;
        (void)shutdown(socket, SHUT_RDWR); /* the server notices and closes it */
        watch->deadline_ms[socket] = 0;
    }
}

static void *watch_main(void *self)
{
    struct watch *watch = self;
    pthread_mutex_lock(&watch->lock);
    while (!watch->is_stopping) {
        (void)timed_wait(&watch->stopping, &watch->lock, monotonic_us() + TICK_MS * INT64_C(1000));
        sweep(watch);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

struct watch *watch_start(void)
{
    struct watch *watch = calloc(1, sizeof *watch); /* depcheck: allow malloc - shared by threads */
    if (!watch)
        BUG("out of memory");
    pthread_mutex_init(&watch->lock, NULL);
    timed_init(&watch->stopping);
    if (pthread_create(&watch->thread, NULL, watch_main, watch) != 0)
        BUG("no thread for the watchdog");
    return watch;
}

static void put(struct watch *watch, int socket, int64_t deadline_ms, bool is_reply)
{
    if (socket < 0 || socket >= SOCKETS)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->deadline_ms[socket] = deadline_ms;
    watch->is_reply[socket] = is_reply;
    pthread_mutex_unlock(&watch->lock);
}

void watch_set(struct watch *watch, int socket, int seconds)
{
    put(watch, socket, monotonic_ms() + (int64_t)seconds * 1000, false);
}

void watch_reply(struct watch *watch, int socket, int seconds)
{
    put(watch, socket, monotonic_ms() + (int64_t)seconds * 1000, true);
}

void watch_clear(struct watch *watch, int socket)
{
    put(watch, socket, 0, false);
}

void watch_hurry(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    for (int socket = 0; socket < SOCKETS; socket++)
        if (watch->deadline_ms[socket] > 0 && !watch->is_reply[socket])
            watch->deadline_ms[socket] = 1;
    pthread_mutex_unlock(&watch->lock);
}

void watch_stop(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    watch->is_stopping = true;
    pthread_cond_signal(&watch->stopping);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->stopping);
    pthread_mutex_destroy(&watch->lock);
    free(watch); /* depcheck: allow malloc - see watch_start */
}
