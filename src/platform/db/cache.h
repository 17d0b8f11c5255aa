/*
 * cache.h - results a connection has read and may give again while the data is the same.
 *
 * A query marked 'cached' (tools/sqlc) is remembered with its parameters, until another version of the data is seen at
 * the beginning of a snapshot: any commit, of any process, makes another version, so what comes from here is what
 * the engine would have said.  For small results that many pages read: who holds a session, lines, tallies.  A
 * connection belongs to one thread at a time, and so does its cache.
 */
#pragma once
#include "platform/db/query.h"
#include "platform/limits.h"

enum { CACHE_BUCKETS = 256 };

enum cell_kind { CELL_NULL, CELL_INT, CELL_TEXT, CELL_BLOB };

/* A value of a row, or of a parameter. */
struct cell {
    enum cell_kind kind;
    int64_t n;        /* the number, or the bytes of data */
    const char *data; /* of a text or blob */
};

struct result {
    struct result *next; /* in its bucket */
    uint64_t hash;
    const struct query *query;
    struct cell *params;
    int param_count;
    int columns;
    ptrdiff_t rows;
    struct cell *cells; /* row after row */
};

struct cache {
    struct arena arena;
    int64_t version;    /* of the data the results are of */
    ptrdiff_t bytes;    /* of all results, about */
    struct result *buckets[CACHE_BUCKETS];
    struct cell params[LIMIT_CACHED_PARAMS]; /* of the query being asked */
    int param_count;
};

/* To be called with each snapshot: forgets what is of another version, and everything when it has become too much. */
void cache_validate(struct cache *cache, int64_t version);
/* One more parameter of the query being asked; a text must live until the result is found or made. */
void cache_param(struct cache *cache, int index, struct cell value);
/* NULL: not asked yet with these parameters. */
const struct result *cache_find(const struct cache *cache, const struct query *query);
/* An empty result for them; result_add_row() gives a row to fill, cache_add() makes it found when it is complete. */
struct result *result_make(struct cache *cache, const struct query *query, int columns);
struct cell *result_add_row(struct cache *cache, struct result *result);
void cache_add(struct cache *cache, struct result *result);
struct cell cell_copy(struct cache *cache, struct cell value);
void cache_release(struct cache *cache);
