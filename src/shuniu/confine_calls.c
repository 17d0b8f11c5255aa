/*
 * confine_calls.c - the system calls that are left (seccomp).
 *
 * A call that is not listed answers ENOSYS, as on a kernel that does not have it yet: the libraries were written for
 * such kernels and take the older call or fail with an error that is reported.  Killing the server for each of them
 * would let an update of a library end it in the middle of a day.  What no library of ours calls and an intruder calls
 * first is in deadly[]: that kills the process, and the kernel's log says which call it was.
 */
#include "shuniu/confine.h"

#include "base/compiler.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* PR_SET_VMA of Linux 5.17: the C library names its memory with it. */
enum { SET_VMA = 0x53564d41 };

/* The n-th argument, as far as the mask goes, must be this. */
#define ARG(n, mask, value) { .arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (mask), .datum_b = (value) }
#define INT_ARG(n, value) ARG(n, 0xFFFFFFFFu, value)

/* When a call is needed. */
enum when { ALWAYS, CONNECTING, SANITIZED };

/* To allow a call: one row here, with the reason.  Several rows of one call: any of them is enough. */
static const struct call {
    int number;
    enum when when;
    struct scmp_arg_cmp args[2]; /* op 0: no further condition */
} allowed[] = {
    /* files: SQLite's and libxlsxwriter's; which ones may be opened is Landlock's affair */
    { .number = SCMP_SYS(open) }, { .number = SCMP_SYS(openat) }, { .number = SCMP_SYS(close) },
    { .number = SCMP_SYS(read) }, { .number = SCMP_SYS(pread64) }, { .number = SCMP_SYS(readv) },
    { .number = SCMP_SYS(write) }, { .number = SCMP_SYS(pwrite64) }, { .number = SCMP_SYS(writev) },
    { .number = SCMP_SYS(lseek) }, { .number = SCMP_SYS(fsync) }, { .number = SCMP_SYS(fdatasync) },
    { .number = SCMP_SYS(ftruncate) }, { .number = SCMP_SYS(fallocate) },
    { .number = SCMP_SYS(unlink) }, { .number = SCMP_SYS(unlinkat) },
    { .number = SCMP_SYS(fcntl) }, /* SQLite's locks; non-blocking sockets */
    /* SQLite gives its log the owner and the mode of the data */
    { .number = SCMP_SYS(fchown) }, { .number = SCMP_SYS(fchmod) },
    /* is a file there, what is it, where does a link lead, how large is the disk */
    { .number = SCMP_SYS(stat) }, { .number = SCMP_SYS(fstat) }, { .number = SCMP_SYS(lstat) },
    { .number = SCMP_SYS(newfstatat) }, { .number = SCMP_SYS(statx) }, { .number = SCMP_SYS(fstatfs) },
    { .number = SCMP_SYS(access) }, { .number = SCMP_SYS(faccessat) }, { .number = SCMP_SYS(faccessat2) },
    { .number = SCMP_SYS(readlink) }, { .number = SCMP_SYS(readlinkat) }, { .number = SCMP_SYS(getcwd) },
    { .number = SCMP_SYS(memfd_create) }, /* a workbook is made in memory */
    { .number = SCMP_SYS(ioctl), .args = { INT_ARG(1, TCGETS) } },   /* stdio: is this a terminal */
    { .number = SCMP_SYS(ioctl), .args = { INT_ARG(1, FIONBIO) } },  /* sockets that do not block */
    { .number = SCMP_SYS(ioctl), .args = { INT_ARG(1, FIONREAD) } },

    /* memory: what is written is never run */
    { .number = SCMP_SYS(mmap), .args = { ARG(2, PROT_EXEC, 0) } },
    { .number = SCMP_SYS(mprotect), .args = { ARG(2, PROT_EXEC, 0) } },
    { .number = SCMP_SYS(munmap) }, { .number = SCMP_SYS(mremap) }, { .number = SCMP_SYS(madvise) },
    { .number = SCMP_SYS(brk) },
    { .number = SCMP_SYS(mlock) }, { .number = SCMP_SYS(munlock) }, /* libsodium keeps keys out of the swap */
    { .number = SCMP_SYS(sysinfo) }, /* qsort() asks how much there is */

    /* threads, no processes; clone3 hides its flags in memory, and without it the C library uses clone */
    { .number = SCMP_SYS(clone), .args = { ARG(0, CLONE_THREAD, CLONE_THREAD) } },
    { .number = SCMP_SYS(set_robust_list) }, { .number = SCMP_SYS(rseq) }, { .number = SCMP_SYS(futex) },
    { .number = SCMP_SYS(sched_yield) }, { .number = SCMP_SYS(sched_getaffinity) }, { .number = SCMP_SYS(getcpu) },
    { .number = SCMP_SYS(membarrier) }, { .number = SCMP_SYS(gettid) }, { .number = SCMP_SYS(getpid) },
    { .number = SCMP_SYS(prctl), .args = { INT_ARG(0, PR_SET_NAME) } }, /* libmicrohttpd names its threads */
    { .number = SCMP_SYS(prctl), .args = { INT_ARG(0, SET_VMA) } },
    { .number = SCMP_SYS(exit) }, { .number = SCMP_SYS(exit_group) },
    { .number = SCMP_SYS(geteuid) }, { .number = SCMP_SYS(getuid) }, /* SQLite: does it run as root */
    { .number = SCMP_SYS(getegid) }, { .number = SCMP_SYS(getgid) },
    { .number = SCMP_SYS(getrlimit) }, { .number = SCMP_SYS(getrusage) }, { .number = SCMP_SYS(uname) },
    { .number = SCMP_SYS(prlimit64), .args = { INT_ARG(0, 0), ARG(2, UINT64_MAX, 0) } }, /* asked, never set */

    /* signals: SIGTERM is waited for; abort() ends this process, see add_own() */
    { .number = SCMP_SYS(rt_sigaction) }, { .number = SCMP_SYS(rt_sigprocmask) }, { .number = SCMP_SYS(rt_sigreturn) },
    { .number = SCMP_SYS(rt_sigtimedwait) }, { .number = SCMP_SYS(sigaltstack) }, { .number = SCMP_SYS(restart_syscall) },

    /* the time, rests, random numbers */
    { .number = SCMP_SYS(clock_gettime) }, { .number = SCMP_SYS(clock_getres) }, { .number = SCMP_SYS(gettimeofday) },
    { .number = SCMP_SYS(time) }, { .number = SCMP_SYS(nanosleep) }, { .number = SCMP_SYS(clock_nanosleep) },
    { .number = SCMP_SYS(getrandom) },

    /* libmicrohttpd: one socket that listens, those it accepts, and waiting for them */
    { .number = SCMP_SYS(socket), .args = { INT_ARG(0, AF_INET), ARG(1, 0xF, SOCK_STREAM) } },
    { .number = SCMP_SYS(bind) }, { .number = SCMP_SYS(listen) }, /* which port is Landlock's affair */
    { .number = SCMP_SYS(accept) }, { .number = SCMP_SYS(accept4) }, { .number = SCMP_SYS(shutdown) },
    { .number = SCMP_SYS(recvfrom) }, { .number = SCMP_SYS(recvmsg) },
    { .number = SCMP_SYS(sendto) }, { .number = SCMP_SYS(sendmsg) }, { .number = SCMP_SYS(sendfile) },
    { .number = SCMP_SYS(setsockopt) }, { .number = SCMP_SYS(getsockopt) },
    { .number = SCMP_SYS(getsockname) }, { .number = SCMP_SYS(getpeername) },
    { .number = SCMP_SYS(epoll_create1) }, { .number = SCMP_SYS(epoll_ctl) },
    { .number = SCMP_SYS(epoll_wait) }, { .number = SCMP_SYS(epoll_pwait) },
    { .number = SCMP_SYS(poll) }, { .number = SCMP_SYS(ppoll) },
    { .number = SCMP_SYS(eventfd2) }, { .number = SCMP_SYS(pipe2) },

    /* a data base elsewhere (libpq): by TCP or by a socket in the file system, its name looked up by UDP */
    { .number = SCMP_SYS(socket), .when = CONNECTING, .args = { INT_ARG(0, AF_INET), ARG(1, 0xF, SOCK_DGRAM) } },
    { .number = SCMP_SYS(socket), .when = CONNECTING, .args = { INT_ARG(0, AF_INET6), ARG(1, 0xF, SOCK_STREAM) } },
    { .number = SCMP_SYS(socket), .when = CONNECTING, .args = { INT_ARG(0, AF_INET6), ARG(1, 0xF, SOCK_DGRAM) } },
    { .number = SCMP_SYS(socket), .when = CONNECTING, .args = { INT_ARG(0, AF_UNIX) } },
    { .number = SCMP_SYS(connect), .when = CONNECTING }, { .number = SCMP_SYS(sendmmsg), .when = CONNECTING },
    { .number = SCMP_SYS(recvmmsg), .when = CONNECTING },
    { .number = SCMP_SYS(rt_sigpending), .when = CONNECTING }, /* libpq keeps SIGPIPE from the program */
    { .number = SCMP_SYS(getdents64), .when = CONNECTING },    /* OpenSSL: a folder of certificates */
    /* What nsswitch.conf names is loaded when it is first asked for.  Pages are never writable and executable at once; whoever runs
     * code here already could still write a file and map it. */
    { .number = SCMP_SYS(mmap), .when = CONNECTING, .args = { ARG(2, PROT_EXEC | PROT_WRITE, PROT_EXEC) } },

    /* the search for leaks at the end stops all threads from a process of its own; reports are coloured and named */
    { .number = SCMP_SYS(clone), .when = SANITIZED }, { .number = SCMP_SYS(ptrace), .when = SANITIZED },
    { .number = SCMP_SYS(wait4), .when = SANITIZED }, { .number = SCMP_SYS(getppid), .when = SANITIZED },
    { .number = SCMP_SYS(prctl), .when = SANITIZED }, { .number = SCMP_SYS(getdents), .when = SANITIZED },
    { .number = SCMP_SYS(getdents64), .when = SANITIZED }, { .number = SCMP_SYS(tgkill), .when = SANITIZED },
    { .number = SCMP_SYS(pipe), .when = SANITIZED }, { .number = SCMP_SYS(dup2), .when = SANITIZED },
};

static const int deadly[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat),                                       /* another program in our place */
    SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd), /* another process's memory */
    SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),     /* the kernel */
    SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(bpf), SCMP_SYS(perf_event_open),
    SCMP_SYS(iopl), SCMP_SYS(ioperm),
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot), /* another world to live in */
    SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(open_tree), SCMP_SYS(move_mount), SCMP_SYS(mount_setattr),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(io_uring_setup), SCMP_SYS(userfaultfd),                            /* ways around a filter, tools of exploits */
    SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl),
};

static int allow(scmp_filter_ctx filter, const struct call *call)
{
    unsigned conditions = 0;
    while (conditions < COUNT_OF(call->args) && call->args[conditions].op != 0)
        conditions++;
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number, conditions, call->args);
}

static bool is_needed(enum when when, bool may_connect)
{
    return when == ALWAYS || (when == CONNECTING && may_connect) || (when == SANITIZED && CONFINE_IS_SANITIZED);
}

/* abort() sends itself a signal, and nobody else gets one. */
static int add_own(scmp_filter_ctx filter)
{
    return allow(filter, &(struct call){ .number = SCMP_SYS(tgkill), .args = { INT_ARG(0, (unsigned)getpid()) } });
}

/* 0, or the negative errno of the first rule that does not fit. */
static int fill(scmp_filter_ctx filter, bool may_connect, int *ret_calls)
{
    int calls = 1;
    int rc = add_own(filter);
    for (ptrdiff_t i = 0; i < COUNT_OF(allowed) && rc == 0; i++)
        if (is_needed(allowed[i].when, may_connect)) {
            rc = allow(filter, &allowed[i]);
            calls += i == 0 || allowed[i].number != allowed[i - 1].number;
        }
    for (ptrdiff_t i = 0; i < COUNT_OF(deadly) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
    if (rc == 0 && !CONFINE_IS_SANITIZED)
        rc = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(ptrace), 0);
    if (rc == 0)
        rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS); /* 32-bit calls: no way around */
    if (rc == 0)
        rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1); /* threads that a sanitizer has started */
    if (rc == 0)
        rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree: few comparisons for each call */
    if (rc == 0)
        rc = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1); /* the kernel's own errno */
    *ret_calls = calls;
    return rc;
}

bool confine_calls(bool may_connect, int *ret_calls, struct error *err)
{
    int calls = 0;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (!filter)
        return error_fail(err, ERROR_IO, "seccomp does not begin");
    int rc = fill(filter, may_connect, &calls);
    bool ok = rc == 0 || error_fail(err, ERROR_IO, "seccomp rules: %s", strerror(-rc));
    if (ok) {
        rc = seccomp_load(filter);
        bool is_missing = rc == -EINVAL || rc == -ENOSYS;
        ok = rc == 0 || is_missing || error_fail(err, ERROR_IO, "seccomp: %s", strerror(-rc));
        *ret_calls = is_missing ? 0 : calls;
    }
    seccomp_release(filter);
    return ok;
}
