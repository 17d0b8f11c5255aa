/*
 * replica.h - a server that follows the data and may be a little behind, for pages that say so and for long reading.
 *
 * Nothing depends on it: one that is not there, does not answer or holds other tables is passed by for
 * LIMIT_REPLICA_REST_SECONDS, and whoever asked reads the data itself.
 */
#pragma once
#include "platform/db/db.h"

struct replica;

/* NULL for no address.  It is read with the keys of the data. */
struct replica *replica_make(const char *place, struct keeper *keeper);
void replica_free(struct replica *replica); /* NULL is fine */

/* A connection in a snapshot of its own, from any thread; false: none now.  NULL: never. */
bool replica_begin(struct replica *replica, struct db **ret);
void replica_end(struct db *db);
