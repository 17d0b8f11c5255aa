/*
 * parse.h - small values out of untrusted text: all of it, or nothing.
 */
#pragma once
#include "base/str.h"

/* Decimal digits with an optional '-', no blanks, no '+', within [min, max]. */
bool parse_int(struct str s, int64_t min, int64_t max, int64_t *ret);
