/*
 * xlsx_read.h - reads the first visible worksheet of an .xlsx workbook (ECMA-376), row by row, out of memory.
 *
 * A workbook comes from anybody.  It is a zip of XML: both are read as a stream, and everything has a limit
 * (LIMIT_SHEET_... in platform/limits.h), so a small file cannot become a large one.  Document type declarations,
 * which could define entities, macros, encrypted files and the old .xls format are refused.  Formulas are never
 * worked out: the caller gets a cell of kind XLSX_FORMULA and refuses it by its place.
 */
#pragma once
#include "base/str.h"
#include "base/time.h"

enum xlsx_fault {
    XLSX_FINE,
    XLSX_NO_WORKBOOK,  /* no zip, or no workbook in it */
    XLSX_OLD_OR_LOCKED, /* .xls of before 2007, or a file with a password: the two look the same */
    XLSX_MACROS,
    XLSX_ENTITIES,     /* declares a document type */
    XLSX_BROKEN,       /* damaged: bad zip data or XML, rows out of order */
    XLSX_BOMB,         /* unpacks to far more than it holds */
    XLSX_TOO_LARGE,    /* unpacked, or its texts together */
    XLSX_TOO_MANY_ROWS,
    XLSX_TOO_MANY_COLUMNS,
    XLSX_STOPPED       /* by the caller's function */
};

enum xlsx_kind {
    XLSX_TEXT,
    XLSX_NUMBER,  /* as written in the file: "25", "4.4060610200000001E11" */
    XLSX_BOOL,    /* "1" or "0" */
    XLSX_ERROR,   /* "#REF!" */
    XLSX_FORMULA, /* the text is what it came to when it was saved */
    XLSX_LONG     /* over LIMIT_SHEET_CELL_BYTES; the text is empty */
};

struct xlsx_cell {
    int column; /* from 0 */
    enum xlsx_kind kind;
    struct str text; /* valid UTF-8; never empty but for XLSX_LONG and XLSX_FORMULA */
};

/* A row with at least one cell that is not empty; cells by column. */
struct xlsx_row {
    int64_t number; /* from 1, as a spreadsheet shows it */
    const struct xlsx_cell *cells;
    int n;
};

/* False stops reading. The row's texts live until it returns. */
typedef bool xlsx_row_fn(void *self, const struct xlsx_row *row);

struct xlsx_info {
    int64_t rows;  /* given to the caller */
    bool is_1904;  /* days count from 1904: for xlsx_date() */
};

enum xlsx_fault xlsx_read(struct str file, xlsx_row_fn *on_row, void *self, struct xlsx_info *ret);

/* A whole number out of a cell of kind XLSX_NUMBER: "25", "25.0", "2.5E1". */
bool xlsx_integer(struct str number, int64_t *ret);
/* The day of a cell of kind XLSX_NUMBER that is formatted as a date. */
bool xlsx_date(struct str number, bool is_1904, struct date *ret);
/* "A", "AB": the name of a column from 0. */
struct str xlsx_column_name(struct arena *arena, int column);
