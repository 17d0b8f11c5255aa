/*
 * timed.h - waiting with an end, by a clock that nobody sets: one set back does not make a rest long.
 */
#pragma once
#include "base/time.h"

#include <pthread.h>
#include <time.h>

static inline void timed_init(pthread_cond_t *cond)
{
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0 || pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(cond, &monotonic) != 0)
        BUG("no condition to wait for");
    (void)pthread_condattr_destroy(&monotonic);
}

/* Until it is signalled, or monotonic_us() is so far; false: it is. */
static inline bool timed_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_us)
{
    struct timespec until = { .tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000 };
    return pthread_cond_timedwait(cond, lock, &until) == 0;
}
