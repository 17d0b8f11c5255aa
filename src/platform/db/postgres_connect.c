/*
 * postgres_connect.c - finding the server that takes changes, among the hosts an address names.
 *
 * All hosts are asked at once, and the first that will do is taken.  libpq alone asks one after the other, and waits its
 * whole time for each that is paused or cut off; here a host that says nothing delays nobody while another one answers.
 */
#include "platform/db/postgres.h"

#include "base/parse.h"
#include "platform/limits.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

enum { HOSTS_MAX = 8, OPTIONS_MAX = 12 };

/* One host that is being asked. */
struct attempt {
    PGconn *wire; /* NULL: it has refused */
    bool wants_to_write;
};

/* --- the address ------------------------------------------------------------------------------------------------- */

/* What an address says of where to go; each a list with commas, or empty. */
struct hosts {
    char host[512], hostaddr[512], port[128];
    int n;
};

static int parts(const char *list)
{
    int n = list[0] ? 1 : 0;
    for (const char *p = list; *p; p++)
        n += *p == ',';
    return n;
}

static bool read_hosts(const char *place, struct hosts *ret, struct error *err)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(place, &why);
    bool fits = true;
    *ret = (struct hosts){ 0 };
    if (!options) {
        PQfreemem(why); /* it quotes the address, password and all */
        return error_fail(err, ERROR_INPUT, "the address of the database cannot be read (a %% in it is written %%25)");
    }
    for (const PQconninfoOption *o = options; o->keyword; o++) {
        const char *value = o->val ? o->val : "";
        if (strcmp(o->keyword, "host") == 0)
            fits = fits && snprintf(ret->host, sizeof ret->host, "%s", value) < (int)sizeof ret->host;
        else if (strcmp(o->keyword, "hostaddr") == 0)
            fits = fits && snprintf(ret->hostaddr, sizeof ret->hostaddr, "%s", value) < (int)sizeof ret->hostaddr;
        else if (strcmp(o->keyword, "port") == 0)
            fits = fits && snprintf(ret->port, sizeof ret->port, "%s", value) < (int)sizeof ret->port;
    }
    PQconninfoFree(options);
    ret->n = parts(ret->hostaddr) > 0 ? parts(ret->hostaddr) : parts(ret->host);
    return (fits && ret->n <= HOSTS_MAX) ||
           error_fail(err, ERROR_LIMIT, "the address of the database names more than %d hosts, or is too long", HOSTS_MAX);
}

/* The i-th of a list; of a list of one each is that one. */
static const char *part(const char *list, int i, char *ret, ptrdiff_t room)
{
    struct str first, rest = str_of(list);
    int n = parts(list) == 1 ? 0 : i;
    for (; n > 0 && str_cut(rest, ',', &first, &rest); n--)
        ;
    (void)str_cut(rest, ',', &first, &rest);
    (void)snprintf(ret, (size_t)room, "%.*s", STR_ARG(first));
    return ret;
}

static PGconn *ask_host(const char *place, const struct hosts *hosts, int i)
{
    char host[sizeof hosts->host], hostaddr[sizeof hosts->hostaddr], port[sizeof hosts->port];
    /* what the address says itself comes after these and wins; of its lists one part is taken */
    const char *names[OPTIONS_MAX] = { "tcp_user_timeout", "target_session_attrs", "application_name", "client_encoding",
                                       "dbname" };
    const char *values[OPTIONS_MAX] = { "10000", "read-write", "shuniu", "UTF8", place };
    int n = 5;
    if (parts(hosts->host) > 1) {
        names[n] = "host";
        values[n++] = part(hosts->host, i, host, sizeof host);
    }
    if (parts(hosts->hostaddr) > 1) {
        names[n] = "hostaddr";
        values[n++] = part(hosts->hostaddr, i, hostaddr, sizeof hostaddr);
    }
    if (parts(hosts->port) > 1) {
        names[n] = "port";
        values[n++] = part(hosts->port, i, port, sizeof port);
    }
    return PQconnectStartParams(names, values, 1);
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

static void refused(struct attempt *attempt, struct error *why)
{
    struct str first, rest;
    (void)str_cut(str_of(PQerrorMessage(attempt->wire)), '\n', &first, &rest);
    (void)error_fail(why, ERROR_BUSY, "cannot connect to the database: %.*s", STR_ARG(first));
    PQfinish(attempt->wire);
    attempt->wire = NULL;
}

/* Goes on with one that can; true: it is connected. */
static bool advance(struct attempt *attempt, struct error *why)
{
    PostgresPollingStatusType status = PQconnectPoll(attempt->wire);
    attempt->wants_to_write = status == PGRES_POLLING_WRITING;
    if (status == PGRES_POLLING_FAILED)
        refused(attempt, why);
    return status == PGRES_POLLING_OK;
}

/*
 * The number of the first that is connected; -1: none, why says the last reason.  Once a host has said no, the others are waited
 * for no longer than LIMIT_SILENT_HOST_MS: those that live have answered by then too.
 */
static int wait_for_one(struct attempt *attempts, int n, struct error *why)
{
    int64_t deadline = monotonic_ms() + LIMIT_CONNECT_SECONDS * 1000;
    for (;;) {
        struct pollfd sockets[HOSTS_MAX];
        int64_t now = monotonic_ms();
        int asked = 0;
        for (int i = 0; i < n; i++) {
            short events = attempts[i].wants_to_write ? POLLOUT : POLLIN;
            sockets[i] = (struct pollfd){ .fd = attempts[i].wire ? PQsocket(attempts[i].wire) : -1, .events = events };
            asked += attempts[i].wire != NULL;
        }
        if (asked > 0 && asked < n && deadline > now + LIMIT_SILENT_HOST_MS)
            deadline = now + LIMIT_SILENT_HOST_MS;
        if (asked == 0 || now >= deadline)
            return -1;
        if (poll(sockets, (nfds_t)n, (int)(deadline - now)) < 0 && errno != EINTR)
            return -1;
        for (int i = 0; i < n; i++)
            if (attempts[i].wire && sockets[i].revents && advance(&attempts[i], why))
                return i;
    }
}

PGconn *pg_find(const char *place, struct error *err)
{
    struct hosts hosts;
    struct attempt attempts[HOSTS_MAX] = { 0 };
    struct error why;
    if (!read_hosts(place, &hosts, err))
        return NULL;
    int n = hosts.n > 0 ? hosts.n : 1; /* none: libpq knows where */
    (void)error_fail(&why, ERROR_BUSY, "cannot connect to the database: it does not answer");
    for (int i = 0; i < n; i++) {
        attempts[i] = (struct attempt){ .wire = ask_host(place, &hosts, i), .wants_to_write = true };
        if (PQstatus(attempts[i].wire) == CONNECTION_BAD)
            refused(&attempts[i], &why);
    }
    int found = wait_for_one(attempts, n, &why);
    for (int i = 0; i < n; i++)
        if (i != found)
            PQfinish(attempts[i].wire);
    if (found >= 0)
        return attempts[found].wire;
    *err = why;
    return NULL;
}

bool pg_is_silent(const PGconn *wire, const char *place)
{
    const char *const names[] = { "dbname", "host", "hostaddr", "port", "connect_timeout", NULL };
    const char *const values[] = { place, PQhost(wire), PQhostaddr(wire), PQport(wire), "2", NULL };
    return PQpingParams(names, values, 1) == PQPING_NO_RESPONSE;
}

/* False: it does not come in time. */
static bool answer_comes(PGconn *wire, int64_t deadline)
{
    while (PQisBusy(wire)) {
        struct pollfd socket = { .fd = PQsocket(wire), .events = POLLIN };
        int64_t left = deadline - monotonic_ms();
        if (left <= 0 || (poll(&socket, 1, (int)left) < 0 && errno != EINTR))
            return false;
        if (socket.revents && !PQconsumeInput(wire))
            return true; /* with the failure as the answer */
    }
    return true;
}

/* The last of the answers, as PQexec() gives it; NULL: none came in time. */
static PGresult *exec_in_time(PGconn *wire, const char *sql)
{
    int64_t deadline = monotonic_ms() + LIMIT_LONG_STATEMENT_SECONDS * 1000;
    PGresult *last = NULL;
    bool ok = PQsendQuery(wire, sql);
    while (ok && answer_comes(wire, deadline)) {
        PGresult *next = PQgetResult(wire);
        if (!next)
            return last;
        PQclear(last);
        last = next;
        ok = PQresultStatus(last) != PGRES_FATAL_ERROR || PQstatus(wire) == CONNECTION_OK;
    }
    if (ok)
        PQclear(last);
    return ok ? NULL : last;
}

bool pg_exec(PGconn *wire, const char *sql, PGresult **ret, struct error *err)
{
    PGresult *result = exec_in_time(wire, sql);
    if (!result)
        return error_fail(err, ERROR_BUSY, "no answer from the database: %s", PQerrorMessage(wire));
    ExecStatusType status = PQresultStatus(result);
    bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!ok)
        (void)error_fail(err, pg_kind(PQresultErrorField(result, PG_DIAG_SQLSTATE)), "%s", PQresultErrorMessage(result));
    if (ok && ret)
        *ret = result;
    else
        PQclear(result);
    return ok;
}

bool pg_exec_number(PGconn *wire, const char *sql, int64_t *ret, struct error *err)
{
    PGresult *result;
    if (!pg_exec(wire, sql, &result, err))
        return false;
    bool ok = PQntuples(result) == 0 || parse_int(str_of(PQgetvalue(result, 0, 0)), 0, INT64_MAX, ret) ||
              error_fail(err, ERROR_INPUT, "not a number: %s", sql);
    PQclear(result);
    return ok;
}
