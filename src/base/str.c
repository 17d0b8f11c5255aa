#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str str_of(const char *zero_terminated)
{
    if (!zero_terminated)
        return (struct str){ 0 };
    return (struct str){ zero_terminated, (ptrdiff_t)strlen(zero_terminated) };
}

struct str str_slice(struct str s, ptrdiff_t from, ptrdiff_t to)
{
    assert(0 <= from && from <= to && to <= s.len);
    if (from == to)
        return (struct str){ 0 };
    return (struct str){ s.data + from, to - from };
}

static ptrdiff_t blank_at(struct str s, ptrdiff_t at)
{
    unsigned char c = (unsigned char)s.data[at];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    return s.len - at >= 3 && memcmp(s.data + at, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

struct str str_trim(struct str s)
{
    ptrdiff_t from = 0;
    while (from < s.len && blank_at(s, from) > 0)
        from += blank_at(s, from);
    s = str_slice(s, from, s.len);
    for (;;) {
        if (s.len > 0 && blank_at(s, s.len - 1) == 1)
            s.len -= 1;
        else if (s.len >= 3 && blank_at(s, s.len - 3) == 3)
            s.len -= 3;
        else
            return s;
    }
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, (size_t)a.len) == 0);
}

int str_compare(struct str a, struct str b)
{
    ptrdiff_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.data, b.data, (size_t)shorter) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str head)
{
    return s.len >= head.len && str_equal(str_slice(s, 0, head.len), head);
}

bool str_ends(struct str s, struct str tail)
{
    return s.len >= tail.len && str_equal(str_slice(s, s.len - tail.len, s.len), tail);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return -1;
    const char *at = memmem(s.data, (size_t)s.len, needle.data, (size_t)needle.len);
    return at ? at - s.data : -1;
}

bool str_cut(struct str s, char separator, struct str *ret_head, struct str *ret_rest)
{
    const char *at = s.len > 0 ? memchr(s.data, separator, (size_t)s.len) : NULL;
    if (!at) {
        *ret_head = s;
        *ret_rest = (struct str){ 0 };
        return false;
    }
    ptrdiff_t cut = at - s.data;
    struct str whole = s;
    *ret_head = str_slice(whole, 0, cut);
    *ret_rest = str_slice(whole, cut + 1, whole.len);
    return true;
}

struct str str_copy(struct arena *arena, struct str s)
{
    return (struct str){ str_z(arena, s), s.len };
}

struct str str_digits(char room[STR_INT_MAX], int64_t n)
{
    ptrdiff_t at = STR_INT_MAX;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        room[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0)
        room[--at] = '-';
    return (struct str){ room + at, STR_INT_MAX - at };
}

struct str str_int(struct arena *arena, int64_t n)
{
    char digits[STR_INT_MAX];
    return str_copy(arena, str_digits(digits, n));
}

const char *str_z(struct arena *arena, struct str s)
{
    char *copy = arena_new(arena, char, s.len + 1);
    if (s.len > 0)
        memcpy(copy, s.data, (size_t)s.len);
    return copy;
}

struct str str_format_list(struct arena *arena, const char *format, va_list args)
{
    char small[256]; /* most texts fit, and are formatted only once */
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    if (len < 0)
        BUG("format: %s", format);
    char *text = arena_new(arena, char, (ptrdiff_t)len + 1);
    if (len < (int)sizeof small)
        memcpy(text, small, (size_t)len);
    else
        (void)vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (struct str){ text, len };
}

struct str str_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_format_list(arena, format, args);
    va_end(args);
    return text;
}
