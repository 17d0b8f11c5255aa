/*
 * network.h - the organisation network: lines x territory, what should be covered, what is, and the blank spots.
 *
 * A unit (a firm, a social organisation, or a village, town or district as such) is due in a line when a coverage rule
 * says so; it is covered by an organisation of that line or exempt, or else a blank spot is open.  So for every
 * division and line: due = sole + joint + regional + trade + exempt + blank; the tallies hold it at every moment.
 */
#pragma once
#include "features/network/types.h"
#include "platform/db/db.h"
#include "platform/web/web.h"

extern const struct feature network_feature;
extern const struct schema network_schema;
extern const struct upgrade network_upgrade; /* platform/db/upgrade.h */

/* The lines, bodies and rules that ship (defaults.c).  Does nothing where lines are there already. */
bool network_load_defaults(struct txn *txn, struct error *err) MUST_USE;
/* Makes every town and village of a district, and the district itself, units to be covered; those there are stay. */
bool network_open_district(struct txn *txn, struct division district, struct error *err) MUST_USE;

/* Who looks after what in the demonstration. */
struct demo_officer {
    struct division division;
    struct line line;
    struct account_id account;
};

struct demo_officers {
    struct demo_officer *at;
    ptrdiff_t n;
};

typedef void network_progress(void *self, int64_t done, int64_t total);

/*
 * Fills an opened district with invented firms, social organisations, bodies and two years of work on blank spots, up to
 * txn->now.  The same district and day give the same data.
 */
bool network_demo(struct txn *txn, struct division district, struct demo_officers officers, network_progress *progress,
                  void *self, struct error *err) MUST_USE;

struct recount {
    int64_t tallies;   /* rows compared */
    int64_t different; /* of these not equal to the full count */
    struct division first_division; /* where the first difference is */
    struct line first_line;
};

/* Counts everything again and compares; changes nothing. */
bool network_recount(struct db *db, struct arena *arena, struct recount *ret, struct error *err) MUST_USE;

/* For struct app: the lines of today, to choose from. */
bool network_lines(struct request *rq, struct choices *ret, struct error *err) MUST_USE;
/* The lines of the frame: all, union, league ... for the page one is on. */
bool network_fill_lines(struct request *rq, struct frame *frame, struct error *err) MUST_USE;
