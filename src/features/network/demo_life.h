/*
 * demo_life.h - what the demonstration's organisations go through: re-elections, mergers, ends, and who leads whom.
 */
#pragma once
#include "features/network/demo_names.h"
#include "features/network/network.h"

struct demo_life {
    struct txn *txn;
    struct arena *arena, *step; /* of the whole, given back as it was; of one organisation, emptied after each */
    struct division district;
    struct demo_officers officers;
    struct dice *dice;
};

/* Who looks after this line there; 0: nobody. */
struct account_id demo_officer_of(struct demo_officers officers, struct division division, struct line line);
/* A month: some whose term is over are re-elected, a few are merged or dissolved. */
bool demo_live_month(struct demo_life *life, struct error *err) MUST_USE;
/* The district's bodies lead the towns', those the villages'. */
bool demo_relate(struct demo_life *life, struct error *err) MUST_USE;
