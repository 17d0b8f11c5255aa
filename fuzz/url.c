#include "fuzz/fuzz.h"
#include "platform/web/url.h"

#include <string.h>

static void check(struct url url)
{
    struct str s = url.text;
    bool is_local = s.len > 0 && s.data[0] == '/' && (s.len == 1 || (s.data[1] != '/' && s.data[1] != '\\'));
    if (!is_local)
        BUG("another host: %.*s", STR_ARG(s));
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c <= ' ' || c >= 0x7F || c == '"' || c == '<' || c == '>' || c == '\\')
            BUG("a byte %d in an address", c);
    }
}

void fuzz_one(struct str input, struct arena *arena)
{
    check(url_local(arena, input));
    check(url_with(arena, url_path(arena, "/a"), "back", input));
    check(url_with(arena, url_local(arena, input), "after", input));
}
