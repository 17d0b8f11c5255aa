#include "platform/crypt/keeper.h"

#include "platform/crypt/key_file.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

/* What tells one state of the file from another; all of one width, so that it can be compared as bytes. */
struct state {
    int64_t device, inode, size, mode, owner, written, changed; /* the last two in nanoseconds */
};

enum { PATH_BYTES = 4096 };

struct keeper {
    char path[PATH_BYTES];
    keeper_fault_fn *on_fault;
    pthread_mutex_t lock; /* guards what follows */
    keeper_check_fn *check; /* NULL: nobody asks the data */
    void *check_self;
    struct state read;    /* of the file the ring is of */
    struct state refused; /* of the file whose fault was told */
    bool has_refused;
    bool is_final; /* reading that one again would say the same */
    struct key_ring *ring;
};

static int64_t nanoseconds(struct timespec at)
{
    return at.tv_sec * INT64_C(1000000000) + at.tv_nsec;
}

static struct state state_of(const char *path)
{
    struct stat stat_of;
    if (stat(path, &stat_of) != 0)
        return (struct state){ 0 };
    return (struct state){ .device = (int64_t)stat_of.st_dev,
                           .inode = (int64_t)stat_of.st_ino,
                           .size = stat_of.st_size,
                           .mode = stat_of.st_mode,
                           .owner = stat_of.st_uid,
                           .written = nanoseconds(stat_of.st_mtim),
                           .changed = nanoseconds(stat_of.st_ctim) };
}

bool keeper_open(const char *path, keeper_fault_fn *on_fault, struct keeper **ret, struct error *err)
{
    struct state state = state_of(path);
    struct key_ring *ring;
    if (strlen(path) >= PATH_BYTES)
        return error_fail(err, ERROR_LIMIT, "the name of the key file is too long");
    if (!key_file_read(path, &ring, err))
        return false;
    struct keeper *keeper = sodium_malloc(sizeof *keeper);
    if (!keeper)
        BUG("out of memory");
    memset(keeper, 0, sizeof *keeper);
    (void)snprintf(keeper->path, sizeof keeper->path, "%s", path);
    keeper->on_fault = on_fault;
    keeper->read = state;
    keeper->ring = ring;
    pthread_mutex_init(&keeper->lock, NULL);
    *ret = keeper;
    return true;
}

static bool read_ring(const struct keeper *keeper, struct key_ring **ret, struct error *err)
{
    struct key_ring *ring;
    if (!key_file_read(keeper->path, &ring, err))
        return false;
    if (key_ring_contradicts(ring, keeper->ring)) {
        key_ring_free(ring);
        return error_fail(err, ERROR_INPUT, "%s has other keys under the same numbers: it is of another installation, or made anew",
                          keeper->path);
    }
    if (keeper->check && !keeper->check(keeper->check_self, ring, err)) {
        key_ring_free(ring);
        return false;
    }
    *ret = ring;
    return true;
}

/* state was taken before reading: what is written meanwhile is seen the next time. */
static void read_again(struct keeper *keeper, struct state state)
{
    struct error err;
    struct key_ring *ring;
    bool is_refused = keeper->has_refused && memcmp(&state, &keeper->refused, sizeof state) == 0;
    if (is_refused && keeper->is_final)
        return;
    if (!read_ring(keeper, &ring, &err)) {
        if (keeper->on_fault && !is_refused)
            keeper->on_fault(&err);
        keeper->refused = state;
        keeper->has_refused = true;
        keeper->is_final = err.kind == ERROR_INPUT;
        return;
    }
    keeper->read = state;
    keeper->has_refused = false;
    if (key_ring_equal(ring, keeper->ring)) {
        key_ring_free(ring); /* a file written anew every night must not fill the memory */
    } else {
        ring->older = keeper->ring;
        keeper->ring = ring;
    }
}

void keeper_check(struct keeper *keeper, keeper_check_fn *check, void *self)
{
    pthread_mutex_lock(&keeper->lock);
    keeper->check = check;
    keeper->check_self = self;
    pthread_mutex_unlock(&keeper->lock);
}

const struct key_ring *keeper_ring(struct keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    struct state state = state_of(keeper->path);
    if (memcmp(&state, &keeper->read, sizeof state) != 0)
        read_again(keeper, state);
    const struct key_ring *ring = keeper->ring;
    pthread_mutex_unlock(&keeper->lock);
    return ring;
}

void keeper_close(struct keeper *keeper)
{
    if (!keeper)
        return;
    while (keeper->ring) {
        struct key_ring *ring = keeper->ring;
        keeper->ring = ring->older;
        key_ring_free(ring);
    }
    pthread_mutex_destroy(&keeper->lock);
    sodium_free(keeper);
}
