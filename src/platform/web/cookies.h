/*
 * cookies.h - cookies in, cookies out (RFC 6265), and comparing secrets.
 */
#pragma once
#include "platform/serve/serve.h"

#define SESSION_COOKIE "shuniu"

struct str cookie(const struct exchange *x, struct str name); /* empty: not sent */
/* Unreadable for scripts, not sent along from other sites. seconds 0 ends it. The value needs no encoding. */
struct str cookie_set(struct arena *arena, struct str name, struct str value, int64_t seconds);
bool same_secret(struct str a, struct str b); /* in a time that does not tell where they differ */
