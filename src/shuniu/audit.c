/*
 * audit.c - the audit chains held against themselves and against anchors, and the anchor of each day.
 */
#include "platform/audit/anchor.h"
#include "platform/web/web.h"
#include "shuniu/commands.h"
#include "shuniu/roof.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char *anchors_in(const char *data, struct arena *arena)
{
    return str_z(arena, str_format(arena, "%s/" ANCHORS_FILE, data));
}

/*
 * Those of the installation; NULL: beside a server a folder that nobody named is perhaps another one's, and an anchor
 * does not say whose it is.
 */
static const char *anchors_of(const struct options *options, struct arena *arena)
{
    return options->db && !options->has_data ? NULL : anchors_in(options->data, arena);
}

/* --- audit anchor -------------------------------------------------------------------------------------------------- */

static bool take(const struct options *options, struct arena *arena, struct str *ret_line, struct error *err)
{
    struct database *database;
    struct db *db;
    if (!open_data(options, &database, err))
        return false;
    bool ok = database_reader(database, &db, err);
    if (ok) {
        ok = audit_anchor_take(db, instant_now(), arena, ret_line, err);
        db_release(db);
    }
    database_close(database);
    const char *path = anchors_of(options, arena);
    if (ok && !path)
        fprintf(stderr, "Not kept: beside --db it is kept in the folder of --data.\n");
    return ok && (!path || audit_anchor_keep(path, *ret_line, false, err));
}

int command_audit_anchor(const struct options *options)
{
    struct error err;
    struct arena arena = { 0 };
    struct str line = { 0 };
    bool ok = take(options, &arena, &line, &err);
    if (ok)
        printf("%.*s\n", STR_ARG(line));
    arena_release(&arena);
    return ok ? 0 : say_fault("no anchor was made", &err);
}

bool keep_anchor_of_day(const struct app *app, struct background *background, struct error *err)
{
    const struct roof *roof = app->roof;
    struct arena arena = { 0 };
    struct str line = { 0 };
    struct db *db;
    bool ok = background_reader(background, &db, err);
    if (ok) {
        ok = audit_anchor_take(db, background_now(background), &arena, &line, err);
        db_release(db);
    }
    ok = ok && audit_anchor_keep(anchors_in(roof->data, &arena), line, true, err);
    arena_release(&arena);
    return ok;
}

/* --- audit verify -------------------------------------------------------------------------------------------------- */

/* What the chains are held against. */
struct held {
    const char *path; /* NULL: nothing */
    struct audit_anchors anchors;
};

/* Those of --anchor, or those that are kept beside the data, if any are. */
static bool read_anchors(const struct options *options, struct arena *arena, struct held *ret, struct error *err)
{
    const char *path = options->anchor ? options->anchor : anchors_of(options, arena);
    *ret = (struct held){ .path = path };
    if (!path || audit_anchors_read(path, arena, &ret->anchors, err))
        return true;
    *ret = (struct held){ 0 };
    return !options->anchor && err->kind == ERROR_NOT_FOUND;
}

static bool verify(const struct options *options, struct arena *arena, struct held *ret_held,
                   struct audit_report *ret_report, struct error *err)
{
    struct database *database;
    struct db *db;
    if (!read_anchors(options, arena, ret_held, err) || !open_data(options, &database, err))
        return false;
    bool ok = database_reader(database, &db, err);
    if (ok) {
        ok = db_snapshot_begin(db, err);
        if (ok) {
            ok = audit_verify_anchored(db, &ret_held->anchors, arena, ret_report, err);
            db_snapshot_end(db);
        }
        db_release(db);
    }
    database_close(database);
    return ok;
}

static void show(const struct audit_report *report, const struct held *held, struct arena *arena)
{
    const struct audit_anchors *anchors = &held->anchors;
    for (int i = 0; i < report->finding_count; i++)
        printf("BROKEN: %.*s\n", STR_ARG(audit_finding_text(arena, &report->findings[i])));
    if (report->bad_chains > report->finding_count)
        printf("and %lld chains more\n", (long long)(report->bad_chains - report->finding_count));
    if (report->bad_chains == 0)
        printf("%lld events in %lld chains: all fit\n", (long long)report->events, (long long)report->districts);
    if (!held->path)
        printf("no anchors were held against them (--anchor FILE, or " ANCHORS_FILE " in the folder of --data)\n");
    else if (report->bad_chains > 0)
        printf("the anchors are those of %s\n", held->path);
    else
        printf("%td anchors: all fit, the last of %.*s, in %s\n", anchors->n,
               STR_ARG(anchors->at[anchors->n - 1].at), held->path);
}

int command_audit_verify(const struct options *options)
{
    struct error err;
    struct arena arena = { 0 };
    struct held held;
    struct audit_report report = { 0 };
    bool ok = verify(options, &arena, &held, &report, &err);
    if (ok)
        show(&report, &held, &arena);
    arena_release(&arena);
    if (!ok)
        return say_fault("cannot verify the audit", &err);
    return report.bad_chains > 0;
}

/* --- beside other data ---------------------------------------------------------------------------------------------- */

bool set_anchors_aside(const struct options *options, struct error *err)
{
    struct arena arena = { 0 };
    const char *path = anchors_in(options->data, &arena), *before = str_z(&arena, str_format(&arena, "%s.before", path));
    bool ok = rename(path, before) == 0 || errno == ENOENT ||
              error_fail(err, ERROR_IO, "but %s cannot be set aside: %s", path, strerror(errno));
    arena_release(&arena);
    return ok;
}
