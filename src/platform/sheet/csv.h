/*
 * csv.h - reads CSV as RFC 4180 has it, in UTF-8, strictly: what does not fit is refused with its line, never guessed.
 *
 * Cells are separated by commas, rows by LF or CRLF.  A cell in double quotes may hold commas, line breaks and doubled
 * quotes; without quotes it holds no quote at all.  Every row has as many cells as the first.  A byte order mark is
 * allowed in front.  Control characters other than tab and line breaks in quotes are refused.
 */
#pragma once
#include "base/error.h"
#include "base/str.h"

enum {
    CSV_CELLS_MAX = 64,         /* of a row */
    CSV_CELL_BYTES = 32 * 1024, /* of a cell */
    CSV_ROWS_MAX = 2 * 1000 * 1000
};

struct csv {
    struct arena *arena;
    struct str cells[CSV_CELLS_MAX]; /* the row just read: slices of the text, or copies where quotes were doubled */
    int count;
    int64_t line; /* where that row began, from 1 */

    struct str text; /* the whole */
    ptrdiff_t at;
    int64_t next_line, rows;
};

/* The text must live as long as the cells are used. */
struct csv csv_begin(struct arena *arena, struct str text);
/*
 * Reads the next row into cells and count; *ret_row is false after the last.  ERROR_INPUT: not such a file,
 * ERROR_LIMIT: past a limit; err's detail begins with "line 7: ".
 */
bool csv_next(struct csv *csv, bool *ret_row, struct error *err) MUST_USE;
