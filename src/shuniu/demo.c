/*
 * demo.c - shuniu demo shunde: people for each role, then the network's two invented years.
 */
#include "features/accounts/accounts.h"
#include "features/appeals/appeals.h"
#include "features/network/demo_names.h"
#include "features/network/network.h"
#include "features/territory/territory.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"
#include "shuniu/settings.h"

#include <unistd.h>

#define DEMO_PASSWORD "shunde-demo-2026"
#define SHUNDE ((struct division){ INT64_C(440606000000) })

struct town {
    const char *login;
    int64_t code;
};

static const struct town towns[] = {
    { "lunjiao", 440606003000 },   { "leliu", 440606004000 },   { "daliang", 440606005000 },
    { "ronggui", 440606006000 },   { "chencun", 440606101000 }, { "beijiao", 440606102000 },
    { "lecong", 440606103000 },    { "longjiang", 440606104000 }, { "xingtan", 440606105000 },
    { "junan", 440606106000 },
};

static const char *const line_logins[] = { "union", "league", "women", "disabled", "commerce" };

struct demo_run {
    struct str hash;
    struct arena *arena;
    struct dice dice;
    struct demo_officer officers[COUNT_OF(towns) * COUNT_OF(line_logins)];
    struct account_id district_officers[COUNT_OF(line_logins)];
    struct division *villages; /* of the district, those of Beijiao first */
    ptrdiff_t village_count, beijiao_count;
    int64_t workers;
};

static bool add_person(struct demo_run *run, struct txn *txn, struct str login, struct grant grant,
                       struct account_id *ret, struct error *err)
{
    struct new_account account = { .login = login, .name = demo_person(&run->dice, run->arena), .hash = run->hash };
    return account_create(txn, &account, ret, err) && account_grant(txn, (struct account_id){ 0 }, *ret, grant, err);
}

static bool add_district_people(struct demo_run *run, struct txn *txn, struct error *err)
{
    struct account_id id;
    struct grant admin = { ROLE_ADMINISTRATOR, { 0 }, SHUNDE };
    struct grant leader = { ROLE_LEADER, { 0 }, SHUNDE };
    struct grant auditor = { ROLE_AUDITOR, { 0 }, SHUNDE };
    if (!add_person(run, txn, STR("admin"), admin, &id, err) || !add_person(run, txn, STR("leader"), leader, &id, err) ||
        !add_person(run, txn, STR("auditor"), auditor, &id, err))
        return false;
    for (int32_t line = 1; line <= COUNT_OF(line_logins); line++) {
        struct grant officer = { ROLE_DISTRICT_OFFICER, { line }, SHUNDE };
        if (!add_person(run, txn, str_format(run->arena, "shunde-%s", line_logins[line - 1]), officer, &run->district_officers[line - 1], err))
            return false;
    }
    return true;
}

static bool add_town_people(struct demo_run *run, struct txn *txn, struct error *err)
{
    for (ptrdiff_t t = 0; t < COUNT_OF(towns); t++) {
        for (int32_t line = 1; line <= COUNT_OF(line_logins); line++) {
            struct demo_officer *officer = &run->officers[t * COUNT_OF(line_logins) + line - 1];
            *officer = (struct demo_officer){ { towns[t].code }, { line }, { 0 } };
            struct grant grant = { ROLE_TOWN_OFFICER, { line }, officer->division };
            struct str login = str_format(run->arena, "%s-%s", towns[t].login, line_logins[line - 1]);
            if (!add_person(run, txn, login, grant, &officer->account, err))
                return false;
        }
    }
    return true;
}

/* One worker in each village of Beijiao. */
static bool add_village_people(struct demo_run *run, struct txn *txn, struct error *err)
{
    struct division_rows villages;
    struct division beijiao = { 440606102000 };
    if (!territory_children(txn->db, beijiao, date_of(txn->now), run->arena, &villages, err))
        return false;
    for (ptrdiff_t i = 0; i < villages.n; i++) {
        struct account_id id;
        struct grant grant = { ROLE_VILLAGE_WORKER, { 0 }, villages.at[i].code };
        struct str login = str_format(run->arena, "beijiao-%td", i + 1);
        if (!add_person(run, txn, login, grant, &id, err))
            return false;
    }
    run->workers = villages.n;
    return true;
}

static void show_progress(void *self, int64_t done, int64_t total)
{
    (void)self;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r  units of the demo: %lld of %lld%s", (long long)done, (long long)total,
                done == total ? "\n" : "");
}

/* Its people have a password that everybody can read here: never among real ones. */
static bool check_nobody_is_there(struct db *db, struct error *err)
{
    bool is_used;
    if (!accounts_exist(db, &is_used, err))
        return false;
    return !is_used || error_fail(err, ERROR_REFUSED, "there are accounts already: the demonstration is for an installation "
                                                      "of its own (--data)");
}

/* --- its appeals --------------------------------------------------------------------------------------------------- */

static uint64_t appeal_dice(void *self)
{
    return dice_roll(&((struct demo_run *)self)->dice);
}

/* Every second one in Beijiao, where there are people in the villages; the others in any village. */
static struct division appeal_place(void *self)
{
    struct demo_run *run = self;
    ptrdiff_t n = dice_hits(&run->dice, 500) ? run->beijiao_count : run->village_count;
    return run->villages[dice_below(&run->dice, n)];
}

static struct demo_appeal_person appeal_person(void *self, struct arena *arena)
{
    struct demo_run *run = self;
    if (dice_hits(&run->dice, 100))
        return (struct demo_appeal_person){ 0 };
    return (struct demo_appeal_person){ demo_person(&run->dice, arena),
                                        str_format(arena, "1380000%04d", (int)dice_below(&run->dice, 10000)) };
}

static struct account_id appeal_officer(void *self, struct division division, struct line line)
{
    struct demo_run *run = self;
    for (ptrdiff_t i = 0; i < COUNT_OF(run->officers); i++)
        if (run->officers[i].division.code == division.code && run->officers[i].line.n == line.n)
            return run->officers[i].account;
    return run->district_officers[line.n - 1];
}

/* Of Beijiao first. */
static bool find_villages(struct demo_run *run, struct txn *txn, struct error *err)
{
    struct division_rows rows;
    struct division beijiao = { 440606102000 };
    if (!territory_inside(txn->db, SHUNDE, DIVISION_VILLAGE, date_of(txn->now), run->arena, &rows, err))
        return false;
    run->villages = arena_new(run->arena, struct division, rows.n);
    for (int pass = 0; pass < 2; pass++) {
        for (ptrdiff_t i = 0; i < rows.n; i++)
            if (division_contains(beijiao, rows.at[i].code) == (pass == 0))
                run->villages[run->village_count++] = rows.at[i].code;
        run->beijiao_count = pass == 0 ? run->village_count : run->beijiao_count;
    }
    return true;
}

static bool add_appeals(struct demo_run *run, struct txn *txn, struct error *err)
{
    struct appeals_demo demo = { appeal_dice, appeal_place, appeal_person, appeal_officer, run };
    return find_villages(run, txn, err) && appeals_demo(txn, &demo, err);
}

static bool fill(void *self, struct txn *txn, struct error *err)
{
    struct demo_run *run = self;
    struct demo_officers officers = { run->officers, COUNT_OF(run->officers) };
    return check_nobody_is_there(txn->db, err) && shuniu_load_defaults(txn, err) &&
           setting_change(txn, "demo", "1", err) &&
           add_district_people(run, txn, err) && add_town_people(run, txn, err) && add_village_people(run, txn, err) &&
           network_demo(txn, SHUNDE, officers, show_progress, NULL, err) && add_appeals(run, txn, err);
}

int command_demo(const struct options *options)
{
    struct error err;
    struct database *database;
    struct arena arena = { 0 };
    if (options->word_count != 1 || !str_equal(str_of(options->words[0]), STR("shunde"))) {
        fputs("usage: shuniu demo shunde\n", stderr);
        return 2;
    }
    struct demo_run run = { .arena = &arena, .dice = { 440606 } };
    run.hash = password_hash(&arena, STR(DEMO_PASSWORD));
    struct keeper *keeper;
    bool ok = make_sealed_data(options, &database, &keeper, &err);
    if (ok) {
        ok = run_change(database, fill, &run, &err);
        database_close(database);
        keeper_close(keeper);
    }
    arena_release(&arena);
    if (!ok)
        return say_fault("the demo was not loaded", &err);
    puts("Demo sign-ins (invented people, password " DEMO_PASSWORD "):\n"
         "  beijiao-union    a town officer of the union in Beijiao\n"
         "  beijiao-1        a village worker in Beijiao\n"
         "  shunde-women     the district officer of the women's federation\n"
         "  leader           a district leader, who looks\n"
         "  admin            the district's administrator");
    return 0;
}
