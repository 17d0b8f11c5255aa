#include "platform/web/cookies.h"

#include <sodium/utils.h>

struct str cookie(const struct exchange *x, struct str name)
{
    struct str rest = exchange_header(x, STR("Cookie"));
    while (rest.len > 0) {
        struct str pair, key, value;
        (void)str_cut(rest, ';', &pair, &rest);
        (void)str_cut(str_trim(pair), '=', &key, &value);
        if (str_equal(key, name))
            return value;
    }
    return (struct str){ 0 };
}

struct str cookie_set(struct arena *arena, struct str name, struct str value, int64_t seconds)
{
    return str_format(arena, "%.*s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax", STR_ARG(name), STR_ARG(value),
                      (long long)seconds);
}

bool same_secret(struct str a, struct str b)
{
    return a.len == b.len && a.len > 0 && sodium_memcmp(a.data, b.data, (size_t)a.len) == 0;
}
