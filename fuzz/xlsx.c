#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "fuzz/workbook.h"
#include "platform/limits.h"
#include "platform/sheet/xlsx_read.h"

static void check_cell(const struct xlsx_cell *cell)
{
    int64_t n;
    struct date date;
    bool may_be_empty = cell->kind == XLSX_LONG || cell->kind == XLSX_FORMULA;
    if ((cell->text.len == 0 && !may_be_empty) || !utf8_is_valid(cell->text))
        BUG("a cell of kind %d without a text", (int)cell->kind);
    if (cell->text.len > LIMIT_SHEET_CELL_BYTES)
        BUG("a cell of %td bytes", cell->text.len);
    if (cell->kind == XLSX_NUMBER && xlsx_date(cell->text, false, &date) && !xlsx_integer(cell->text, &n) &&
        str_find(cell->text, STR(".")) < 0)
        BUG("a day that is no number");
}

static bool on_row(void *self, const struct xlsx_row *row)
{
    int64_t *last = self;
    int column = -1;
    if (row->number <= *last || row->n < 1 || row->n > LIMIT_SHEET_COLUMNS)
        BUG("row %lld with %d cells after row %lld", (long long)row->number, row->n, (long long)*last);
    *last = row->number;
    for (int i = 0; i < row->n; i++) {
        if (row->cells[i].column <= column || row->cells[i].column >= LIMIT_SHEET_COLUMNS)
            BUG("column %d after %d", row->cells[i].column, column);
        column = row->cells[i].column;
        check_cell(&row->cells[i]);
    }
    return true;
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct xlsx_info info;
    int64_t last = 0;
    (void)xlsx_read(workbook_of(input, arena), on_row, &last, &info);
}
