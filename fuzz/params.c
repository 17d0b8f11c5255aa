#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "platform/limits.h"
#include "platform/web/params.h"

#include <string.h>

static void check_text(struct str s)
{
    if (!utf8_is_valid(s) || (s.len > 0 && memchr(s.data, 0, (size_t)s.len)))
        BUG("a decoded text that is none");
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct params params;
    struct error err;
    struct str decoded;
    if (percent_decode(arena, input, &decoded))
        check_text(decoded);
    if (!params_parse(arena, input, &params, &err))
        return;
    if (params.n > LIMIT_PARAMS)
        BUG("%td fields", params.n);
    for (ptrdiff_t i = 0; i < params.n; i++) {
        check_text(params.at[i].name);
        check_text(params.at[i].value);
    }
}
