/*
 * replace.c - putting a copy in place of an installation's data.
 *
 * The old file and what SQLite keeps beside it (-wal, -shm) get the names of one database again: x.before, x.before-wal.
 * After a process was killed the -wal holds changes that are not yet in the file, so neither is worth anything alone.
 */
#include "platform/db/db.h"
#include "platform/db/files.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

enum { TAILS = 3 };
static const char *const tails[TAILS] = { "", "-wal", "-shm" };

/*
 * Whoever has the file open holds a lock on it.  In exclusive mode SQLite asks for the whole file, and takes over a log
 * that a killed process has left; a file too broken to be opened is in nobody's use.
 */
bool database_is_in_use(const char *path)
{
    sqlite3 *sqlite = NULL;
    int rc = sqlite3_open_v2(path, &sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(sqlite, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(sqlite);
    return rc == SQLITE_BUSY;
}

static const char *name(struct arena *arena, const char *path, const char *middle, const char *tail)
{
    return str_z(arena, str_format(arena, "%s%s%s", path, middle, tail));
}

static bool set_aside(struct arena *arena, const char *path, bool is_moved[TAILS], struct error *err)
{
    for (int i = 0; i < TAILS; i++) {
        const char *before = name(arena, path, ".before", tails[i]);
        is_moved[i] = rename(name(arena, path, "", tails[i]), before) == 0;
        if (is_moved[i])
            continue;
        if (errno != ENOENT)
            return error_fail(err, ERROR_IO, "cannot set %s aside: %s", path, strerror(errno));
        (void)unlink(before); /* a log of an older generation is not to meet this file */
    }
    return true;
}

static void put_back(struct arena *arena, const char *path, const bool is_moved[TAILS])
{
    for (int i = 0; i < TAILS; i++)
        if (is_moved[i])
            (void)rename(name(arena, path, ".before", tails[i]), name(arena, path, "", tails[i]));
}

static bool put_in_place(struct arena *arena, const char *path, struct error *err)
{
    bool is_moved[TAILS] = { false };
    bool ok = set_aside(arena, path, is_moved, err);
    if (ok && rename(name(arena, path, ".new", ""), path) != 0)
        ok = error_fail(err, ERROR_IO, "cannot put the copy in its place: %s", strerror(errno));
    if (!ok) {
        put_back(arena, path, is_moved);
        return false;
    }
    return file_sync_folder(path, err);
}

bool database_replace(struct database *database, const char *to_path, struct error *err)
{
    struct arena arena = { 0 };
    const char *fresh = name(&arena, to_path, ".new", "");
    (void)unlink(fresh);
    bool ok = !database_is_in_use(to_path) || error_fail(err, ERROR_BUSY, "%s is in use: stop the server first", to_path);
    ok = ok && database_backup(database, fresh, err) && file_sync(fresh, err) && put_in_place(&arena, to_path, err);
    if (!ok)
        (void)unlink(fresh);
    arena_release(&arena);
    return ok;
}
