#include "base/random.h"

#include <sys/random.h>

void random_bytes(void *ret_bytes, ptrdiff_t len)
{
    char *at = ret_bytes;
    while (len > 0) {
        ssize_t got = getrandom(at, (size_t)len, 0);
        if (got <= 0)
            BUG("no random bytes from the kernel");
        at += got;
        len -= got;
    }
}

struct str random_token(struct arena *arena, ptrdiff_t len)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstuwxyz";
    _Static_assert(sizeof alphabet - 1 == 32, "5 bits a character");
    unsigned char *bytes = arena_new(arena, unsigned char, len);
    char *text = arena_new(arena, char, len + 1);
    random_bytes(bytes, len);
    for (ptrdiff_t i = 0; i < len; i++)
        text[i] = alphabet[bytes[i] & 31];
    return (struct str){ text, len };
}
