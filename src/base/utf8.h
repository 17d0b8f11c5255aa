/*
 * utf8.h - Unicode text as RFC 3629 allows it: no surrogates, no overlong forms, nothing past U+10FFFF.
 */
#pragma once
#include "base/str.h"

/* Reads the code point at *at and moves on; -1 (and one byte on) where the bytes are not UTF-8. */
int32_t utf8_next(struct str s, ptrdiff_t *at);
bool utf8_is_valid(struct str s);
ptrdiff_t utf8_count(struct str s); /* code points; an invalid byte counts as one */
/* Writes code as UTF-8 (1-4 bytes) and returns the length. */
ptrdiff_t utf8_encode(int32_t code, char ret_bytes[4]);
/* Control characters other than tab and line ends (CR, LF: forms send both): never part of what a person types. */
bool utf8_has_control(struct str s);
