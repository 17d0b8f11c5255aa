#include "features/territory/pinyin.h"

#include "base/buf.h"
#include "base/utf8.h"

static char initial(int32_t c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
        return (char)c;
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c >= PINYIN_FIRST && c <= PINYIN_LAST ? pinyin_table[c - PINYIN_FIRST] : '?';
}

struct str pinyin_initials(struct arena *arena, struct str name)
{
    struct buf out = buf_make(arena, name.len);
    for (ptrdiff_t at = 0; at < name.len;) {
        char letter = initial(utf8_next(name, &at));
        if (letter != '?')
            buf_char(&out, letter);
    }
    return buf_str(&out);
}
