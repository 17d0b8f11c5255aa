#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "platform/limits.h"
#include "platform/web/multipart.h"

/* The first line is the content type, the rest the body. */
void fuzz_one(struct str input, struct arena *arena)
{
    struct str type, body;
    struct params fields;
    struct upload upload;
    struct error err;
    (void)str_cut(input, '\n', &type, &body);
    if (!multipart_parse(arena, type, body, &fields, &upload, &err))
        return;
    if (fields.n > LIMIT_PARAMS || upload.bytes.len > body.len || str_find(upload.name, STR("/")) >= 0)
        BUG("%td fields, a file of %td bytes called %.*s", fields.n, upload.bytes.len, STR_ARG(upload.name));
    for (ptrdiff_t i = 0; i < fields.n; i++)
        if (!utf8_is_valid(fields.at[i].name) || !utf8_is_valid(fields.at[i].value))
            BUG("a field that is no UTF-8");
}
