/*
 * embed.c - packs static files into C; README.md says how.
 *
 * Bytes are written as string literals: a compiler reads those ten times faster than lists of numbers, and unlike
 * .incbin they need no path when compiled.  The same files give the same output, byte by byte.
 */
#include "base/buf.h"

#define ZLIB_CONST
#include <errno.h>
#include <sodium/core.h> /* not <sodium.h>, which names a function that banned.h bans */
#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { ASSET_MAX = 8 * 1024 * 1024, OUTPUT_MAX = 512 * 1024 * 1024, HASH_LEN = 10, LITERAL_LEN = 96 };

/* To add a kind of file: one row here. */
static const struct kind {
    const char *ending;
    const char *type;
} kinds[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".woff2", "font/woff2" },
    { ".ico", "image/vnd.microsoft.icon" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".json", "application/json" },
};

struct packed {
    struct str name;       /* below the folder: "icons/logo.svg" */
    struct str identifier; /* "icons_logo_svg" */
    struct str hash, path;
    const char *type;
    struct str plain, gzip;
};

PRINTF_LIKE(2, 3)
static NORETURN void die(const char *path, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s: error: ", path);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

/* Files */

static struct str file_read(struct arena *arena, const char *path)
{
    struct buf content = buf_make(arena, ASSET_MAX);
    char piece[16 * 1024];
    FILE *file = fopen(path, "rb");
    if (!file)
        die(path, "%s", strerror(errno));
    for (size_t got = fread(piece, 1, sizeof piece, file); got > 0; got = fread(piece, 1, sizeof piece, file))
        buf_put(&content, (struct str){ piece, (ptrdiff_t)got });
    if (ferror(file))
        die(path, "cannot be read");
    if (content.overflowed)
        die(path, "larger than %d bytes", (int)ASSET_MAX);
    (void)fclose(file);
    return buf_str(&content);
}

static void file_write(const char *path, const struct buf *out)
{
    FILE *file = fopen(path, "wb");
    if (out->overflowed)
        die(path, "the assets are too large");
    if (!file || fwrite(out->data, 1, (size_t)out->len, file) != (size_t)out->len || fclose(file) != 0)
        die(path, "%s", strerror(errno));
}

/* Packing */

static struct str hash_of(struct arena *arena, struct str content)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof hash + 1];
    (void)crypto_hash_sha256(hash, (const unsigned char *)(content.data ? content.data : ""),
                             (unsigned long long)content.len);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return str_copy(arena, (struct str){ hex, HASH_LEN });
}

/* Empty where it would not be smaller.  zlib's header holds no time and no name: the same bytes every time. */
static struct str gzip_of(struct arena *arena, struct str content)
{
    enum { WINDOW_GZIP = 15 + 16, MEMORY_BEST = 9 };
    z_stream stream = { .next_in = (const Bytef *)content.data, .avail_in = (uInt)content.len };
    if (content.len == 0)
        return (struct str){ 0 };
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_GZIP, MEMORY_BEST, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        BUG("zlib: %s", stream.msg ? stream.msg : "cannot start");
    char *packed = arena_new(arena, char, content.len);
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)content.len - 1;
    bool is_smaller = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    ptrdiff_t len = (ptrdiff_t)stream.total_out;
    (void)deflateEnd(&stream); /* says so if something is left, which is then wanted */
    return is_smaller ? (struct str){ packed, len } : (struct str){ 0 };
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A name goes into the path as it is: letters, digits, '.', '_', '-', and '/' between two parts. */
static bool is_good_name(struct str name)
{
    bool is_good = name.len > 0 && is_letter_or_digit(name.data[name.len - 1]);
    for (ptrdiff_t i = 0; is_good && i < name.len; i++) {
        bool starts_part = i == 0 || name.data[i - 1] == '/';
        is_good = is_letter_or_digit(name.data[i]) || (!starts_part && memchr("._-/", name.data[i], 4));
    }
    return is_good;
}

static struct str identifier_of(struct arena *arena, struct str name)
{
    char *identifier = arena_new(arena, char, name.len);
    for (ptrdiff_t i = 0; i < name.len; i++)
        identifier[i] = is_letter_or_digit(name.data[i]) ? name.data[i] : '_';
    return (struct str){ identifier, name.len };
}

/* What may follow url( in a style; "%23" is '#' in a picture that is itself inside a data: address. */
static const struct str reachable[] = { STR_INIT("data:"), STR_INIT("#"), STR_INIT("%23") };

/* Every file has a folder of its own, by its hash: a style cannot reach another file by a relative address. */
static void css_check(const char *path, struct str css)
{
    if (str_find(css, STR("@import")) >= 0)
        die(path, "@import leads nowhere");
    for (ptrdiff_t found = str_find(css, STR("url(")); found >= 0; found = str_find(css, STR("url("))) {
        bool is_reachable = false;
        css = str_trim(str_slice(css, found + 4, css.len));
        if (str_starts(css, STR("\"")) || str_starts(css, STR("'")))
            css = str_slice(css, 1, css.len);
        for (ptrdiff_t i = 0; i < COUNT_OF(reachable); i++)
            is_reachable = is_reachable || str_starts(css, reachable[i]);
        if (!is_reachable)
            die(path, "the address '%.*s...' leads nowhere", (int)(css.len < 16 ? css.len : 16), css.data);
    }
}

static struct packed pack(struct arena *arena, const char *folder, struct str name)
{
    const char *path = str_z(arena, str_format(arena, "%s/%.*s", folder, STR_ARG(name)));
    struct packed packed = { .name = name };
    if (!is_good_name(name))
        die(path, "a name has letters, digits, '.', '_', '-' and '/' between them");
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_ends(name, str_of(kinds[i].ending)))
            packed.type = kinds[i].type;
    if (!packed.type)
        die(path, "an unknown kind of file");
    packed.plain = file_read(arena, path);
    if (str_ends(name, STR(".css")))
        css_check(path, packed.plain);
    packed.gzip = gzip_of(arena, packed.plain);
    packed.hash = hash_of(arena, packed.plain);
    packed.identifier = identifier_of(arena, name);
    packed.path = str_format(arena, "/assets/%.*s/%.*s", STR_ARG(packed.hash), STR_ARG(name));
    return packed;
}

static int by_path(const void *a, const void *b)
{
    return str_compare(((const struct packed *)a)->path, ((const struct packed *)b)->path);
}

static void identifiers_check(const char *folder, const struct packed *list, int count)
{
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++)
            if (str_equal(list[i].identifier, list[k].identifier))
                die(folder, "%.*s and %.*s are both asset_%.*s()", STR_ARG(list[k].name), STR_ARG(list[i].name),
                    STR_ARG(list[i].identifier));
}

/* Writing */

static void put_bytes(struct buf *out, const char *kind, struct str identifier, struct str bytes)
{
    buf_format(out, "\nstatic const char %s_%.*s[] =", kind, STR_ARG(identifier));
    for (ptrdiff_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.data[i];
        if (i % LITERAL_LEN == 0)
            buf_put(out, i == 0 ? STR("\n    \"") : STR("\"\n    \""));
        if (c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '?') /* '?': trigraphs */
            buf_char(out, (char)c);
        else
            buf_format(out, "\\%03o", c);
    }
    buf_put(out, bytes.len > 0 ? STR("\";\n") : STR(" \"\";\n"));
}

static void header_put(struct buf *out, const char *name, const struct packed *list, int count)
{
    buf_put(out, STR("/* Made by tools/embed. */\n#pragma once\n#include \"platform/web/asset.h\"\n"
                     "#include \"platform/web/url.h\"\n\n/* Sorted by path. */\n"));
    buf_format(out, "extern const struct asset %s[];\nextern const int %s_count;\n\n", name, name);
    for (int i = 0; i < count; i++)
        buf_format(out, "struct url asset_%.*s(void);\n", STR_ARG(list[i].identifier));
}

static void source_put(struct buf *out, const char *name, const char *header, const struct packed *list,
                       int count)
{
    buf_format(out, "/* Made by tools/embed. */\n#include \"%s\"\n", header);
    for (int i = 0; i < count; i++) {
        put_bytes(out, "plain", list[i].identifier, list[i].plain);
        put_bytes(out, "gzip", list[i].identifier, list[i].gzip);
    }
    buf_format(out, "\nconst int %s_count = %d;\nconst struct asset %s[] = {\n", name, count, name);
    for (int i = 0; i < count; i++) {
        const struct packed *a = &list[i];
        buf_format(out, "    { \"%.*s\", \"%s\", \"W/\\\"%.*s\\\"\",\n", STR_ARG(a->path), a->type,
                   STR_ARG(a->hash));
        buf_format(out, "      { plain_%.*s, %td }, { gzip_%.*s, %td } },\n", STR_ARG(a->identifier),
                   a->plain.len, STR_ARG(a->identifier), a->gzip.len);
    }
    buf_put(out, STR("};\n"));
    for (int i = 0; i < count; i++)
        buf_format(out, "\nstruct url asset_%.*s(void)\n{\n    return (struct url){ STR(\"%.*s\") };\n}\n",
                   STR_ARG(list[i].identifier), STR_ARG(list[i].path));
}

/* The header as the source, in the same folder, includes it. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

int main(int argc, char **argv)
{
    static const char *const names[] = { "--dir", "--header", "--source", "--name" };
    enum { DIR, HEADER, SOURCE, NAME, OPTION_COUNT, FILES_AT = 1 + 2 * OPTION_COUNT };
    const char *options[OPTION_COUNT] = { 0 };
    struct arena arena = { 0 };
    for (int k = 0; k < OPTION_COUNT && argc > FILES_AT; k++)
        if (strcmp(argv[1 + 2 * k], names[k]) == 0)
            options[k] = argv[2 + 2 * k];
    if (!options[DIR] || !options[HEADER] || !options[SOURCE] || !options[NAME]) {
        fputs("use: embed --dir FOLDER --header OUT.h --source OUT.c --name TABLE FILE...\n", stderr);
        return 2;
    }
    if (sodium_init() < 0)
        die("embed", "libsodium does not start");
    int count = argc - FILES_AT;
    struct packed *list = arena_new(&arena, struct packed, count);
    for (int i = 0; i < count; i++)
        list[i] = pack(&arena, options[DIR], str_of(argv[FILES_AT + i]));
    qsort(list, (size_t)count, sizeof *list, by_path);
    identifiers_check(options[DIR], list, count);

    struct buf header = buf_make(&arena, OUTPUT_MAX), source = buf_make(&arena, OUTPUT_MAX);
    header_put(&header, options[NAME], list, count);
    source_put(&source, options[NAME], base_name(options[HEADER]), list, count);
    file_write(options[HEADER], &header);
    file_write(options[SOURCE], &source);
    arena_release(&arena);
    return 0;
}
