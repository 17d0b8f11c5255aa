/*
 * disk.h - a disk that fails when told to: an SQLite VFS between the engine and the real one.
 *
 * Every write is done to the real file, and remembered with whether a sync has followed it; so after a power cut the
 * files can be made what a machine would find: what was synced, and of the rest nothing or any part of it, in sectors.
 * A sync that fails has lost its writes: they can still be read, and no later sync brings them to the disk (so Linux
 * does it).  Locks and the shared memory of the log are passed through.  The product does not know of any of this:
 * disk_start() makes it the default before the data is opened.
 */
#pragma once
#include "base/compiler.h"

enum disk_fault {
    DISK_WORKS,
    DISK_FAILS,  /* one call fails, and nothing of it is done */
    DISK_SHORT,  /* one reading or writing call fails in its middle */
    DISK_BROKEN, /* a call and all later ones fail, until disk_mend() */
    DISK_FULL,   /* a write and all later ones end in the middle, until disk_mend(); the rest works */
    DISK_CUT,    /* the power goes at this call; disk_restart() */
    DISK_LIES,   /* a sync and all later ones say that they have worked, and have done nothing */
};

struct disk;

struct disk *disk_start(void);
void disk_stop(struct disk *disk);
/* From now on: the fault comes with the n-th call that it can hit, counted from 1. */
void disk_plan(struct disk *disk, enum disk_fault fault, int64_t n);
bool disk_has_failed(struct disk *disk); /* since then: the n-th call has come */
void disk_mend(struct disk *disk);
void disk_cut(struct disk *disk); /* now */
void disk_sync(struct disk *disk); /* as sync(1): all that was written is on the disk */
/*
 * With all files closed: leaves what is on the disk after the cut, and works again.  seed 0: nothing that was not synced;
 * else a random part of it.
 */
void disk_restart(struct disk *disk, uint64_t seed);
