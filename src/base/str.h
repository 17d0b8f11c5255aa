/*
 * str.h - a borrowed view of UTF-8 text or bytes, passed by value; {0} is the empty text.
 *
 * A view owns nothing: it lives as long as the arena, the literal or the buffer behind it.
 */
#pragma once
#include "base/arena.h"

#include <stdarg.h>

struct str {
    const char *data;
    ptrdiff_t len; /* bytes, >= 0 */
};

#define STR(literal) ((struct str){ "" literal, (ptrdiff_t)sizeof(literal) - 1 })
/* The same for tables with static lifetime. */
#define STR_INIT(literal) { "" literal, (ptrdiff_t)sizeof(literal) - 1 }
/* For printf: "%.*s", STR_ARG(name). */
#define STR_ARG(s) ((int)(s).len), ((s).data ? (s).data : "")

struct str str_of(const char *zero_terminated); /* NULL gives the empty text */
struct str str_slice(struct str s, ptrdiff_t from, ptrdiff_t to);
struct str str_trim(struct str s); /* ASCII blanks and the ideographic space U+3000 */
bool str_equal(struct str a, struct str b);
int str_compare(struct str a, struct str b); /* by bytes, which for UTF-8 is by code point */
bool str_starts(struct str s, struct str head);
bool str_ends(struct str s, struct str tail);
ptrdiff_t str_find(struct str s, struct str needle); /* -1: not there */

/* Splits at the first separator: true and head, rest; without one: false, head is all, rest empty. */
bool str_cut(struct str s, char separator, struct str *ret_head, struct str *ret_rest);

struct str str_copy(struct arena *arena, struct str s);
struct str str_int(struct arena *arena, int64_t n); /* "-17" */
enum { STR_INT_MAX = 20 };
struct str str_digits(char room[STR_INT_MAX], int64_t n); /* the same, at the end of room */
const char *str_z(struct arena *arena, struct str s); /* with a closing NUL, for C interfaces */
struct str str_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
struct str str_format_list(struct arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);
