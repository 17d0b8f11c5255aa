/*
 * html.c - five characters are written by name, everything else as it is.
 */
#include "platform/web/html.h"

#include <string.h>

/* What stands for a byte in markup; NULL: itself. */
static const char *const entities[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
};

void html_value_str(struct html *html, struct str s)
{
    ptrdiff_t from = 0; /* of the run that stays as it is */
    for (ptrdiff_t i = 0; i < s.len; i++) {
        const char *entity = entities[(unsigned char)s.data[i]];
        if (!entity)
            continue;
        buf_put(html->out, str_slice(s, from, i));
        buf_put(html->out, str_of(entity));
        from = i + 1;
    }
    buf_put(html->out, str_slice(s, from, s.len));
}

/* Written to the page, where most need no escaping; one that does is taken back and put again. */
void html_value_text(struct html *html, struct text text)
{
    struct buf *out = html->out;
    ptrdiff_t from = out->len;
    text_put(out, html->lang, text);
    ptrdiff_t plain = from;
    while (plain < out->len && !entities[(unsigned char)out->data[plain]])
        plain++;
    if (plain == out->len)
        return;
    struct str rest = str_copy(out->arena, str_slice(buf_str(out), plain, out->len));
    out->len = plain;
    html_value_str(html, rest);
}

void html_value_int(struct html *html, int64_t n)
{
    text_put_int(html->out, n);
}

void html_value_date(struct html *html, struct date date)
{
    buf_put(html->out, date_iso(html->out->arena, date));
}

void html_value_instant(struct html *html, struct instant instant)
{
    buf_put(html->out, instant_minute(html->out->arena, instant));
}

void html_value_url(struct html *html, struct url url)
{
    html_value_str(html, url.text);
}
