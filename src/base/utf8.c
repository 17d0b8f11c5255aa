#include "base/utf8.h"

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* The length a first byte asks for, and its data bits; 0 for a byte that cannot start a character. */
static int lead(unsigned char c, int32_t *ret_bits)
{
    if (c < 0x80)
        return *ret_bits = c, 1;
    if (c >= 0xC2 && c <= 0xDF)
        return *ret_bits = c & 0x1F, 2;
    if (c >= 0xE0 && c <= 0xEF)
        return *ret_bits = c & 0x0F, 3;
    if (c >= 0xF0 && c <= 0xF4)
        return *ret_bits = c & 0x07, 4;
    return *ret_bits = 0, 0;
}

int32_t utf8_next(struct str s, ptrdiff_t *at)
{
    static const int32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    int32_t code;
    int len = lead((unsigned char)s.data[*at], &code);
    ptrdiff_t from = (*at)++;
    if (len == 0 || s.len - from < len)
        return -1;
    for (int i = 1; i < len; i++) {
        unsigned char c = (unsigned char)s.data[from + i];
        if (!is_tail(c))
            return -1;
        code = code * 64 + (c & 0x3F);
    }
    if (code < smallest[len] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return -1;
    *at = from + len;
    return code;
}

bool utf8_is_valid(struct str s)
{
    for (ptrdiff_t at = 0; at < s.len;)
        if (utf8_next(s, &at) < 0)
            return false;
    return true;
}

ptrdiff_t utf8_count(struct str s)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at < s.len; count++)
        (void)utf8_next(s, &at);
    return count;
}

ptrdiff_t utf8_encode(int32_t code, char ret_bytes[4])
{
    if (code < 0x80) {
        ret_bytes[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        ret_bytes[0] = (char)(0xC0 | code >> 6);
        ret_bytes[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        ret_bytes[0] = (char)(0xE0 | code >> 12);
        ret_bytes[1] = (char)(0x80 | (code >> 6 & 0x3F));
        ret_bytes[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    ret_bytes[0] = (char)(0xF0 | code >> 18);
    ret_bytes[1] = (char)(0x80 | (code >> 12 & 0x3F));
    ret_bytes[2] = (char)(0x80 | (code >> 6 & 0x3F));
    ret_bytes[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

bool utf8_has_control(struct str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
            return true;
    }
    return false;
}
