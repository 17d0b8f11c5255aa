/*
 * buf.h - text that grows, in an arena, up to a maximum set at birth.
 *
 * Past its maximum a buf stays as it was, remembers overflowed, and ignores what follows: a writer of a page checks
 * once, at the end.  data is not NUL-terminated.
 */
#pragma once
#include "base/str.h"

struct buf {
    struct arena *arena;
    char *data;
    ptrdiff_t len, cap;
    ptrdiff_t max; /* bytes */
    bool overflowed;
};

struct buf buf_make(struct arena *arena, ptrdiff_t max);
void buf_put(struct buf *buf, struct str s);
void buf_char(struct buf *buf, char c);
void buf_int(struct buf *buf, int64_t n);
void buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* Room for len more bytes to be written at the returned place and then counted with buf->len; NULL past the maximum. */
char *buf_reserve(struct buf *buf, ptrdiff_t len);
struct str buf_str(const struct buf *buf);
