/*
 * pool.h - a few threads for slow things: password hashing, imports, exports.  Nothing slow runs elsewhere.
 */
#pragma once
#include "base/error.h"

struct pool;

/* A task waiting for a worker; the caller's memory until run() is called. */
struct task {
    void (*run)(void *self);
    void *self;
    struct task *next;
};

struct pool *pool_start(int threads);
/* False (ERROR_BUSY) when LIMIT_WORKER_QUEUE tasks wait already. */
bool pool_submit(struct pool *pool, struct task *task, struct error *err) MUST_USE;
/* Runs what waits, then ends the threads; later tasks are refused as busy. */
void pool_drain(struct pool *pool);
void pool_free(struct pool *pool); /* after pool_drain() */
