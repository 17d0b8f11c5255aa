/*
 * background.h - the one thread for long work: imports, exports.
 *
 * It reads with a connection of its own, changes data through the writer like everybody, and says how far it is.  One
 * piece of work at a time, so a large import takes one core and no more.
 */
#pragma once
#include "platform/db/db.h"
#include "platform/serve/outage.h"
#include "platform/serve/replica.h"
#include "platform/serve/writer.h"

struct background;

typedef void background_fn(void *self, struct background *background);

/*
 * run is called in a new thread and returns soon after background_is_stopping(); NULL: no thread, for tests.  Replica and
 * outage may be NULL.
 */
struct background *background_start(struct database *database, struct replica *replica, struct writer *writer,
                                    struct outage *outage, clock_fn *clock, background_fn *run, void *self);
void background_end(struct background *background);  /* waits for the thread; NULL is fine */
void background_free(struct background *background); /* after background_end(); NULL is fine */

/* --- for the thread -------------------------------------------------------------------------------------------- */

bool background_is_stopping(struct background *background);
/* Rests; returns early when it is time to end. */
void background_rest(struct background *background, int milliseconds);
struct instant background_now(struct background *background);
/* One that answers: a database that is away is waited for until it is time to end. */
bool background_reader(struct background *background, struct db **ret, struct error *err) MUST_USE;
struct replica *background_replica(struct background *background); /* NULL: none */
/* Makes a change and waits until it is on the disk. */
bool background_change(struct background *background, change_fn *run, void *self, struct error *err) MUST_USE;
void background_progress(struct background *background, int64_t job, int64_t done, int64_t total);

/* --- for others ------------------------------------------------------------------------------------------------ */

/* False: this is not what is being done. total is 0 while it is not known. */
bool background_progress_of(struct background *background, int64_t job, int64_t *ret_done, int64_t *ret_total);
