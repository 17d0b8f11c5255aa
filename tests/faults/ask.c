/*
 * ask.c - asks a data file in SQL, for what no command of the program tells.  usage: ask FILE SQL
 *
 * One row a line, columns apart by tabs.  The program may be running.
 */
#include "base/compiler.h"

#include <sqlite3.h>

static int print_row(void *self, int n, char **values, char **names)
{
    (void)self, (void)names;
    for (int i = 0; i < n; i++)
        printf("%s%s", i > 0 ? "\t" : "", values[i] ? values[i] : "");
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    sqlite3 *sqlite = NULL;
    if (argc != 3)
        return 2;
    bool ok = sqlite3_open_v2(argv[1], &sqlite, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_busy_timeout(sqlite, 5000) == SQLITE_OK &&
              sqlite3_exec(sqlite, argv[2], print_row, NULL, NULL) == SQLITE_OK;
    if (!ok)
        fprintf(stderr, "%s\n", sqlite3_errmsg(sqlite));
    sqlite3_close(sqlite);
    return ok ? 0 : 1;
}
