/*
 * xlsx_write.h - makes an .xlsx workbook of one sheet: a bold frozen header, then rows; row by row, in little memory.
 *
 * A text is always written as a text, so what a person typed is never a formula in somebody else's spreadsheet.
 */
#pragma once
#include "base/error.h"
#include "base/str.h"
#include "base/time.h"

struct sheet_column {
    struct str title;
    int width;      /* in characters */
    bool is_hidden; /* row keys and versions: kept through an edit, in nobody's way */
};

struct sheet_writer;

/* The arena holds the writer and, at the end, the file. */
bool sheet_begin(struct arena *arena, struct str name, const struct sheet_column *columns, int column_count,
                 struct sheet_writer **ret, struct error *err) MUST_USE;
/* Cells of the current row; a column left out stays empty. */
void sheet_text(struct sheet_writer *writer, int column, struct str text);
void sheet_int(struct sheet_writer *writer, int column, int64_t n);
void sheet_date(struct sheet_writer *writer, int column, struct date date);
void sheet_next_row(struct sheet_writer *writer);
/* The bytes of the workbook; always ends the writer. */
bool sheet_end(struct sheet_writer *writer, struct str *ret_file, struct error *err) MUST_USE;
