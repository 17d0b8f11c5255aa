#include "platform/jobs/message.h"

#include "base/parse.h"

enum { MESSAGE_BYTES = 16 * 1024 };

/* Control characters would be read as the end of an argument. */
static void put_clean(struct buf *out, struct str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++)
        buf_char(out, (unsigned char)s.data[i] < ' ' ? ' ' : s.data[i]);
}

struct str message_write(struct arena *arena, struct text text)
{
    struct buf out = buf_make(arena, MESSAGE_BYTES);
    if (!text.key)
        return (struct str){ 0 };
    buf_put(&out, str_of(text.key->name));
    for (int i = 0; i < TEXT_ARGS_MAX && text.args[i].kind != TEXT_ARG_NONE; i++) {
        const struct text_arg *arg = &text.args[i];
        buf_char(&out, MESSAGE_SEPARATOR);
        if (arg->kind == TEXT_ARG_STR) {
            buf_char(&out, 's');
            put_clean(&out, arg->s);
        } else {
            int64_t n = arg->kind == TEXT_ARG_DATE ? arg->date.days : arg->n;
            buf_char(&out, arg->kind == TEXT_ARG_DATE ? 'd' : 'i');
            buf_int(&out, n);
        }
    }
    return buf_str(&out);
}

static bool read_arg(struct str part, struct text_arg *ret)
{
    int64_t n;
    struct str value = part.len > 0 ? str_slice(part, 1, part.len) : part;
    char kind = part.len > 0 ? part.data[0] : '\0';
    if (kind == 's') {
        *ret = text_arg_str(value);
        return true;
    }
    if (kind == 'd' ? !parse_int(value, INT32_MIN, INT32_MAX, &n) : !parse_int(value, INT64_MIN, INT64_MAX, &n))
        return false;
    *ret = kind == 'd' ? text_arg_date((struct date){ (int32_t)n }) : text_arg_int(n);
    return kind == 'd' || kind == 'i';
}

/* Arguments of other kinds are of a program that had another text under this name. */
static bool has_its_args(const struct text *text)
{
    bool has_them = text->key != NULL;
    for (int i = 0; has_them && i < TEXT_ARGS_MAX; i++)
        has_them = text->args[i].kind == text->key->args[i];
    return has_them;
}

struct text message_read(const struct text_key *const *keys, int key_count, struct str line)
{
    struct str name, part;
    struct text text = { 0 };
    bool more = str_cut(line, MESSAGE_SEPARATOR, &name, &line);
    for (int i = 0; i < key_count && !text.key; i++)
        if (str_equal(str_of(keys[i]->name), name))
            text.key = keys[i];
    for (int i = 0; more && i < TEXT_ARGS_MAX; i++) {
        more = str_cut(line, MESSAGE_SEPARATOR, &part, &line);
        if (!read_arg(part, &text.args[i]))
            return (struct text){ 0 };
    }
    return has_its_args(&text) ? text : (struct text){ 0 };
}
