/*
 * guard.h - is this one request, or could two programs read it as different ones?
 *
 * libmicrohttpd 0.9.75 accepts messages that RFC 9112 section 6.3 calls an attack or an error; these rules, checked
 * before anything else, make them 400: exactly one Host; at most one Content-Length and one Transfer-Encoding, never
 * both; Transfer-Encoding exactly 'chunked'; header names of token characters; no control characters in values.
 */
#pragma once
#include "platform/serve/serve.h"

bool guard_is_clean(const struct exchange *x);
/*
 * The address a proxy in front says it was called from: the last one of the last X-Forwarded-For, which the proxy wrote
 * itself; whatever stands before it was the caller's to choose.  Empty: none, or no address.
 */
struct str guard_forwarded(const struct exchange *x);
/* The declared length; 0 without one. False: it is no number. */
bool guard_length(const struct exchange *x, int64_t *ret_length);
