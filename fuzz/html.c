#include "fuzz/fuzz.h"
#include "platform/web/html.h"

void fuzz_one(struct str input, struct arena *arena)
{
    struct buf out = buf_make(arena, input.len * 2); /* sometimes too small for all of it */
    struct html html = { .out = &out, .lang = LANG_ZH };
    html_value(&html, input);
    for (ptrdiff_t i = 0; i < out.len; i++)
        if (out.data[i] == '<' || out.data[i] == '>' || out.data[i] == '"' || out.data[i] == '\'')
            BUG("unescaped at %td", i);
}
