/*
 * matter.h - the clocks of a matter: each kind at most once, from the time limit that held when it came in.
 *
 * A clock keeps its limit as it was at the start.  When it is due is what clock_due() says of that limit, the extensions and the
 * pauses: stored for lists, and computed anew by clock_recount().  Each change leaves an audit event of its own, "clock.pause"
 * of "clock:17/close": a sweep over the clocks of all matters has no other subject.
 *
 * A refusal is ERROR_REFUSED with problems of the fields named here; ERROR_NOT_FOUND: the matter has no such clock;
 * ERROR_CONFLICT: it is not running as it would have to be.
 */
#pragma once
#include "features/clocks/limits.h"
#include "platform/web/doing.h"

struct clock_matter {
    int64_t district, id; /* of whatever feature; made by txn_id() */
};

enum { CLOCK_PAUSE_DAYS_MAX = 180 };

struct clock_pause_entry {
    int64_t id;
    struct clock_pause pause;
    enum pause_reason reason;
    struct str note;
    struct account_id approver, by;
};

struct clock_state {
    enum clock_kind kind;
    int64_t limit;          /* the number of the time limit */
    struct time_limit runs; /* as the limit said at the start, with what was added since */
    int32_t extended, extended_times; /* of it, and in how many steps */
    struct instant started;
    struct instant due;     /* the moment after which it is late; INSTANT_NEVER: not known */
    int missing_year;       /* whose working days are not known; 0: due is known */
    struct instant met;     /* INSTANT_NEVER: open */
    struct instant paused_until; /* of the last pause; 0: there was none */
    const struct clock_pause_entry *pauses; /* in the order of time */
    ptrdiff_t pause_count;
    int64_t version;
};

struct clock_states {
    struct clock_state *at; /* by kind */
    ptrdiff_t n;
};

bool clock_is_open(const struct clock_state *clock);
bool clock_is_paused(const struct clock_state *clock, struct instant now);
/* Open and past its due, or met after it; false where that is not known. */
bool clock_is_late(const struct clock_state *clock, struct instant now);

/* Starts with the moment the matter came in, which is not in the future.  *ret_found false: no limit holds, no clock. */
bool clock_start(const struct doing *doing, struct clock_matter matter, const struct limit_question *question,
                 struct instant from, struct clock_state *ret, bool *ret_found, struct error *err) MUST_USE;
/*
 * Several at once, of a new matter: kinds are bits 1 << enum clock_kind, the question's own is not looked at.  *ret: those for which a
 * limit holds, by kind.
 */
bool clocks_start(const struct doing *doing, struct clock_matter matter, const struct limit_question *question, unsigned kinds,
                  struct instant from, struct clock_states *ret, struct error *err) MUST_USE;
/* at: not before the start, not in the future.  A pause that runs ends with it. */
bool clock_meet(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct instant at,
                struct error *err) MUST_USE;
/* From now to an end that is known, not once it is late; problems of "reason", "until", "note", "approver", and of the whole. */
bool clock_pause(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, enum pause_reason reason,
                 struct instant until, struct str note, struct account_id approver, struct error *err) MUST_USE;
/* The reason fell away: the pause ends now; one that began in this moment never was. */
bool clock_resume(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct error *err) MUST_USE;
/*
 * What met it was not enough: it goes on where it stopped.  The time between stands as a pause, of PAUSE_ANSWERED, so that neither
 * side loses by waiting for the other.  ERROR_CONFLICT: it is open.
 */
bool clock_reopen(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct error *err) MUST_USE;
/* By so many of the limit's unit, not once it is late; problems of "amount", "note", and of the whole. */
bool clock_extend(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, int64_t amount,
                  struct str note, struct error *err) MUST_USE;

bool clocks_of(struct db *db, struct clock_matter matter, struct arena *arena, struct clock_states *ret,
               struct error *err) MUST_USE;
/*
 * All of a matter's clocks anew, by these working days: what a year that is told, or told otherwise, calls for.  Of those met too:
 * whether they were in time may depend on it.
 */
bool clock_recount(struct txn *txn, struct clock_matter matter, const struct workdays *workdays, struct arena *arena,
                   bool *ret_changed, struct error *err) MUST_USE;

/* One of those that have to be looked at: open, or met though its due is not known. */
struct clock_unsettled {
    struct clock_matter matter;
    enum clock_kind kind;
    struct instant due; /* INSTANT_NEVER: not known */
};

struct clock_unsettled_rows {
    struct clock_unsettled *at;
    ptrdiff_t n;
};

/*
 * The sweep, in all districts: due between two moments, both included, soonest first, at most limit, after the last one of the
 * piece before (NULL: from the beginning).  To be late is 'to' now; a year that is told concerns 'from' its first day 'to'
 * INSTANT_NEVER.
 */
bool clocks_unsettled(struct db *db, struct instant from, struct instant to, const struct clock_unsettled *after, int limit,
                      struct arena *arena, struct clock_unsettled_rows *ret, struct error *err) MUST_USE;
