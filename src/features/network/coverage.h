/*
 * coverage.h - the pair of a unit and a line: due or not, covered how; tallies and blank spots follow it.
 *
 * Everything that changes a pair goes through here, in one transaction: the row, the tallies of all divisions above,
 * and the blank spot that opens when a due pair is not covered, or closes when it no longer is.
 */
#pragma once
#include "features/network/book.h"
#include "features/network/tally_sum.h"
#include "platform/access/access.h"

#include "gen/network_queries.h"

/* Days until an open blank spot is late. */
enum { SPOT_DAYS = 90 };

/* A unit as coverage sees it. */
struct covered_unit {
    int64_t district;
    struct unit_id id;
    struct division division;
    struct unit_figures figures;
};

/* Applies the rules to a unit that is new or has changed: opens and closes blank spots. */
bool coverage_refresh(struct txn *txn, struct account_id by, const struct book *book, const struct covered_unit *unit,
                      struct arena *arena, struct error *err) MUST_USE;

/* How a pair is to be covered from today on. */
struct cover {
    enum coverage_form form;
    struct organisation_id organisation; /* 0 for an exemption */
    struct date since, until;
    struct str reason;
    struct account_id approver;
};

/* Covers or exempts one pair; its open blank spot is the caller's to close. */
bool coverage_cover(struct txn *txn, int64_t district, struct unit_id unit, struct line line, const struct cover *cover,
                    struct arena *arena, struct error *err) MUST_USE;
/* Ends whatever covers one pair; a blank spot opens where it is due (due_rule: what is stored). */
bool coverage_uncover(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                      int64_t due_rule, struct arena *arena, struct error *err) MUST_USE;
/* Covers again what an organisation covered before it ended; a blank spot that opened since is closed, with the note. */
bool coverage_give_back(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                        bool is_blank, const struct cover *cover, struct str note, struct arena *arena,
                        struct error *err) MUST_USE;
/* Makes a pair due that no rule makes due, because a person found it so, and opens its blank spot; the reason is logged. */
bool coverage_find(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                   struct str reason, struct spot_id *ret_spot, struct error *err) MUST_USE;
/* Takes such a finding back: the pair is not due; its open blank spot is the caller's to close. */
bool coverage_withdraw(struct txn *txn, const struct covered_unit *unit, struct line line, struct error *err) MUST_USE;
/* Where a walk over units stands: the last one seen. */
struct unit_place {
    struct division division;
    struct unit_id id;
};

/*
 * Holds the next limit units of a subtree against the rules of today, in the order of the list; *place moves along.
 * *ret_count is below limit at the end.
 */
bool coverage_reapply(struct txn *txn, struct account_id by, const struct book *book, struct division subtree,
                      int64_t limit, struct unit_place *place, int64_t *ret_count, struct error *err) MUST_USE;
/* The same where many units are done in one change: tallies are collected, and moved once with tally_sum_move(). */
bool coverage_refresh_summed(struct txn *txn, struct account_id by, const struct book *book,
                             const struct covered_unit *unit, struct tally_sum *sum, struct arena *arena,
                             struct error *err) MUST_USE;

/* Units that are added in one change one after the other, all in one district: their blank spots are opened together. */
struct new_units {
    int64_t district;
    struct unit_id first, last;
    int64_t blank; /* pairs */
};

/* The pairs of a unit that was just added, after the last one of units. */
bool coverage_add_new(struct txn *txn, const struct book *book, const struct covered_unit *unit,
                      struct new_units *units, struct tally_sum *sum, struct error *err) MUST_USE;
bool coverage_open_new(struct txn *txn, struct account_id by, const struct new_units *units,
                       struct error *err) MUST_USE;
/* Adds to the tally of a division alone. */
bool tally_move_at(struct txn *txn, struct division division, struct line line, struct tally by,
                   struct error *err) MUST_USE;
/* Makes blank again what was exempt until before today, a bounded number of pairs at a time. */
bool coverage_lapse(struct txn *txn, bool *ret_more, struct error *err) MUST_USE;
/* Adds to the tallies of a division and all above it. */
bool tally_move(struct txn *txn, struct division division, struct line line, struct tally by, struct error *err) MUST_USE;
