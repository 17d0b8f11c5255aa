/*
 * serve.h - HTTP/1.1 on the wire, and the threads; the only room that has any.
 *
 * An exchange is one request and its reply.  It passes through at most four stages, each a function of struct serve_app:
 *
 *   begin   in a serving thread, reading a snapshot: may answer, or ask for what is next
 *   work    in a worker: slow things, such as hashing a password (optional)
 *   change  in the writer: one savepoint of the group commit (optional)
 *   finish  in a serving thread, reading a snapshot taken after the commit: writes the reply
 *
 * While work or change wait, the connection is suspended and holds no thread; so is a POST that finds the database away, for
 * LIMIT_AWAY_WAIT_SECONDS, before it begins.  What cannot be read as one request of
 * RFC 9112 (two lengths, bad framing, no Host, control characters) is answered 400 and closed before begin.
 */
#pragma once
#include "base/buf.h"
#include "base/error.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/serve/background.h"
#include "platform/serve/replica.h"
#include "platform/serve/writer.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

enum serve_next { SERVE_REPLY, SERVE_WORK, SERVE_CHANGE };

struct http_header {
    struct str name, value;
};

enum { HTTP_HEADERS_MAX = 64, HTTP_REPLY_HEADERS_MAX = 12 };

struct exchange {
    /* the request: strings live in the arena, as long as the exchange */
    struct arena *arena;
    struct instant now; /* when its headers had arrived */
    int64_t number;     /* counts from 1 since the start; the request id in logs and on error pages */
    enum http_method method;
    struct str path;  /* as sent, without the query; still percent-encoded */
    struct str query; /* without '?' */
    struct str body;
    struct http_header headers[HTTP_HEADERS_MAX];
    int header_count;
    struct str peer; /* the address of the other side; behind a proxy, of the proxy's other side */

    /* for the stages */
    struct db *db; /* set in admit, begin, work and finish */
    void *app;     /* the application's own */
    bool is_admitted; /* by admit, which also says whose it is: large bodies of one sender count together */
    int64_t sender;
    bool is_full; /* a 503 of serve's own: too much at once, or it is ending; without it the database does not answer */
    bool is_done; /* for refuse: the change is on the disk, only its reply could not be made */
    struct background *background; /* to ask how far long work is; NULL: there is none */
    struct replica *replica;       /* for what may be a little old; NULL: there is none */
    enum serve_next next;

    /* the reply */
    int status;
    struct str reply;
    struct http_header reply_headers[HTTP_REPLY_HEADERS_MAX];
    int reply_header_count;
};

struct serve_app {
    void *self;
    /* The largest body this address takes, before any of it is read. */
    ptrdiff_t (*body_limit)(void *self, enum http_method method, struct str path);
    /*
     * From the head alone, reading a snapshot: sets x->is_admitted if this sender may send what is over
     * LIMIT_FORM_BYTES.  Such a body must declare its length; one in chunks is held to LIMIT_FORM_BYTES.
     */
    void (*admit)(void *self, struct exchange *x);
    void (*begin)(void *self, struct exchange *x);
    /* Asked before begin: a reply that needs no database, a file of the program. */
    bool (*fixed)(void *self, struct exchange *x);
    void (*work)(void *self, struct exchange *x);
    bool (*change)(void *self, struct exchange *x, struct txn *txn, struct error *err);
    /* err: why work could not be queued or the change failed; NULL when all went well. */
    void (*finish)(void *self, struct exchange *x, const struct error *err);
    /* A reply for what serve itself refuses: 400, 413, 503 ...; no database. */
    void (*refuse)(void *self, struct exchange *x, int status);
    /* Long work, in a thread of its own until background_is_stopping(); NULL: none. */
    void (*background)(void *self, struct background *background);
};

struct serve_options {
    const char *address; /* "127.0.0.1" */
    int port;            /* 0: any free one */
    int threads;         /* 0: one per core */
    const char *replica; /* postgres://... of a server that follows; NULL: none */
    bool is_behind_proxy; /* the last hop of X-Forwarded-For is believed; else that header is nothing */
};

struct serve_counts {
    int64_t requests, by_class[6]; /* [2]: 2xx ... */
    int64_t busy_us;               /* from headers read to reply queued, all together */
    int64_t connections;
    struct writer_counts writer;
};

struct server;

bool serve_start(const struct serve_options *options, struct database *database, struct ids *ids,
                 const struct serve_app *app, struct server **ret, struct error *err) MUST_USE;
int serve_port(const struct server *server);
struct serve_counts serve_counts(struct server *server);
/* Takes no new connection, lets running requests end (LIMIT_STOP_SECONDS), then stops all threads. */
void serve_stop(struct server *server);

struct str exchange_header(const struct exchange *x, struct str name); /* case-insensitive; empty if absent */
/* Whose doings count together: the peer's IPv4 address, or the /64 of an IPv6 one; empty: no address. */
struct str exchange_network(const struct exchange *x);
void exchange_add_header(struct exchange *x, struct str name, struct str value);
