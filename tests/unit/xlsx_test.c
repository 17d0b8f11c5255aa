/*
 * xlsx_test.c - workbooks: what the writer makes the reader reads; what is meant to hurt is refused.
 *
 * Hostile files are zipped here, part by part.
 */
#include "platform/limits.h"
#include "platform/sheet/xlsx_read.h"
#include "platform/sheet/xlsx_write.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <minizip/zip.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define TYPES "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/x.sheet.main+xml\"/></Types>"
#define BOOK \
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"x\" state=\"hidden\" r:id=\"rId9\"/>" \
    "<sheet name=\"y\" r:id=\"rId1\"/></sheets></workbook>"
#define RELATIONS \
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/one.xml\"/>" \
    "<Relationship Id=\"rId9\" Target=\"/xl/none.xml\"/></Relationships>"

struct part {
    const char *name;
    struct str bytes;
};

struct made {
    zipFile zip;
    int fd;
};

static struct arena arena;

static struct made made_begin(void)
{
    char path[64];
    struct made made = { .fd = memfd_create("test", 0) };
    assert_true(made.fd >= 0);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", made.fd);
    made.zip = zipOpen64(path, APPEND_STATUS_CREATE);
    assert_non_null(made.zip);
    return made;
}

static void made_add(struct made *made, const char *name, struct str bytes)
{
    zip_fileinfo info = { 0 };
    assert_int_equal(zipOpenNewFileInZip(made->zip, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6), ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(made->zip, bytes.data, (unsigned)bytes.len), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(made->zip), ZIP_OK);
}

static struct str made_end(struct made *made)
{
    assert_int_equal(zipClose(made->zip, NULL), ZIP_OK);
    off_t size = lseek(made->fd, 0, SEEK_END);
    char *bytes = arena_new(&arena, char, (ptrdiff_t)size);
    assert_int_equal(pread(made->fd, bytes, (size_t)size, 0), size);
    close(made->fd);
    return (struct str){ bytes, (ptrdiff_t)size };
}

/* A workbook with this sheet and, unless empty, these shared texts and one part more. */
static struct str workbook(struct str sheet, struct str strings, const char *more, struct str more_bytes)
{
    struct made made = made_begin();
    made_add(&made, "[Content_Types].xml", STR(TYPES));
    made_add(&made, "xl/workbook.xml", STR(BOOK));
    made_add(&made, "xl/_rels/workbook.xml.rels", STR(RELATIONS));
    if (strings.len > 0)
        made_add(&made, "xl/sharedStrings.xml", strings);
    if (more)
        made_add(&made, more, more_bytes);
    made_add(&made, "xl/worksheets/one.xml", sheet);
    return made_end(&made);
}

static bool put_row(void *self, const struct xlsx_row *row)
{
    static const char *const kinds[] = { "t", "n", "b", "e", "f", "long" };
    struct buf *out = self;
    buf_format(out, "%lld[", (long long)row->number);
    for (int i = 0; i < row->n; i++)
        buf_format(out, "%.*s%s=%.*s;", STR_ARG(xlsx_column_name(&arena, row->cells[i].column)),
                   kinds[row->cells[i].kind], STR_ARG(row->cells[i].text));
    buf_put(out, STR("]"));
    return true;
}

static bool count_row(void *self, const struct xlsx_row *row)
{
    int64_t *cells = self;
    *cells += row->n;
    return true;
}

static void assert_reads(struct str file, const char *expected)
{
    struct xlsx_info info;
    struct buf out = buf_make(&arena, 1 << 20);
    assert_int_equal(xlsx_read(file, put_row, &out, &info), XLSX_FINE);
    assert_string_equal(str_z(&arena, buf_str(&out)), expected);
}

static void assert_refuses(struct str file, enum xlsx_fault fault)
{
    struct xlsx_info info;
    int64_t cells = 0;
    assert_int_equal(xlsx_read(file, count_row, &cells, &info), fault);
}

static struct str repeat(const char *head, const char *piece, int times, const char *tail)
{
    struct buf out = buf_make(&arena, INT32_MAX);
    buf_put(&out, str_of(head));
    for (int i = 0; i < times; i++)
        buf_put(&out, str_of(piece));
    buf_put(&out, str_of(tail));
    assert_false(out.overflowed);
    return buf_str(&out);
}

/* --- good files ---------------------------------------------------------------------------------------------- */

static void written_is_read(void **state)
{
    (void)state;
    static const struct sheet_column columns[] = {
        { STR_INIT("键"), 8, true }, { STR_INIT("名称"), 30, false }, { STR_INIT("人数"), 8, false },
        { STR_INIT("日期"), 12, false },
    };
    struct sheet_writer *writer;
    struct error err;
    struct str file;
    struct date day;
    assert_true(date_parse(STR("2026-11-24"), &day));
    assert_true(sheet_begin(&arena, STR("单位"), columns, 4, &writer, &err));
    sheet_text(writer, 0, STR("440606-1"));
    sheet_text(writer, 1, STR("=1+1"));
    sheet_int(writer, 2, 25);
    sheet_date(writer, 3, day);
    sheet_next_row(writer);
    sheet_text(writer, 1, STR("𠮷野家 <&> \"店\""));
    sheet_next_row(writer);
    assert_true(sheet_end(writer, &file, &err));
    assert_reads(file, "1[At=键;Bt=名称;Ct=人数;Dt=日期;]2[At=440606-1;Bt==1+1;Cn=25;Dn=46350;]3[Bt=𠮷野家 <&> \"店\";]");
    assert_true(xlsx_date(STR("46350"), false, &day));
    assert_string_equal(str_z(&arena, date_iso(&arena, day)), "2026-11-24");
}

/* The library's temporary file cannot be made: a fault, not the end of the process. */
static void no_temporary_file(void **state)
{
    (void)state;
    static const struct sheet_column columns[] = { { STR_INIT("名称"), 30, false } };
    struct sheet_writer *writer;
    struct error err;
    struct rlimit before, few;
    int next = dup(STDERR_FILENO);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){ (rlim_t)next + 1, before.rlim_max }; /* room for the workbook alone */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    bool ok = sheet_begin(&arena, STR("x"), columns, 1, &writer, &err);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_false(ok);
    assert_int_equal(err.kind, ERROR_IO);
}

static void all_kinds_of_cells(void **state)
{
    (void)state;
    struct str strings = STR("<sst><si><t>甲</t></si><si><r><t>乙</t></r><r><t xml:space=\"preserve\"> 丙</t></r>"
                             "<rPh sb=\"0\" eb=\"1\"><t>yi</t></rPh></si><si><t/></si></sst>");
    struct str sheet = STR(
        "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row><x:c t=\"s\"><x:v>0</x:v></x:c><x:c t=\"s\"><x:v>1</x:v></x:c>"
        "<x:c t=\"s\"><x:v>2</x:v></x:c></x:row><x:row r=\"4\"><x:c r=\"AB4\"><x:v>2.5E1</x:v></x:c>"
        "<x:c r=\"AC4\" t=\"b\"><x:v>1</x:v></x:c><x:c r=\"AD4\" t=\"e\"><x:v>#REF!</x:v></x:c>"
        "<x:c r=\"AE4\"><x:f>A1+1</x:f><x:v>7</x:v></x:c><x:c r=\"AF4\" s=\"3\"/>"
        "<x:c r=\"AG4\" t=\"inlineStr\"><x:is><x:t>丁</x:t></x:is></x:c></x:row><x:row r=\"9\" ht=\"2\"/>"
        "</x:sheetData></x:worksheet>");
    assert_reads(workbook(sheet, strings, NULL, STR("")),
                 "1[At=甲;Bt=乙 丙;]4[ABn=2.5E1;ACb=1;ADe=#REF!;AEf=7;AGt=丁;]");
}

static void numbers(void **state)
{
    (void)state;
    int64_t n;
    assert_true(xlsx_integer(STR("25"), &n) && n == 25);
    assert_true(xlsx_integer(STR("25.0"), &n) && n == 25);
    assert_true(xlsx_integer(STR("4.40606102E11"), &n) && n == INT64_C(440606102000));
    assert_true(xlsx_integer(STR("-3"), &n) && n == -3);
    assert_false(xlsx_integer(STR("2.5"), &n));
    assert_false(xlsx_integer(STR("1E300"), &n));
    assert_false(xlsx_integer(STR("nan"), &n));
    assert_false(xlsx_integer(STR("12x"), &n));
    assert_false(xlsx_integer(STR(""), &n));
    struct date day;
    assert_true(xlsx_date(STR("46350.75"), false, &day) && day.days == 20781);
    assert_true(xlsx_date(STR("44888"), true, &day) && day.days == 20781);
    assert_false(xlsx_date(STR("60"), false, &day));
    assert_false(xlsx_date(STR("9999999"), false, &day));
}

/* --- bad files ----------------------------------------------------------------------------------------------- */

#define ROW "<row><c><v>1</v></c></row>"
#define SHEET(rows) STR("<worksheet><sheetData>" rows "</sheetData></worksheet>")

static void no_workbooks(void **state)
{
    (void)state;
    struct str whole = workbook(SHEET(ROW), STR(""), NULL, STR(""));
    assert_reads(whole, "1[An=1;]");
    assert_refuses(STR(""), XLSX_NO_WORKBOOK);
    assert_refuses(STR("name,code\n"), XLSX_NO_WORKBOOK);
    assert_refuses(STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more"), XLSX_OLD_OR_LOCKED);
    struct made made = made_begin();
    made_add(&made, "readme.txt", STR("hello"));
    assert_refuses(made_end(&made), XLSX_NO_WORKBOOK);
    for (ptrdiff_t len = 0; len < whole.len; len++) { /* cut anywhere: an answer, never a crash */
        struct xlsx_info info;
        int64_t cells = 0;
        (void)xlsx_read(str_slice(whole, 0, len), count_row, &cells, &info);
    }
    for (ptrdiff_t at = 0; at < whole.len; at++) {
        struct xlsx_info info;
        int64_t cells = 0;
        char *bytes = (char *)(uintptr_t)str_copy(&arena, whole).data;
        bytes[at] = (char)(bytes[at] ^ 0x55);
        (void)xlsx_read((struct str){ bytes, whole.len }, count_row, &cells, &info);
    }
}

static void macros_and_entities(void **state)
{
    (void)state;
    assert_refuses(workbook(SHEET(ROW), STR(""), "xl/vbaProject.bin", STR("x")), XLSX_MACROS);
    struct made made = made_begin();
    made_add(&made, "[Content_Types].xml", STR("<Types><Default Extension=\"xml\" ContentType="
                                               "\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>"));
    made_add(&made, "xl/workbook.xml", STR(BOOK));
    assert_refuses(made_end(&made), XLSX_MACROS);
    struct str laughs = STR("<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>"
                            "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>");
    assert_refuses(workbook(laughs, STR(""), NULL, STR("")), XLSX_ENTITIES);
    assert_refuses(workbook(SHEET("<row><c><v>&undefined;</v></c></row>"), STR(""), NULL, STR("")), XLSX_BROKEN);
}

static void bombs(void **state)
{
    (void)state;
    struct str blanks = repeat("<worksheet><sheetData>", "                                ", 1 << 18,
                               ROW "</sheetData></worksheet>");
    assert_refuses(workbook(blanks, STR(""), NULL, STR("")), XLSX_BOMB);
    struct str many = repeat("<worksheet><sheetData>", ROW, LIMIT_SHEET_ROWS + 1, "</sheetData></worksheet>");
    struct xlsx_info info;
    int64_t cells = 0;
    enum xlsx_fault fault = xlsx_read(workbook(many, STR(""), NULL, STR("")), count_row, &cells, &info);
    assert_true(fault == XLSX_TOO_MANY_ROWS || fault == XLSX_BOMB); /* equal rows pack like a bomb */
    assert_true(cells <= LIMIT_SHEET_ROWS);
    struct str wide = repeat("<worksheet><sheetData><row>", "<c><v>1</v></c>", LIMIT_SHEET_COLUMNS + 1,
                             "</row></sheetData></worksheet>");
    assert_refuses(workbook(wide, STR(""), NULL, STR("")), XLSX_TOO_MANY_COLUMNS);
    struct made made = made_begin();
    for (int i = 0; i <= LIMIT_SHEET_PARTS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "part%d", i);
        made_add(&made, name, STR("x"));
    }
    assert_refuses(made_end(&made), XLSX_TOO_LARGE);
}

/* Ten megabytes that do not pack: in a text, and where expat would have to keep them. */
static void much_in_one_cell(void **state)
{
    (void)state;
    enum { BYTES = 10 * 1000 * 1000 };
    char *noise = arena_new(&arena, char, BYTES + 1);
    uint32_t seed = 1;
    for (int i = 0; i < BYTES; i++) {
        seed = seed * 1664525 + 1013904223;
        noise[i] = (char)('A' + (seed >> 24) % 26);
    }
    struct str strings = repeat("<sst><si><t>", noise, 1, "</t></si><si><t>短</t></si></sst>");
    struct str sheet = SHEET("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>");
    assert_reads(workbook(sheet, strings, NULL, STR("")), "1[Along=;Bt=短;]");
    struct str in_place = repeat("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>", noise, 1,
                                 "</t></is></c><c><v>2</v></c></row></sheetData></worksheet>");
    assert_reads(workbook(in_place, STR(""), NULL, STR("")), "1[Along=;Bn=2;]");
    struct str attribute = repeat("<worksheet><sheetData><row x=\"", noise, 1, "\"/></sheetData></worksheet>");
    assert_refuses(workbook(attribute, STR(""), NULL, STR("")), XLSX_TOO_LARGE);
}

static void disorder(void **state)
{
    (void)state;
    assert_refuses(workbook(SHEET("<row r=\"5\"/><row r=\"4\"/>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    assert_refuses(workbook(SHEET("<row><c r=\"B1\"/><c r=\"A1\"/></row>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    assert_refuses(workbook(SHEET("<row><c r=\"17\"><v>1</v></c></row>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    assert_refuses(workbook(SHEET("<row><c t=\"s\"><v>7</v></c></row>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    assert_refuses(workbook(SHEET("<row><c><v>1</v></row>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    assert_refuses(workbook(SHEET("<c><v>1</v></c>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    assert_refuses(workbook(SHEET(ROW "<c><v>1</v></c>"), STR(""), NULL, STR("")), XLSX_BROKEN);
}

/* A row in a cell begins its columns anew, so that the cells around it would be counted past the last column. */
static void nesting(void **state)
{
    (void)state;
    assert_refuses(workbook(SHEET("<row><row/></row>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    assert_refuses(workbook(SHEET("<row><c><c><v>1</v></c></c></row>"), STR(""), NULL, STR("")), XLSX_BROKEN);
    struct buf out = buf_make(&arena, INT32_MAX);
    buf_put(&out, STR("<worksheet><sheetData><row>"));
    for (int i = 0; i < LIMIT_SHEET_COLUMNS; i++)
        buf_put(&out, STR("<c>"));
    buf_put(&out, STR("<row>"));
    for (int i = 0; i < LIMIT_SHEET_COLUMNS; i++)
        buf_put(&out, STR("<c><v>1</v></c>"));
    for (int i = 0; i < LIMIT_SHEET_COLUMNS; i++)
        buf_put(&out, STR("<v>1</v></c>"));
    buf_put(&out, STR("</row></row></sheetData></worksheet>"));
    assert_refuses(workbook(buf_str(&out), STR(""), NULL, STR("")), XLSX_BROKEN);
}

static int forget(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Characters XML cannot hold are written by their number, and what looks like that is escaped once more. */
static void escaped_characters(void **state)
{
    (void)state;
    struct str sheet = STR("<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>_x4E59__x00e9_</t></is></c>"
                           "<c t=\"inlineStr\"><is><t>_xD83D__x12_x0041</t></is></c></row></sheetData></worksheet>");
    struct str strings = STR("<sst><si><t>甲_x000D_公司_x005F_x0041_</t></si></sst>");
    assert_reads(workbook(sheet, strings, NULL, STR("")), "1[At=甲 公司_x0041_;Bt=乙é;Ct=_xD83D__x12_x0041;]");

    static const struct sheet_column columns[] = { { STR_INIT("键"), 10, false } };
    struct sheet_writer *writer;
    struct str file;
    struct error err;
    assert_true(sheet_begin(&arena, STR("x"), columns, 1, &writer, &err));
    sheet_text(writer, 0, STR("_x0041_x005f_ _x004_"));
    sheet_next_row(writer);
    assert_true(sheet_end(writer, &file, &err));
    assert_reads(file, "1[At=键;]2[At=_x0041_x005f_ _x004_;]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(written_is_read, forget),    cmocka_unit_test_teardown(all_kinds_of_cells, forget),
        cmocka_unit_test_teardown(numbers, forget),            cmocka_unit_test_teardown(no_workbooks, forget),
        cmocka_unit_test_teardown(macros_and_entities, forget), cmocka_unit_test_teardown(bombs, forget),
        cmocka_unit_test_teardown(much_in_one_cell, forget),   cmocka_unit_test_teardown(disorder, forget),
        cmocka_unit_test_teardown(nesting, forget),            cmocka_unit_test_teardown(no_temporary_file, forget),
        cmocka_unit_test_teardown(escaped_characters, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
