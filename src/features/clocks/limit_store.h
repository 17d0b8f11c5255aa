/*
 * limit_store.h - time limits: new ones, and the end of old ones.
 */
#pragma once
#include "features/clocks/limits.h"
#include "platform/web/doing.h"

struct limit_input {
    int64_t kind, type, channel, line, unit, amount, extension, extension_times;
    struct division division;
    bool moves;
    struct str basis_zh, basis_en;
    struct date valid_from, valid_to; /* valid_to 0: without an end */
};

/* ERROR_REFUSED with problems.  That division and line are there, and the actor's own, is the caller's to ask. */
bool limit_create(const struct doing *doing, const struct limit_input *input, int64_t *ret_number, struct error *err) MUST_USE;
/* From today on it does not hold; one that has not held yet never does.  ERROR_CONFLICT: it has ended. */
bool limit_finish(const struct doing *doing, const struct limit_entry *limit, struct error *err) MUST_USE;
