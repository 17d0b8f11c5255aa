/*
 * fill.c - a load for the whole nation: units in every town, covered, with their tallies.
 *
 * usage: fill DATA UNITS: DATA holds the territory and the lines.  The units lie in the first village of every town, as
 * many in each, and are due and covered in the first line; one unit of each district is so in all lines, so that every
 * cell of the nation's matrix has a figure.  Written with the product's own queries, past its actions: a million units
 * through unit_create() would take minutes and leave the same rows.  'shuniu recount' agrees afterwards.
 */
#include "base/parse.h"
#include "features/network/contacts.h"
#include "features/network/coverage.h"
#include "features/network/network.h"
#include "features/territory/territory.h"
#include "platform/audit/audit.h"
#include "shuniu/commands.h"

#include "gen/network_queries.h"

#include <sodium/core.h>
#include <stdio.h>

struct fill {
    struct arena *arena; /* of one province */
    struct book book;
    struct division province;
    int64_t per_town, done;
};

static bool cover(struct txn *txn, const struct unit_add_args *unit, struct line line, int64_t rule, struct error *err)
{
    struct date today = date_of(txn->now);
    struct coverage_set_args pair = { .district = unit->district, .unit = unit->id,
                                      .line = line,               .division = unit->division,
                                      .due_rule = rule,           .form = COVERAGE_SOLE,
                                      .organisation = { unit->id.n }, .since = today,
                                      .until = DATE_NEVER };
    return coverage_set(txn, &pair, NULL, err);
}

static bool add_unit(struct fill *fill, struct txn *txn, struct division village, struct unit_add_args *ret,
                     struct error *err)
{
    int64_t employees = 25 + fill->done % 400;
    *ret = (struct unit_add_args){ .district = division_district(village),
                                   .id = { txn_id(txn) },
                                   .kind = UNIT_FIRM,
                                   .state = UNIT_ACTIVE,
                                   .division = village,
                                   .name = str_format(fill->arena, "第%lld号样本企业有限公司", (long long)fill->done),
                                   .uscc_missing = STR("样本"),
                                   .industry = STR("C"),
                                   .employees = employees,
                                   .women = employees / 2,
                                   .youth = employees / 3,
                                   .changed_at = txn->now };
    ret->contact = unit_contact_seal(txn, ret->district, ret->id, STR("样本"), fill->arena);
    fill->done++;
    return unit_add(txn, ret, NULL, err);
}

static int64_t any_rule(const struct book *book, struct line line)
{
    for (ptrdiff_t i = 0; i < book->rules.n; i++)
        if (book->rules.at[i].line.n == line.n)
            return book->rules.at[i].number;
    return 1;
}

static bool fill_town(struct fill *fill, struct txn *txn, struct division town, bool is_first, struct error *err)
{
    struct division_rows villages;
    struct line first = fill->book.lines[0].line;
    if (!territory_children(txn->db, town, date_of(txn->now), fill->arena, &villages, err))
        return false;
    struct division place = villages.n > 0 ? villages.at[0].code : town;
    for (int64_t i = 0; i < fill->per_town; i++) {
        struct unit_add_args unit;
        if (!add_unit(fill, txn, place, &unit, err) || !cover(txn, &unit, first, any_rule(&fill->book, first), err))
            return false;
        for (ptrdiff_t line = 1; is_first && i == 0 && line < fill->book.line_count; line++) {
            struct line other = fill->book.lines[line].line;
            if (!cover(txn, &unit, other, any_rule(&fill->book, other), err) ||
                !tally_move(txn, place, other, (struct tally){ .due = 1, .sole = 1 }, err))
                return false;
        }
    }
    struct tally all = { .due = fill->per_town, .sole = fill->per_town };
    return tally_move(txn, place, first, all, err);
}

static bool fill_district(struct fill *fill, struct txn *txn, struct division district, struct error *err)
{
    struct division_rows towns;
    if (!territory_inside(txn->db, district, DIVISION_TOWN, date_of(txn->now), fill->arena, &towns, err))
        return false;
    for (ptrdiff_t i = 0; i < towns.n; i++) {
        struct arena_mark mark = arena_mark(fill->arena);
        if (!fill_town(fill, txn, towns.at[i].code, i == 0, err))
            return false;
        arena_rewind(fill->arena, mark);
    }
    return true;
}

static bool fill_province(void *self, struct txn *txn, struct error *err)
{
    struct fill *fill = self;
    struct division_rows districts;
    if (!territory_inside(txn->db, fill->province, DIVISION_DISTRICT, date_of(txn->now), fill->arena, &districts, err))
        return false;
    for (ptrdiff_t i = 0; i < districts.n; i++)
        if (!fill_district(fill, txn, districts.at[i].code, err))
            return false;
    struct audit_event event = { .district = division_district(fill->province), .action = STR("bench.fill"),
                                 .subject = STR("units") };
    return audit_append(txn, &event, err);
}

static bool fill_all(struct database *database, struct fill *fill, int64_t units, struct error *err)
{
    enum { TOWNS = 41352 };
    struct arena arena = { 0 };
    struct division_rows provinces;
    struct db *db;
    struct date today = date_of(instant_now());
    if (!database_reader(database, &db, err))
        return false;
    bool ok = territory_children(db, (struct division){ 0 }, today, &arena, &provinces, err) &&
              book_load(db, today, &arena, &fill->book, err);
    db_release(db);
    fill->per_town = units / TOWNS + 1;
    for (ptrdiff_t i = 0; ok && i < provinces.n; i++) {
        fill->province = provinces.at[i].code;
        ok = run_change(database, fill_province, fill, err);
        arena_reset(fill->arena);
    }
    arena_release(&arena);
    return ok;
}

int main(int argc, char **argv)
{
    int64_t units;
    struct error err;
    struct database *database;
    struct arena arena = { 0 };
    struct fill fill = { .arena = &arena };
    if (argc != 3 || !parse_int(str_of(argv[2]), 1, 100000000, &units)) {
        fputs("usage: fill DATA UNITS\n", stderr);
        return 2;
    }
    if (sodium_init() < 0)
        BUG("libsodium does not start");
    struct options options = { .data = argv[1] };
    struct keeper *keeper;
    bool ok = make_sealed_data(&options, &database, &keeper, &err);
    if (ok) {
        ok = fill_all(database, &fill, units, &err);
        database_close(database);
        keeper_close(keeper);
    }
    arena_release(&arena);
    printf("%lld units\n", (long long)fill.done);
    return ok ? 0 : say_fault("the load was not made", &err);
}
