/*
 * upgrade_killed_test.c - an upgrade that is killed leaves the old data or the new, whole, and the next one goes on.
 *
 * A child process upgrades and kills itself (SIGKILL) in the Nth call by which SQLite changes a file or a folder: a
 * write is then cut off in its middle.  Or the disk is full from that call on: then it says so.  Some N here, and all
 * around the one that commits; every N with SHUNIU_UPGRADE_EVERY=1 in the environment, which takes some minutes.
 */
#include "upgrade/old.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sodium/core.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* --- dying in the middle ----------------------------------------------------------------------------------------- */

/* Shared by both processes. */
static struct fate {
    int calls, end; /* so many there were; the one in which it ends */
    bool is_full;   /* the disk, from then on; else it dies */
} *fate;

static bool is_last(void)
{
    return ++fate->calls == fate->end && !fate->is_full;
}

static bool has_no_room(void)
{
    errno = ENOSPC;
    return fate->is_full && fate->calls >= fate->end;
}

static _Noreturn void die(void)
{
    (void)kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static ssize_t dying_pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (!is_last())
        return has_no_room() ? -1 : pwrite(fd, bytes, size, at);
    (void)!pwrite(fd, bytes, size / 2, at);
    die();
}

static ssize_t dying_write(int fd, const void *bytes, size_t size)
{
    if (!is_last())
        return has_no_room() ? -1 : write(fd, bytes, size);
    (void)!write(fd, bytes, size / 2);
    die();
}

static int dying_truncate(int fd, off_t size)
{
    if (is_last())
        die();
    return ftruncate(fd, size);
}

static int dying_unlink(const char *path)
{
    if (is_last())
        die();
    return unlink(path);
}

static int dying_open(const char *path, int flags, int mode)
{
    if ((flags & O_CREAT) && is_last())
        die();
    return open(path, flags, mode);
}

/* SQLite's own calls: what it is for xSetSystemCall() is there. */
static void doom(void)
{
    static const struct {
        const char *name;
        sqlite3_syscall_ptr call;
    } calls[] = {
        { "pwrite", (sqlite3_syscall_ptr)dying_pwrite },     { "pwrite64", (sqlite3_syscall_ptr)dying_pwrite },
        { "write", (sqlite3_syscall_ptr)dying_write },       { "ftruncate", (sqlite3_syscall_ptr)dying_truncate },
        { "unlink", (sqlite3_syscall_ptr)dying_unlink },     { "open", (sqlite3_syscall_ptr)dying_open },
    };
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (ptrdiff_t i = 0; i < COUNT_OF(calls); i++)
        if (vfs->xGetSystemCall(vfs, calls[i].name) &&
            vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call) != SQLITE_OK)
            BUG("cannot replace %s", calls[i].name);
}

enum outcome { DONE, REFUSED, KILLED };

static enum outcome upgrade_in_child(const struct old *old, int version, struct fate what)
{
    int status = 0;
    old_put(old, version);
    *fate = what;
    pid_t child = fork();
    if (child == 0) {
        struct upgraded done;
        struct error err;
        doom();
        bool ok = old_upgrade(old, &done, &err);
        _exit(ok ? DONE : err.kind == ERROR_FULL || err.kind == ERROR_IO ? REFUSED : KILLED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        assert_int_equal(WTERMSIG(status), SIGKILL);
    else
        assert_true(WEXITSTATUS(status) == DONE || WEXITSTATUS(status) == REFUSED);
    return WIFSIGNALED(status) ? KILLED : (enum outcome)WEXITSTATUS(status);
}

/* --- what is left ----------------------------------------------------------------------------------------------- */

struct versions {
    const struct old *old;
    int from;
    struct digest before, after;
};

/* True: the data is new. */
static bool is_whole(const struct versions *v, int call)
{
    struct digest found = file_digest(v->old->file);
    bool is_new = digest_equal(&found, &v->after);
    if (!is_new && !digest_equal(&found, &v->before))
        fail_msg("version %d, ended in call %d: neither the old data nor the new", v->from, call);
    if (access(v->old->snapshot, F_OK) == 0) {
        struct digest copy = file_digest(v->old->snapshot);
        if (!digest_equal(&copy, &v->before))
            fail_msg("version %d, ended in call %d: the copy is not the old data", v->from, call);
    } else if (is_new) {
        fail_msg("version %d, ended in call %d: new data and no copy of the old", v->from, call);
    }
    return is_new;
}

static void goes_on(const struct versions *v, int call)
{
    struct upgraded done;
    struct error err;
    if (!old_upgrade(v->old, &done, &err))
        fail_msg("version %d, ended in call %d: %s", v->from, call, err.detail);
    struct digest found = file_digest(v->old->file);
    assert_true(digest_equal(&found, &v->after));
    struct digest copy = file_digest(v->old->snapshot);
    assert_true(digest_equal(&copy, &v->before));
    assert_int_not_equal(access(v->old->part, F_OK), 0);
}

static bool kill_in(const struct versions *v, int call)
{
    assert_int_equal(upgrade_in_child(v->old, v->from, (struct fate){ .end = call }), KILLED);
    bool is_new = is_whole(v, call);
    goes_on(v, call);
    return is_new;
}

/* Refused is not done; what was done before the disk was full stays done. */
static void fill_in(const struct versions *v, int call)
{
    enum outcome outcome = upgrade_in_child(v->old, v->from, (struct fate){ .end = call, .is_full = true });
    assert_int_not_equal(access(v->old->part, F_OK), 0);
    assert_int_equal(is_whole(v, call), outcome == DONE);
    goes_on(v, call);
}

/* The first call that finds the new data committed. */
static int commit_of(const struct versions *v, int calls)
{
    int old_in = 1, new_in = calls + 1;
    while (new_in - old_in > 1) {
        int middle = old_in + (new_in - old_in) / 2;
        if (kill_in(v, middle))
            new_in = middle;
        else
            old_in = middle;
    }
    return new_in;
}

/* Returns how many calls a whole upgrade makes. */
static int learn(struct versions *v)
{
    old_put(v->old, v->from);
    v->before = file_digest(v->old->file);
    assert_int_equal(upgrade_in_child(v->old, v->from, (struct fate){ .end = INT32_MAX }), DONE);
    v->after = file_digest(v->old->file);
    assert_true(fate->calls > 100);
    print_message("# version %d: %d calls\n", v->from, fate->calls);
    return fate->calls;
}

static int step_of(int calls)
{
    enum { SPREAD = 6 };
    return getenv("SHUNIU_UPGRADE_EVERY") ? 1 : calls / SPREAD;
}

static void kill_upgrades_of(const struct old *old, int version)
{
    enum { AROUND = 1 };
    struct versions v = { .old = old, .from = version };
    int calls = learn(&v);
    for (int call = 1; call <= calls; call += step_of(calls))
        (void)kill_in(&v, call);
    int commit = commit_of(&v, calls);
    for (int call = commit - AROUND; call <= commit + AROUND && call <= calls; call++)
        assert_int_equal(kill_in(&v, call), call >= commit);
}

static void killed_with_the_oldest_data(void **state)
{
    kill_upgrades_of(*state, 1);
}

static void killed_with_the_last_data(void **state)
{
    kill_upgrades_of(*state, SCHEMA_VERSION - 1);
}

static void on_a_full_disk(void **state)
{
    struct versions v = { .old = *state, .from = 1 };
    int calls = learn(&v);
    for (int call = 1; call <= calls; call += step_of(calls))
        fill_in(&v, call);
}

static int set_up(void **state)
{
    static struct old old;
    old_make(&old);
    *state = &old;
    fate = mmap(NULL, sizeof *fate, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return fate == MAP_FAILED ? -1 : 0;
}

static int tear_down(void **state)
{
    old_remove(*state);
    return munmap(fate, sizeof *fate);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_with_the_oldest_data),
        cmocka_unit_test(killed_with_the_last_data),
        cmocka_unit_test(on_a_full_disk),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
