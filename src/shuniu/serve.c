/*
 * serve.c - shuniu serve: until SIGTERM or SIGINT, then ends without cutting anybody off.
 */
#include "platform/serve/serve.h"

#include "platform/db/ids.h"
#include "platform/jobs/jobs.h"
#include "platform/serve/log.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"
#include "shuniu/settings.h"

#include <signal.h>
#include <string.h>

static void wait_for_signal(void)
{
    sigset_t signals;
    int signal;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    (void)sigwait(&signals, &signal);
}

/* Blocked before any thread starts, so that all of them leave the signals to sigwait(). */
static void block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGPIPE);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
}

int command_serve(const struct options *options)
{
    struct error err;
    struct database *database;
    struct server *server = NULL;
    struct ids ids = { 0 };
    bool is_demo;
    block_signals();
    if (!make_data(options, &database, &err))
        return say_fault("cannot open the data", &err);
    if (!setting_is(database, "demo", "1", &is_demo, &err)) {
        database_close(database);
        return say_fault("cannot read the data", &err);
    }
    struct app app = shuniu_app(is_demo, &server);
    app.is_https = options->is_https;
    struct serve_app stages = web_app(&app);
    stages.background = jobs_run;
    struct serve_options serve = { .address = options->address,
                                   .port = options->port,
                                   .is_behind_proxy = options->is_behind_proxy };
    if (!serve_start(&serve, database, &ids, &stages, &server, &err)) {
        database_close(database);
        return say_fault("cannot start", &err);
    }
    log_event("info", "started", "http://%s:%d", options->address, serve_port(server));
    wait_for_signal();
    log_event("info", "stopping", "running requests end first");
    serve_stop(server);
    database_close(database);
    log_event("info", "stopped", "all is on the disk");
    return 0;
}
