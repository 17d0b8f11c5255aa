#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "platform/web/html.h"
#include "platform/web/json.h"

/* One string in quotes, with nothing in it that ends it, or a script element around it. */
static void check_json(struct str input, struct arena *arena)
{
    struct buf out = buf_make(arena, input.len * 6 + 2);
    json_put_str(&out, input);
    struct str json = buf_str(&out), inside = str_slice(json, 1, json.len - 1);
    if (out.overflowed || json.data[0] != '"' || json.data[json.len - 1] != '"' || !utf8_is_valid(json))
        BUG("no string");
    for (ptrdiff_t i = 0; i < inside.len; i++) {
        if ((unsigned char)inside.data[i] < ' ' || inside.data[i] == '"' || inside.data[i] == '<' || inside.data[i] == '&')
            BUG("unescaped at %td", i);
        if (inside.data[i] == '\\')
            i++; /* what follows is part of it */
    }
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct buf out = buf_make(arena, input.len * 2); /* sometimes too small for all of it */
    struct html html = { .out = &out, .lang = LANG_ZH };
    check_json(input, arena);
    html_value(&html, input);
    for (ptrdiff_t i = 0; i < out.len; i++)
        if (out.data[i] == '<' || out.data[i] == '>' || out.data[i] == '"' || out.data[i] == '\'')
            BUG("unescaped at %td", i);
}
