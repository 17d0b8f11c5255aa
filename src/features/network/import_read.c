/*
 * import_read.c - what the cells of a workbook say, before anything is looked up.
 *
 * The first row names the columns, in any order; a column that is not there leaves what the register has.  A cell
 * becomes the text that a person would type into the form, and goes through the form's own checks.
 */
#include "features/network/import.h"

#include "base/parse.h"
#include "features/network/labels.h"
#include "platform/limits.h"

#include "gen/network_texts.h"
#include "gen/web_texts.h"

enum { PROGRESS_ROWS = 2000 };

struct reading {
    struct arena *arena;
    struct import_sheet *sheet;
    struct import_problems *problems;
    int column_at[LIMIT_SHEET_COLUMNS]; /* of the sheet: enum unit_column; -1: none of ours */
    const struct field *fields[UNIT_COLUMN_COUNT];
    struct problems found; /* of the cell being decoded */
    bool has_header;
    import_progress *progress;
    void *self;
    struct error *err;
    bool is_stopped;
};

void import_problem_add(struct import_problems *problems, int64_t row, int column, struct text text)
{
    problems->total++;
    if (problems->n < IMPORT_SHOWN_MAX)
        problems->at[problems->n++] = (struct import_problem){ row, column, text };
}

/* --- the header ------------------------------------------------------------------------------------------------- */

static void read_title(struct reading *reading, const struct xlsx_row *row, const struct xlsx_cell *cell)
{
    struct str title = str_trim(cell->text);
    int column = cell->kind == XLSX_TEXT ? unit_column_of_title(title) : -1;
    if (column < 0)
        import_problem_add(reading->problems, row->number, cell->column,
                           t_import_unknown_column(str_copy(reading->arena, title)));
    else if (reading->sheet->place[column] >= 0)
        import_problem_add(reading->problems, row->number, cell->column,
                           t_import_double_column(str_copy(reading->arena, title)));
    else
        reading->sheet->place[column] = cell->column;
    reading->column_at[cell->column] = column;
}

static void read_header(struct reading *reading, const struct xlsx_row *row)
{
    reading->has_header = true;
    for (int i = 0; i < row->n; i++)
        read_title(reading, row, &row->cells[i]);
    const int *place = reading->sheet->place;
    static const enum unit_column required[] = { COLUMN_NAME, COLUMN_KIND, COLUMN_DIVISION };
    for (int i = 0; i < COUNT_OF(required) && place[COLUMN_KEY] < 0; i++)
        if (place[required[i]] < 0)
            import_problem_add(reading->problems, row->number, -1,
                               t_import_missing_column(unit_column_title(required[i])->forms[LANG_ZH]));
}

/* --- cells ------------------------------------------------------------------------------------------------------ */

static bool is_one_of(struct str text, const struct text_key *key, const char *more)
{
    return str_equal(text, key->forms[LANG_ZH]) || str_equal(text, key->forms[LANG_EN]) ||
           str_equal(text, str_of(more));
}

/* "是" or nothing; *ret_value is what the form would have. */
static bool decode_check(struct str text, struct str *ret_value)
{
    *ret_value = (struct str){ 0 };
    if (text.len == 0 || is_one_of(text, &text_key_sheet_no, "0"))
        return true;
    if (!is_one_of(text, &text_key_sheet_yes, "1"))
        return false;
    *ret_value = STR("1");
    return true;
}

static struct str kind_value(struct arena *arena, struct str text)
{
    for (enum unit_kind kind = UNIT_FIRM; kind <= UNIT_FOUNDATION; kind++)
        if (is_one_of(text, label_kind(kind).key, ""))
            return str_int(arena, kind);
    return STR("?"); /* the form's check says what to do */
}

/* The cell as text; false: it holds nothing that can be read, and *ret_problem says why. */
static bool cell_text(struct reading *reading, const struct xlsx_cell *cell, enum unit_column column, struct str *ret,
                      struct text *ret_problem)
{
    enum { EXACT_DIGITS = 15 };
    int64_t n;
    *ret = str_trim(cell->text);
    switch (cell->kind) {
    case XLSX_TEXT:
    case XLSX_BOOL:
        return true;
    case XLSX_NUMBER:
        if (!xlsx_integer(cell->text, &n))
            return true; /* a number field will say so; in a text it may be */
        *ret = str_int(reading->arena, n);
        *ret_problem = t_import_number_lost();
        return column != COLUMN_USCC || ret->len <= EXACT_DIGITS;
    case XLSX_ERROR:
        *ret_problem = t_import_cell_error(str_copy(reading->arena, cell->text));
        return false;
    case XLSX_FORMULA:
        *ret_problem = t_import_cell_formula();
        return false;
    case XLSX_LONG:
        *ret_problem = t_import_cell_long(LIMIT_SHEET_CELL_BYTES / 4);
        return false;
    }
    BUG("kind of a cell: %d", (int)cell->kind);
}

static bool decode_key(struct str text, struct import_row *row)
{
    struct str district, id;
    return str_cut(text, '-', &district, &id) && parse_int(district, 1, 999999, &row->district) &&
           parse_int(id, 1, INT64_MAX, &row->id.n);
}

static void decode_cell(struct reading *reading, struct import_row *row, const struct xlsx_cell *cell,
                        enum unit_column column)
{
    struct str value;
    struct text problem;
    const struct field *field = reading->fields[column];
    bool ok = cell_text(reading, cell, column, &value, &problem);
    if (ok && column == COLUMN_KEY) {
        problem = t_import_bad_key();
        ok = decode_key(value, row);
    } else if (ok && field) {
        if (column == COLUMN_KIND)
            value = kind_value(reading->arena, value);
        problem = t_import_yes_no();
        if (column == COLUMN_IS_CLOSED)
            ok = decode_check(value, &value);
        else
            value = field->type == FIELD_TEXT ? str_copy(reading->arena, value) : value;
        reading->found.n = 0;
        if (ok && value.len > 0 && !field_decode(&reading->found, field, value, &row->input)) {
            problem = reading->found.at[0].text;
            ok = false;
        }
    }
    if (!ok) {
        row->unread |= 1U << column;
        import_problem_add(reading->problems, row->number, cell->column, problem);
    }
}

static struct import_row *add_row(struct import_sheet *sheet, struct arena *arena)
{
    enum { ROWS_FIRST = 1024 };
    if (sheet->n == sheet->cap) {
        ptrdiff_t cap = sheet->cap > 0 ? sheet->cap * 2 : ROWS_FIRST;
        struct import_row *at = arena_new(arena, struct import_row, cap);
        if (sheet->n > 0)
            memcpy(at, sheet->at, (size_t)sheet->n * sizeof *at);
        sheet->at = at;
        sheet->cap = cap;
    }
    return &sheet->at[sheet->n++];
}

static bool on_row(void *self, const struct xlsx_row *xlsx)
{
    struct reading *reading = self;
    if (!reading->has_header) {
        read_header(reading, xlsx);
        return reading->problems->total == 0; /* with a wrong header every row would be wrong */
    }
    struct import_row *row = add_row(reading->sheet, reading->arena);
    row->number = xlsx->number;
    for (int i = 0; i < xlsx->n; i++) {
        int column = reading->column_at[xlsx->cells[i].column];
        if (column >= 0)
            decode_cell(reading, row, &xlsx->cells[i], (enum unit_column)column);
        else if (str_trim(xlsx->cells[i].text).len > 0)
            import_problem_add(reading->problems, row->number, xlsx->cells[i].column, t_import_no_title());
    }
    if (reading->sheet->n % PROGRESS_ROWS == 0)
        reading->is_stopped = !reading->progress(reading->self, reading->sheet->n, 0, reading->err);
    return !reading->is_stopped;
}

/* --- the file --------------------------------------------------------------------------------------------------- */

static struct text fault_text(enum xlsx_fault fault)
{
    switch (fault) {
    case XLSX_NO_WORKBOOK:
        return t_import_no_workbook();
    case XLSX_OLD_OR_LOCKED:
        return t_import_old_or_locked();
    case XLSX_MACROS:
        return t_import_macros();
    case XLSX_ENTITIES:
    case XLSX_BROKEN:
        return t_import_broken();
    case XLSX_BOMB:
    case XLSX_TOO_LARGE:
        return t_import_too_large();
    case XLSX_TOO_MANY_ROWS:
        return t_import_too_many_rows(LIMIT_SHEET_ROWS);
    case XLSX_TOO_MANY_COLUMNS:
        return t_import_too_many_columns(LIMIT_SHEET_COLUMNS);
    case XLSX_FINE:
    case XLSX_STOPPED:
        break;
    }
    BUG("fault of a workbook: %d", (int)fault);
}

bool import_read(struct str file, struct arena *arena, import_progress *progress, void *self,
                 struct import_sheet *ret, struct import_problems *problems, struct error *err)
{
    struct reading reading = { .arena = arena,       .sheet = ret, .problems = problems, .found = { .arena = arena },
                               .progress = progress, .self = self, .err = err };
    struct xlsx_info info;
    *ret = (struct import_sheet){ 0 };
    for (int i = 0; i < UNIT_COLUMN_COUNT; i++) {
        ret->place[i] = -1;
        reading.fields[i] = unit_column_field((enum unit_column)i);
    }
    for (int i = 0; i < LIMIT_SHEET_COLUMNS; i++)
        reading.column_at[i] = -1;
    enum xlsx_fault fault = xlsx_read(file, on_row, &reading, &info);
    if (reading.is_stopped)
        return false;
    if (fault != XLSX_FINE && fault != XLSX_STOPPED)
        import_problem_add(problems, 0, -1, fault_text(fault));
    else if (ret->n == 0 && problems->total == 0)
        import_problem_add(problems, 0, -1, t_import_no_rows());
    return true;
}
