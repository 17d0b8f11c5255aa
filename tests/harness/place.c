#include "harness/place.h"

#include "platform/crypt/key_file.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

static const char *server(void)
{
    return getenv("SHUNIU_TEST_POSTGRES");
}

bool test_is_on_postgres(void)
{
    return server() != NULL;
}

/* The server gives the number, so that no two processes get the same. */
const char *test_place(struct arena *arena, const char *path)
{
    if (!test_is_on_postgres())
        return path;
    PGconn *wire = PQconnectdb(server());
    PGresult *number = PQexec(wire, "SELECT nextval('world')");
    if (PQresultStatus(number) != PGRES_TUPLES_OK)
        BUG("%s", PQerrorMessage(wire));
    const char *name = str_z(arena, str_format(arena, "world%s", PQgetvalue(number, 0, 0)));
    PGresult *made = PQexec(wire, str_z(arena, str_format(arena, "CREATE SCHEMA %s", name)));
    if (PQresultStatus(made) != PGRES_COMMAND_OK)
        BUG("%s", PQerrorMessage(wire));
    PQclear(number);
    PQclear(made);
    PQfinish(wire);
    return str_z(arena, str_format(arena, "%s&options=-csearch_path%%3D%s", server(), name));
}

struct keeper *test_keys(struct arena *arena, const char *folder)
{
    struct error err;
    struct keeper *keeper;
    const char *path = str_z(arena, str_format(arena, "%s/keys", folder));
    bool is_there = access(path, F_OK) == 0;
    if ((!is_there && !key_file_make(path, 1, &suite_xchacha, date_of(instant_now()), folder, &err)) ||
        !keeper_open(path, NULL, &keeper, &err))
        BUG("%s", err.detail);
    return keeper;
}
