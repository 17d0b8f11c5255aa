/*
 * live.h - a server and its requests, for serve.c and head.c alone.
 */
#pragma once
#include "platform/serve/large.h"
#include "platform/serve/outage.h"
#include "platform/serve/pool.h"
#include "platform/serve/serve.h"
#include "platform/serve/watch.h"

#include <microhttpd.h>
#include <stdatomic.h>

enum stage { STAGE_HEADERS, STAGE_BODY, STAGE_AWAY, STAGE_WAITING, STAGE_ANSWERED };

struct server {
    struct arena arena;
    struct database *database;
    struct serve_app app;
    struct MHD_Daemon *daemon;
    struct writer *writer;
    struct pool *pool;
    struct watch *watch;
    struct outage *outage;
    struct large *large;
    struct background *background; /* NULL: none */
    struct replica *replica;       /* NULL: none */
    int port;
    bool is_behind_proxy;
    atomic_bool is_open; /* from when all of this is set until it is stopped; requests outside are answered 503 */
    atomic_llong last_number, busy_us, by_class[6];
};

struct live {
    struct exchange x;
    struct arena arena;
    struct server *server;
    struct MHD_Connection *connection;
    int socket;
    enum stage stage;
    struct str uri;
    const char *head_at; /* up to where the head has been followed in libmicrohttpd's memory; NULL: it cannot be */
    struct buf body;
    int64_t received_ms; /* since when its body comes */
    bool is_large; /* it has a place in server->large */
    bool has_too_many_headers, has_bad_header, has_waited;
    struct outage_waiter waiter;
    struct change change;
    struct task task;
    struct error err;
    bool failed;
};

/* What libmicrohttpd calls with the request line as it came; what it returns goes along as *request. */
void *head_begin(void *self, const char *uri, struct MHD_Connection *connection);
/* With all headers there; method and version as libmicrohttpd hands them out. */
void head_read(struct live *live, const char *method, const char *version);
