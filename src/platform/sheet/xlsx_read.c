/*
 * xlsx_read.c - what is in the parts of a workbook.
 *
 * xl/workbook.xml names the sheets, its .rels the part of each, xl/sharedStrings.xml the texts that cells share by
 * number.  A cell is <c r="C17" t="s"><f/><v>12</v></c>: t says what v is, s a shared text, inlineStr a text in place,
 * b, e, str; without t a number.  <rPh> in a text is a reading aid beside it, not part of it, and "_x000D_" stands for
 * the character of that number.
 */
#include "platform/sheet/xlsx_read.h"

#include "base/buf.h"
#include "base/parse.h"
#include "base/utf8.h"
#include "platform/limits.h"
#include "platform/sheet/xlsx_zip.h"

#include <string.h>

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* --- which part is the sheet ------------------------------------------------------------------------------------- */

enum { PATH_BYTES = 256 };

struct book {
    char relation[PATH_BYTES]; /* of the first visible sheet */
    char path[PATH_BYTES];     /* its part */
    bool is_1904;
};

static void keep(char to[PATH_BYTES], const char *text, enum xlsx_fault *fault)
{
    if (snprintf(to, PATH_BYTES, "%s", text) >= PATH_BYTES)
        *fault = XLSX_BROKEN;
}

static void on_types_start(void *self, const char *name, const char **attributes, enum xlsx_fault *fault)
{
    (void)self, (void)name;
    struct str type = str_of(xml_attribute(attributes, "ContentType"));
    if (str_find(type, STR("macroEnabled")) >= 0)
        *fault = XLSX_MACROS;
}

static void on_book_start(void *self, const char *name, const char **attributes, enum xlsx_fault *fault)
{
    struct book *book = self;
    const char *relation = xml_attribute(attributes, "id");
    const char *state = xml_attribute(attributes, "state");
    const char *is_1904 = xml_attribute(attributes, "date1904");
    if (is(name, "workbookPr"))
        book->is_1904 = is_1904 && (is(is_1904, "1") || is(is_1904, "true"));
    if (is(name, "sheet") && book->relation[0] == '\0' && relation && (!state || is(state, "visible")))
        keep(book->relation, relation, fault);
}

static void on_relation_start(void *self, const char *name, const char **attributes, enum xlsx_fault *fault)
{
    struct book *book = self;
    const char *id = xml_attribute(attributes, "Id");
    const char *target = xml_attribute(attributes, "Target");
    char path[PATH_BYTES];
    if (!is(name, "Relationship") || !id || !target || !is(id, book->relation))
        return;
    if (target[0] == '/')
        keep(path, target + 1, fault);
    else if (snprintf(path, sizeof path, "xl/%s", target) >= PATH_BYTES)
        *fault = XLSX_BROKEN;
    if (*fault == XLSX_FINE)
        keep(book->path, path, fault);
}

static void on_no_end(void *self, const char *name, enum xlsx_fault *fault)
{
    (void)self, (void)name, (void)fault;
}

static enum xlsx_fault find_sheet(struct xlsx_zip *zip, struct book *book)
{
    static const struct xml_handlers types = { on_types_start, on_no_end, NULL };
    static const struct xml_handlers workbook = { on_book_start, on_no_end, NULL };
    static const struct xml_handlers relations = { on_relation_start, on_no_end, NULL };
    if (!xlsx_zip_has(zip, "[Content_Types].xml") || !xlsx_zip_has(zip, "xl/workbook.xml"))
        return XLSX_NO_WORKBOOK;
    enum xlsx_fault fault = xlsx_zip_walk(zip, "[Content_Types].xml", &types, book);
    if (fault == XLSX_FINE)
        fault = xlsx_zip_walk(zip, "xl/workbook.xml", &workbook, book);
    if (fault == XLSX_FINE)
        fault = xlsx_zip_walk(zip, "xl/_rels/workbook.xml.rels", &relations, book);
    if (fault == XLSX_FINE && !xlsx_zip_has(zip, book->path))
        fault = XLSX_NO_WORKBOOK;
    return fault;
}

/* --- texts -------------------------------------------------------------------------------------------------------- */

int32_t xlsx_escape(struct str text)
{
    static const struct str digits = STR_INIT("0123456789ABCDEFabcdef");
    int32_t c = 0;
    if (text.len < XLSX_ESCAPE || !str_starts(text, STR("_x")) || text.data[XLSX_ESCAPE - 1] != '_')
        return -1;
    for (int i = 2; i < XLSX_ESCAPE - 1; i++) {
        ptrdiff_t digit = str_find(digits, str_slice(text, i, i + 1));
        if (digit < 0)
            return -1;
        c = c * 16 + (int32_t)(digit < 16 ? digit : digit - 6);
    }
    return c;
}

/* Escapes as characters, control characters as blanks; halves of a UTF-16 pair stay as they are: nobody writes them. */
static struct str unescaped(struct arena *arena, struct str text)
{
    if (str_find(text, STR("_x")) < 0)
        return text;
    struct buf out = buf_make(arena, text.len);
    for (ptrdiff_t at = 0; at < text.len;) {
        char bytes[4];
        int32_t c = xlsx_escape(str_slice(text, at, text.len));
        if (c < 0 || (c >= 0xD800 && c <= 0xDFFF)) {
            buf_char(&out, text.data[at++]);
            continue;
        }
        buf_put(&out, (struct str){ bytes, utf8_encode(c < ' ' ? ' ' : c, bytes) });
        at += XLSX_ESCAPE;
    }
    return buf_str(&out);
}

/* --- texts that are shared --------------------------------------------------------------------------------------- */

struct shared {
    struct str text;
    bool is_long;
};

struct strings {
    struct arena *arena;
    struct shared *at;
    ptrdiff_t n, cap, bytes;
    struct buf text; /* the one being read */
    bool is_in_text, is_in_phonetic;
};

static void on_strings_start(void *self, const char *name, const char **attributes, enum xlsx_fault *fault)
{
    (void)attributes, (void)fault;
    struct strings *strings = self;
    if (is(name, "si")) {
        strings->text.len = 0;
        strings->text.overflowed = false;
    }
    strings->is_in_phonetic = strings->is_in_phonetic || is(name, "rPh");
    strings->is_in_text = is(name, "t") && !strings->is_in_phonetic;
}

static void add_string(struct strings *strings, enum xlsx_fault *fault)
{
    enum { STRINGS_FIRST = 1024 };
    if (strings->n == strings->cap) {
        ptrdiff_t cap = strings->cap > 0 ? strings->cap * 2 : STRINGS_FIRST;
        ptrdiff_t size = (ptrdiff_t)sizeof *strings->at;
        struct shared *at = arena_new(strings->arena, struct shared, cap);
        if (strings->n > 0)
            memcpy(at, strings->at, (size_t)(strings->n * size));
        strings->at = at;
        strings->cap = cap;
    }
    bool is_long = strings->text.overflowed;
    struct str text = !is_long ? str_copy(strings->arena, buf_str(&strings->text)) : (struct str){ 0 };
    text = unescaped(strings->arena, text);
    strings->at[strings->n++] = (struct shared){ text, is_long };
    strings->bytes += text.len;
    if (strings->n > LIMIT_SHEET_STRINGS || strings->bytes > LIMIT_SHEET_STRING_BYTES)
        *fault = XLSX_TOO_LARGE;
}

static void on_strings_end(void *self, const char *name, enum xlsx_fault *fault)
{
    struct strings *strings = self;
    if (is(name, "si"))
        add_string(strings, fault);
    if (is(name, "rPh"))
        strings->is_in_phonetic = false;
    strings->is_in_text = false;
}

static void on_strings_text(void *self, struct str piece, enum xlsx_fault *fault)
{
    (void)fault;
    struct strings *strings = self;
    if (strings->is_in_text)
        buf_put(&strings->text, piece);
}

static enum xlsx_fault read_strings(struct xlsx_zip *zip, struct strings *strings)
{
    static const struct xml_handlers handlers = { on_strings_start, on_strings_end, on_strings_text };
    strings->text = buf_make(strings->arena, LIMIT_SHEET_CELL_BYTES);
    if (!xlsx_zip_has(zip, "xl/sharedStrings.xml"))
        return XLSX_FINE; /* a sheet of numbers has none */
    return xlsx_zip_walk(zip, "xl/sharedStrings.xml", &handlers, strings);
}

/* --- the sheet --------------------------------------------------------------------------------------------------- */

struct sheet {
    const struct strings *strings;
    struct arena arena; /* of one row */
    struct arena_mark mark;
    xlsx_row_fn *on_row;
    void *self;
    int64_t row, rows;
    struct xlsx_cell cells[LIMIT_SHEET_COLUMNS];
    int cell_count, column;
    bool is_in_row, is_in_cell; /* neither may be in one of its kind, so a row has at most its columns of cells */
    char type[16];
    bool has_formula, takes_text, is_in_phonetic;
    struct buf text;
    struct arena text_arena;
};

static int64_t number_of(const char *text)
{
    int64_t n;
    return text && parse_int(str_of(text), 1, INT32_MAX, &n) ? n : 0;
}

/* Of "AB12": 27. -1: none. */
static int column_of(const char *place)
{
    enum { LETTERS_MAX = 3 };
    int column = 0, letters = 0;
    for (; place[letters] >= 'A' && place[letters] <= 'Z' && letters < LETTERS_MAX; letters++)
        column = column * 26 + place[letters] - 'A' + 1;
    return column - 1;
}

static void start_row(struct sheet *sheet, const char **attributes, enum xlsx_fault *fault)
{
    const char *number = xml_attribute(attributes, "r");
    int64_t row = number ? number_of(number) : sheet->row + 1;
    if (row <= sheet->row || sheet->is_in_row)
        *fault = XLSX_BROKEN;
    sheet->is_in_row = true;
    sheet->row = row;
    sheet->column = -1;
    sheet->cell_count = 0;
}

static void start_cell(struct sheet *sheet, const char **attributes, enum xlsx_fault *fault)
{
    const char *place = xml_attribute(attributes, "r"), *type = xml_attribute(attributes, "t");
    int column = place ? column_of(place) : sheet->column + 1;
    if (column <= sheet->column || !sheet->is_in_row || sheet->is_in_cell)
        *fault = XLSX_BROKEN;
    sheet->is_in_cell = true;
    sheet->column = column;
    (void)snprintf(sheet->type, sizeof sheet->type, "%s", type ? type : "n");
    sheet->has_formula = false;
    sheet->text.len = 0;
    sheet->text.overflowed = false;
}

static void on_sheet_start(void *self, const char *name, const char **attributes, enum xlsx_fault *fault)
{
    struct sheet *sheet = self;
    sheet->takes_text = false;
    if (is(name, "c"))
        start_cell(sheet, attributes, fault);
    else if (is(name, "v"))
        sheet->takes_text = true;
    else if (is(name, "t"))
        sheet->takes_text = !sheet->is_in_phonetic;
    else if (is(name, "row"))
        start_row(sheet, attributes, fault);
    else if (is(name, "f"))
        sheet->has_formula = true;
    else if (is(name, "rPh"))
        sheet->is_in_phonetic = true;
}

static void on_sheet_text(void *self, struct str piece, enum xlsx_fault *fault)
{
    (void)fault;
    struct sheet *sheet = self;
    if (sheet->takes_text)
        buf_put(&sheet->text, piece);
}

static void share(const struct sheet *sheet, struct xlsx_cell *cell, enum xlsx_fault *fault)
{
    int64_t index;
    cell->kind = XLSX_TEXT;
    if (!parse_int(buf_str(&sheet->text), 0, INT32_MAX, &index) || index >= sheet->strings->n) {
        *fault = XLSX_BROKEN;
        return;
    }
    cell->text = sheet->strings->at[index].text;
    if (sheet->strings->at[index].is_long)
        cell->kind = XLSX_LONG;
}

static enum xlsx_kind kind_of(const char *type)
{
    if (is(type, "n"))
        return XLSX_NUMBER;
    if (is(type, "b"))
        return XLSX_BOOL;
    return is(type, "e") ? XLSX_ERROR : XLSX_TEXT;
}

static void end_cell(struct sheet *sheet, enum xlsx_fault *fault)
{
    struct xlsx_cell cell = { .column = sheet->column, .kind = kind_of(sheet->type) };
    sheet->is_in_cell = false;
    if (sheet->text.len == 0 && !sheet->text.overflowed && !sheet->has_formula)
        return;
    if (sheet->text.overflowed)
        cell.kind = XLSX_LONG;
    else if (is(sheet->type, "s") && sheet->text.len > 0)
        share(sheet, &cell, fault);
    else
        cell.text = unescaped(&sheet->arena, str_copy(&sheet->arena, buf_str(&sheet->text)));
    if (sheet->has_formula)
        cell.kind = XLSX_FORMULA;
    if (cell.text.len == 0 && cell.kind != XLSX_LONG && cell.kind != XLSX_FORMULA)
        return;
    if (cell.column >= LIMIT_SHEET_COLUMNS) {
        *fault = XLSX_TOO_MANY_COLUMNS;
        return;
    }
    assert(sheet->cell_count < LIMIT_SHEET_COLUMNS);
    sheet->cells[sheet->cell_count++] = cell;
}

static void end_row(struct sheet *sheet, enum xlsx_fault *fault)
{
    struct xlsx_row row = { sheet->row, sheet->cells, sheet->cell_count };
    sheet->is_in_row = false;
    if (row.n > 0) {
        sheet->rows++;
        if (sheet->rows > LIMIT_SHEET_ROWS)
            *fault = XLSX_TOO_MANY_ROWS;
        else if (!sheet->on_row(sheet->self, &row))
            *fault = XLSX_STOPPED;
    }
    arena_rewind(&sheet->arena, sheet->mark);
}

static void on_sheet_end(void *self, const char *name, enum xlsx_fault *fault)
{
    struct sheet *sheet = self;
    sheet->takes_text = false;
    if (is(name, "c"))
        end_cell(sheet, fault);
    else if (is(name, "row"))
        end_row(sheet, fault);
    else if (is(name, "rPh"))
        sheet->is_in_phonetic = false;
}

static enum xlsx_fault read_sheet(struct xlsx_zip *zip, const struct book *book, struct sheet *sheet)
{
    static const struct xml_handlers handlers = { on_sheet_start, on_sheet_end, on_sheet_text };
    (void)arena_new(&sheet->arena, char, 1); /* so that there is a block to fall back to */
    sheet->mark = arena_mark(&sheet->arena);
    sheet->text = buf_make(&sheet->text_arena, LIMIT_SHEET_CELL_BYTES);
    return xlsx_zip_walk(zip, book->path, &handlers, sheet);
}

enum xlsx_fault xlsx_read(struct str file, xlsx_row_fn *on_row, void *self, struct xlsx_info *ret)
{
    struct arena arena = { 0 };
    struct xlsx_zip *zip;
    struct book book = { 0 };
    struct strings strings = { .arena = &arena };
    struct sheet *sheet = arena_new(&arena, struct sheet, 1);
    *sheet = (struct sheet){ .strings = &strings, .on_row = on_row, .self = self };
    enum xlsx_fault fault = xlsx_zip_open(&arena, file, &zip);
    if (fault == XLSX_FINE) {
        fault = find_sheet(zip, &book);
        if (fault == XLSX_FINE)
            fault = read_strings(zip, &strings);
        if (fault == XLSX_FINE)
            fault = read_sheet(zip, &book, sheet);
        xlsx_zip_close(zip);
    }
    *ret = (struct xlsx_info){ .rows = sheet->rows, .is_1904 = book.is_1904 };
    arena_release(&sheet->arena);
    arena_release(&sheet->text_arena);
    arena_release(&arena);
    return fault;
}

/* --- helpers ----------------------------------------------------------------------------------------------------- */

bool xlsx_integer(struct str number, int64_t *ret)
{
    enum { DIGITS_MAX = 40 };
    static const int64_t exact = INT64_C(1) << 53; /* beyond it a double skips whole numbers */
    char text[DIGITS_MAX + 1], *end;
    if (parse_int(number, -exact, exact, ret))
        return true;
    if (number.len == 0 || number.len > DIGITS_MAX || number.data[0] == ' ')
        return false;
    memcpy(text, number.data, (size_t)number.len);
    text[number.len] = '\0';
    double value = strtod(text, &end);
    if (*end != '\0' || !(value >= (double)-exact && value <= (double)exact) || value != (double)(int64_t)value)
        return false;
    *ret = (int64_t)value;
    return true;
}

bool xlsx_date(struct str number, bool is_1904, struct date *ret)
{
    enum { DAYS_1900 = 25569, DAYS_1904 = 24107, SERIAL_MAX = 2958465 }; /* of 1970-01-01; of 9999-12-31 */
    int64_t serial;
    struct str day, fraction;
    (void)str_cut(number, '.', &day, &fraction); /* the time of the day does not matter */
    if (!xlsx_integer(day, &serial) || serial < 1 || serial > SERIAL_MAX)
        return false;
    if (!is_1904 && serial < 61)
        return false; /* before March 1900, where spreadsheets count a day that never was */
    *ret = (struct date){ (int32_t)serial - (is_1904 ? DAYS_1904 : DAYS_1900) };
    return true;
}

struct str xlsx_column_name(struct arena *arena, int column)
{
    enum { LETTERS = 8 };
    char letters[LETTERS];
    int at = LETTERS;
    for (int n = column + 1; n > 0 && at > 0; n = (n - 1) / 26)
        letters[--at] = (char)('A' + (n - 1) % 26);
    return str_copy(arena, (struct str){ letters + at, LETTERS - at });
}
