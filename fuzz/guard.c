#include "fuzz/fuzz.h"
#include "platform/serve/guard.h"
#include "platform/web/cookies.h"

/* The head of a request: one header a line, name and value as they stand around the first colon. */
static void read_headers(struct str input, struct exchange *x)
{
    while (input.len > 0 && x->header_count < HTTP_HEADERS_MAX) {
        struct str line, name, value;
        (void)str_cut(input, '\n', &line, &input);
        (void)str_cut(line, ':', &name, &value);
        x->headers[x->header_count++] = (struct http_header){ name, str_trim(value) };
    }
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct exchange *x = arena_new(arena, struct exchange, 1);
    int64_t length;
    read_headers(input, x);
    x->arena = arena;
    (void)cookie(x, STR("shuniu"));
    x->peer = guard_forwarded(x);
    (void)exchange_network(x);
    bool has_length = guard_length(x, &length);
    if (has_length && length < 0)
        BUG("a length of %lld", (long long)length);
    if (!guard_is_clean(x))
        return;
    if (exchange_header(x, STR("Content-Length")).len > 0 && exchange_header(x, STR("Transfer-Encoding")).len > 0)
        BUG("two lengths");
    for (int i = 0; i < x->header_count; i++)
        if (str_find(x->headers[i].value, STR("\r")) >= 0 || str_find(x->headers[i].name, STR(" ")) >= 0)
            BUG("header %d is not clean", i);
}
