/*
 * outage.h - times in which the database does not answer: who may wait for its return, and one line in the log for each end.
 *
 * While it is away a thread of its own asks for it.  A request that waits is suspended and holds no thread; it is let go on when
 * the database is back, or after LIMIT_AWAY_WAIT_SECONDS all the same.
 */
#pragma once
#include "platform/db/db.h"

struct outage;

/* Who waits; the caller's memory until done() is called, in the thread that asks. */
struct outage_waiter {
    void (*done)(void *self);
    void *self;
    int64_t until_ms; /* outage_wait()'s own */
    struct outage_waiter *next;
};

/* A reader whose database is there; a connection alone does not say so. */
bool reader_that_answers(struct database *database, struct db **ret, struct error *err) MUST_USE;
struct outage *outage_start(struct database *database);
/* Somebody could not read, and this is why. */
void outage_noted(struct outage *outage, const struct error *why);
bool outage_is_on(struct outage *outage);
/* False: nobody may wait any more, and done() is not called. */
bool outage_wait(struct outage *outage, struct outage_waiter *waiter) MUST_USE;
void outage_drain(struct outage *outage); /* all that wait go on at once, later ones are refused */
void outage_free(struct outage *outage);  /* after outage_drain() */
