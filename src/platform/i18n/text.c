/*
 * text.c - writes a form, with the arguments where {0} .. {3} stand.
 *
 * Forms come from tools/msgc, which has checked them against their arguments: one that does not read well here is a
 * bug, not a fault.
 */
#include "platform/i18n/text.h"

/* A text is a sentence or two; what a person typed and it quotes is limited long before. */
enum { TEXT_IN_MAX = 64 * 1024 };

void text_put_int(struct buf *out, int64_t n)
{
    char digits[32];
    ptrdiff_t at = COUNT_OF(digits);
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    int count = 0;
    do {
        if (count > 0 && count % 3 == 0)
            digits[--at] = ',';
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
        count++;
    } while (rest > 0);
    if (n < 0)
        digits[--at] = '-';
    buf_put(out, (struct str){ digits + at, COUNT_OF(digits) - at });
}

static void arg_put(struct buf *out, struct text_arg arg)
{
    switch (arg.kind) {
    case TEXT_ARG_INT:
        text_put_int(out, arg.n);
        return;
    case TEXT_ARG_STR:
        buf_put(out, arg.s);
        return;
    case TEXT_ARG_DATE:
        buf_put(out, date_iso(out->arena, arg.date));
        return;
    case TEXT_ARG_NONE:
        break;
    }
    BUG("text: an argument of kind %d", (int)arg.kind);
}

/* mark is what stands between the braces: "0", or "0?one:many". */
static void mark_put(struct buf *out, struct str mark, const struct text *text)
{
    int index = mark.len > 0 ? mark.data[0] - '0' : -1;
    if (index < 0 || index >= TEXT_ARGS_MAX)
        BUG("text %s: {%.*s}", text->key->name, STR_ARG(mark));
    struct text_arg arg = text->args[index];
    if (mark.len == 1) {
        arg_put(out, arg);
        return;
    }
    struct str one, many;
    if (arg.kind != TEXT_ARG_INT || mark.data[1] != '?' || !str_cut(str_slice(mark, 2, mark.len), ':', &one, &many))
        BUG("text %s: {%.*s}", text->key->name, STR_ARG(mark));
    buf_put(out, arg.n == 1 ? one : many);
}

void text_put(struct buf *out, enum lang lang, struct text text)
{
    if (!text.key)
        return;
    struct str rest = text.key->forms[lang];
    struct str plain, mark;
    while (str_cut(rest, '{', &plain, &rest)) {
        buf_put(out, plain);
        if (str_starts(rest, STR("{"))) {
            buf_char(out, '{');
            rest = str_slice(rest, 1, rest.len);
            continue;
        }
        if (!str_cut(rest, '}', &mark, &rest))
            BUG("text %s: a brace stays open", text.key->name);
        mark_put(out, mark, &text);
    }
    buf_put(out, plain);
}

struct str text_in(struct arena *arena, enum lang lang, struct text text)
{
    struct buf out = buf_make(arena, TEXT_IN_MAX);
    text_put(&out, lang, text);
    return buf_str(&out);
}
