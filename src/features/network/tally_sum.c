#include "features/network/tally_sum.h"

#include "features/network/coverage.h"

#include <stdlib.h>

static struct tally_slot *slot_of(struct tally_slot *slots, ptrdiff_t cap, struct division division, struct line line)
{
    uint64_t hash = ((uint64_t)division.code * 128 + (uint64_t)line.n) * 0x9E3779B97F4A7C15u;
    for (ptrdiff_t at = (ptrdiff_t)(hash >> 32);; at++) {
        struct tally_slot *slot = &slots[at & (cap - 1)];
        if (slot->line.n == 0 || (slot->division.code == division.code && slot->line.n == line.n))
            return slot;
    }
}

static void grow(struct tally_sum *sum)
{
    enum { FIRST = 1024 };
    ptrdiff_t cap = sum->cap > 0 ? sum->cap * 2 : FIRST;
    struct tally_slot *slots = arena_new(sum->arena, struct tally_slot, cap);
    for (ptrdiff_t i = 0; i < sum->cap; i++)
        if (sum->slots[i].line.n != 0)
            *slot_of(slots, cap, sum->slots[i].division, sum->slots[i].line) = sum->slots[i];
    sum->slots = slots;
    sum->cap = cap;
}

void tally_sum_add(struct tally_sum *sum, struct division division, struct line line, struct tally by)
{
    assert(line.n > 0);
    if (sum->n * 2 >= sum->cap)
        grow(sum);
    struct tally_slot *slot = slot_of(sum->slots, sum->cap, division, line);
    if (slot->line.n == 0) {
        *slot = (struct tally_slot){ .division = division, .line = line };
        sum->n++;
    }
    slot->tally = tally_plus(slot->tally, by);
}

static int by_place(const void *a, const void *b)
{
    const struct tally_slot *x = a, *y = b;
    if (x->division.code != y->division.code)
        return x->division.code < y->division.code ? -1 : 1;
    return (x->line.n > y->line.n) - (x->line.n < y->line.n);
}

/* Adds what a division has to the division above, level by level up to the nation. */
static void add_above(struct tally_sum *all, const struct tally_slot *slot)
{
    for (enum division_level level = division_level(slot->division);; level--) {
        tally_sum_add(all, division_at(slot->division, level), slot->line, slot->tally);
        if (level == DIVISION_NATION)
            return;
    }
}

bool tally_sum_move(struct txn *txn, struct tally_sum *sum, struct error *err)
{
    struct tally_sum all = { .arena = sum->arena };
    for (ptrdiff_t i = 0; i < sum->cap; i++)
        if (sum->slots[i].line.n != 0)
            add_above(&all, &sum->slots[i]);
    if (all.n == 0)
        return true;
    qsort(all.slots, (size_t)all.cap, sizeof all.slots[0], by_place); /* free slots have line 0 of the nation: first */
    for (ptrdiff_t i = 0; i < all.cap; i++)
        if (all.slots[i].line.n != 0 && !tally_move_at(txn, all.slots[i].division, all.slots[i].line,
                                                       all.slots[i].tally, err))
            return false;
    return true;
}
