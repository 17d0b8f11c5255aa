/*
 * engine.h - what a database engine has to do.  db.c and cursor.c ask it through struct engine; nobody else does.
 *
 * A connection and a database begin with these structs and go on with what the engine needs.
 */
#pragma once
#include "platform/db/cache.h"
#include "platform/db/db.h"

#include <pthread.h>

enum { STATEMENT_SLOTS = 1024 };

/* What a connection keeps of one query. */
struct statement_slot {
    const struct query *query;
    void *statement; /* the engine's; NULL: not prepared yet */
    bool is_open;    /* between statement_open and statement_close */
};

struct upgrade_plan;
struct upgraded;

struct engine {
    /* --- the data --- */
    bool (*open)(const char *place, const struct schema *const *schemas, int schema_count, struct database **ret,
                 struct error *err);
    bool (*open_existing)(const char *place, struct database **ret, struct error *err);
    /* The same for what is to be copied, of an older version perhaps; NULL: open_existing does. */
    bool (*open_copy)(const char *place, struct database **ret, struct error *err);
    bool (*open_replica)(const char *place, struct database **ret, struct error *err); /* NULL: it has none */
    /* upgrade.h; NULL: its first data is of this version. */
    bool (*upgrade)(const char *place, const struct upgrade_plan *plan, struct upgraded *ret, struct error *err);
    void (*close)(struct database *database); /* when all connections are closed */
    bool (*backup)(struct db *reader, const char *to_path, struct error *err);

    /* --- connections --- */
    bool (*connect)(struct database *database, bool is_writer, struct db **ret, struct error *err);
    void (*disconnect)(struct db *db);
    bool (*is_idle)(struct db *db); /* in no transaction */
    bool (*is_replica)(struct db *db); /* NULL: never */

    /* --- transactions: db.h --- */
    /* The version is another one whenever the data may be another one; 0: it cannot be told. */
    bool (*snapshot_begin)(struct db *db, int64_t *ret_version, struct error *err);
    void (*snapshot_end)(struct db *db);
    bool (*begin)(struct db *db, struct ids *ids, struct error *err);
    bool (*mark)(struct db *db, struct error *err);
    bool (*keep)(struct db *db, struct error *err);
    bool (*undo)(struct db *db);
    bool (*commit)(struct db *db, const struct ids *ids, struct error *err);
    void (*rollback)(struct db *db);
    bool (*has_changed)(struct db *db); /* since mark, or begin */

    /* --- statements: query.h --- */
    bool (*statement_open)(struct cursor *cursor, struct error *err); /* sees to cursor->slot->statement */
    void (*statement_bind)(struct cursor *cursor, int index, struct cell cell);
    bool (*statement_step)(struct cursor *cursor, bool *ret_row, struct error *err);
    /*
     * Runs what gives no rows, and is to change one if is_one, or it is an ERROR_CONFLICT; a failure may come later, at the
     * latest with commit.
     */
    bool (*statement_post)(struct cursor *cursor, bool is_one, struct error *err);
    int (*statement_columns)(const struct cursor *cursor);
    struct cell (*statement_cell)(const struct cursor *cursor, int column); /* a blob comes as CELL_TEXT */
    int64_t (*statement_changed)(const struct cursor *cursor);
    void (*statement_close)(struct cursor *cursor);
};

extern const struct engine sqlite_engine, postgres_engine;

struct database {
    const struct engine *engine;
    char *place;
    struct keeper *keeper; /* somebody else's; NULL: nothing sealed is read or written */
    struct arena arena;   /* holds the struct itself */
    pthread_mutex_t lock; /* guards idle and writer_is_out */
    struct db *idle;
    bool writer_is_out;
};

struct db {
    struct database *database;
    struct db *next; /* in the pool of idle readers */
    bool is_writer;
    bool is_snapshot; /* in which results may be cached */
    bool has_failed;  /* a read since the snapshot began, in failure */
    struct error failure;
    struct cache cache;
    struct statement_slot slots[STATEMENT_SLOTS];
};

const struct engine *engine_at(const char *place); /* by how it is written */
/* Of the engine's size, zero but for what every database has. */
struct database *database_make(const struct engine *engine, ptrdiff_t size, const char *place);
