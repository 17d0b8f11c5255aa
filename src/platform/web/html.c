/*
 * html.c - values are put out plain and then escaped where they stand, so none of them is ever copied
 * twice.
 */
#include "platform/web/html.h"

#include <string.h>

static struct str entity(char c)
{
    switch (c) {
    case '&': return STR("&amp;");
    case '<': return STR("&lt;");
    case '>': return STR("&gt;");
    case '"': return STR("&quot;");
    case '\'': return STR("&#39;");
    default: return (struct str){ 0 };
    }
}

/*
 * Escapes what out holds from there on, in place and from the end backwards.  A page that is full loses the
 * value rather than keep it unescaped.
 */
static void escape_from(struct buf *out, ptrdiff_t from)
{
    ptrdiff_t more = 0;
    for (ptrdiff_t i = from; i < out->len; i++) {
        struct str name = entity(out->data[i]);
        more += name.len > 0 ? name.len - 1 : 0;
    }
    if (more == 0)
        return;
    if (!buf_reserve(out, more)) {
        out->len = from;
        return;
    }
    ptrdiff_t to = out->len + more;
    for (ptrdiff_t i = out->len - 1; i >= from; i--) {
        struct str name = entity(out->data[i]);
        if (name.len == 0) {
            out->data[--to] = out->data[i];
            continue;
        }
        to -= name.len;
        memcpy(out->data + to, name.data, (size_t)name.len);
    }
    out->len += more;
}

void html_literal(struct html *html, const char *markup, ptrdiff_t len)
{
    buf_put(html->out, (struct str){ markup, len });
}

void html_value_str(struct html *html, struct str s)
{
    ptrdiff_t from = html->out->len;
    buf_put(html->out, s);
    escape_from(html->out, from);
}

void html_value_text(struct html *html, struct text text)
{
    ptrdiff_t from = html->out->len;
    text_put(html->out, html->lang, text);
    escape_from(html->out, from);
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
