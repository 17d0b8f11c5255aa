/*
 * import.c - the cells of a workbook of units.  What was read and is stored for the next step of the job reads back the
 * same, or the person would confirm one thing and save another.
 */
#include "base/utf8.h"
#include "features/network/import.h"
#include "fuzz/fuzz.h"
#include "fuzz/workbook.h"

static bool go_on(void *self, int64_t done, int64_t total, struct error *err)
{
    (void)self, (void)done, (void)total, (void)err;
    return true;
}

static void check_row(const struct import_row *row, int64_t last)
{
    const struct str texts[] = { row->input.name, row->input.uscc, row->input.uscc_missing, row->input.industry,
                                 row->input.contact };
    if (row->number <= last || row->district < 0 || row->district > 999999 || row->id.n < 0)
        BUG("row %lld after %lld: unit %lld-%lld", (long long)row->number, (long long)last, (long long)row->district,
            (long long)row->id.n);
    for (int i = 0; i < COUNT_OF(texts); i++)
        if (!utf8_is_valid(texts[i]) || utf8_has_control(texts[i]) || str_find(texts[i], STR("\n")) >= 0)
            BUG("row %lld: text %d is none", (long long)row->number, i);
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct import_sheet sheet, again;
    struct import_problems *problems = arena_new(arena, struct import_problems, 1);
    struct error err;
    if (!import_read(workbook_of(input, arena), arena, go_on, NULL, &sheet, problems, &err))
        BUG("stopped by nobody");
    if (problems->n > problems->total || (sheet.n == 0 && problems->total == 0))
        BUG("%d of %lld problems, %td rows", problems->n, (long long)problems->total, sheet.n);
    for (ptrdiff_t i = 0; i < sheet.n; i++)
        check_row(&sheet.at[i], i > 0 ? sheet.at[i - 1].number : 0);
    struct str stored = import_sheet_write(arena, &sheet);
    if (!import_sheet_read(arena, stored, &again, &err) || !str_equal(import_sheet_write(arena, &again), stored))
        BUG("a sheet of %td rows reads back as another", sheet.n);
}
