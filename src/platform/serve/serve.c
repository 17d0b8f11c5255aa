/*
 * serve.c - libmicrohttpd behind the stages of serve.h.
 *
 * Every request is a struct live in an arena of its own, made when its request line has been read (head.c) and given back when
 * its reply has left.  libmicrohttpd calls on_access() several times for one request: with the headers, with each
 * piece of the body, at its end, and again after every resume; live->stage says which call this is.
 */
#include "platform/serve/serve.h"

#include "platform/limits.h"
#include "platform/serve/guard.h"
#include "platform/serve/listen.h"
#include "platform/serve/live.h"
#include "platform/serve/log.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- the reply ----------------------------------------------------------------------------------------------- */

static void count(struct server *server, const struct exchange *x)
{
    int class = x->status / 100;
    atomic_fetch_add(&server->by_class[class >= 1 && class <= 5 ? class : 0], 1);
    atomic_fetch_add(&server->busy_us, instant_now().us - x->now.us);
}

/* How long so many bytes may take the other side, either way. */
static int seconds_for(int64_t bytes)
{
    return LIMIT_BODY_SECONDS + (int)(bytes / LIMIT_BODY_BYTES_PER_SECOND);
}

static enum MHD_Result queue_reply(struct live *live, bool close_after)
{
    struct exchange *x = &live->x;
    if (x->status < 200 || x->status > 599)
        BUG("request %lld left without a reply", (long long)x->number);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        (size_t)x->reply.len, (void *)(uintptr_t)x->reply.data, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    for (int i = 0; i < x->reply_header_count; i++)
        MHD_add_response_header(response, str_z(x->arena, x->reply_headers[i].name),
                                str_z(x->arena, x->reply_headers[i].value));
    if (close_after || !atomic_load(&live->server->is_open))
        MHD_add_response_header(response, "Connection", "close");
    live->stage = STAGE_ANSWERED;
    watch_reply(live->server->watch, live->socket, seconds_for(x->reply.len));
    count(live->server, x);
    enum MHD_Result result = MHD_queue_response(live->connection, (unsigned)x->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct live *live, int status)
{
    live->server->app.refuse(live->server->app.self, &live->x, status);
    return queue_reply(live, true);
}

/* Too much at once, or the end of the server; any other 503 is the database's. */
static enum MHD_Result refuse_full(struct live *live)
{
    live->x.is_full = true;
    return refuse(live, MHD_HTTP_SERVICE_UNAVAILABLE);
}

/* --- the stages ---------------------------------------------------------------------------------------------- */

static void on_changed(void *self, const struct error *err)
{
    struct live *live = self;
    live->failed = err != NULL;
    if (err)
        live->err = *err;
    MHD_resume_connection(live->connection);
}

static bool run_change(void *self, struct txn *txn, struct error *err)
{
    struct live *live = self;
    return live->server->app.change(live->server->app.self, &live->x, txn, err);
}

static void submit_change(struct live *live)
{
    struct error err;
    live->change = (struct change){ .run = run_change, .done = on_changed, .self = live };
    if (writer_submit(live->server->writer, &live->change, &err))
        return;
    live->x.is_full = true;
    on_changed(live, &err);
}

typedef void stage_fn(void *app, struct exchange *x);

static bool in_snapshot(struct live *live, stage_fn *stage, struct error *err)
{
    struct server *server = live->server;
    struct exchange *x = &live->x;
    if (!database_reader(server->database, &x->db, err))
        return false;
    bool ok = db_snapshot_begin(x->db, err);
    if (ok) {
        stage(server->app.self, x);
        db_snapshot_end(x->db);
    }
    db_release(x->db);
    x->db = NULL;
    return ok;
}

/* Runs a stage that reads, in a snapshot of its own. */
static bool run_reading(struct live *live, stage_fn *stage, struct error *err)
{
    bool ok = in_snapshot(live, stage, err);
    if (!ok && err->kind == ERROR_BUSY)
        outage_noted(live->server->outage, err);
    return ok;
}

static void run_work(void *self)
{
    struct live *live = self;
    live->x.next = SERVE_REPLY;
    if (!run_reading(live, live->server->app.work, &live->err))
        live->failed = true;
    if (!live->failed && live->x.next == SERVE_CHANGE)
        submit_change(live);
    else
        MHD_resume_connection(live->connection);
}

static void finish_stage(void *app, struct exchange *x)
{
    struct live *live = (struct live *)x; /* x is its first member */
    live->server->app.finish(app, x, live->failed ? &live->err : NULL);
}

static void on_back(void *self)
{
    MHD_resume_connection(((struct live *)self)->connection);
}

/* Once in its life a request that changes something waits for a database that is away; false: it does not. */
static bool wait_for_database(struct live *live, const struct error *why)
{
    bool may_wait = live->x.method == HTTP_POST && why->kind == ERROR_BUSY && !live->has_waited;
    live->has_waited = true;
    live->waiter = (struct outage_waiter){ .done = on_back, .self = live };
    if (!may_wait)
        return false;
    /* suspended first, so that nobody can resume it before */
    MHD_suspend_connection(live->connection);
    if (!outage_wait(live->server->outage, &live->waiter))
        MHD_resume_connection(live->connection);
    return true;
}

static enum MHD_Result finish(struct live *live)
{
    struct error err;
    if (run_reading(live, finish_stage, &err))
        return queue_reply(live, false);
    live->x.is_done = !live->failed && live->x.next == SERVE_CHANGE;
    if (live->x.is_done && wait_for_database(live, &err))
        return MHD_YES;
    log_fault(live->x.number, &err);
    bool is_unknown = live->failed && live->err.kind == ERROR_UNKNOWN;
    return refuse(live, is_unknown ? MHD_HTTP_GATEWAY_TIMEOUT : MHD_HTTP_SERVICE_UNAVAILABLE);
}

/* Goes on with what begin asked for, while the connection is suspended. */
static void go_on(struct live *live)
{
    struct error err;
    live->stage = STAGE_WAITING;
    /* suspended first, so that a quick worker cannot resume it before */
    MHD_suspend_connection(live->connection);
    if (live->x.next == SERVE_CHANGE) {
        submit_change(live);
        return;
    }
    live->task = (struct task){ .run = run_work, .self = live };
    if (pool_submit(live->server->pool, &live->task, &err))
        return;
    live->x.is_full = true;
    on_changed(live, &err);
}

static enum MHD_Result begin(struct live *live)
{
    struct server *server = live->server;
    struct error err;
    live->x.body = buf_str(&live->body);
    watch_clear(server->watch, live->socket);
    if (server->app.fixed(server->app.self, &live->x))
        return queue_reply(live, false);
    if (!run_reading(live, server->app.begin, &err)) {
        live->stage = STAGE_AWAY;
        if (wait_for_database(live, &err))
            return MHD_YES;
        log_fault(live->x.number, &err);
        return refuse(live, MHD_HTTP_SERVICE_UNAVAILABLE);
    }
    if (live->x.next == SERVE_REPLY)
        return queue_reply(live, false);
    go_on(live);
    return MHD_YES;
}

/* --- libmicrohttpd ------------------------------------------------------------------------------------------- */

/*
 * A large body is read only for a sender who may send it, and only a few at a time: its room is taken at once.
 * Returns the status of a refusal, or 0.
 */
static int admit(struct live *live)
{
    struct server *server = live->server;
    struct error err;
    if (!run_reading(live, server->app.admit, &err)) {
        log_fault(live->x.number, &err);
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    if (!live->x.is_admitted)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    live->is_large = large_take(server->large, live->x.sender);
    live->x.is_full = !live->is_large;
    return live->is_large ? 0 : MHD_HTTP_SERVICE_UNAVAILABLE;
}

/*
 * A body may stand still for LIMIT_BODY_SECONDS, and take as long again as what has come of it takes at the slowest rate: neither
 * one that stops nor one that drips keeps its place.
 */
static void watch_body(struct live *live)
{
    int64_t gone = (monotonic_ms() - live->received_ms) / 1000, left = seconds_for(live->body.len) - gone;
    watch_set(live->server->watch, live->socket, (int)(left < LIMIT_BODY_SECONDS ? left : LIMIT_BODY_SECONDS));
}

static enum MHD_Result on_head(struct live *live, const char *method, const char *version)
{
    struct server *server = live->server;
    int64_t length;
    head_read(live, method, version);
    live->stage = STAGE_BODY;
    if (live->has_too_many_headers)
        return refuse(live, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
    if (live->has_bad_header || !guard_is_clean(&live->x) || !guard_length(&live->x, &length))
        return refuse(live, MHD_HTTP_BAD_REQUEST);
    if (!atomic_load(&server->is_open))
        return refuse_full(live);
    ptrdiff_t limit = server->app.body_limit(server->app.self, live->x.method, live->x.path);
    if (length > limit)
        return refuse(live, MHD_HTTP_CONTENT_TOO_LARGE);
    int refused = length > LIMIT_FORM_BYTES ? admit(live) : 0;
    if (refused != 0)
        return refuse(live, refused);
    if (limit > LIMIT_FORM_BYTES)
        limit = live->is_large ? (ptrdiff_t)length : LIMIT_FORM_BYTES;
    live->body = buf_make(&live->arena, limit);
    if (live->is_large)
        (void)buf_reserve(&live->body, (ptrdiff_t)length);
    live->received_ms = monotonic_ms();
    watch_body(live);
    return MHD_YES;
}

static enum MHD_Result on_access(void *self, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *data, size_t *data_size, void **request)
{
    (void)self, (void)connection, (void)url;
    struct live *live = *request;
    switch (live->stage) {
    case STAGE_HEADERS:
        return on_head(live, method, version);
    case STAGE_BODY:
        if (*data_size > 0) {
            if (live->body.overflowed)
                return MHD_NO; /* chunked without end: cut; a body that just ends past the limit gets its 413 */
            buf_put(&live->body, (struct str){ data, (ptrdiff_t)*data_size });
            *data_size = 0;
            watch_body(live);
            return MHD_YES;
        }
        return live->body.overflowed ? refuse(live, MHD_HTTP_CONTENT_TOO_LARGE) : begin(live);
    case STAGE_AWAY:
        return begin(live);
    case STAGE_WAITING:
        return finish(live);
    case STAGE_ANSWERED:
        break;
    }
    return MHD_YES;
}

static void on_completed(void *self, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection, (void)code;
    struct server *server = self;
    struct live *live = *request;
    if (!live)
        return;
    watch_set(server->watch, live->socket, LIMIT_IDLE_SECONDS + LIMIT_HEADER_SECONDS);
    if (live->is_large)
        large_give_back(server->large, live->x.sender);
    struct arena arena = live->arena; /* it holds live itself */
    arena_release(&arena);
    *request = NULL;
}

static void on_connection(void *self, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    (void)socket_context;
    struct server *server = self;
    int socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        watch_set(server->watch, socket, LIMIT_HEADER_SECONDS);
    else
        watch_clear(server->watch, socket);
}

static struct MHD_Daemon *start_daemon(struct server *server, int threads, int listening)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned count = (unsigned)(threads > 0 ? threads : cores > 1 ? cores : 2);
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
                            on_access, server, MHD_OPTION_LISTEN_SOCKET, listening, MHD_OPTION_THREAD_POOL_SIZE, count,
                            MHD_OPTION_URI_LOG_CALLBACK, head_begin, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
                            server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_CONNECTION_MEMORY,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_CONNECTIONS,
                            MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)LIMIT_CONNECTIONS_PER_ADDRESS,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_IDLE_SECONDS,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

/* Requests may come in before it returns; they are answered 503 until the server is open. */
static bool start_listening(struct server *server, const struct serve_options *options, struct error *err)
{
    int listening;
    if (!listen_on(options->address, options->port, &listening, &server->port, err))
        return false;
    server->daemon = start_daemon(server, options->threads, listening);
    if (server->daemon)
        return true;
    close(listening);
    return error_fail(err, ERROR_IO, "cannot listen on %s:%d", options->address, options->port);
}

bool serve_start(const struct serve_options *options, struct database *database, struct ids *ids,
                 const struct serve_app *app, struct server **ret, struct error *err)
{
    struct arena arena = { 0 };
    struct server *server = arena_new(&arena, struct server, 1);
    server->arena = arena;
    server->database = database;
    server->app = *app;
    server->is_behind_proxy = options->is_behind_proxy;
    if (!writer_start(database, ids, instant_now, &server->writer, err)) {
        arena_release(&arena);
        return false;
    }
    server->replica = replica_make(options->replica, database_keeper(database));
    server->pool = pool_start(LIMIT_WORKERS);
    server->watch = watch_start();
    server->outage = outage_start(database);
    server->large = large_make();
    if (app->background)
        server->background = background_start(database, server->replica, server->writer, server->outage, instant_now,
                                              server->app.background, server->app.self);
    if (!start_listening(server, options, err)) {
        serve_stop(server);
        return false;
    }
    *ret = server;
    atomic_store(&server->is_open, true);
    return true;
}

int serve_port(const struct server *server)
{
    return server->port;
}

static int64_t connections(struct server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections;
}

struct serve_counts serve_counts(struct server *server)
{
    struct serve_counts counts = { .requests = atomic_load(&server->last_number),
                                   .busy_us = atomic_load(&server->busy_us),
                                   .connections = connections(server),
                                   .writer = writer_counts(server->writer) };
    for (int i = 0; i < 6; i++)
        counts.by_class[i] = atomic_load(&server->by_class[i]);
    return counts;
}

static void end_connections(struct server *server)
{
    int listening = MHD_quiesce_daemon(server->daemon);
    if (listening >= 0)
        close(listening);
    for (int tenths = 0; tenths < LIMIT_STOP_SECONDS * 10 && connections(server) > 0; tenths++) {
        watch_hurry(server->watch);
        usleep(100000);
    }
}

void serve_stop(struct server *server)
{
    atomic_store(&server->is_open, false);
    if (server->daemon)
        end_connections(server);
    /* libmicrohttpd must not be stopped while a connection is suspended: the drains resume all of them */
    outage_drain(server->outage);
    pool_drain(server->pool);
    background_end(server->background); /* before the writer: it may wait for a change */
    writer_drain(server->writer);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    background_free(server->background);
    replica_free(server->replica);
    pool_free(server->pool);
    writer_free(server->writer);
    watch_stop(server->watch);
    outage_free(server->outage);
    large_free(server->large);
    struct arena arena = server->arena; /* it holds the server itself */
    arena_release(&arena);
}
