/*
 * workday_store.h - the years somebody has told of: read, and told.
 */
#pragma once
#include "features/clocks/workday_text.h"
#include "platform/access/access.h"
#include "platform/db/db.h"

struct workday_input {
    struct str days, source;
    int64_t version; /* that the person saw; 0: nobody had told of it */
};

/* Who tells, and where what goes wrong is written. */
struct telling {
    struct txn *txn;
    struct account_id by;
    struct problems *problems;
    struct arena *arena;
};

/* ERROR_REFUSED with problems; ERROR_CONFLICT: somebody told of the year meanwhile. */
bool workday_tell(const struct telling *telling, int year, const struct workday_input *input, struct error *err) MUST_USE;
/* What is kept of a year, as exceptions; ERROR_INPUT: it cannot be read. */
bool workday_told(struct str days, int64_t year, struct arena *arena, struct workday_exceptions *ret, struct error *err) MUST_USE;
