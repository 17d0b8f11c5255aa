/*
 * multipart.c - "--boundary CRLF headers CRLF CRLF bytes CRLF" again and again, then "--boundary--".
 *
 * Browsers write exactly this, so nothing else is read: no preamble, no blanks after a boundary, no folded headers.
 */
#include "platform/web/multipart.h"

#include "base/utf8.h"
#include "platform/limits.h"

#include <strings.h>

enum { BOUNDARY_MAX = 70, HEADERS_MAX = 4096, FILE_NAME_MAX = 255 };

struct part {
    struct str name, file_name, bytes;
    bool is_file;
};

static bool bad(struct error *err, const char *why)
{
    return error_fail(err, ERROR_INPUT, "a form with a file: %s", why);
}

static bool starts_nocase(struct str s, struct str head)
{
    return s.len >= head.len && strncasecmp(s.data, head.data, (size_t)head.len) == 0;
}

/* "multipart/form-data; boundary=----x": the line that separates parts, with the CRLF before it. */
static bool boundary_of(struct arena *arena, struct str content_type, struct str *ret, struct error *err)
{
    static const struct str mark = STR_INIT("boundary=");
    if (!starts_nocase(content_type, STR("multipart/form-data")))
        return bad(err, "another type");
    ptrdiff_t at = str_find(content_type, mark);
    if (at < 0)
        return bad(err, "no boundary");
    struct str boundary = str_slice(content_type, at + mark.len, content_type.len);
    (void)str_cut(boundary, ';', &boundary, &(struct str){ 0 });
    boundary = str_trim(boundary);
    if (boundary.len >= 2 && boundary.data[0] == '"' && boundary.data[boundary.len - 1] == '"')
        boundary = str_slice(boundary, 1, boundary.len - 1);
    if (boundary.len == 0 || boundary.len > BOUNDARY_MAX)
        return bad(err, "a boundary of a wrong length");
    *ret = str_format(arena, "\r\n--%.*s", STR_ARG(boundary));
    return true;
}

/* The value of name="..." in a header; browsers write a quote inside it as %22. *ret_has says that it is there. */
static bool quoted(struct str header, const char *name, struct str *ret, bool *ret_has, struct error *err)
{
    char mark[32];
    (void)snprintf(mark, sizeof mark, "; %s=\"", name);
    ptrdiff_t at = str_find(header, str_of(mark));
    struct str value, rest;
    *ret_has = at >= 0;
    if (at < 0)
        return true;
    if (!str_cut(str_slice(header, at + str_of(mark).len, header.len), '"', &value, &rest))
        return bad(err, "a name without its end");
    if (!utf8_is_valid(value) || utf8_has_control(value))
        return bad(err, "a name that is no text");
    *ret = value;
    return true;
}

static bool read_headers(struct str headers, struct part *part, struct error *err)
{
    static const struct str disposition = STR_INIT("Content-Disposition: form-data");
    bool has_name = false, has_disposition = false;
    while (headers.len > 0) {
        struct str line;
        (void)str_cut(headers, '\n', &line, &headers);
        if (!starts_nocase(line, disposition))
            continue;
        if (has_disposition)
            return bad(err, "a part with two names");
        has_disposition = true;
        if (!quoted(line, "name", &part->name, &has_name, err) ||
            !quoted(line, "filename", &part->file_name, &part->is_file, err))
            return false;
    }
    return (has_disposition && has_name) || bad(err, "a part without a name");
}

/* Takes the next part off rest, which begins behind a boundary; *ret_part is false at the end. */
static bool next_part(struct str *rest, struct str boundary, struct part *part, bool *ret_part, struct error *err)
{
    static const struct str end_of_headers = STR_INIT("\r\n\r\n");
    *ret_part = false;
    if (str_starts(*rest, STR("--")))
        return true;
    if (!str_starts(*rest, STR("\r\n")))
        return bad(err, "no line end after a boundary");
    struct str head = str_slice(*rest, 0, rest->len < HEADERS_MAX ? rest->len : HEADERS_MAX);
    ptrdiff_t headers = str_find(head, end_of_headers);
    if (headers < 0)
        return bad(err, "headers without an end");
    *part = (struct part){ 0 };
    if (!read_headers(str_slice(*rest, 0, headers), part, err))
        return false;
    /* the CRLF that ends the headers also begins the boundary of an empty part */
    struct str after = str_slice(*rest, headers + 2, rest->len);
    ptrdiff_t end = str_find(after, boundary);
    if (end < 0)
        return bad(err, "a part without an end");
    part->bytes = end >= 2 ? str_slice(after, 2, end) : (struct str){ 0 };
    *rest = str_slice(after, end + boundary.len, after.len);
    *ret_part = true;
    return true;
}

/* Some browsers send the whole path: what stands behind the last slash of either kind. */
static struct str base_name(struct str path)
{
    ptrdiff_t from = path.len;
    while (from > 0 && path.data[from - 1] != '/' && path.data[from - 1] != '\\')
        from--;
    return str_slice(path, from, path.len);
}

static bool keep_file(const struct part *part, struct upload *upload, struct error *err)
{
    if (part->file_name.len == 0 && part->bytes.len == 0)
        return true; /* no file was chosen */
    if (upload->name.len > 0)
        return bad(err, "two files");
    struct str name = base_name(part->file_name);
    if (name.len == 0 || name.len > FILE_NAME_MAX)
        return bad(err, "a file without a name, or with a very long one");
    *upload = (struct upload){ name, part->bytes };
    return true;
}

static bool keep_field(const struct part *part, struct params *fields, struct error *err)
{
    if (fields->n == LIMIT_PARAMS || part->bytes.len > LIMIT_FORM_BYTES)
        return error_fail(err, ERROR_LIMIT, "too many fields, or one too long");
    if (!utf8_is_valid(part->bytes) || str_find(part->bytes, (struct str){ "", 1 }) >= 0)
        return bad(err, "a field that is no text");
    fields->at[fields->n++] = (struct param){ part->name, part->bytes };
    return true;
}

bool multipart_parse(struct arena *arena, struct str content_type, struct str body, struct params *ret_fields,
                     struct upload *ret_upload, struct error *err)
{
    struct str boundary = { 0 };
    struct params fields = { .at = arena_new(arena, struct param, LIMIT_PARAMS) };
    struct upload upload = { 0 };
    if (!boundary_of(arena, content_type, &boundary, err))
        return false;
    if (!str_starts(body, str_slice(boundary, 2, boundary.len)))
        return bad(err, "it does not begin with its boundary");
    struct str rest = str_slice(body, boundary.len - 2, body.len);
    for (;;) {
        struct part part;
        bool has_part;
        if (!next_part(&rest, boundary, &part, &has_part, err))
            return false;
        if (!has_part)
            break;
        if (!(part.is_file ? keep_file(&part, &upload, err) : keep_field(&part, &fields, err)))
            return false;
    }
    *ret_fields = fields;
    *ret_upload = upload;
    return true;
}
