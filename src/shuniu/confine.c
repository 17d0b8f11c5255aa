/*
 * confine.c - another user, no new privileges, and the files that are left (Landlock).
 *
 * Landlock names what it governs (handled) and then what is allowed beneath a folder or for a file.  Each level of the
 * kernel's interface knows more; what a kernel does not know is left out of both.  A file that is open already stays
 * open: its rights were asked for when it was opened.
 */
#include "shuniu/confine.h"

#include "base/compiler.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- another user ------------------------------------------------------------------------------------------------ */

bool confine_drop(const char *user, struct error *err)
{
    if (!user)
        return true;
    errno = 0;
    const struct passwd *entry = getpwnam(user);
    if (!entry)
        return error_fail(err, ERROR_INPUT, "%s: %s", user, errno ? strerror(errno) : "there is no such user");
    if (entry->pw_uid == 0 || entry->pw_gid == 0)
        return error_fail(err, ERROR_INPUT, "%s has all rights itself", user);
    if (geteuid() == entry->pw_uid && getuid() == entry->pw_uid)
        return true;
    if (geteuid() != 0)
        return error_fail(err, ERROR_FORBIDDEN, "only root can become %s", user);
    if (initgroups(user, entry->pw_gid) != 0 || setgid(entry->pw_gid) != 0 || setuid(entry->pw_uid) != 0)
        return error_fail(err, ERROR_FORBIDDEN, "cannot become %s: %s", user, strerror(errno));
    if (setuid(0) == 0 || setgid(0) == 0)
        BUG("became %s and could go back", user);
    (void)setenv("HOME", entry->pw_dir, 1); /* where libpq looks for .pgpass */
    return true;
}

/* --- Landlock ---------------------------------------------------------------------------------------------------- */

/* Of kernels newer than the headers of Debian 12. */
enum {
    FS_TRUNCATE = 1 << 14,   /* level 3 */
    FS_IOCTL_DEV = 1 << 15,  /* level 5 */
    NET_BIND_TCP = 1 << 0,   /* level 4 */
    NET_CONNECT_TCP = 1 << 1,
    RULE_NET_PORT = 2,
    SCOPE_ABSTRACT_UNIX = 1 << 0, /* level 6 */
    SCOPE_SIGNAL = 1 << 1
};

struct ruleset {
    uint64_t files, net, scoped; /* as in struct landlock_ruleset_attr; an older kernel wants zeros where it ends */
};

struct port_rule {
    uint64_t allowed, port;
};

enum {
    RIGHT_READ = LANDLOCK_ACCESS_FS_READ_FILE,
    RIGHT_READ_ALL = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    /* SQLite makes, writes, cuts and removes its log, and syncs the folder; no links, devices, sockets or folders */
    RIGHT_DATA = RIGHT_READ_ALL | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                 LANDLOCK_ACCESS_FS_REMOVE_FILE | FS_TRUNCATE
};

/* When a place is needed. */
enum need { NEED_ALWAYS, NEED_CONNECT, NEED_SANITIZER };

/* To give the server another place: one row here.  The folders of the data and the keys are named by allow_places(), what
   the home has for libpq by allow_home(). */
static const struct place {
    enum need need;
    const char *path;
    int rights;
} places[] = {
    /* the time zone: libxlsxwriter puts the local time into a workbook */
    { NEED_ALWAYS, "/etc/localtime", RIGHT_READ },
    { NEED_ALWAYS, "/usr/share/zoneinfo", RIGHT_READ_ALL },
    /* SQLite's random numbers; without it they would come from the clock */
    { NEED_ALWAYS, "/dev/urandom", RIGHT_READ },
    /* the C library: how many threads are of use, whether memory given back counts */
    { NEED_ALWAYS, "/sys/devices/system/cpu/online", RIGHT_READ },
    { NEED_ALWAYS, "/proc/sys/vm/overcommit_memory", RIGHT_READ },
    /* a data base elsewhere: resolv.conf, hosts, nsswitch.conf, certificates; these are replaced while it runs, and a
       right to a file is one to that very file, so it is the folder.  For root that is /etc/shadow too: see --user */
    { NEED_CONNECT, "/etc", RIGHT_READ_ALL },
    { NEED_CONNECT, "/run/systemd/resolve", RIGHT_READ_ALL },
    { NEED_CONNECT, "/usr/share/ca-certificates", RIGHT_READ_ALL },
    { NEED_CONNECT, "/usr/local/share/ca-certificates", RIGHT_READ_ALL },
    { NEED_CONNECT, "/usr/lib", RIGHT_READ_ALL }, /* what nsswitch.conf and openssl.cnf name is loaded when asked for */
    /* a sanitizer reads its own maps and threads */
    { NEED_SANITIZER, "/proc/self", RIGHT_READ_ALL },
};

static bool is_needed(enum need need, const struct confine *confine)
{
    return need == NEED_ALWAYS || (need == NEED_CONNECT && confine->may_connect) ||
           (need == NEED_SANITIZER && CONFINE_IS_SANITIZED);
}

static struct ruleset handled_at(int level, const struct confine *confine)
{
    struct ruleset handled = { .files = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1 }; /* all of level 1 */
    if (level >= 2)
        handled.files |= LANDLOCK_ACCESS_FS_REFER;
    if (level >= 3)
        handled.files |= FS_TRUNCATE;
    if (level >= 4) /* where a data base elsewhere listens is the administrator's affair */
        handled.net = NET_BIND_TCP | (confine->may_connect ? 0 : NET_CONNECT_TCP);
    if (level >= 5)
        handled.files |= FS_IOCTL_DEV;
    if (level >= 6)
        handled.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
    return handled;
}

static bool allow_place(int rules, const char *path, uint64_t rights, struct error *err)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return error_fail(err, ERROR_IO, "%s: %s", path, strerror(errno));
    struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = fd };
    bool ok = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0 ||
              error_fail(err, ERROR_IO, "Landlock, %s: %s", path, strerror(errno));
    close(fd);
    return ok;
}

static bool allow_if_there(int rules, const char *path, uint64_t rights, struct error *err)
{
    return access(path, F_OK) != 0 || allow_place(rules, path, rights, err);
}

/*
 * Where libpq looks for a password and for certificates, with each new connection.  A right to a file is one to that
 * very file: another one put in its place is read after the next start.
 */
static bool allow_home(int rules, struct error *err)
{
    const char *home = getenv("HOME"), *password = getenv("PGPASSFILE");
    char path[4096];
    password = password && password[0] ? password : NULL;
    if (password && !allow_if_there(rules, password, RIGHT_READ, err))
        return false;
    if (!home || snprintf(path, sizeof path, "%s/.pgpass", home) >= (int)sizeof path)
        return true;
    if (!password && !allow_if_there(rules, path, RIGHT_READ, err))
        return false;
    return snprintf(path, sizeof path, "%s/.postgresql", home) >= (int)sizeof path ||
           allow_if_there(rules, path, RIGHT_READ_ALL, err);
}

static bool allow_places(int rules, const struct ruleset *handled, const struct confine *confine, struct error *err)
{
    if (!allow_place(rules, confine->data, RIGHT_DATA & handled->files, err) ||
        (confine->keys && !allow_place(rules, confine->keys, RIGHT_READ_ALL, err)))
        return false;
    for (ptrdiff_t i = 0; i < COUNT_OF(places); i++) {
        const struct place *place = &places[i];
        if (is_needed(place->need, confine) && !allow_if_there(rules, place->path, (uint64_t)place->rights, err))
            return false;
    }
    if (confine->may_connect && !allow_home(rules, err))
        return false;
    struct port_rule port = { .allowed = NET_BIND_TCP, .port = (uint64_t)confine->port };
    return handled->net == 0 || syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &port, 0) == 0 ||
           error_fail(err, ERROR_IO, "Landlock, port %d: %s", confine->port, strerror(errno));
}

static bool confine_files(const struct confine *confine, int *ret_level, struct error *err)
{
    int level = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    *ret_level = level < 0 ? 0 : level;
    if (level < 0) /* ENOSYS: built without it; EOPNOTSUPP: switched off; EPERM: a container does not pass it on */
        return true;
    struct ruleset handled = handled_at(level, confine);
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0)
        return error_fail(err, ERROR_IO, "Landlock: %s", strerror(errno));
    bool ok = allow_places(rules, &handled, confine, err) && (syscall(SYS_landlock_restrict_self, rules, 0) == 0 ||
              error_fail(err, ERROR_IO, "Landlock: %s", strerror(errno)));
    close(rules);
    return ok;
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

/* Landlock binds the thread that asks for it and those it starts later, no others. */
static int threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks)
        return 1; /* no /proc: nothing to look at */
    for (const struct dirent *entry = readdir(tasks); entry; entry = readdir(tasks))
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

/* A link would lead out of the one folder that is left: better said now than found when the log is to be made. */
static bool check_data(const char *folder, struct error *err)
{
    char path[4096];
    struct stat stat;
    if (snprintf(path, sizeof path, "%s/shuniu.db", folder) >= (int)sizeof path)
        return error_fail(err, ERROR_LIMIT, "the name of the data folder is too long");
    if (lstat(path, &stat) == 0 && S_ISLNK(stat.st_mode))
        return error_fail(err, ERROR_INPUT, "%s is a link; give the folder it leads to as --data", path);
    return true;
}

bool confine(const struct confine *confine, struct confined *ret, struct error *err)
{
    struct confined confined = { 0 };
    if (!CONFINE_IS_SANITIZED && threads() > 1)
        BUG("confined when threads were running already");
    /* libxlsxwriter's temporary files hold what people wrote: on the disk of the data, in its folder, not in /tmp */
    if (setenv("TMPDIR", confine->data, 1) != 0)
        return error_fail(err, ERROR_IO, "TMPDIR: %s", strerror(errno));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_fail(err, ERROR_IO, "no new privileges: %s", strerror(errno));
    if (!check_data(confine->data, err) || !confine_files(confine, &confined.landlock, err) ||
        !confine_calls(confine->may_connect, &confined.calls, err))
        return false;
    *ret = confined;
    return true;
}
