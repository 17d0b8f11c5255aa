#include "base/parse.h"

bool parse_int(struct str s, int64_t min, int64_t max, int64_t *ret)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    ptrdiff_t at = negative ? 1 : 0;
    int64_t n = 0;
    if (at == s.len)
        return false;
    for (; at < s.len; at++) {
        if (s.data[at] < '0' || s.data[at] > '9')
            return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, s.data[at] - '0', &n))
            return false;
    }
    /* counted downwards, so that INT64_MIN fits */
    if (!negative && __builtin_sub_overflow(0, n, &n))
        return false;
    if (n < min || n > max)
        return false;
    *ret = n;
    return true;
}
