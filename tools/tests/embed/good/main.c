/*
 * Compiled with what embed made of the files beside it; argv[1] is their folder.  Every asset must give its file back.
 */
#include "gen/web_assets.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { FILE_MAX = 2 * 1024 * 1024 };

static struct str file_read(struct arena *arena, const char *folder, const char *name)
{
    const char *path = str_z(arena, str_format(arena, "%s/%s", folder, name));
    char *data = arena_new(arena, char, FILE_MAX);
    FILE *file = fopen(path, "rb");
    if (!file)
        BUG("%s", path);
    ptrdiff_t len = (ptrdiff_t)fread(data, 1, FILE_MAX, file);
    fclose(file);
    return (struct str){ data, len };
}

static struct str gunzip(struct arena *arena, struct str packed)
{
    char *data = arena_new(arena, char, FILE_MAX);
    unsigned char *copy = arena_new(arena, unsigned char, packed.len);
    memcpy(copy, packed.data, (size_t)packed.len);
    z_stream stream = { .next_in = copy, .avail_in = (uInt)packed.len };
    stream.next_out = (Bytef *)data;
    stream.avail_out = FILE_MAX;
    if (inflateInit2(&stream, 15 + 16) != Z_OK || inflate(&stream, Z_FINISH) != Z_STREAM_END)
        BUG("no gzip");
    ptrdiff_t len = (ptrdiff_t)stream.total_out;
    inflateEnd(&stream);
    return (struct str){ data, len };
}

static int failed(bool is_good, const char *what)
{
    if (!is_good)
        printf("# %s\n", what);
    return !is_good;
}

static const struct asset *find(struct url url)
{
    for (int i = 0; i < assets_count; i++)
        if (str_equal(str_of(assets[i].path), url.text))
            return &assets[i];
    BUG("no asset at %.*s", STR_ARG(url.text));
}

int main(int argc, char **argv)
{
    struct arena arena = { 0 };
    int failures = 0;
    assert(argc == 2);
    failures += failed(assets_count == 5, "five assets");
    for (int i = 0; i < assets_count; i++) {
        const struct asset *asset = &assets[i];
        const char *name = strchr(asset->path + strlen("/assets/"), '/') + 1;
        struct str file = file_read(&arena, argv[1], name);
        failures += failed(name - asset->path == (ptrdiff_t)strlen("/assets/0123456789/"), asset->path);
        failures += failed(str_equal(asset->plain, file), asset->path);
        failures += failed(asset->gzip.len < asset->plain.len || file.len == 0, asset->path);
        failures += failed(asset->gzip.len == 0 || str_equal(gunzip(&arena, asset->gzip), file), asset->path);
        failures += failed(i == 0 || strcmp(assets[i - 1].path, asset->path) < 0, "sorted");
    }
    const struct asset *css = find(asset_app_css());
    const struct asset *tiny = find(asset_tiny_txt());
    failures += failed(css->gzip.len > 0, "a style is compressed");
    failures += failed(tiny->gzip.len == 0, "one byte is not");
    /* printf x | sha256sum */
    failures += failed(strcmp(tiny->path, "/assets/2d711642b7/tiny.txt") == 0, tiny->path);
    failures += failed(strcmp(tiny->etag, "W/\"2d711642b7\"") == 0, tiny->etag);
    failures += failed(strcmp(css->type, "text/css; charset=utf-8") == 0, css->type);
    failures += failed(strcmp(find(asset_icons_logo_2_svg())->type, "image/svg+xml") == 0, "svg");
    failures += failed(find(asset_empty_json())->plain.len == 0, "empty");
    failures += failed(find(asset_all_png())->plain.len == 256 * 64, "all bytes");
    arena_release(&arena);
    return failures > 0;
}
