/*
 * url.c - percent-encoding after RFC 3986; what is kept as it is depends on what the bytes are.
 */
#include "platform/web/url.h"

#include <stdarg.h>
#include <string.h>

/* Where a byte is kept as it is: in data, in a path of ours, in an address that is encoded already. */
enum kept { KEPT_IN_DATA = 1, KEPT_IN_PATH = 2, KEPT_IN_ADDRESS = 4 };

#define ALWAYS (KEPT_IN_DATA | KEPT_IN_PATH | KEPT_IN_ADDRESS)
#define MARK (KEPT_IN_PATH | KEPT_IN_ADDRESS)

static const unsigned char keeps[256] = {
    ['a' ... 'z'] = ALWAYS, ['A' ... 'Z'] = ALWAYS, ['0' ... '9'] = ALWAYS, ['-'] = ALWAYS, ['.'] = ALWAYS,
    ['_'] = ALWAYS,         ['~'] = ALWAYS,         ['/'] = MARK,           ['?'] = MARK,   ['#'] = MARK,
    ['='] = MARK,           ['&'] = MARK,           [':'] = MARK,           ['@'] = MARK,   ['!'] = MARK,
    ['$'] = MARK,           ['\''] = MARK,          ['('] = MARK,           [')'] = MARK,   ['*'] = MARK,
    ['+'] = MARK,           [','] = MARK,           [';'] = MARK,           ['%'] = KEPT_IN_ADDRESS,
};

static void put_encoded(struct buf *out, struct str s, enum kept kept)
{
    static const char hex[] = "0123456789ABCDEF";
    ptrdiff_t from = 0; /* of the run that stays as it is */
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (keeps[c] & kept)
            continue;
        buf_put(out, str_slice(s, from, i));
        buf_put(out, (struct str){ (char[]){ '%', hex[c / 16], hex[c % 16] }, 3 });
        from = i + 1;
    }
    buf_put(out, str_slice(s, from, s.len));
}

static struct url encoded(struct arena *arena, struct str s, enum kept kept)
{
    struct buf out = buf_make(arena, s.len * 3);
    put_encoded(&out, s, kept);
    return (struct url){ buf_str(&out) };
}

/* One '/': two, or one and a backslash, would be another host. */
static bool is_local_path(struct str s)
{
    return s.len > 0 && s.data[0] == '/' && (s.len == 1 || (s.data[1] != '/' && s.data[1] != '\\'));
}

struct url url_literal(const char *path)
{
    struct str text = str_of(path);
    bool is_plain = is_local_path(text);
    for (ptrdiff_t i = 0; i < text.len; i++)
        is_plain = is_plain && (keeps[(unsigned char)text.data[i]] & KEPT_IN_PATH);
    if (!is_plain)
        BUG("not a path of this program: %s", path);
    return (struct url){ text };
}

struct url url_path(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str path = str_format_list(arena, format, args);
    va_end(args);
    if (!is_local_path(path))
        BUG("not a path of this program: %.*s", STR_ARG(path));
    return encoded(arena, path, KEPT_IN_PATH);
}

struct url url_below(struct arena *arena, struct url path, int64_t number)
{
    ptrdiff_t most = path.text.len + 1 + STR_INT_MAX;
    struct buf out = buf_make(arena, most);
    (void)buf_reserve(&out, most);
    buf_put(&out, path.text);
    buf_char(&out, '/');
    buf_int(&out, number);
    return (struct url){ buf_str(&out) };
}

struct url url_with(struct arena *arena, struct url url, const char *name, struct str value)
{
    if (value.len == 0)
        return url;
    struct str before, fragment;
    bool has_fragment = str_cut(url.text, '#', &before, &fragment);
    ptrdiff_t name_len = (ptrdiff_t)strlen(name);
    ptrdiff_t most = url.text.len + 3 * (name_len + value.len) + 2;
    struct buf out = buf_make(arena, most);
    (void)buf_reserve(&out, most);
    buf_put(&out, before);
    buf_char(&out, str_find(before, STR("?")) < 0 ? '?' : '&');
    put_encoded(&out, (struct str){ name, name_len }, KEPT_IN_DATA);
    buf_char(&out, '=');
    put_encoded(&out, value, KEPT_IN_DATA);
    if (has_fragment) {
        buf_char(&out, '#');
        buf_put(&out, fragment);
    }
    return (struct url){ buf_str(&out) };
}

struct url url_anchor(struct arena *arena, struct str id)
{
    struct buf out = buf_make(arena, id.len * 3 + 1);
    buf_char(&out, '#');
    put_encoded(&out, id, KEPT_IN_DATA);
    return (struct url){ buf_str(&out) };
}

struct str url_encoded(struct arena *arena, struct str data)
{
    return encoded(arena, data, KEPT_IN_DATA).text;
}

struct url url_local(struct arena *arena, struct str untrusted)
{
    bool is_safe = is_local_path(untrusted);
    for (ptrdiff_t i = 0; i < untrusted.len; i++) {
        unsigned char c = (unsigned char)untrusted.data[i];
        is_safe = is_safe && c > ' ' && c != 0x7f && c != '\\';
    }
    return is_safe ? encoded(arena, untrusted, KEPT_IN_ADDRESS) : (struct url){ STR("/") };
}
