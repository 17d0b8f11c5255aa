#include "platform/web/params.h"

#include "base/utf8.h"
#include "platform/limits.h"
#include "platform/web/url.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool decode(struct arena *arena, struct str text, bool plus_is_blank, struct str *ret)
{
    char *out = arena_new(arena, char, text.len + 1);
    ptrdiff_t len = 0;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '%') {
            bool is_whole = text.len - i > 2;
            int high = is_whole ? hex_digit(text.data[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        if (c == '\0')
            return false;
        out[len++] = c;
    }
    *ret = (struct str){ out, len };
    return utf8_is_valid(*ret);
}

bool percent_decode(struct arena *arena, struct str text, struct str *ret)
{
    return decode(arena, text, false, ret);
}

static ptrdiff_t count_pairs(struct str text)
{
    ptrdiff_t n = text.len > 0 ? 1 : 0;
    for (ptrdiff_t i = 0; i < text.len; i++)
        n += text.data[i] == '&';
    return n;
}

bool params_parse(struct arena *arena, struct str text, struct params *ret, struct error *err)
{
    ptrdiff_t pairs = count_pairs(text);
    if (pairs > LIMIT_PARAMS)
        return error_fail(err, ERROR_LIMIT, "%td fields", pairs);
    struct params params = { .at = arena_new(arena, struct param, pairs) };
    while (text.len > 0) {
        struct str pair, name, value;
        (void)str_cut(text, '&', &pair, &text);
        if (pair.len == 0)
            continue;
        (void)str_cut(pair, '=', &name, &value);
        struct param *param = &params.at[params.n++];
        if (!decode(arena, name, true, &param->name) || !decode(arena, value, true, &param->value))
            return error_fail(err, ERROR_INPUT, "a field that is not UTF-8");
    }
    *ret = params;
    return true;
}

struct str param(const struct params *params, const char *name)
{
    struct str wanted = str_of(name);
    for (ptrdiff_t i = 0; i < params->n; i++)
        if (str_equal(params->at[i].name, wanted))
            return params->at[i].value;
    return (struct str){ 0 };
}

void params_put(struct buf *out, struct str name, struct str value)
{
    if (out->len > 0)
        buf_char(out, '&');
    buf_put(out, url_encoded(out->arena, name));
    buf_char(out, '=');
    buf_put(out, url_encoded(out->arena, value));
}
