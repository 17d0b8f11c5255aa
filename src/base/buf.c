#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

enum { CAP_FIRST = 256 };

struct buf buf_make(struct arena *arena, ptrdiff_t max)
{
    return (struct buf){ .arena = arena, .max = max };
}

char *buf_reserve(struct buf *buf, ptrdiff_t len)
{
    assert(len >= 0);
    if (buf->overflowed || len > buf->max - buf->len) {
        buf->overflowed = true;
        buf->cap = buf->len;
        return NULL;
    }
    if (buf->len + len > buf->cap) {
        ptrdiff_t cap = buf->cap > 0 ? buf->cap * 2 : CAP_FIRST;
        if (cap > buf->max)
            cap = buf->max;
        if (cap < buf->len + len)
            cap = buf->len + len;
        buf->data = arena_grow(buf->arena, buf->data, buf->cap, cap);
        buf->cap = cap;
    }
    return buf->data + buf->len;
}

void buf_put_slow(struct buf *buf, struct str s)
{
    char *at = buf_reserve(buf, s.len);
    if (!at)
        return;
    memcpy(at, s.data, (size_t)s.len);
    buf->len += s.len;
}

void buf_int(struct buf *buf, int64_t n)
{
    char digits[STR_INT_MAX];
    buf_put(buf, str_digits(digits, n));
}

void buf_format(struct buf *buf, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (len < 0)
        BUG("format: %s", format);
    if (len < (int)sizeof small) {
        buf_put(buf, (struct str){ small, len });
        return;
    }
    char *at = buf_reserve(buf, len);
    if (!at)
        return;
    /* aside, because there may be no room for vsnprintf's NUL */
    struct arena_mark mark = arena_mark(buf->arena);
    char *aside = arena_take(buf->arena, 1, 1, (ptrdiff_t)len + 1);
    va_start(args, format);
    (void)vsnprintf(aside, (size_t)len + 1, format, args);
    va_end(args);
    memcpy(at, aside, (size_t)len);
    arena_rewind(buf->arena, mark);
    buf->len += len;
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){ buf->data, buf->len };
}
