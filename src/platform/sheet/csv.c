#include "platform/sheet/csv.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

static bool fail(const struct csv *csv, enum error_kind kind, struct error *err, const char *what)
{
    return error_fail(err, kind, "line %lld: %s", (long long)csv->line, what);
}

struct csv csv_begin(struct arena *arena, struct str text)
{
    struct csv csv = { .arena = arena, .text = text, .next_line = 1 };
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        csv.at = 3;
    return csv;
}

static bool is_at_end(const struct csv *csv)
{
    return csv->at == csv->text.len;
}

static bool is_at(const struct csv *csv, char c)
{
    return csv->at < csv->text.len && csv->text.data[csv->at] == c;
}

/* Past a line break, if there is one here; a CR without its LF is none. */
static bool skip_line_break(struct csv *csv)
{
    struct str rest = str_slice(csv->text, csv->at, csv->text.len);
    ptrdiff_t len = str_starts(rest, STR("\r\n")) ? 2 : is_at(csv, '\n') ? 1 : 0;
    csv->at += len;
    csv->next_line += len > 0;
    return len > 0;
}

static struct str read_plain(struct csv *csv)
{
    ptrdiff_t from = csv->at;
    while (!is_at_end(csv) && !memchr(",\"\r\n", csv->text.data[csv->at], 4))
        csv->at++;
    return str_slice(csv->text, from, csv->at);
}

/* Two quotes become one. */
static struct str undouble(struct arena *arena, struct str s)
{
    struct buf out = buf_make(arena, s.len);
    for (ptrdiff_t i = 0; i < s.len; i++) {
        buf_char(&out, s.data[i]);
        i += s.data[i] == '"';
    }
    return buf_str(&out);
}

static bool read_quoted(struct csv *csv, struct str *ret, struct error *err)
{
    bool has_doubled = false;
    ptrdiff_t from = ++csv->at;
    for (;; csv->at++) {
        if (is_at_end(csv))
            return fail(csv, ERROR_INPUT, err, "a quote is not closed");
        csv->next_line += is_at(csv, '\n');
        if (!is_at(csv, '"'))
            continue;
        if (csv->at + 1 == csv->text.len || csv->text.data[csv->at + 1] != '"')
            break;
        has_doubled = true;
        csv->at++;
    }
    struct str inside = str_slice(csv->text, from, csv->at++);
    *ret = has_doubled && inside.len <= CSV_CELL_BYTES ? undouble(csv->arena, inside) : inside;
    return true;
}

/* Line breaks in quotes are content; a lone CR or another control character is not. */
static bool has_control(struct str cell)
{
    for (ptrdiff_t i = 0; i < cell.len; i++) {
        bool is_break = cell.data[i] == '\r' && i + 1 < cell.len && cell.data[i + 1] == '\n';
        if (!is_break && (unsigned char)cell.data[i] < ' ' && cell.data[i] != '\n' && cell.data[i] != '\t')
            return true;
    }
    return memchr(cell.data ? cell.data : "", 0x7f, (size_t)cell.len) != NULL;
}

static bool read_cell(struct csv *csv, struct error *err)
{
    if (csv->count == CSV_CELLS_MAX)
        return fail(csv, ERROR_LIMIT, err, "too many columns");
    struct str *cell = &csv->cells[csv->count];
    if (!is_at(csv, '"'))
        *cell = read_plain(csv);
    else if (!read_quoted(csv, cell, err))
        return false;
    if (cell->len > CSV_CELL_BYTES)
        return fail(csv, ERROR_LIMIT, err, "a cell is too long");
    if (!utf8_is_valid(*cell))
        return fail(csv, ERROR_INPUT, err, "not UTF-8");
    if (has_control(*cell))
        return fail(csv, ERROR_INPUT, err, "a control character");
    csv->count++;
    return true;
}

bool csv_next(struct csv *csv, bool *ret_row, struct error *err)
{
    int wanted = csv->count;
    csv->line = csv->next_line;
    *ret_row = !is_at_end(csv);
    if (!*ret_row)
        return true;
    if (csv->rows == CSV_ROWS_MAX)
        return fail(csv, ERROR_LIMIT, err, "too many rows");
    csv->count = 0;
    for (;;) {
        if (!read_cell(csv, err))
            return false;
        if (is_at_end(csv) || skip_line_break(csv))
            break;
        if (!is_at(csv, ','))
            return fail(csv, ERROR_INPUT, err, "a quote or a line break where none may be");
        csv->at++;
    }
    if (csv->rows++ > 0 && csv->count != wanted)
        return error_fail(err, ERROR_INPUT, "line %lld: %d cells, the first row has %d", (long long)csv->line,
                          csv->count, wanted);
    return true;
}
