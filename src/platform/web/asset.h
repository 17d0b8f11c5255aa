/*
 * asset.h - a static file of the program itself: styles, scripts, icons, as tools/embed packs them.
 *
 * Its path holds a hash of its content, "/assets/<hash>/<name>", so an answer may be kept for ever by whoever gets it,
 * and a new program never meets an old style.  The generated table (gen/web_assets.h) is sorted by path.  Pages do not
 * spell paths: every asset has a function, asset_app_css() for app.css, which returns its address.
 */
#pragma once
#include "base/str.h"

struct asset {
    const char *path; /* "/assets/0a1b2c3d4e/icons/logo.svg" */
    const char *type; /* Content-Type */
    const char *etag; /* ETag with its quotes; a weak one, as plain and gzip share it (RFC 9110, 8.8.1) */
    struct str plain;
    struct str gzip; /* Content-Encoding: gzip; empty where it would not be smaller */
};

struct exchange;

/* Answers a request for an asset; false: the path is none. */
bool asset_reply(struct exchange *x);
