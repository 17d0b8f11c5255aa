/*
 * url.h - an address inside this program: a path that starts with one '/', and query parameters.
 *
 * Only these functions make one.  Every part out of data is percent-encoded (RFC 3986), so a struct url can go into
 * href, src, action or Location as it is (html.h escapes it for markup).
 */
#pragma once
#include "base/buf.h"

struct url {
    struct str text; /* percent-encoded, not yet escaped for HTML */
};

/* A path of this program, as it stands: "/units/new". */
struct url url_literal(const char *path);
/* The path is the program's own text, a literal: url_path(arena, "/blank-spots/%lld", (long long)id). */
struct url url_path(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
/* "/units" and 440606: "/units/440606"; for a path without a query. */
struct url url_below(struct arena *arena, struct url path, int64_t number);
/* Adds name=value; an empty value leaves the address as it is. */
struct url url_with(struct arena *arena, struct url url, const char *name, struct str value);
/* "#id": a place on the page one is on. */
struct url url_anchor(struct arena *arena, struct str id);
/* Percent-encoded whole: a file name in a header (RFC 8187). */
struct str url_encoded(struct arena *arena, struct str data);
/* For a place to return to that came from a request: "/" unless it is a local path. */
struct url url_local(struct arena *arena, struct str untrusted);
