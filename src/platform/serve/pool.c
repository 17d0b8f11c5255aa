#include "platform/serve/pool.h"

#include "platform/limits.h"

#include <pthread.h>
#include <stdlib.h>

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct task *first, *last;
    int waiting;
    bool is_stopping;
    int thread_count;
    pthread_t threads[];
};

static struct task *take(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (!pool->first && !pool->is_stopping)
        pthread_cond_wait(&pool->arrived, &pool->lock);
    struct task *task = pool->first;
    if (task) {
        pool->first = task->next;
        if (!pool->first)
            pool->last = NULL;
        pool->waiting--;
    }
    pthread_mutex_unlock(&pool->lock);
    return task;
}

static void *pool_main(void *self)
{
    struct pool *pool = self;
    for (struct task *task = take(pool); task; task = take(pool))
        task->run(task->self);
    return NULL;
}

struct pool *pool_start(int threads)
{
    struct pool *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof pool->threads[0]); /* depcheck: allow malloc - shared by threads */
    if (!pool)
        BUG("out of memory");
    pool->thread_count = threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->arrived, NULL);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&pool->threads[i], NULL, pool_main, pool) != 0)
            BUG("no thread for a worker");
    return pool;
}

bool pool_submit(struct pool *pool, struct task *task, struct error *err)
{
    task->next = NULL;
    pthread_mutex_lock(&pool->lock);
    bool is_full = pool->waiting >= LIMIT_WORKER_QUEUE || pool->is_stopping;
    if (!is_full) {
        if (pool->last)
            pool->last->next = task;
        else
            pool->first = task;
        pool->last = task;
        pool->waiting++;
        pthread_cond_signal(&pool->arrived);
    }
    pthread_mutex_unlock(&pool->lock);
    return !is_full || error_fail(err, ERROR_BUSY, "too many tasks wait");
}

void pool_drain(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->is_stopping = true;
    pthread_cond_broadcast(&pool->arrived);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->thread_count; i++)
        pthread_join(pool->threads[i], NULL);
}

void pool_free(struct pool *pool)
{
    pthread_cond_destroy(&pool->arrived);
    pthread_mutex_destroy(&pool->lock);
    free(pool); /* depcheck: allow malloc - see pool_start */
}
