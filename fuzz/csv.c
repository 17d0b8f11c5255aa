#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "platform/sheet/csv.h"

void fuzz_one(struct str input, struct arena *arena)
{
    struct csv csv = csv_begin(arena, input);
    struct error err;
    bool has_row = true;
    int cells = -1;
    while (csv_next(&csv, &has_row, &err) && has_row) {
        if (csv.count < 1 || csv.count > CSV_CELLS_MAX || (cells >= 0 && csv.count != cells))
            BUG("%d cells after %d", csv.count, cells);
        cells = csv.count;
        for (int i = 0; i < csv.count; i++)
            if (csv.cells[i].len > CSV_CELL_BYTES || !utf8_is_valid(csv.cells[i]))
                BUG("line %lld: cell %d is none", (long long)csv.line, i);
    }
}
