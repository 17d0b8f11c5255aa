/*
 * db.h - the one seam to a database engine: an installation's data, connections to it, and changes.
 *
 * struct database is one installation's data, shared by all threads: an SQLite file, or a PostgreSQL database.  struct db
 * is one connection, used by one thread at a time; reading happens in a snapshot.  struct txn is one change: it exists
 * only inside the writer (platform/serve/writer.h) or txn_run(), and is acknowledged only when it is on the disk.
 *
 * Whatever the engine, one transaction at a time changes an installation: SQLite has one writer, and on PostgreSQL every
 * transaction that writes first takes the lock of the installation's row, across all servers and commands
 * (docs/decisions/0013).
 */
#pragma once
#include "base/error.h"
#include "base/str.h"
#include "base/time.h"

/* One more with every change of any schema.sql (tests/upgrade/README.md); tests/golden holds it against the schemas. */
enum { SCHEMA_VERSION = 8 };

struct database;
struct db;
struct query;
struct table;
struct ids;
struct keeper;
struct audit_heads;

/* One change. A query that writes asks for it, so nothing is written outside one. */
struct txn {
    struct db *db;
    struct instant now;
    struct ids *ids;   /* where new ids come from: txn_id() */
    int64_t audited;   /* audit events appended or waived; a change that wrote and has none is a bug */
    struct audit_heads *heads; /* the audit's, of a transaction of several changes; NULL: of one */
};

/* One feature's tables, as sqlc compiled them. */
struct schema {
    const char *feature;  /* "network" */
    const char *sqlite;   /* DDL, several statements */
    const char *postgres;
    const struct query *const *queries; /* every variant of every query */
    ptrdiff_t query_count;
    const struct table *tables; /* in an order in which they can be filled; without those that are only for searching */
    ptrdiff_t table_count;
};

/*
 * Opens the data at a place, the path of a file or postgres://..., making the tables of these schemas if it is new.  Fails
 * with ERROR_VERSION on data of another version, ERROR_INPUT on what is no Shuniu data, ERROR_IO or ERROR_FULL on trouble
 * with the disk, ERROR_BUSY on a server that does not answer.
 */
bool database_open(const char *place, const struct schema *const *schemas, int schema_count, struct database **ret,
                   struct error *err) MUST_USE;
/* Opens data that is there and neither makes nor changes it: also ERROR_NOT_FOUND, and ERROR_INPUT on an empty file. */
bool database_open_existing(const char *place, struct database **ret, struct error *err) MUST_USE;
/* The same for data that is to be copied, not read: it may be of an older version. */
bool database_open_copy(const char *place, struct database **ret, struct error *err) MUST_USE;
/* A server that follows another one, for reading alone: what was acknowledged may not be there yet. */
bool database_open_replica(const char *place, struct database **ret, struct error *err) MUST_USE;
void database_close(struct database *database); /* NULL is fine */
bool database_is_file(const char *place); /* not postgres://... */
/*
 * The keys of what is sealed in it (platform/crypt/keeper.h), for all of its connections: before any of them is used, and as
 * long as the database is open.  NULL: there are none.
 */
void database_use_keys(struct database *database, struct keeper *keeper);
struct keeper *database_keeper(const struct database *database);
struct keeper *db_keeper(const struct db *db);

/* A connection for reading; db_release() gives it back. */
bool database_reader(struct database *database, struct db **ret, struct error *err) MUST_USE;
/* The connection for changes: at most one at a time, the writer's. */
bool database_writer(struct database *database, struct db **ret, struct error *err) MUST_USE;
void db_release(struct db *db); /* NULL is fine */

bool db_is_replica(struct db *db); /* it is with such a server */

/* One view of the data, whatever is written meanwhile. */
bool db_snapshot_begin(struct db *db, struct error *err) MUST_USE;
void db_snapshot_end(struct db *db);
/*
 * A read in this snapshot has failed, whether or not anybody listened: what was made of its rows, such as a page with names in
 * it, is not whole.
 */
bool db_has_failed(const struct db *db, struct error *ret_failure);

/*
 * The steps of group commit, for the writer alone: begin, then per change mark / keep or undo, then commit.  Ids go on
 * after those that any other server has given.
 *
 * Where the engine is far away, what a change wrote may be refused after it was kept: then db_undo() of a later one is false, or
 * db_commit() fails, with ERROR_BUSY if there were several changes, as what it is if there was one.
 */
bool db_begin(struct db *db, struct ids *ids, struct error *err) MUST_USE;
bool db_mark(struct db *db, struct error *err) MUST_USE;
bool db_keep(struct db *db, struct error *err) MUST_USE;
/* Undoes since db_mark(); false when the engine has thrown the whole transaction away. */
bool db_undo(struct db *db) MUST_USE;
/*
 * After it the work is on the disk.  ERROR_BUSY: nothing of it is, and it may be tried again.  ERROR_UNKNOWN: the server was
 * lost in the middle and cannot be asked.
 */
bool db_commit(struct db *db, const struct ids *ids, struct error *err) MUST_USE;
void db_rollback(struct db *db);
bool db_has_changed(struct db *db); /* any row, since db_mark(), or db_begin() without one */

/*
 * For what is no record of anybody's work, such as a draft: this change is not audited.  Never where the same change
 * could store a record too.
 */
void txn_waive_audit(struct txn *txn);

/* A single change in a transaction of its own, for commands and loaders that run beside no server. */
typedef bool change_fn(void *self, struct txn *txn, struct error *err);
bool txn_run(struct db *db, struct ids *ids, struct instant now, change_fn *change, void *self,
             struct error *err) MUST_USE;

/*
 * For loads of more than one transaction should hold: commits what was made so far and goes on in another one.  What follows may
 * fail and leaves that.  (A row that a transaction changes ten thousand times is slow on PostgreSQL: none of the versions in
 * between can be cleared away before the commit.)
 */
bool txn_commit_so_far(struct txn *txn, struct error *err) MUST_USE;

/* A new id, unique and growing: 41 bits of milliseconds since 2020, 12 of node, 10 of sequence (docs/decisions/0003). */
int64_t txn_id(struct txn *txn);
/* So many at once, for one statement: the k-th, from 0, is first + k / length * step + k % length. */
struct id_run {
    int64_t first, length, step;
};
struct id_run txn_ids(struct txn *txn, int64_t count);

/* The last id that was given, by whatever server. */
bool db_last_id(struct db *db, int64_t *ret, struct error *err) MUST_USE;

/*
 * Copies the data, consistent while changes go on, into a new file, which gets its name (until then NAME.part) when it is whole
 * and on the disk.  ERROR_CONFLICT: there is something of that name.
 */
bool database_backup(struct database *database, const char *to_path, struct error *err) MUST_USE;
/*
 * Puts this data in place of the file at to_path, complete and on the disk before it gets its name; a file that was
 * there is kept as to_path.before.  ERROR_BUSY while another program has that file open.
 */
bool database_replace(struct database *database, const char *to_path, struct error *err) MUST_USE;
bool database_is_in_use(const char *path); /* whether any program, this one included, has the file open */
