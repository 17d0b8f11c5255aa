/*
 * static_server.c - our own server giving one fixed reply: what pages are measured against.
 *
 * usage: static_server DATA PORT REPLY: REPLY is a file with a reply as it was captured, head and body; every request
 * gets the same status, headers and bytes.  As with any page of ours, a snapshot is opened for it.
 */
#include "base/parse.h"
#include "platform/db/ids.h"
#include "platform/serve/serve.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { REPLY_BYTES = 4 * 1024 * 1024 };

struct fixed {
    struct http_header headers[HTTP_REPLY_HEADERS_MAX];
    int header_count;
    struct str body;
};

static ptrdiff_t body_limit(void *self, enum http_method method, struct str path)
{
    (void)self, (void)method, (void)path;
    return 1024;
}

static void give(void *self, struct exchange *x)
{
    const struct fixed *fixed = self;
    x->status = 200;
    x->reply = fixed->body;
    for (int i = 0; i < fixed->header_count; i++)
        exchange_add_header(x, fixed->headers[i].name, fixed->headers[i].value);
}

/* As a page is: with a snapshot. */
static bool is_fixed(void *self, struct exchange *x)
{
    (void)self, (void)x;
    return false;
}

static void refuse(void *self, struct exchange *x, int status)
{
    (void)self;
    x->status = status;
    x->reply = (struct str){ 0 };
}

static bool is_made_by_the_server(struct str name)
{
    return str_equal(name, STR("Date")) || str_equal(name, STR("Content-Length")) || str_equal(name, STR("Connection"));
}

static bool read_reply(const char *path, struct arena *arena, struct fixed *ret)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char *bytes = arena_new(arena, char, REPLY_BYTES);
    struct str text = { bytes, (ptrdiff_t)fread(bytes, 1, REPLY_BYTES, file) };
    (void)fclose(file);
    ptrdiff_t end = str_find(text, STR("\r\n\r\n"));
    if (end < 0)
        return false;
    struct str line, head = str_slice(text, 0, end);
    *ret = (struct fixed){ .body = str_slice(text, end + 4, text.len) };
    (void)str_cut(head, '\n', &line, &head); /* the status line */
    while (head.len > 0) {
        struct str name, value;
        (void)str_cut(head, '\n', &line, &head);
        if (str_cut(line, ':', &name, &value) && !is_made_by_the_server(name))
            ret->headers[ret->header_count++] = (struct http_header){ name, str_trim(value) };
    }
    return true;
}

int main(int argc, char **argv)
{
    struct arena arena = { 0 };
    struct fixed fixed;
    struct error err;
    struct database *database;
    struct server *server;
    struct ids ids = { 0 };
    int64_t port;
    sigset_t signals;
    int signal;
    if (argc != 4 || !parse_int(str_of(argv[2]), 1, 65535, &port) || !read_reply(argv[3], &arena, &fixed)) {
        fputs("usage: static_server DATA PORT REPLY\n", stderr);
        return 2;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGPIPE);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    const char *path = str_z(&arena, str_format(&arena, "%s/shuniu.db", argv[1]));
    struct serve_app app = { .self = &fixed, .body_limit = body_limit, .begin = give, .fixed = is_fixed, .refuse = refuse };
    struct serve_options options = { .address = "127.0.0.1", .port = (int)port };
    if (!database_open(path, NULL, 0, &database, &err) ||
        !serve_start(&options, database, &ids, &app, &server, &err)) {
        fprintf(stderr, "static_server: %s\n", err.detail);
        return 1;
    }
    do
        (void)sigwait(&signals, &signal);
    while (signal != SIGTERM);
    serve_stop(server);
    database_close(database);
    arena_release(&arena);
    return 0;
}
