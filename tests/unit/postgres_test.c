/*
 * postgres_test.c - which server a connection goes to, and when a silent one is left.  Beside harness/with_postgres.
 */
#include "base/compiler.h"
#include "base/parse.h"
#include "platform/db/db.h"
#include "platform/db/query.h"
#include "platform/limits.h"

#include "gen/audit_queries.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static const struct query pid_query = { .name = "pid", .postgres = "SELECT pg_backend_pid()", .params = "" };

static const char *given;

static const char *folder(void)
{
    const char *host = strstr(given, "host=");
    assert_non_null(host);
    return host + strlen("host=");
}

static struct database *open_at(const char *place)
{
    static const struct schema *const schemas[] = { &audit_schema };
    struct database *database;
    struct error err;
    if (!database_open(place, schemas, COUNT_OF(schemas), &database, &err))
        fail_msg("%s: %s", place, err.detail);
    return database;
}

/* A port where connections are taken and never answered. */
static int silent_port(int *ret_socket)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    *ret_socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(*ret_socket, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(*ret_socket, 16), 0);
    assert_int_equal(getsockname(*ret_socket, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

static bool ask_in_snapshot(struct db *db, int64_t *ret, struct error *err)
{
    struct cursor cursor;
    bool has_row = false;
    bool ok = cursor_open(db, &pid_query, &cursor, err) && cursor_next(&cursor, &has_row, err);
    if (ok)
        *ret = cursor_int(&cursor, 0);
    cursor_close(&cursor);
    if (ok)
        db_snapshot_end(db);
    else
        db_rollback(db);
    return ok;
}

static bool ask(struct db *db, int64_t *ret, struct error *err)
{
    return db_snapshot_begin(db, err) && ask_in_snapshot(db, ret, err);
}

/* --- which server ---------------------------------------------------------------------------------------------- */

static void the_one_that_answers(void **state)
{
    (void)state;
    char place[512];
    int socket;
    int64_t pid;
    struct db *db;
    struct error err;
    (void)snprintf(place, sizeof place, "postgres://shuniu@/postgres?host=127.0.0.1,127.0.0.1,%s&port=%d,1,5432", folder(),
                   silent_port(&socket));
    struct database *database = open_at(place);
    assert_true(database_reader(database, &db, &err));
    assert_true(ask(db, &pid, &err));
    db_release(db);
    database_close(database);
    close(socket);
}

static void none(void **state)
{
    (void)state;
    char place[512];
    int socket;
    struct database *database;
    struct error err;
    (void)snprintf(place, sizeof place, "postgres://shuniu@127.0.0.1:%d,127.0.0.1:1/postgres", silent_port(&socket));
    assert_false(database_open_existing(place, &database, &err));
    assert_int_equal(err.kind, ERROR_BUSY);
    assert_false(database_open_existing("postgres://a,b,c,d,e,f,g,h,i/postgres", &database, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    assert_false(database_open_existing("postgres://shuniu@/postgres?nonsense=1", &database, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    close(socket);
}

/* --- a server that says nothing -------------------------------------------------------------------------------- */

struct world {
    struct database *database;
    struct db *db;
    pid_t first, backend;
};

static void begin(struct world *world)
{
    char path[300], line[32] = "";
    int64_t pid, backend;
    struct error err;
    (void)snprintf(path, sizeof path, "%s/data/postmaster.pid", folder());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    (void)fclose(file);
    line[strcspn(line, "\n")] = 0;
    assert_true(parse_int(str_of(line), 1, INT32_MAX, &pid));
    world->database = open_at(given);
    assert_true(database_reader(world->database, &world->db, &err));
    assert_true(ask(world->db, &backend, &err));
    world->first = (pid_t)pid;
    world->backend = (pid_t)backend;
}

static void end(struct world *world)
{
    db_release(world->db);
    database_close(world->database);
}

/* Only this connection's process stands still: as in a long statement, the server answers others. */
static void a_slow_one_is_waited_for(void **state)
{
    (void)state;
    struct world world;
    struct error err;
    int64_t pid = 0;
    begin(&world);
    assert_int_equal(kill(world.backend, SIGSTOP), 0);
    pid_t child = fork();
    if (child == 0) {
        sleep(2 * LIMIT_SILENCE_MS / 1000 + 1);
        _exit(kill(world.backend, SIGCONT));
    }
    bool ok = ask(world.db, &pid, &err);
    (void)waitpid(child, NULL, 0);
    assert_true(ok);
    assert_int_equal(pid, world.backend);
    end(&world);
}

static void a_paused_one_is_left(void **state)
{
    (void)state;
    struct world world;
    struct error err, again;
    int64_t pid = 0;
    begin(&world);
    assert_true(db_snapshot_begin(world.db, &err));
    assert_int_equal(kill(world.first, SIGSTOP), 0);
    assert_int_equal(kill(world.backend, SIGSTOP), 0);
    bool ok = ask_in_snapshot(world.db, &pid, &err);
    bool ok_then = ask(world.db, &pid, &again);
    bool ok_again = ask(world.db, &pid, &again);
    (void)kill(world.backend, SIGCONT);
    (void)kill(world.first, SIGCONT);
    assert_false(ok);
    assert_non_null(strstr(err.detail, "does not answer any more")); /* not: 'in time' */
    assert_false(ok_then);
    assert_false(ok_again);
    assert_non_null(strstr(again.detail, "a moment ago")); /* nobody stands in line for a server that is away */
    usleep(2 * LIMIT_AWAY_MS * 1000);
    assert_true(ask(world.db, &pid, &err));
    assert_int_not_equal(pid, world.backend);
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_one_that_answers),
        cmocka_unit_test(none),
        cmocka_unit_test(a_slow_one_is_waited_for),
        cmocka_unit_test(a_paused_one_is_left),
    };
    given = getenv("SHUNIU_TEST_POSTGRES");
    if (!given)
        BUG("run me beside harness/with_postgres");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
