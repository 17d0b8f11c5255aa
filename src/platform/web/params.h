/*
 * params.h - name=value pairs of a query or an urlencoded form (WHATWG URL, application/x-www-form-urlencoded).
 */
#pragma once
#include "base/buf.h"
#include "base/error.h"

struct param {
    struct str name, value; /* decoded, valid UTF-8 */
};

struct params {
    struct param *at;
    ptrdiff_t n;
};

/* ERROR_LIMIT: more than LIMIT_PARAMS; ERROR_INPUT: no UTF-8, or a NUL. */
bool params_parse(struct arena *arena, struct str text, struct params *ret, struct error *err) MUST_USE;
/* The first of that name, empty if there is none. */
struct str param(const struct params *params, const char *name);
/* Adds name=value, encoded. */
void params_put(struct buf *out, struct str name, struct str value);
/* Percent-decoding of a path segment; '+' stays. False: broken, or no UTF-8. */
bool percent_decode(struct arena *arena, struct str text, struct str *ret);
