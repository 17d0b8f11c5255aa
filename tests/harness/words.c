#include "harness/words.h"

#include "base/buf.h"
#include "base/parse.h"
#include "base/utf8.h"

enum { TEXT_MAX = 1 << 20, REPEAT_MAX = 100000 };

struct str word_next(struct str *rest)
{
    struct str word;
    (void)str_cut(str_trim(*rest), ' ', &word, rest);
    *rest = str_trim(*rest);
    return word;
}

struct str digits(struct str text)
{
    ptrdiff_t n = 0;
    while (n < text.len && text.data[n] >= '0' && text.data[n] <= '9')
        n++;
    return str_slice(text, 0, n);
}

struct str letters(struct str text)
{
    ptrdiff_t n = 0;
    while (n < text.len && ((text.data[n] >= 'a' && text.data[n] <= 'z') || text.data[n] == '_'))
        n++;
    return str_slice(text, 0, n);
}

/* --- quotes ------------------------------------------------------------------------------------------------------ */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \u{202E}: at stands behind the 'u'. */
static bool put_code(struct buf *out, struct str text, ptrdiff_t *at)
{
    char bytes[4];
    int32_t code = 0;
    if (*at >= text.len || text.data[(*at)++] != '{')
        return false;
    while (*at < text.len && hex(text.data[*at]) >= 0 && code <= 0xFFFF)
        code = code * 16 + hex(text.data[(*at)++]);
    if (*at >= text.len || text.data[(*at)++] != '}')
        return false;
    buf_put(out, (struct str){ bytes, utf8_encode(code, bytes) });
    return true;
}

static bool put_escape(struct buf *out, struct str text, ptrdiff_t *at)
{
    char c = *at < text.len ? text.data[(*at)++] : '\0';
    switch (c) {
    case '"':
    case '\\':
        buf_char(out, c);
        return true;
    case 'n':
        buf_char(out, '\n');
        return true;
    case 't':
        buf_char(out, '\t');
        return true;
    case 'u':
        return put_code(out, text, at);
    default:
        return false;
    }
}

/* A quoted text at the start of *rest, which goes on behind it. */
static bool take_quoted(struct arena *arena, struct str *rest, struct str *ret)
{
    struct buf once = buf_make(arena, TEXT_MAX), out = buf_make(arena, TEXT_MAX);
    int64_t times = 1;
    ptrdiff_t at = 1;
    if (rest->len < 2 || rest->data[0] != '"')
        return false;
    while (at < rest->len && rest->data[at] != '"') {
        char c = rest->data[at++];
        if (c != '\\')
            buf_char(&once, c);
        else if (!put_escape(&once, *rest, &at))
            return false;
    }
    if (at >= rest->len)
        return false;
    *rest = str_slice(*rest, at + 1, rest->len);
    if (str_starts(*rest, STR("*"))) {
        struct str number = digits(str_slice(*rest, 1, rest->len));
        if (!parse_int(number, 1, REPEAT_MAX, &times))
            return false;
        *rest = str_slice(*rest, 1 + number.len, rest->len);
    }
    for (int64_t i = 0; i < times; i++)
        buf_put(&out, buf_str(&once));
    *ret = buf_str(&out);
    return !out.overflowed && (rest->len == 0 || rest->data[0] == ' ');
}

bool quoted(struct arena *arena, struct str word, struct str *ret)
{
    struct str rest = word;
    return take_quoted(arena, &rest, ret) && str_trim(rest).len == 0;
}

bool pair_next(struct arena *arena, struct str *rest, struct str *ret_name, struct str *ret_value, bool *ret_is_raw)
{
    ptrdiff_t equals = str_find(*rest, STR("="));
    if (equals <= 0)
        return false;
    *ret_name = str_slice(*rest, 0, equals);
    *rest = str_slice(*rest, equals + 1, rest->len);
    *ret_is_raw = !str_starts(*rest, STR("\""));
    bool ok = true;
    if (*ret_is_raw)
        (void)str_cut(*rest, ' ', ret_value, rest);
    else
        ok = take_quoted(arena, rest, ret_value);
    *rest = str_trim(*rest);
    return ok;
}

/* --- pages and files --------------------------------------------------------------------------------------------- */

struct str plain_text(struct arena *arena, struct str html, ptrdiff_t max)
{
    struct buf out = buf_make(arena, html.len);
    ptrdiff_t from = str_find(html, STR("<main"));
    bool in_tag = false, was_blank = true;
    for (ptrdiff_t i = from < 0 ? 0 : from; i < html.len; i++) {
        char c = html.data[i];
        bool is_blank = c == ' ' || c == '\n' || c == '<';
        if (out.len >= max && (c & 0xC0) != 0x80)
            break;
        if (is_blank && !was_blank && !in_tag)
            buf_char(&out, ' ');
        in_tag = c == '<' || (in_tag && c != '>');
        if (!in_tag && !is_blank && c != '>')
            buf_char(&out, c);
        was_blank = is_blank || in_tag || (c == '>' && was_blank);
    }
    return buf_str(&out);
}

bool read_text(const char *path, struct arena *arena, ptrdiff_t max, struct str *ret)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char *data = arena_new(arena, char, max);
    size_t len = fread(data, 1, (size_t)max, file);
    bool ok = feof(file) && !ferror(file);
    (void)fclose(file);
    *ret = (struct str){ data, (ptrdiff_t)len };
    return ok;
}
