/*
 * data.c - the installation's folder, for all commands.
 */
#include "platform/db/ids.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *advice_on(const struct error *err)
{
    static const char *const advice[] = {
        [ERROR_NONE] = "",
        [ERROR_NOT_FOUND] = "See how its name is written. Nothing was changed.",
        [ERROR_FORBIDDEN] = "Another user may: see who owns it, and run this as that user (sudo -u USER shuniu ...).",
        [ERROR_CONFLICT] = "Nothing was changed.",
        [ERROR_REFUSED] = "Please correct it and try again.",
        [ERROR_INPUT] = "Nothing was changed.",
        [ERROR_LIMIT] = "It is larger than this program accepts. Nothing was changed.",
        [ERROR_BUSY] = "Another program uses the data, or its server does not answer. Stop it, or try again.",
        [ERROR_FULL] = "The disk is full. Nothing was changed; make room and try again.",
        [ERROR_IO] = "Check that the folder and the disk can be read and written.",
        [ERROR_VERSION] = "The data belongs to another version of Shuniu. Nothing was changed.",
        [ERROR_UNKNOWN] = "The database was lost while it was saving. Look at the data before you try again.",
        [ERROR_SEALED] = "A sealed value does not open: see 'shuniu keys list'.",
    };
    if (str_starts(str_of(err->detail), STR("cannot connect to the database"))) /* pg_find(): whoever waits may try again */
        return "See the address after --db, the password in .pgpass, and whether PostgreSQL runs there.";
    return advice[err->kind];
}

int say_fault(const char *what, const struct error *err)
{
    fprintf(stderr, "shuniu: %s: %s\n%s\n", what, err->detail, advice_on(err));
    return 1;
}

bool data_place(const struct options *options, char path[PLACE_BYTES], struct error *err)
{
    if (options->db && database_is_file(options->db))
        return error_fail(err, ERROR_INPUT, "--db wants postgres://..., a file is named by its folder with --data");
    if (options->db)
        return snprintf(path, PLACE_BYTES, "%s", options->db) < PLACE_BYTES ||
               error_fail(err, ERROR_LIMIT, "the address of the database is too long");
    return snprintf(path, PLACE_BYTES, "%s/shuniu.db", options->data) < PLACE_BYTES ||
           error_fail(err, ERROR_LIMIT, "the name of the data folder is too long");
}

bool open_data(const struct options *options, struct database **ret, struct error *err)
{
    char path[PLACE_BYTES];
    return data_place(options, path, err) && database_open_existing(path, ret, err);
}

bool open_copy(const struct options *options, struct database **ret, struct error *err)
{
    char path[PLACE_BYTES];
    return data_place(options, path, err) && database_open_copy(path, ret, err);
}

bool make_data(const struct options *options, struct database **ret, struct error *err)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    char path[PLACE_BYTES];
    if (!options->db && mkdir(options->data, 0700) != 0 && errno != EEXIST)
        return error_fail(err, ERROR_IO, "%s: %s", options->data, strerror(errno));
    return data_place(options, path, err) && database_open(path, schemas, shuniu_schemas(schemas), ret, err);
}

bool run_change(struct database *database, change_fn *change, void *self, struct error *err)
{
    /* the server is node 0: what a command makes beside it in the same millisecond has other ids */
    struct ids ids = { .node = 1 + (int32_t)(getpid() % (IDS_NODES - 1)) };
    struct db *db;
    if (!database_writer(database, &db, err))
        return false;
    bool ok = txn_run(db, &ids, instant_now(), change, self, err);
    db_release(db);
    return ok;
}
