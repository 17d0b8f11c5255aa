/*
 * workday_store.h - the years somebody has told of: read, and told.
 */
#pragma once
#include "features/clocks/workday_text.h"
#include "platform/web/doing.h"

struct workday_input {
    struct str days, source;
    int64_t version; /* that the person saw; 0: nobody had told of it */
};

/* ERROR_REFUSED with problems; ERROR_CONFLICT: somebody told of the year meanwhile. */
bool workday_tell(const struct doing *doing, int year, const struct workday_input *input, struct error *err) MUST_USE;
/* What is kept of a year, as exceptions; ERROR_INPUT: it cannot be read. */
bool workday_told(struct str days, int64_t year, struct arena *arena, struct workday_exceptions *ret, struct error *err) MUST_USE;
