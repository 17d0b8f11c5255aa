#include "platform/web/asset.h"

#include "platform/serve/serve.h"

#include "gen/web_assets.h"

#include <stdlib.h>
#include <string.h>

static int by_path(const void *path, const void *asset)
{
    return str_compare(*(const struct str *)path, str_of(((const struct asset *)asset)->path));
}

bool asset_reply(struct exchange *x)
{
    if (!str_starts(x->path, STR("/assets/")))
        return false;
    const struct asset *asset = bsearch(&x->path, assets, (size_t)assets_count, sizeof *assets, by_path);
    if (!asset)
        return false;
    x->next = SERVE_REPLY;
    x->status = 200;
    x->reply = asset->plain;
    exchange_add_header(x, STR("Content-Type"), str_of(asset->type));
    exchange_add_header(x, STR("ETag"), str_of(asset->etag));
    exchange_add_header(x, STR("Cache-Control"), STR("public, max-age=31536000, immutable"));
    exchange_add_header(x, STR("X-Content-Type-Options"), STR("nosniff"));
    exchange_add_header(x, STR("Vary"), STR("Accept-Encoding"));
    if (str_equal(exchange_header(x, STR("If-None-Match")), str_of(asset->etag))) {
        x->status = 304;
        x->reply = (struct str){ 0 };
    } else if (asset->gzip.len > 0 && str_find(exchange_header(x, STR("Accept-Encoding")), STR("gzip")) >= 0) {
        exchange_add_header(x, STR("Content-Encoding"), STR("gzip"));
        x->reply = asset->gzip;
    }
    return true;
}
