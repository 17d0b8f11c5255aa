#include "platform/serve/large.h"

#include "platform/limits.h"

#include <pthread.h>
#include <stdlib.h>

struct large {
    pthread_mutex_t lock; /* guards what follows */
    int count;
    int64_t senders[LIMIT_LARGE_BODIES];
};

struct large *large_make(void)
{
    struct large *large = calloc(1, sizeof *large); /* depcheck: allow malloc - shared by threads */
    if (!large)
        BUG("out of memory");
    pthread_mutex_init(&large->lock, NULL);
    return large;
}

bool large_take(struct large *large, int64_t sender)
{
    int of_sender = 0;
    pthread_mutex_lock(&large->lock);
    for (int i = 0; i < large->count; i++)
        of_sender += large->senders[i] == sender;
    bool has_place = large->count < LIMIT_LARGE_BODIES && of_sender < LIMIT_LARGE_BODIES_EACH;
    if (has_place)
        large->senders[large->count++] = sender;
    pthread_mutex_unlock(&large->lock);
    return has_place;
}

void large_give_back(struct large *large, int64_t sender)
{
    int i = 0;
    pthread_mutex_lock(&large->lock);
    while (i < large->count && large->senders[i] != sender)
        i++;
    if (i == large->count)
        BUG("a large body without a place");
    large->senders[i] = large->senders[--large->count];
    pthread_mutex_unlock(&large->lock);
}

void large_free(struct large *large)
{
    pthread_mutex_destroy(&large->lock);
    free(large); /* depcheck: allow malloc - see large_make */
}
