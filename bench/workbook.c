/*
 * workbook.c - a workbook of new units, as a district would fill it in: every column, codes that are valid, all over its
 * villages.
 *
 * usage: workbook DATA DISTRICT ROWS > FILE.  DATA holds the territory.  The names are those of the demonstration; the
 * codes count upwards, so no two are alike and none is one of the demonstration's.
 */
#include "base/parse.h"
#include "features/network/demo_names.h"
#include "features/network/labels.h"
#include "features/network/unit_sheet.h"
#include "features/network/uscc.h"
#include "features/territory/territory.h"
#include "shuniu/commands.h"

#include <stdio.h>

struct making {
    struct arena arena;
    struct sheet_writer *writer;
    struct dice dice;
    struct division district;
    struct division_rows villages;
};

static struct str code_of(struct making *making, const char *kind, int64_t number)
{
    long long district = (long long)division_district(making->district);
    struct str first = str_format(&making->arena, "%s%06lldMB%07lld", kind, district, (long long)number);
    return str_format(&making->arena, "%.*s%c", STR_ARG(first), uscc_check_character(first));
}

static void put_figures(struct making *making, int64_t employees)
{
    struct dice *dice = &making->dice;
    int64_t youth = employees * (250 + dice_below(dice, 400)) / 1000;
    sheet_int(making->writer, COLUMN_EMPLOYEES, employees);
    sheet_int(making->writer, COLUMN_WOMEN, employees * (300 + dice_below(dice, 350)) / 1000);
    sheet_int(making->writer, COLUMN_YOUTH, youth);
    sheet_int(making->writer, COLUMN_LEAGUE_MEMBERS, youth * dice_below(dice, 160) / 1000);
    sheet_int(making->writer, COLUMN_DISABLED, employees * dice_below(dice, 20) / 1000);
}

static void put_unit(struct making *making, int64_t number)
{
    struct arena *arena = &making->arena;
    struct dice *dice = &making->dice;
    struct sheet_writer *writer = making->writer;
    const struct division_row *village = &making->villages.at[dice_below(dice, making->villages.n)];
    bool is_firm = !dice_hits(dice, 80);
    enum unit_kind kind = is_firm ? UNIT_FIRM : UNIT_ASSOCIATION;
    struct demo_body firm = demo_firm(dice, village->name, arena);
    struct str name = is_firm ? firm.name : demo_social(dice, kind, village->name, arena);
    sheet_text(writer, COLUMN_KIND, text_in(arena, LANG_ZH, label_kind(kind)));
    sheet_text(writer, COLUMN_DIVISION, division_text(arena, village->code));
    sheet_text(writer, COLUMN_PLACE, village->name);
    sheet_text(writer, COLUMN_NAME, name);
    sheet_text(writer, COLUMN_USCC, code_of(making, is_firm ? "91" : "51", number));
    sheet_text(writer, COLUMN_INDUSTRY, is_firm ? firm.industry : STR("S"));
    put_figures(making, is_firm ? dice_skewed(dice, 4, 900) : dice_skewed(dice, 2, 120));
    sheet_text(writer, COLUMN_CONTACT, demo_person(dice, arena));
    sheet_text(writer, COLUMN_IS_CLOSED, text_in(arena, LANG_ZH, unit_yes_no(false)));
    sheet_next_row(writer);
}

static bool load(const char *data, struct making *making, struct error *err)
{
    struct options options = { .data = data };
    struct database *database;
    struct db *db;
    if (!open_data(&options, &database, err))
        return false;
    bool ok = database_reader(database, &db, err);
    if (ok) {
        ok = territory_inside(db, making->district, DIVISION_VILLAGE, date_of(instant_now()), &making->arena,
                              &making->villages, err);
        db_release(db);
    }
    database_close(database);
    return ok && (making->villages.n > 0 || error_fail(err, ERROR_NOT_FOUND, "no villages in this district"));
}

static bool make(struct making *making, int64_t rows, struct str *ret, struct error *err)
{
    if (!unit_sheet_begin(&making->arena, LANG_ZH, true, &making->writer, err))
        return false;
    for (int64_t i = 0; i < rows; i++) {
        struct arena_mark mark = arena_mark(&making->arena);
        put_unit(making, i);
        arena_rewind(&making->arena, mark);
    }
    return sheet_end(making->writer, ret, err);
}

int main(int argc, char **argv)
{
    int64_t rows, district;
    struct error err;
    struct str file;
    struct making making = { .dice = { 1 } };
    if (argc != 4 || !parse_int(str_of(argv[2]), 100000, 999999, &district) ||
        !parse_int(str_of(argv[3]), 1, 200000, &rows)) {
        fputs("usage: workbook DATA DISTRICT ROWS > FILE\n", stderr);
        return 2;
    }
    making.district = (struct division){ district * 1000000 };
    bool ok = load(argv[1], &making, &err) && make(&making, rows, &file, &err);
    bool is_written = ok && fwrite(file.data, 1, (size_t)file.len, stdout) == (size_t)file.len && fflush(stdout) == 0;
    arena_release(&making.arena);
    if (!ok)
        return say_fault("the workbook was not made", &err);
    return is_written ? 0 : 1;
}
