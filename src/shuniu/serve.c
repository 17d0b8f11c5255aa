/*
 * serve.c - shuniu serve: until SIGTERM or SIGINT, then ends without cutting anybody off.
 */
#include "platform/serve/serve.h"

#include "platform/db/ids.h"
#include "platform/db/upgrade.h"
#include "platform/jobs/jobs.h"
#include "platform/serve/log.h"
#include "shuniu/commands.h"
#include "shuniu/confine.h"
#include "shuniu/features.h"
#include "shuniu/roof.h"
#include "shuniu/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Looks at the key file each second, though nobody may need keys for a night: what was put in its place by mistake is in the log
 * at once, and no key is missed that was made and used meanwhile.
 */
static void wait_for_signal(struct keeper *keeper)
{
    static const struct timespec second = { .tv_sec = 1 };
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    while (sigtimedwait(&signals, NULL, &second) < 0)
        (void)keeper_ring(keeper);
}

/* Blocked before any thread starts, so that all of them leave the signals to sigtimedwait(). */
static void block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGPIPE);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
}

/* Before any thread: from here on only what serving needs can be done. */
static bool confine_server(const struct options *options, struct error *err)
{
    char keys[KEYS_PATH_BYTES];
    struct confine limits = {
        .data = options->data, .port = options->port, .may_connect = options->db != NULL
    };
    struct confined in_force;
    if (!keys_path(options, keys, err))
        return false;
    limits.keys = dirname(keys);
    if (options->db && mkdir(options->data, 0700) != 0 && errno != EEXIST) /* then it is for temporary files alone */
        return error_fail(err, ERROR_IO, "%s: %s", options->data, strerror(errno));
    if (!confine(&limits, &in_force, err))
        return false;
    bool is_whole = in_force.landlock > 0 && in_force.calls > 0;
    log_event(is_whole ? "info" : "warning", "confined", "Landlock level %d%s, %d system calls%s", in_force.landlock,
              in_force.landlock > 0 ? "" : " (not in this kernel: any file can be opened)", in_force.calls,
              in_force.calls > 0 ? "" : " (no seccomp in this kernel: all calls)");
    if (geteuid() == 0)
        log_event("warning", "confined", "runs as root; --user NAME, or a unit with User=, is better");
    return true;
}

/*
 * A new program starts on the data of the old one without another command: the copy beside it is the way back.  Of a database on a
 * server there is none, and other servers may be at work: that is upgraded by hand, and opening it says so.
 */
static bool upgrade_first(const struct options *options, struct keeper *keeper, struct error *err)
{
    struct upgraded done;
    if (options->db)
        return true;
    if (!upgrade_data(options, keeper, &done, err))
        return false;
    if (done.from != SCHEMA_VERSION)
        log_event("info", "upgraded", "schema %d to %d; the data as it was: %s", done.from, SCHEMA_VERSION,
                  done.snapshot);
    return true;
}

/* A key file that cannot be read any more; the keys read before go on. */
static void on_key_fault(const struct error *err)
{
    log_event("error", "keys", "%s", err->detail);
}

/*
 * One server for one folder: of two, each would take the other's background work for interrupted.  Commands do not ask.  The lock ends
 * with the process, however that ends, so what holds it is never closed.
 */
static bool lock_folder(const struct options *options, struct error *err)
{
    if (options->db)
        return true;
    if (mkdir(options->data, 0700) != 0 && errno != EEXIST)
        return error_fail(err, ERROR_IO, "%s: %s", options->data, strerror(errno));
    int folder = open(options->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0)
        return true;
    int why = errno;
    if (folder >= 0)
        close(folder);
    return why == EWOULDBLOCK ? error_fail(err, ERROR_BUSY, "another 'shuniu serve' has %s open", options->data)
                              : error_fail(err, ERROR_IO, "%s: %s", options->data, strerror(why));
}

struct installation {
    struct keeper *keeper;
    struct database *database;
    bool is_demo;
};

static void close_all(struct installation *installation)
{
    database_close(installation->database);
    keeper_close(installation->keeper);
}

/* Everything that is opened by a path, before the server can open nothing any more. */
static bool open_all(const struct options *options, struct installation *ret, const char **ret_what, struct error *err)
{
    *ret_what = "the keys cannot be used";
    if (!open_keys(options, on_key_fault, &ret->keeper, err))
        return false;
    *ret_what = "cannot open the data";
    if (!lock_folder(options, err))
        return false;
    *ret_what = "the data was not upgraded";
    if (!upgrade_first(options, ret->keeper, err))
        return false;
    *ret_what = "cannot open the data";
    if (!make_data(options, &ret->database, err))
        return false;
    *ret_what = "the keys cannot be used";
    if (!use_keys(ret->database, ret->keeper, err))
        return false;
    *ret_what = "cannot read the data";
    if (!setting_is(ret->database, "demo", "1", &ret->is_demo, err))
        return false;
    *ret_what = "cannot confine the server";
    return confine_server(options, err);
}

int command_serve(const struct options *options)
{
    struct error err;
    struct installation installation = { 0 };
    struct roof roof = { .data = options->data };
    struct ids ids = { 0 };
    const char *what;
    if (options->replica && !options->db) {
        fputs("shuniu: --replica is of a server: it goes with --db postgres://...\n", stderr);
        return 2;
    }
    block_signals();
    if (!confine_drop(options->user, &err))
        return say_fault("cannot serve", &err);
    if (!open_all(options, &installation, &what, &err)) {
        close_all(&installation);
        return say_fault(what, &err);
    }
    struct app app = shuniu_app(installation.is_demo, &roof);
    app.daily = keep_anchor_of_day;
    app.is_https = options->is_https;
    struct serve_app stages = web_app(&app);
    stages.background = jobs_run;
    struct serve_options serve = { .address = options->address,
                                   .port = options->port,
                                   .replica = options->replica,
                                   .is_behind_proxy = options->is_behind_proxy };
    if (!serve_start(&serve, installation.database, &ids, &stages, &roof.server, &err)) {
        close_all(&installation);
        return say_fault("cannot start", &err);
    }
    log_event("info", "started", "http://%s:%d", options->address, serve_port(roof.server));
    wait_for_signal(installation.keeper);
    log_event("info", "stopping", "running requests end first");
    serve_stop(roof.server);
    close_all(&installation);
    log_event("info", "stopped", "all is on the disk");
    return 0;
}
