#include "platform/serve/guard.h"
#include "platform/serve/live.h"

#include <arpa/inet.h>
#include <string.h>

/*
 * The query is read by web/params.c, with its own limit.  libmicrohttpd would read it too, and says nothing more on a connection
 * whose memory that fills (some 400 fields): it is left with an empty one, in the buffer that is its own to write to.
 */
static void hide_query(const char *uri)
{
    char *query = strchr((char *)(uintptr_t)uri, '?');
    if (query && query[1])
        query[1] = '\0';
}

/*
 * libmicrohttpd 0.9.75 ends a value or an address at a NUL in it and takes it for the whole.  What it hands out lies where it came,
 * in one piece: whatever does not begin where the part before it ended has lost something, or is folded, or ends without CR LF.
 * Other versions may keep it otherwise, and newer ones refuse it themselves.
 */
static void follow(struct live *live, const char *next, int between)
{
    live->has_bad_header = live->has_bad_header || (live->head_at && next != live->head_at + between);
    live->head_at = live->head_at ? next : NULL;
}

static bool is_followed(void)
{
    return strcmp(MHD_get_version(), "0.9.75") == 0;
}

void *head_begin(void *self, const char *uri, struct MHD_Connection *connection)
{
    struct arena arena = { 0 };
    struct live *live = arena_new(&arena, struct live, 1);
    live->uri = str_copy(&arena, str_of(uri));
    live->head_at = is_followed() ? uri + live->uri.len : NULL;
    hide_query(uri);
    live->arena = arena;
    live->server = self;
    live->connection = connection;
    live->socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    return live;
}

static enum MHD_Result on_header(void *self, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    struct live *live = self;
    struct exchange *x = &live->x;
    if (x->header_count == HTTP_HEADERS_MAX) {
        live->has_too_many_headers = true;
        return MHD_NO;
    }
    follow(live, name, 2);
    live->head_at = live->head_at ? value + strlen(value) : NULL;
    x->headers[x->header_count++] = (struct http_header){ str_copy(x->arena, str_of(name)),
                                                          str_copy(x->arena, str_of(value)) };
    return MHD_YES;
}

static enum http_method method_of(const char *method)
{
    if (strcmp(method, "GET") == 0)
        return HTTP_GET;
    if (strcmp(method, "HEAD") == 0)
        return HTTP_HEAD;
    return strcmp(method, "POST") == 0 ? HTTP_POST : HTTP_OTHER;
}

static struct str peer_of(struct MHD_Connection *connection, struct arena *arena)
{
    const struct sockaddr *address = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    char text[INET6_ADDRSTRLEN] = "";
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text, sizeof text);
    return str_copy(arena, str_of(text));
}

static void read_headers(struct live *live, const char *method, const char *version)
{
    size_t size = MHD_get_connection_info(live->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
    follow(live, version, 1);
    live->head_at = live->head_at ? version + strlen(version) : NULL;
    MHD_get_connection_values(live->connection, MHD_HEADER_KIND, on_header, live);
    follow(live, method + size, 4);
}

void head_read(struct live *live, const char *method, const char *version)
{
    struct exchange *x = &live->x;
    x->arena = &live->arena;
    x->now = instant_now();
    x->background = live->server->background;
    x->replica = live->server->replica;
    x->number = atomic_fetch_add(&live->server->last_number, 1) + 1;
    x->method = method_of(method);
    (void)str_cut(live->uri, '?', &x->path, &x->query);
    x->peer = peer_of(live->connection, x->arena);
    read_headers(live, method, version);
    struct str forwarded = live->server->is_behind_proxy ? guard_forwarded(x) : (struct str){ 0 };
    if (forwarded.len > 0)
        x->peer = forwarded;
}
