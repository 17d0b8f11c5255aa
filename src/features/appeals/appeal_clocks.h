/*
 * appeal_clocks.h - the clocks of an appeal: which run from when, and which of them is due first.
 */
#pragma once
#include "features/appeals/types.h"
#include "features/clocks/clocks.h"

#include "gen/appeals_queries.h"

struct appeal_due {
    struct instant at; /* INSTANT_NEVER: none is open, or the day is not known */
    int64_t kind;      /* enum clock_kind; 0: none is open */
};

/* What time limits look at. */
struct appeal_matter {
    struct clock_matter matter;
    enum matter_type type;
    enum matter_channel channel;
    struct division division;
    struct line line;
};

/* Of a new appeal, with the moment it came in. */
bool appeal_clocks_start(const struct doing *doing, const struct appeal_matter *appeal, struct instant from, struct appeal_due *ret,
                         struct error *err) MUST_USE;
struct appeal_matter appeal_matter_of(const struct appeal_by_id *appeal);
/* kinds: bits 1 << enum clock_kind.  One that ran before goes on where it stopped. */
bool appeal_clocks_run(const struct doing *doing, const struct appeal_matter *appeal, unsigned kinds, struct instant from,
                       struct error *err) MUST_USE;
bool appeal_clocks_meet(const struct doing *doing, const struct appeal_matter *appeal, unsigned kinds, struct error *err) MUST_USE;
bool appeal_clocks_due(struct db *db, const struct appeal_matter *appeal, struct arena *arena, struct appeal_due *ret,
                       struct error *err) MUST_USE;
