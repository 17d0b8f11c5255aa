/*
 * html.h - what compiled templates call: text becomes markup here and nowhere else.
 *
 * html_value() writes any plain value escaped; it is safe as text and inside a quoted attribute.  html_url() accepts
 * struct url only, which is built by url.h alone, so an address out of a user's text cannot get into href, src or
 * action.  A value of another type does not compile.  There is no way to write a string unescaped but html_literal(),
 * which templates use for their own markup.
 */
#pragma once
#include "base/buf.h"
#include "base/time.h"
#include "platform/i18n/text.h"
#include "platform/web/url.h"

struct html {
    struct buf *out;
    enum lang lang;
};

static inline void html_literal(struct html *html, const char *markup, ptrdiff_t len)
{
    buf_put(html->out, (struct str){ markup, len });
}

void html_value_str(struct html *html, struct str s);
void html_value_text(struct html *html, struct text text);
void html_value_int(struct html *html, int64_t n); /* grouped: 1,312; for a plain number use a str */
void html_value_date(struct html *html, struct date date);          /* 2026-11-24 */
void html_value_instant(struct html *html, struct instant instant); /* 2026-11-24 16:00 */
void html_value_url(struct html *html, struct url url);

#define html_value(html, value)                                                                          \
    _Generic((value),                                                                                    \
        struct str: html_value_str,                                                                      \
        struct text: html_value_text,                                                                    \
        int: html_value_int,                                                                             \
        long: html_value_int,                                                                            \
        long long: html_value_int,                                                                       \
        struct date: html_value_date,                                                                    \
        struct instant: html_value_instant)((html), (value))

#define html_url(html, value) _Generic((value), struct url: html_value_url)((html), (value))
