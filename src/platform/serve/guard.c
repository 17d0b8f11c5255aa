#include "platform/serve/guard.h"

#include "base/parse.h"

#include <arpa/inet.h>
#include <strings.h>

static bool is_named(struct http_header header, const char *name)
{
    struct str wanted = str_of(name);
    return header.name.len == wanted.len && strncasecmp(header.name.data, name, (size_t)wanted.len) == 0;
}

static bool is_token(struct str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool is_alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_alnum && str_find(STR("!#$%&'*+-.^_`|~"), (struct str){ &c, 1 }) < 0)
            return false;
    }
    return s.len > 0;
}

static bool has_control(struct str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

bool guard_is_clean(const struct exchange *x)
{
    int hosts = 0, lengths = 0, encodings = 0;
    for (int i = 0; i < x->header_count; i++) {
        struct http_header header = x->headers[i];
        if (!is_token(header.name) || has_control(header.value))
            return false;
        hosts += is_named(header, "Host");
        lengths += is_named(header, "Content-Length");
        if (is_named(header, "Transfer-Encoding")) {
            encodings++;
            if (!str_equal(header.value, STR("chunked")))
                return false;
        }
    }
    return hosts == 1 && lengths + encodings <= 1;
}

bool guard_length(const struct exchange *x, int64_t *ret_length)
{
    struct str value = exchange_header(x, STR("Content-Length"));
    *ret_length = 0;
    return value.len == 0 || parse_int(value, 0, INT64_MAX, ret_length);
}

static bool is_address(const struct exchange *x, struct str text)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    const char *z = str_z(x->arena, text);
    return inet_pton(AF_INET, z, bytes) == 1 || inet_pton(AF_INET6, z, bytes) == 1;
}

struct str guard_forwarded(const struct exchange *x)
{
    struct str rest = { 0 }, hop = { 0 };
    for (int i = 0; i < x->header_count; i++)
        if (is_named(x->headers[i], "X-Forwarded-For"))
            rest = x->headers[i].value;
    while (str_cut(rest, ',', &hop, &rest))
        continue;
    hop = str_trim(hop);
    return is_address(x, hop) ? hop : (struct str){ 0 };
}
