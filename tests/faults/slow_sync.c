/*
 * slow_sync.c - for LD_PRELOAD: every fsync and fdatasync takes SHUNIU_SYNC_US microseconds more, 2000 if it is not said.
 *
 * So a disk here is as slow as the one a figure is given for.  No source of the program knows of it.
 */
#include "base/compiler.h"

#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

static int sync_slowly(const char *name, int fd)
{
    int (*real)(int) = NULL;
    void *found = dlsym(RTLD_NEXT, name);
    const char *said = getenv("SHUNIU_SYNC_US");
    long us = said ? strtol(said, NULL, 10) : 2000;
    struct timespec pause = { us / 1000000, us % 1000000 * 1000 };
    memcpy(&real, &found, sizeof real);
    (void)nanosleep(&pause, NULL);
    return real(fd);
}

int fsync(int fd)
{
    return sync_slowly("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_slowly("fdatasync", fd);
}
