#include "platform/web/json.h"

#include "base/utf8.h"

#include <string.h>

/* U+2028 and U+2029 end a line in older JavaScript. */
static bool must_escape(int32_t code)
{
    return code < ' ' || code == 0x7f || code == 0x2028 || code == 0x2029 ||
           (code < 0x7f && strchr("\"\\<>&", code));
}

void json_put_str(struct buf *out, struct str s)
{
    buf_char(out, '"');
    for (ptrdiff_t at = 0; at < s.len;) {
        ptrdiff_t from = at;
        int32_t code = utf8_next(s, &at);
        if (code < 0)
            buf_put(out, STR("\\ufffd"));
        else if (must_escape(code))
            buf_format(out, "\\u%04x", (unsigned)code);
        else
            buf_put(out, str_slice(s, from, at));
    }
    buf_char(out, '"');
}
