/*
 * appeals.h - what people ask for, or complain of: taken in, answered in time, and called back.
 */
#pragma once
#include "features/appeals/person.h"
#include "platform/web/web.h"

extern const struct feature appeals_feature;
extern const struct schema appeals_schema;
extern const struct upgrade appeals_upgrade;

/* The topics that ship (topics.c).  Does nothing where there are topics already. */
bool appeals_load_defaults(struct txn *txn, struct error *err) MUST_USE;

/* For struct app: a year of working days that was told moves what is due.  Queues the work; *ret_job is its page. */
bool appeals_recount(struct request *rq, int year, struct url *ret_job, struct error *err) MUST_USE;

/* Who and where the invented appeals of a demonstration are: of the roof, which made people and places. */
struct demo_appeal_person {
    struct str name, phone; /* both empty: anonymous */
};
struct appeals_demo {
    uint64_t (*dice)(void *self);
    struct division (*place)(void *self); /* a village */
    struct demo_appeal_person (*person)(void *self, struct arena *arena);
    /* Who works for this line in a town, or a district. */
    struct account_id (*officer)(void *self, struct division division, struct line line);
    void *self;
};
bool appeals_demo(struct txn *txn, const struct appeals_demo *demo, struct error *err) MUST_USE;
