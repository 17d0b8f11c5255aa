/*
 * writer.h - the one thread that changes data, with group commit.
 *
 * It takes all waiting changes (at most LIMIT_WRITER_BATCH), runs each in a savepoint of its own inside one transaction,
 * commits once, and only then answers any of them: an acknowledged change is on the disk.  A change that fails is
 * undone alone; where that cannot be, because the engine threw all away or told of it late, each is made again in a transaction of
 * its own.  A change must not wait for anything.
 */
#pragma once
#include "platform/db/db.h"

struct writer;

/* A change waiting to be made; the caller's memory until done() is called. */
struct change {
    change_fn *run;
    /* Called in the writer's thread, after the commit or the failure; err is NULL when the change is on the disk. */
    void (*done)(void *self, const struct error *err);
    void *self;
    struct error err;
    bool failed;
    struct change *next;
};

struct writer_counts {
    int64_t batches, changes, failed;
};

typedef struct instant clock_fn(void);

bool writer_start(struct database *database, struct ids *ids, clock_fn *clock, struct writer **ret,
                  struct error *err) MUST_USE;
/* False (ERROR_BUSY) when LIMIT_WRITER_QUEUE changes wait already; then done() is not called. */
bool writer_submit(struct writer *writer, struct change *change, struct error *err) MUST_USE;
struct writer_counts writer_counts(struct writer *writer);
/* Makes what waits, then ends the thread; later changes are refused as busy. */
void writer_drain(struct writer *writer);
void writer_free(struct writer *writer); /* after writer_drain() */
