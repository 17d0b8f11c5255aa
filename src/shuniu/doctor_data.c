/*
 * doctor_data.c - what is in the data and in the newest backup: whether it opens, is whole, and fits its audit;
 * and the keys to what is sealed in it.
 *
 * Only what a file must have is asked here (SQLite).  Data on a database server has its own checks: doctor_server.c.
 */
#include "shuniu/doctor.h"

#include "platform/audit/audit.h"
#include "platform/crypt/key_file.h"
#include "platform/db/query.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOUR = 3600, DAY = 24 * HOUR, BACKUP_LATE = 26 * HOUR, BACKUP_LOST = 7 * DAY };

static const struct query quick_check = { .name = "quick_check", .sqlite = "PRAGMA quick_check(1)", .params = "" };
static const struct query journal_mode = { .name = "journal_mode", .sqlite = "PRAGMA journal_mode", .params = "" };
static const struct query synchronous = { .name = "synchronous", .sqlite = "PRAGMA synchronous", .params = "" };

bool doctor_ask(struct db *db, const struct query *query, struct arena *arena, struct str *ret_text, int64_t *ret_number,
                struct error *err)
{
    struct cursor cursor = { 0 };
    bool has_row = false;
    bool ok = cursor_open(db, query, &cursor, err) && cursor_next(&cursor, &has_row, err);
    ok = ok && (has_row || error_fail(err, ERROR_IO, "%s says nothing", query->name));
    if (ok && ret_text)
        *ret_text = cursor_text(&cursor, 0, arena);
    if (ok && ret_number)
        *ret_number = cursor_int(&cursor, 0);
    cursor_close(&cursor);
    return ok;
}

bool doctor_verify(struct db *db, struct arena *arena, struct audit_report *ret, struct error *err)
{
    if (!db_snapshot_begin(db, err)) /* or a change that is made meanwhile looks like a fault */
        return false;
    bool ok = audit_verify(db, arena, ret, err);
    db_snapshot_end(db);
    return ok;
}

/* --- whole, and true to its audit ---------------------------------------------------------------------------------- */

static bool check_whole(struct doctor *doctor, struct db *db, const char *thing, const char *advice)
{
    struct error err;
    struct str answer;
    struct audit_report report;
    if (!doctor_ask(db, &quick_check, doctor->arena, &answer, NULL, &err) ||
        !doctor_verify(db, doctor->arena, &report, &err)) {
        found(doctor, VERDICT_BROKEN, thing, "it cannot be read: %s", err.detail);
    } else if (!str_equal(answer, STR("ok"))) {
        found(doctor, VERDICT_BROKEN, thing, "it is damaged: %.*s", STR_ARG(answer));
    } else if (report.bad_chains != 0) {
        found(doctor, VERDICT_BROKEN, thing, "event %lld of district %lld does not fit its audit chain",
              (long long)report.bad_seq, (long long)report.bad_district);
    } else {
        found(doctor, VERDICT_FINE, thing, "schema %d, undamaged, %lld events fit their %lld chains", SCHEMA_VERSION,
              (long long)report.events, (long long)report.districts);
        return true;
    }
    advise("%s", advice);
    return false;
}

static void check_settings(struct doctor *doctor, struct db *db)
{
    struct error err;
    struct str journal;
    int64_t sync;
    if (!doctor_ask(db, &journal_mode, doctor->arena, &journal, NULL, &err) ||
        !doctor_ask(db, &synchronous, doctor->arena, NULL, &sync, &err)) {
        found(doctor, VERDICT_BROKEN, "engine", "%s", err.detail);
        return;
    }
    bool has_log = str_equal(journal, STR("wal")), is_durable = sync == 2;
    if (has_log && is_durable) {
        found(doctor, VERDICT_FINE, "engine", "SQLite writes a log and waits until it is on the disk");
        return;
    }
    found(doctor, is_durable ? VERDICT_LOOK : VERDICT_BROKEN, "engine", "SQLite's journal is %.*s, synchronous %lld",
          STR_ARG(journal), (long long)sync);
    advise("start the server once: it sets journal_mode=WAL and synchronous=FULL (2)");
}

static bool open_reader(const char *path, struct database **ret, struct db **ret_db, struct error *err)
{
    if (!database_open_existing(path, ret, err))
        return false;
    if (database_reader(*ret, ret_db, err))
        return true;
    database_close(*ret);
    return false;
}

void check_data(struct doctor *doctor)
{
    struct database *database;
    struct db *db;
    struct error err;
    const char *path = name_in(doctor, doctor->options->data, "shuniu.db");
    if (!open_reader(path, &database, &db, &err)) {
        found(doctor, VERDICT_BROKEN, "data", "it cannot be opened: %s", err.detail);
        if (err.kind == ERROR_VERSION)
            advise("docs/operations.md, Upgrades; or install the program of that version");
        else if (err.kind == ERROR_FORBIDDEN)
            advise("nothing is known of it before its owner asks: sudo -u USER shuniu doctor ...");
        else
            advise("stop the server, put %s aside, 'shuniu restore' the last good backup", path);
        return;
    }
    if (check_whole(doctor, db, "data", "stop the server, keep a copy of the folder, restore the last good backup"))
        check_settings(doctor, db);
    db_release(db);
    database_close(database);
}

/* --- backups ------------------------------------------------------------------------------------------------------- */

struct backup {
    const char *path;
    struct stat stat;
};

/* The newest file that is called like a copy of the data; path is NULL when there is none. */
static struct backup newest_of(struct doctor *doctor, DIR *folder, const char *name)
{
    struct backup newest = { 0 };
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        struct backup it = { .path = name_in(doctor, name, entry->d_name) };
        if (str_ends(str_of(entry->d_name), STR(".db")) && lstat(it.path, &it.stat) == 0 && S_ISREG(it.stat.st_mode) &&
            (!newest.path || it.stat.st_mtime > newest.stat.st_mtime))
            newest = it;
    }
    return newest;
}

static void check_age(struct doctor *doctor, const struct backup *backup)
{
    int64_t age = doctor->now.us / 1000000 - backup->stat.st_mtime;
    if (age > BACKUP_LATE) {
        found(doctor, age > BACKUP_LOST ? VERDICT_BROKEN : VERDICT_LOOK, "backup", "the newest, %s, is %lld hours old",
              backup->path, (long long)age / HOUR);
        advise("shuniu backup every night (docs/operations.md, Backup); see why it stopped");
    } else if (age < -HOUR) {
        found(doctor, VERDICT_LOOK, "backup", "%s was made in the future", backup->path);
        advise("see the clock of this machine, and of the one that made it");
    } else {
        found(doctor, VERDICT_FINE, "backup", "%s is %lld hours old", backup->path, (long long)age / HOUR);
    }
}

static void check_safety(struct doctor *doctor, const char *folder, const struct backup *backup)
{
    struct stat place, data;
    if (stat(folder, &place) != 0 || stat(doctor->options->data, &data) != 0)
        return;
    if (((place.st_mode & (S_IRWXG | S_IRWXO)) != 0) && (backup->stat.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        found(doctor, VERDICT_BROKEN, "backup", "others can read it: it holds everything (mode %03o)",
              backup->stat.st_mode & 0777);
        advise("chmod 700 %s, chmod 600 its files", folder);
    }
    if (place.st_dev == data.st_dev) {
        found(doctor, VERDICT_LOOK, "backup", "it lies on the disk of the data, and goes with it");
        advise("copy it to another machine");
    }
}

static void check_restorable(struct doctor *doctor, const char *path)
{
    struct database *database;
    struct db *db;
    struct error err;
    const char *advice = "make another one now, and look at the disk it lies on";
    bool is_read = open_reader(path, &database, &db, &err);
    struct error unused;
    if (!is_read && err.kind == ERROR_VERSION && database_open_copy(path, &database, &unused)) {
        database_close(database);
        found(doctor, VERDICT_LOOK, "backup", "it is of an older version: restored, it would be upgraded");
        advise("%s", advice);
        return;
    }
    if (!is_read) {
        bool is_hidden = err.kind == ERROR_FORBIDDEN;
        found(doctor, VERDICT_BROKEN, "backup", "it cannot be %s: %s", is_hidden ? "looked at" : "restored", err.detail);
        advise("%s", is_hidden ? advice_on(&err) : advice);
        return;
    }
    (void)check_whole(doctor, db, "backup", advice);
    db_release(db);
    database_close(database);
}

void check_backups(struct doctor *doctor)
{
    const char *name = doctor->options->backups;
    if (!name) {
        found(doctor, VERDICT_LOOK, "backup", "where they are is not said");
        advise("shuniu doctor --backups DIR");
        return;
    }
    DIR *folder = opendir(name);
    if (!folder) {
        found(doctor, VERDICT_BROKEN, "backup", "%s: %s", name, strerror(errno));
        return;
    }
    struct backup newest = newest_of(doctor, folder, name);
    closedir(folder);
    if (!newest.path) {
        found(doctor, VERDICT_BROKEN, "backup", "there is none in %s (a file that ends with .db)", name);
        advise("shuniu backup %s/$(date +%%F).db", name);
        return;
    }
    check_age(doctor, &newest);
    check_safety(doctor, name, &newest);
    check_restorable(doctor, newest.path);
}

/* --- keys ---------------------------------------------------------------------------------------------------------- */

static void check_ring(struct doctor *doctor, const char *path, const struct key_ring *ring)
{
    struct database *database;
    struct db *db = NULL;
    struct error err;
    bool fits = true;
    if (open_data(doctor->options, &database, &err)) { /* else check_data() says why not */
        fits = !database_reader(database, &db, &err) || keys_fit(db, ring, &err) || err.kind != ERROR_INPUT;
        db_release(db);
        database_close(database);
    }
    if (fits) {
        found(doctor, VERDICT_FINE, "keys", "%s: for its owner alone, as it was written, %d keys, number %d in use", path,
              ring->count, key_ring_current(ring)->number);
        return;
    }
    found(doctor, VERDICT_BROKEN, "keys", "%s: %s", path, err.detail);
    advise("put the copy from the safe in its place (docs/operations.md, Keys)");
}

/* Whether a value needs a key that is not there is asked by 'shuniu keys list', which reads all of them. */
void check_keys(struct doctor *doctor)
{
    char path[KEYS_PATH_BYTES];
    struct error err;
    struct key_ring *ring;
    if (keys_path(doctor->options, path, &err) && key_file_read(path, &ring, &err)) {
        check_ring(doctor, path, ring);
        key_ring_free(ring);
    } else if (err.kind == ERROR_NOT_FOUND) {
        found(doctor, VERDICT_BROKEN, "keys", "%s: no key file, and without it the server does not start", path);
        advise("shuniu keys make, for new data; else put the copy from the safe in its place (docs/operations.md, Keys)");
    } else {
        found(doctor, VERDICT_BROKEN, "keys", "%s", err.detail);
        if (err.kind == ERROR_INPUT)
            advise("put the copy from the safe in its place (docs/operations.md, Keys)");
    }
}
