#include "platform/serve/serve.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static bool same_name(struct str a, struct str b)
{
    return a.len == b.len && strncasecmp(a.data, b.data, (size_t)a.len) == 0;
}

struct str exchange_header(const struct exchange *x, struct str name)
{
    for (int i = 0; i < x->header_count; i++)
        if (same_name(x->headers[i].name, name))
            return x->headers[i].value;
    return (struct str){ 0 };
}

struct str exchange_network(const struct exchange *x)
{
    static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF }; /* ::ffff:10.0.0.7 is 10.0.0.7 */
    enum { NETWORK_BYTES = 8 };
    struct in6_addr address;
    char text[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, str_z(x->arena, x->peer), &address) != 1)
        return x->peer;
    if (memcmp(address.s6_addr, mapped, sizeof mapped) == 0) {
        inet_ntop(AF_INET, address.s6_addr + sizeof mapped, text, sizeof text);
        return str_copy(x->arena, str_of(text));
    }
    memset(address.s6_addr + NETWORK_BYTES, 0, sizeof address.s6_addr - NETWORK_BYTES);
    inet_ntop(AF_INET6, &address, text, sizeof text);
    return str_format(x->arena, "%s/64", text);
}

void exchange_add_header(struct exchange *x, struct str name, struct str value)
{
    if (x->reply_header_count == HTTP_REPLY_HEADERS_MAX)
        BUG("more than %d reply headers", HTTP_REPLY_HEADERS_MAX);
    x->reply_headers[x->reply_header_count++] = (struct http_header){ name, value };
}
