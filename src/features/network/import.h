/*
 * import.h - units out of a workbook: read, held against the register, shown, and only then saved.
 *
 * Three stages, each a value: the sheet (what the cells say; import_read.c), the plan (what would become of each row;
 * import_plan.c), and the change (import_apply.c).  A problem stands at a cell; while there is one, nothing is saved.
 * What the person confirmed is what is saved: the plan is made again from the same sheet just before, and its digest
 * must be the same.
 */
#pragma once
#include "features/network/actions.h"
#include "features/network/unit_sheet.h"
#include "platform/jobs/jobs.h"
#include "platform/sheet/xlsx_read.h"

enum { IMPORT_SHOWN_MAX = 200, IMPORT_DIGEST_BYTES = 32, IMPORT_LINES_MAX = 100 };

/* Called now and then; false: stop. */
typedef bool import_progress(void *self, int64_t done, int64_t total, struct error *err);

/* --- problems ---------------------------------------------------------------------------------------------------- */

struct import_problem {
    int64_t row;  /* of the sheet, from 1; 0: about the whole file */
    int column;   /* of the sheet, from 0; -1: about the row */
    struct text text;
};

/* The first ones are kept, all are counted. */
struct import_problems {
    struct import_problem at[IMPORT_SHOWN_MAX];
    int n;
    int64_t total;
};

void import_problem_add(struct import_problems *problems, int64_t row, int column, struct text text);

/* --- the sheet --------------------------------------------------------------------------------------------------- */

struct import_row {
    int64_t number;         /* in the sheet */
    int64_t district;       /* of the row key; 0: it has none */
    struct unit_id id;
    struct unit_input input; /* of columns that are not there: zero */
    unsigned unread;         /* bits of the columns whose cell could not be read */
};

struct import_sheet {
    int place[UNIT_COLUMN_COUNT]; /* where in the sheet a column stands; -1: not there */
    struct import_row *at;
    ptrdiff_t n, cap;
};

/* Decodes every cell. False: stopped by progress. What is wrong with the file or its cells is in problems. */
bool import_read(struct str file, struct arena *arena, import_progress *progress, void *self,
                 struct import_sheet *ret, struct import_problems *problems, struct error *err) MUST_USE;
/* The sheet as one text, for the step that saves it; and back. False: not such a text (ERROR_INPUT). */
struct str import_sheet_write(struct arena *arena, const struct import_sheet *sheet);
bool import_sheet_read(struct arena *arena, struct str text, struct import_sheet *ret, struct error *err) MUST_USE;

/* Every field of the unit's form, one after the other: a field that is added is kept without a line here. */
void import_fields_write(struct buf *out, const struct unit_input *input);

/* --- the plan ---------------------------------------------------------------------------------------------------- */

enum import_fate { IMPORT_SAME, IMPORT_CHANGE, IMPORT_NEW };

struct import_item {
    int64_t number; /* of the row */
    enum import_fate fate;
    int64_t district;
    struct unit_id id;    /* 0: new */
    int64_t version;      /* of the register */
    enum unit_kind kind;
    struct division division;
    struct unit_input input; /* merged with what the register has */
    const struct unit_input *before; /* what the register has; NULL: the unit is new */
    struct str uscc;
};

struct import_cell {
    int64_t number;
    int column; /* enum unit_column */
    struct str unit, before, after;
};

struct import_plan {
    struct import_item *at;
    ptrdiff_t n;
    int64_t added, changed, same;
    struct import_cell cells[IMPORT_SHOWN_MAX]; /* the first that change */
    int cell_count;
    int64_t cell_total;
    int64_t opens[IMPORT_LINES_MAX], closes[IMPORT_LINES_MAX]; /* blank spots, by line */
    unsigned char digest[IMPORT_DIGEST_BYTES];
};

/* Who imports, and what it is held against. */
struct import_world {
    struct db *db;
    const struct actor *actor;
    const struct book *book;
    struct date today;
    enum lang lang; /* of the words in cells */
};

bool import_plan(const struct import_world *world, const struct import_sheet *sheet, struct arena *arena,
                 import_progress *progress, void *self, struct import_plan *ret, struct import_problems *problems,
                 struct error *err) MUST_USE;

/* --- the change -------------------------------------------------------------------------------------------------- */

struct import_change {
    const struct import_plan *plan;
    const struct book *book;
    struct account_id by;
    const struct job *job;             /* ended in the same change */
    const struct job_outcome *outcome;
    struct import_problems *conflicts; /* rows whose unit somebody changed meanwhile */
};

/* A change_fn: all of the plan or, with ERROR_CONFLICT, nothing. */
bool import_apply(void *self, struct txn *txn, struct error *err);

/* --- the job ----------------------------------------------------------------------------------------------------- */

extern const struct job_kind import_kind, export_kind;

/* Its steps. */
enum { IMPORT_READ = 1, IMPORT_SAVE = 2 };

/* What there is to see after a step (import_store.c). */
struct import_report {
    int64_t added, changed, same;
    int64_t problem_total, cell_total;
    struct import_report_problem {
        struct str cell; /* "C17" */
        struct text text;
    } problems[IMPORT_SHOWN_MAX];
    int problem_count;
    struct import_cell cells[IMPORT_SHOWN_MAX];
    int cell_count;
    int64_t opens[IMPORT_LINES_MAX], closes[IMPORT_LINES_MAX];
    struct str digest;
};

struct str import_report_write(struct arena *arena, const struct import_plan *plan,
                               const struct import_problems *problems);
bool import_report_read(struct arena *arena, struct str text, struct import_report *ret, struct error *err) MUST_USE;
