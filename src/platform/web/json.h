/*
 * json.h - text as a JSON string (RFC 8259); the rest of JSON is short enough to write.
 */
#pragma once
#include "base/buf.h"

/*
 * With its quotes.  '<', '>' and '&' are escaped too, so that it is safe in a page; bytes that are no UTF-8 become
 * U+FFFD.
 */
void json_put_str(struct buf *out, struct str s);
