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

/* As a draft is kept: what was decoded is written, and read again when the form is shown. */
static void check_kept(const struct params *params, struct arena *arena)
{
    struct buf out = buf_make(arena, LIMIT_FORM_BYTES * 4);
    struct params again;
    struct error err;
    for (ptrdiff_t i = 0; i < params->n; i++)
        params_put(&out, params->at[i].name, params->at[i].value);
    if (!params_parse(arena, buf_str(&out), &again, &err) || again.n != params->n)
        BUG("%td fields are kept as others", params->n);
    for (ptrdiff_t i = 0; i < params->n; i++)
        if (!str_equal(again.at[i].name, params->at[i].name) || !str_equal(again.at[i].value, params->at[i].value))
            BUG("field %td is kept as another", i);
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
    if (input.len <= LIMIT_FORM_BYTES)
        check_kept(&params, arena);
}
