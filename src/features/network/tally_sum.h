/*
 * tally_sum.h - differences of tallies, collected over many units and moved once: an import of 100,000 units touches
 * the nation's tally 5 times instead of 300,000.
 */
#pragma once
#include "features/network/rules.h"
#include "platform/db/db.h"

struct tally_slot {
    struct division division;
    struct line line; /* 0: the slot is free */
    struct tally tally;
};

struct tally_sum {
    struct arena *arena;
    struct tally_slot *slots; /* a hash table with room for cap, a power of two */
    ptrdiff_t cap, n;
};

void tally_sum_add(struct tally_sum *sum, struct division division, struct line line, struct tally by);
/* Moves all of it, in the order of the divisions, into the tallies of the divisions and all above. */
bool tally_sum_move(struct txn *txn, struct tally_sum *sum, struct error *err) MUST_USE;
