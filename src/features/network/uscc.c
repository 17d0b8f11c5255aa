#include "features/network/uscc.h"

#include "base/buf.h"
#include "base/utf8.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

enum { SIGNS = 31, TYPED_MAX = 200 };

static int sign_of(char c)
{
    for (int i = 0; i < SIGNS; i++)
        if (alphabet[i] == c)
            return i;
    return -1;
}

struct str uscc_normal(struct arena *arena, struct str typed)
{
    struct buf out = buf_make(arena, TYPED_MAX);
    for (ptrdiff_t at = 0; at < typed.len;) {
        char bytes[4];
        int32_t c = utf8_next(typed, &at);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c == ' ' || c == 0x3000 || c < 0)
            continue;
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        buf_put(&out, (struct str){ bytes, utf8_encode(c, bytes) });
    }
    return buf_str(&out);
}

/* -1: a sign outside the alphabet. The weights are the powers of 3 modulo 31. */
static int check_sign(struct str first_17)
{
    int sum = 0, weight = 1;
    for (ptrdiff_t i = 0; i < USCC_LENGTH - 1; i++) {
        int sign = sign_of(first_17.data[i]);
        if (sign < 0)
            return -1;
        sum = (sum + sign * weight) % SIGNS;
        weight = weight * 3 % SIGNS;
    }
    return (SIGNS - sum) % SIGNS;
}

enum uscc_fault uscc_check(struct str normal)
{
    if (normal.len != USCC_LENGTH)
        return USCC_BAD_LENGTH;
    int check = check_sign(normal);
    if (check < 0 || sign_of(normal.data[USCC_LENGTH - 1]) < 0)
        return USCC_BAD_CHARACTER;
    return alphabet[check] == normal.data[USCC_LENGTH - 1] ? USCC_OK : USCC_BAD_CHECK;
}

char uscc_check_character(struct str first_17)
{
    assert(first_17.len == USCC_LENGTH - 1);
    int check = check_sign(first_17);
    assert(check >= 0);
    return alphabet[check];
}
