/*
 * buf.h - text that grows, in an arena, up to a maximum set at birth.
 *
 * Past its maximum a buf stays as it was, remembers overflowed, and ignores what follows: a writer of a page checks
 * once, at the end.  data is not NUL-terminated.
 */
#pragma once
#include "base/str.h"

#include <string.h>

struct buf {
    struct arena *arena;
    char *data;
    ptrdiff_t len, cap;
    ptrdiff_t max; /* bytes */
    bool overflowed; /* then cap is len: nothing fits any more */
};

struct buf buf_make(struct arena *arena, ptrdiff_t max);
void buf_put_slow(struct buf *buf, struct str s); /* only for buf_put() */
void buf_int(struct buf *buf, int64_t n);
void buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* Room for len more bytes to be written at the returned place and then counted with buf->len; NULL past the maximum. */
char *buf_reserve(struct buf *buf, ptrdiff_t len);
struct str buf_str(const struct buf *buf);

/* Here, because a page is a thousand of these: what fits is copied without a call. */
static inline void buf_put(struct buf *buf, struct str s)
{
    if (s.len == 0)
        return;
    if (s.len > buf->cap - buf->len) {
        buf_put_slow(buf, s);
        return;
    }
    memcpy(buf->data + buf->len, s.data, (size_t)s.len);
    buf->len += s.len;
}

static inline void buf_char(struct buf *buf, char c)
{
    buf_put(buf, (struct str){ &c, 1 });
}
