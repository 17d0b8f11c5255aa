/*
 * multipart.h - a form with a file: multipart/form-data (RFC 7578), out of a body that is in memory as a whole.
 */
#pragma once
#include "platform/web/params.h"

/* The one file of a form; its bytes lie in the body. */
struct upload {
    struct str name;  /* without folders; empty: no file was chosen */
    struct str bytes;
};

/*
 * Fields become params, as those of an urlencoded form; ERROR_INPUT: not as RFC 7578 has it, no UTF-8, a second file;
 * ERROR_LIMIT: more fields than LIMIT_PARAMS or one over LIMIT_FORM_BYTES.
 */
bool multipart_parse(struct arena *arena, struct str content_type, struct str body, struct params *ret_fields,
                     struct upload *ret_upload, struct error *err) MUST_USE;
