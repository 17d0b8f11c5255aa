/*
 * doctor_server.c - what can be asked of data on a database server (PostgreSQL): whether it answers, keeps what it has
 * answered, has the time, and whether the audit chains hold.  Its backups are its own, and nothing here sees them.
 */
#include "shuniu/doctor.h"

#include "platform/audit/audit.h"
#include "platform/db/query.h"

#include <sys/stat.h>

static const struct query careless = {
    .name = "careless",
    .postgres = "SELECT count(*) FROM pg_settings"
                " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'",
    .params = "",
};
static const struct query server_clock = {
    .name = "server_clock",
    .postgres = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
    .params = "",
};

static void check_promises(struct doctor *doctor, struct db *db)
{
    struct error err;
    int64_t off;
    if (!doctor_ask(db, &careless, doctor->arena, NULL, &off, &err)) {
        found(doctor, VERDICT_BROKEN, "server", "%s", err.detail);
    } else if (off == 0) {
        found(doctor, VERDICT_FINE, "server", "PostgreSQL answers, and waits until changes are on the disk");
    } else {
        found(doctor, VERDICT_BROKEN, "server", "PostgreSQL does not wait until changes are on the disk");
        advise("fsync, full_page_writes and synchronous_commit must not be off: SHOW them, and set them for server, database and role");
    }
}

static void check_server_clock(struct doctor *doctor, struct db *db)
{
    enum { APART_MS = 2000 };
    struct error err;
    int64_t its, before = instant_now().us;
    if (!doctor_ask(db, &server_clock, doctor->arena, NULL, &its, &err)) {
        found(doctor, VERDICT_BROKEN, "server", "%s", err.detail);
        return;
    }
    int64_t after = instant_now().us; /* it looked at its clock between these */
    int64_t apart = (its < before ? before - its : its > after ? its - after : 0) / 1000;
    if (apart <= APART_MS) {
        found(doctor, VERDICT_FINE, "server", "its clock is that of this machine, within %d s", APART_MS / 1000);
    } else {
        found(doctor, VERDICT_LOOK, "server", "its clock and that of this machine are %lld ms apart", (long long)apart);
        advise("a time service on both: deadlines and the audit go by this one, backups and logs by the other");
    }
}

static void check_chains(struct doctor *doctor, struct db *db)
{
    struct error err;
    struct audit_report report;
    if (!doctor_verify(db, doctor->arena, &report, &err)) {
        found(doctor, VERDICT_BROKEN, "data", "it cannot be read: %s", err.detail);
    } else if (report.bad_chains != 0) {
        found(doctor, VERDICT_BROKEN, "data", "event %lld of district %lld does not fit its audit chain",
              (long long)report.bad_seq, (long long)report.bad_district);
        advise("'shuniu audit verify' says more; keep a copy as it is, then restore the last good backup");
    } else {
        found(doctor, VERDICT_FINE, "data", "schema %d, UTF8, %lld events fit their %lld chains", SCHEMA_VERSION,
              (long long)report.events, (long long)report.districts);
    }
}

static void check_unseen(struct doctor *doctor)
{
    struct stat it;
    const char *folder = doctor->options->data;
    if (doctor->options->has_data && (stat(folder, &it) != 0 || !S_ISDIR(it.st_mode))) {
        found(doctor, VERDICT_LOOK, "folder", "%s is no folder: no anchors are kept there yet", folder);
        advise("give the --data of the server");
    }
    found(doctor, VERDICT_LOOK, "backup", "%s: those of a database server are its own, and are not looked at",
          doctor->options->backups ? doctor->options->backups : "nothing is known of backups");
    advise("pgBackRest or pg_dump, and a restore into another database now and then (docs/operations.md)");
}

void check_server(struct doctor *doctor)
{
    struct error err;
    struct database *database;
    struct db *db;
    check_unseen(doctor);
    if (!open_data(doctor->options, &database, &err)) { /* of another encoding, version, program: not opened */
        found(doctor, VERDICT_BROKEN, "server", "%s", err.detail);
        advise("%s", advice_on(&err));
        return;
    }
    if (database_reader(database, &db, &err)) {
        check_promises(doctor, db);
        check_server_clock(doctor, db);
        check_chains(doctor, db);
        db_release(db);
    } else {
        found(doctor, VERDICT_BROKEN, "server", "%s", err.detail);
        advise("%s", advice_on(&err));
    }
    database_close(database);
}
