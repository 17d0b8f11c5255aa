/*
 * db.c - databases, connections and transactions, whatever the engine: who may have a connection, and which one.
 */
#include "platform/db/db.h"

#include "platform/db/engine.h"

#include <string.h>

/* --- the data ------------------------------------------------------------------------------------------------- */

bool database_is_file(const char *place)
{
    struct str s = str_of(place);
    return !str_starts(s, STR("postgres://")) && !str_starts(s, STR("postgresql://"));
}

const struct engine *engine_at(const char *place)
{
    return database_is_file(place) ? &sqlite_engine : &postgres_engine;
}

struct database *database_make(const struct engine *engine, ptrdiff_t size, const char *place)
{
    struct arena arena = { 0 };
    struct database *database = arena_grow(&arena, NULL, 0, size);
    memset(database, 0, (size_t)size);
    database->engine = engine;
    database->place = (char *)(uintptr_t)str_z(&arena, str_of(place));
    database->arena = arena;
    pthread_mutex_init(&database->lock, NULL);
    return database;
}

bool database_open(const char *place, const struct schema *const *schemas, int schema_count, struct database **ret,
                   struct error *err)
{
    return engine_at(place)->open(place, schemas, schema_count, ret, err);
}

bool database_open_existing(const char *place, struct database **ret, struct error *err)
{
    return engine_at(place)->open_existing(place, ret, err);
}

bool database_open_copy(const char *place, struct database **ret, struct error *err)
{
    const struct engine *engine = engine_at(place);
    return engine->open_copy ? engine->open_copy(place, ret, err) : engine->open_existing(place, ret, err);
}

bool database_open_replica(const char *place, struct database **ret, struct error *err)
{
    const struct engine *engine = engine_at(place);
    return engine->open_replica ? engine->open_replica(place, ret, err)
                                : error_fail(err, ERROR_REFUSED, "a file has no replica");
}

void database_use_keys(struct database *database, struct keeper *keeper)
{
    database->keeper = keeper;
}

struct keeper *database_keeper(const struct database *database)
{
    return database->keeper;
}

struct keeper *db_keeper(const struct db *db)
{
    return db->database->keeper;
}

void database_close(struct database *database)
{
    if (!database)
        return;
    while (database->idle) {
        struct db *db = database->idle;
        database->idle = db->next;
        database->engine->disconnect(db);
    }
    database->engine->close(database);
    pthread_mutex_destroy(&database->lock);
    struct arena arena = database->arena;
    arena_release(&arena);
}

bool database_backup(struct database *database, const char *to_path, struct error *err)
{
    struct db *db;
    if (!database->engine->backup)
        return error_fail(err, ERROR_REFUSED, "this engine has its own tools for backups (docs/operations.md)");
    if (!database_reader(database, &db, err))
        return false;
    bool ok = database->engine->backup(db, to_path, err);
    db_release(db);
    return ok;
}

/* --- connections ---------------------------------------------------------------------------------------------- */

bool database_reader(struct database *database, struct db **ret, struct error *err)
{
    pthread_mutex_lock(&database->lock);
    struct db *db = database->idle;
    if (db)
        database->idle = db->next;
    pthread_mutex_unlock(&database->lock);
    if (!db)
        return database->engine->connect(database, false, ret, err);
    *ret = db;
    return true;
}

bool database_writer(struct database *database, struct db **ret, struct error *err)
{
    pthread_mutex_lock(&database->lock);
    bool was_out = database->writer_is_out;
    database->writer_is_out = true;
    pthread_mutex_unlock(&database->lock);
    if (was_out)
        BUG("a second writer");
    if (database->engine->connect(database, true, ret, err))
        return true;
    pthread_mutex_lock(&database->lock);
    database->writer_is_out = false;
    pthread_mutex_unlock(&database->lock);
    return false;
}

void db_release(struct db *db)
{
    if (!db)
        return;
    struct database *database = db->database;
    if (!database->engine->is_idle(db))
        BUG("a connection is given back in the middle of a transaction");
    pthread_mutex_lock(&database->lock);
    if (db->is_writer) {
        database->writer_is_out = false;
    } else {
        db->next = database->idle;
        database->idle = db;
    }
    pthread_mutex_unlock(&database->lock);
    if (db->is_writer)
        database->engine->disconnect(db);
}

bool db_is_replica(struct db *db)
{
    const struct engine *engine = db->database->engine;
    return engine->is_replica && engine->is_replica(db);
}

/* --- transactions --------------------------------------------------------------------------------------------- */

bool db_snapshot_begin(struct db *db, struct error *err)
{
    int64_t version = 0;
    if (!db->database->engine->snapshot_begin(db, &version, err)) {
        db_rollback(db); /* or the next one to get this connection could not begin */
        return false;
    }
    cache_validate(&db->cache, version);
    db->has_failed = false; /* beginning may have been tried twice */
    db->is_snapshot = version != 0;
    return true;
}

bool db_has_failed(const struct db *db, struct error *ret_failure)
{
    if (db->has_failed)
        *ret_failure = db->failure;
    return db->has_failed;
}

void db_snapshot_end(struct db *db)
{
    db->is_snapshot = false;
    db->database->engine->snapshot_end(db);
}

bool db_begin(struct db *db, struct ids *ids, struct error *err)
{
    assert(db->is_writer);
    return db->database->engine->begin(db, ids, err);
}

bool db_mark(struct db *db, struct error *err)
{
    return db->database->engine->mark(db, err);
}

bool db_keep(struct db *db, struct error *err)
{
    return db->database->engine->keep(db, err);
}

bool db_undo(struct db *db)
{
    return db->database->engine->undo(db);
}

bool db_commit(struct db *db, const struct ids *ids, struct error *err)
{
    return db->database->engine->commit(db, ids, err);
}

void db_rollback(struct db *db)
{
    db->database->engine->rollback(db);
}

bool db_has_changed(struct db *db)
{
    return db->database->engine->has_changed(db);
}
