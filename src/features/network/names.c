#include "features/network/names.h"

#include "features/accounts/accounts.h"
#include "features/territory/territory.h"

enum { SLOTS = 256 };

/* One place per key: a page shows few different ones, and one that is pushed out is looked up again. */
struct slot {
    int64_t key;
    struct str name;
    bool is_known;
};

struct names {
    struct request *rq;
    struct slot places[SLOTS], people[SLOTS];
};

struct names *names_make(struct request *rq)
{
    struct names *names = arena_new(rq->arena, struct names, 1);
    names->rq = rq;
    return names;
}

static struct slot *slot_of(struct slot slots[SLOTS], int64_t key)
{
    uint64_t hash = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    struct slot *slot = &slots[hash >> 56];
    if (slot->is_known && slot->key != key)
        slot->is_known = false;
    slot->key = key;
    return slot;
}

struct str names_place(struct names *names, struct division division)
{
    struct slot *slot = slot_of(names->places, division.code);
    if (!slot->is_known)
        slot->name = territory_name(names->rq->db, division, names->rq->today, names->rq->arena);
    slot->is_known = true;
    return slot->name;
}

struct str names_person(struct names *names, struct account_id account)
{
    struct slot *slot = slot_of(names->people, account.n);
    if (!slot->is_known)
        slot->name = account_name(names->rq->db, account, names->rq->arena);
    slot->is_known = true;
    return slot->name;
}
