/*
 * confine_test.c - what a confined process can still do, and what it cannot.  Each attempt is made in a process of its
 * own, which confines itself first: there is no way back.
 */
#include "shuniu/confine.h"

#include "base/compiler.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { KILLED = 1000, NOT_CONFINED, FREE_PORT = 18977, OTHER_PORT };

struct world {
    char data[64], keys[64], beside[64];
};

/* 0: it was done; else the errno of what refused it. */
typedef int attempt_fn(const struct world *world);

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){ "/tmp/shuniu-confine-XXXXXX", "/tmp/shuniu-keys-XXXXXX", "/tmp/shuniu-beside-XXXXXX" };
    *state = &world;
    return mkdtemp(world.data) && mkdtemp(world.keys) && mkdtemp(world.beside) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "shuniu.db-wal", "there" };
    struct world *world = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", world->data, names[i]);
        (void)unlink(path);
    }
    return rmdir(world->data) == 0 && rmdir(world->keys) == 0 && rmdir(world->beside) == 0 ? 0 : -1;
}

/* What came of it; KILLED when the process was killed for it. */
static int try(const struct world *world, bool may_connect, attempt_fn *attempt)
{
    int result[2], got = NOT_CONFINED, status;
    assert_int_equal(pipe(result), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct confine limits = { .data = world->data, .keys = world->keys, .port = FREE_PORT,
                                  .may_connect = may_connect };
        struct confined in_force;
        struct error err;
        int came = confine(&limits, &in_force, &err) ? attempt(world) : NOT_CONFINED;
        _exit(write(result[1], &came, sizeof came) == sizeof came ? 0 : 1);
    }
    close(result[1]);
    bool has_result = read(result[0], &got, sizeof got) == sizeof got;
    close(result[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return KILLED;
    assert_true(has_result && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return got;
}

static int errno_of(long result)
{
    return result >= 0 ? 0 : errno;
}

/* --- what serving needs ------------------------------------------------------------------------------------------- */

static int use_data(const struct world *world)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/shuniu.db-wal", world->data);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
    bool ok = fd >= 0 && pwrite(fd, "log", 3, 0) == 3 && fcntl(fd, F_SETLK, &lock) == 0 && fdatasync(fd) == 0 &&
              fsync(fd) == 0 && ftruncate(fd, 1) == 0 && fchmod(fd, 0600) == 0 &&
              mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED && close(fd) == 0 && unlink(path) == 0;
    int folder = ok ? open(world->data, O_RDONLY | O_CLOEXEC) : -1;
    return ok && folder >= 0 && fsync(folder) == 0 ? 0 : errno;
}

static int use_memory_file(const struct world *world)
{
    (void)world;
    char path[64];
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return errno_of(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC));
}

static int read_keys(const struct world *world)
{
    return errno_of(open(world->keys, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static void *nothing(void *self)
{
    return self;
}

static int start_thread(const struct world *world)
{
    pthread_t thread;
    int rc = pthread_create(&thread, NULL, nothing, (void *)(uintptr_t)world);
    return rc != 0 ? rc : pthread_join(thread, NULL);
}

static int listen_on(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
              bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0;
    return ok ? 0 : errno;
}

static int listen_on_its_port(const struct world *world)
{
    (void)world;
    return listen_on(FREE_PORT);
}

static int stop_itself(const struct world *world)
{
    (void)world;
    (void)signal(SIGABRT, SIG_IGN);
    return errno_of(syscall(SYS_tgkill, getpid(), gettid(), SIGABRT));
}

static void needed_works(void **state)
{
    static attempt_fn *const attempts[] = { use_data,     use_memory_file,    read_keys,
                                            start_thread, listen_on_its_port, stop_itself };
    for (ptrdiff_t i = 0; i < COUNT_OF(attempts); i++)
        for (int may_connect = 0; may_connect < 2; may_connect++)
            if (try(*state, may_connect, attempts[i]) != 0)
                fail_msg("attempt %d: %s", (int)i, strerror(try(*state, may_connect, attempts[i])));
}

/* --- what it does not --------------------------------------------------------------------------------------------- */

static int read_passwords(const struct world *world)
{
    (void)world;
    return errno_of(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int read_root(const struct world *world)
{
    (void)world;
    return errno_of(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static int read_own_program(const struct world *world)
{
    (void)world;
    return errno_of(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
}

static int write_beside(const struct world *world)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/new", world->beside);
    return errno_of(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int write_keys(const struct world *world)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/keys", world->keys);
    return errno_of(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int write_zone(const struct world *world)
{
    (void)world;
    return errno_of(open("/dev/urandom", O_WRONLY | O_CLOEXEC));
}

static int make_link(const struct world *world)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/link", world->data);
    return errno_of(symlink("/etc/passwd", path));
}

static int make_folder(const struct world *world)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/folder", world->data);
    return errno_of(mkdir(path, 0700));
}

static int listen_on_another_port(const struct world *world)
{
    (void)world;
    return listen_on(OTHER_PORT);
}

static int connect_to(int family, int type)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(family, type | SOCK_CLOEXEC, 0);
    return fd < 0 ? errno : errno_of(connect(fd, (struct sockaddr *)&address, sizeof address));
}

static int connect_out(const struct world *world)
{
    (void)world;
    return connect_to(AF_INET, SOCK_STREAM);
}

static int send_datagram(const struct world *world)
{
    (void)world;
    return connect_to(AF_INET, SOCK_DGRAM);
}

static int open_netlink(const struct world *world)
{
    (void)world;
    return errno_of(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}

static int open_raw(const struct world *world)
{
    (void)world;
    return errno_of(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}

static int open_unix(const struct world *world)
{
    (void)world;
    return errno_of(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int run_memory(const struct world *world)
{
    (void)world;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static int make_memory_run(const struct world *world)
{
    (void)world;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? NOT_CONFINED : errno_of(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int map_code(const struct world *world)
{
    (void)world;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static int signal_parent(const struct world *world)
{
    (void)world;
    return errno_of(kill(getppid(), 0));
}

static int become_root(const struct world *world)
{
    (void)world;
    return errno_of(setuid(0));
}

static int raise_limit(const struct world *world)
{
    (void)world;
    uint64_t limit[2] = { 10, 10 };
    return errno_of(syscall(SYS_prlimit64, 0, 7, limit, NULL));
}

static int make_process(const struct world *world)
{
    (void)world;
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0)
        _exit(0);
    return errno_of(child);
}

static int watch_parent(const struct world *world)
{
    (void)world;
    return errno_of(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int run_program(const struct world *world)
{
    (void)world;
    return errno_of(execl("/bin/true", "true", (char *)NULL));
}

static int read_parent(const struct world *world)
{
    (void)world;
    return errno_of(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}

static int move_root(const struct world *world)
{
    return errno_of(chroot(world->data));
}

static int make_namespace(const struct world *world)
{
    (void)world;
    return errno_of(unshare(0x10000000)); /* CLONE_NEWUSER */
}

static int start_ring(const struct world *world)
{
    (void)world;
    return errno_of(syscall(SYS_io_uring_setup, 1, NULL));
}

static int load_bpf(const struct world *world)
{
    (void)world;
    return errno_of(syscall(SYS_bpf, 0, NULL, 0));
}

/* To add an attempt: one row, its function above. */
static const struct refusal {
    const char *what;
    attempt_fn *attempt;
    int want;           /* errno, or KILLED */
    int landlock;       /* the level it takes; 0: seccomp refuses it */
    bool is_for_both;   /* also when the data is on another server */
    bool is_of_sanitizer; /* a sanitizer itself does it */
} refusals[] = {
    { "reading /etc/passwd", read_passwords, EACCES, 1, false, false },
    { "listing the root", read_root, EACCES, 1, true, false },
    { "reading its own program", read_own_program, EACCES, 1, true, false },
    { "making a file beside the data", write_beside, EACCES, 1, true, false },
    { "writing keys", write_keys, EACCES, 1, true, false },
    { "writing where it may read", write_zone, EACCES, 1, true, false },
    { "making a link in the data", make_link, ENOSYS, 0, true, false },
    { "making a folder in the data", make_folder, ENOSYS, 0, true, false },
    { "listening on another port", listen_on_another_port, EACCES, 4, true, false },
    { "connecting", connect_out, ENOSYS, 0, false, false },
    { "sending a datagram", send_datagram, ENOSYS, 0, false, false },
    { "a socket of AF_NETLINK", open_netlink, ENOSYS, 0, true, false },
    { "a raw socket", open_raw, ENOSYS, 0, true, false },
    { "a socket of AF_UNIX", open_unix, ENOSYS, 0, false, false },
    { "memory to write and run", run_memory, ENOSYS, 0, true, false },
    { "making written memory run", make_memory_run, ENOSYS, 0, true, false },
    { "memory to run", map_code, ENOSYS, 0, false, false },
    { "a signal to another process", signal_parent, ENOSYS, 0, true, true },
    { "becoming root", become_root, ENOSYS, 0, true, false },
    { "changing a limit", raise_limit, ENOSYS, 0, true, false },
    { "another process", make_process, ENOSYS, 0, true, true },
    { "tracing", watch_parent, KILLED, 0, true, true },
    { "running a program", run_program, KILLED, 0, true, false },
    { "reading another process", read_parent, KILLED, 0, true, false },
    { "another root", move_root, KILLED, 0, true, false },
    { "a namespace", make_namespace, KILLED, 0, true, false },
    { "io_uring", start_ring, KILLED, 0, true, false },
    { "bpf", load_bpf, KILLED, 0, true, false },
};

static int level_of_landlock(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
}

static void others_are_refused(void **state)
{
    int level = level_of_landlock(), left_out = 0;
    for (ptrdiff_t i = 0; i < COUNT_OF(refusals); i++) {
        const struct refusal *refusal = &refusals[i];
        if (refusal->landlock > level || (CONFINE_IS_SANITIZED && refusal->is_of_sanitizer)) {
            left_out++;
            continue;
        }
        for (int may_connect = 0; may_connect <= (refusal->is_for_both ? 1 : 0); may_connect++) {
            int got = try(*state, may_connect, refusal->attempt);
            if (got != refusal->want)
                fail_msg("%s%s: %d, not %d", refusal->what, may_connect ? ", data elsewhere" : "", got, refusal->want);
        }
    }
    printf("# %d attempts, %d left out (Landlock level %d)\n", (int)COUNT_OF(refusals) - left_out, left_out, level);
}

/* Without confinement the same attempts are made: they test something. */
static void unconfined_could(void **state)
{
    assert_int_equal(read_passwords(*state), 0);
    assert_int_equal(read_root(*state), 0);
    assert_int_equal(listen_on(OTHER_PORT), 0);
    assert_int_equal(connect_to(AF_INET, SOCK_DGRAM), 0);
    assert_int_equal(run_memory(*state), 0);
    assert_int_equal(signal_parent(*state), 0);
}

static void data_that_is_a_link_is_refused(void **state)
{
    const struct world *world = *state;
    char link[128];
    struct confine limits = { .data = world->beside };
    struct confined in_force;
    struct error err = { 0 };
    (void)snprintf(link, sizeof link, "%s/shuniu.db", world->beside);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(!confine(&limits, &in_force, &err) && err.kind == ERROR_INPUT ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(status, 0);
}

static void users_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct error err;
    assert_true(confine_drop(NULL, &err));
    assert_false(confine_drop("nobody-of-that-name", &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_false(confine_drop("root", &err));
    assert_int_equal(err.kind, ERROR_INPUT);
}

/* --- a home of somebody --------------------------------------------------------------------------------------------------------- */

static int open_in_home(const struct world *world, const char *name, int flags)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", world->beside, name);
    return errno_of(open(path, flags | O_CLOEXEC));
}

static int read_password(const struct world *world)
{
    return open_in_home(world, ".pgpass", O_RDONLY);
}

static int write_password(const struct world *world)
{
    return open_in_home(world, ".pgpass", O_WRONLY);
}

static int read_certificate(const struct world *world)
{
    return open_in_home(world, ".postgresql/root.crt", O_RDONLY);
}

static int read_diary(const struct world *world)
{
    return open_in_home(world, "diary", O_RDONLY);
}

static void put_in_home(const struct world *world, const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", world->beside, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
}

/* libpq asks for them again with each connection. */
static void passwords_of_the_home_are_read(void **state)
{
    static const char *const names[] = { ".pgpass", ".postgresql/root.crt", "diary" };
    const struct world *world = *state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/.postgresql", world->beside);
    assert_int_equal(mkdir(path, 0700), 0);
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++)
        put_in_home(world, names[i]);
    assert_int_equal(unsetenv("PGPASSFILE"), 0);
    assert_int_equal(setenv("HOME", world->beside, 1), 0);
    assert_int_equal(try(world, true, read_password), 0);
    assert_int_equal(try(world, true, read_certificate), 0);
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0) {
        assert_int_equal(try(world, true, write_password), EACCES);
        assert_int_equal(try(world, true, read_diary), EACCES);
        assert_int_equal(try(world, false, read_password), EACCES);
    }
    (void)snprintf(path, sizeof path, "%s/diary", world->beside);
    assert_int_equal(setenv("PGPASSFILE", path, 1), 0);
    assert_int_equal(try(world, true, read_diary), 0);
    assert_int_equal(unsetenv("PGPASSFILE"), 0);
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", world->beside, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    (void)snprintf(path, sizeof path, "%s/.postgresql", world->beside);
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(needed_works, set_up, tear_down),
        cmocka_unit_test_setup_teardown(others_are_refused, set_up, tear_down),
        cmocka_unit_test(unconfined_could),
        cmocka_unit_test_setup_teardown(data_that_is_a_link_is_refused, set_up, tear_down),
        cmocka_unit_test(users_that_cannot_be_are_refused),
        cmocka_unit_test_setup_teardown(passwords_of_the_home_are_read, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("confine", tests, NULL, NULL);
}
