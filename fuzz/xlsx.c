/*
 * xlsx.c - workbooks.  An input that begins like a zip is one; any other is the texts of the parts that matter, which
 * are zipped here, so that the fuzzer need not learn checksums before it gets at the XML.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "platform/limits.h"
#include "platform/sheet/xlsx_read.h"

#include <zlib.h>

#define TYPES STR("<Types><Override ContentType=\"main+xml\"/></Types>")
#define BOOK STR("<workbook><sheets><sheet id=\"1\"/></sheets></workbook>")
#define RELATIONS STR("<Relationships><Relationship Id=\"1\" Target=\"s.xml\"/></Relationships>")

enum { FILE_BYTES = 1 << 20, PARTS = 5 };

struct part {
    struct str name, bytes;
};

static void put_number(struct buf *out, uint64_t n, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_char(out, (char)(n >> (8 * i)));
}

/* What the header of a part and its row in the list at the end have alike; nothing is packed. */
static void put_part(struct buf *out, const struct part *part)
{
    uint64_t len = (uint64_t)part->bytes.len;
    put_number(out, 20, 2); /* version */
    put_number(out, 0, 8);  /* flags, method, time */
    put_number(out, crc32(0, (const unsigned char *)part->bytes.data, (unsigned)len), 4);
    put_number(out, len, 4);
    put_number(out, len, 4);
    put_number(out, (uint64_t)part->name.len, 2);
    put_number(out, 0, 2);
}

static struct str zip(struct arena *arena, const struct part parts[PARTS])
{
    struct buf out = buf_make(arena, FILE_BYTES), list = buf_make(arena, FILE_BYTES);
    for (int i = 0; i < PARTS; i++) {
        uint64_t at = (uint64_t)out.len;
        put_number(&out, 0x04034b50, 4);
        put_part(&out, &parts[i]);
        buf_put(&out, parts[i].name);
        buf_put(&out, parts[i].bytes);
        put_number(&list, 0x02014b50, 4);
        put_number(&list, 20, 2);
        put_part(&list, &parts[i]);
        put_number(&list, 0, 8); /* comment, disk, attributes */
        put_number(&list, 0, 2);
        put_number(&list, at, 4);
        buf_put(&list, parts[i].name);
    }
    uint64_t at = (uint64_t)out.len;
    buf_put(&out, buf_str(&list));
    put_number(&out, 0x06054b50, 4);
    put_number(&out, 0, 4);
    put_number(&out, PARTS, 2);
    put_number(&out, PARTS, 2);
    put_number(&out, (uint64_t)list.len, 4);
    put_number(&out, at, 4);
    put_number(&out, 0, 2);
    return buf_str(&out);
}

/* The sheet, then behind a NUL the shared texts, then the workbook; the last two may be left out. */
static struct str zipped(struct str input, struct arena *arena)
{
    struct str sheet, strings, book;
    bool has_strings = str_cut(input, '\0', &sheet, &input);
    bool has_book = str_cut(input, '\0', &strings, &book);
    const struct part parts[PARTS] = {
        { STR("[Content_Types].xml"), TYPES },
        { STR("xl/_rels/workbook.xml.rels"), RELATIONS },
        { STR("xl/workbook.xml"), has_book ? book : BOOK },
        { STR("xl/sharedStrings.xml"), has_strings ? strings : STR("<sst/>") },
        { STR("xl/s.xml"), sheet },
    };
    return zip(arena, parts);
}

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
    bool is_zip = str_starts(input, STR("PK"));
    if (!is_zip && input.len > FILE_BYTES / 2)
        return;
    (void)xlsx_read(is_zip ? input : zipped(input, arena), on_row, &last, &info);
}
