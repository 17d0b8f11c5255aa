#include "platform/serve/serve.h"

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

void exchange_add_header(struct exchange *x, struct str name, struct str value)
{
    if (x->reply_header_count == HTTP_REPLY_HEADERS_MAX)
        BUG("more than %d reply headers", HTTP_REPLY_HEADERS_MAX);
    x->reply_headers[x->reply_header_count++] = (struct http_header){ name, value };
}
