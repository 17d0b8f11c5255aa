/*
 * xlsx_write.c - libxlsxwriter, which writes to a path: the path of a file that is only memory (memfd_create).
 *
 * In constant_memory mode a row goes to a temporary file without a name as soon as the next begins, so rows are written
 * in order, and texts stand in their cells.
 */
#include "platform/sheet/xlsx_write.h"

#include "base/buf.h"
#include "platform/limits.h"
#include "platform/sheet/xlsx_zip.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

struct sheet_writer {
    struct arena *arena;
    struct arena scratch; /* of one row: texts with a closing NUL */
    struct arena_mark mark;
    int fd;
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *date;
    lxw_row_t row;
    bool failed;
};

static void check(struct sheet_writer *writer, lxw_error error)
{
    writer->failed = writer->failed || error != LXW_NO_ERROR;
}

static void write_header(struct sheet_writer *writer, const struct sheet_column *columns, int count)
{
    lxw_format *bold = workbook_add_format(writer->workbook);
    format_set_bold(bold);
    for (int i = 0; i < count; i++) {
        lxw_row_col_options options = { .hidden = columns[i].is_hidden };
        lxw_col_t column = (lxw_col_t)i;
        check(writer, worksheet_set_column_opt(writer->sheet, column, column, columns[i].width, NULL, &options));
        const char *title = str_z(&writer->scratch, columns[i].title);
        check(writer, worksheet_write_string(writer->sheet, 0, column, title, bold));
    }
    worksheet_freeze_panes(writer->sheet, 1, 0);
    writer->row = 1;
}

bool sheet_begin(struct arena *arena, struct str name, const struct sheet_column *columns, int column_count,
                 struct sheet_writer **ret, struct error *err)
{
    char path[64];
    errno = 0;
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    if (fd < 0)
        return error_fail(err, ERROR_IO, "memfd_create: %s", strerror(errno));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    struct sheet_writer *writer = arena_new(arena, struct sheet_writer, 1);
    *writer = (struct sheet_writer){ .arena = arena, .fd = fd, .workbook = workbook_new_opt(path, &options) };
    (void)arena_new(&writer->scratch, char, 1); /* so that there is a block to fall back to */
    writer->mark = arena_mark(&writer->scratch);
    writer->sheet = writer->workbook ? workbook_add_worksheet(writer->workbook, str_z(&writer->scratch, name)) : NULL;
    if (!writer->sheet) { /* no room for its temporary file, most likely */
        if (writer->workbook)
            lxw_workbook_free(writer->workbook);
        arena_release(&writer->scratch);
        close(fd);
        return error_fail(err, errno == ENOSPC ? ERROR_FULL : ERROR_IO, "no workbook: %s", strerror(errno));
    }
    writer->date = workbook_add_format(writer->workbook);
    format_set_num_format(writer->date, "yyyy-mm-dd");
    write_header(writer, columns, column_count);
    *ret = writer;
    return true;
}

/* What looks like an escape and is none, "_x0041_", is escaped itself: its "_" is "_x005F_". */
static struct str escaped(struct sheet_writer *writer, struct str text)
{
    if (str_find(text, STR("_x")) < 0)
        return text;
    struct buf out = buf_make(&writer->scratch, text.len * XLSX_ESCAPE);
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (xlsx_escape(str_slice(text, i, text.len)) >= 0)
            buf_put(&out, STR("_x005F"));
        buf_char(&out, text.data[i]);
    }
    return buf_str(&out);
}

void sheet_text(struct sheet_writer *writer, int column, struct str text)
{
    if (text.len == 0)
        return;
    const char *z = str_z(&writer->scratch, escaped(writer, text));
    check(writer, worksheet_write_string(writer->sheet, writer->row, (lxw_col_t)column, z, NULL));
}

void sheet_int(struct sheet_writer *writer, int column, int64_t n)
{
    check(writer, worksheet_write_number(writer->sheet, writer->row, (lxw_col_t)column, (double)n, NULL));
}

void sheet_date(struct sheet_writer *writer, int column, struct date date)
{
    enum { DAYS_1970 = 25569 };
    double serial = (double)date.days + DAYS_1970;
    check(writer, worksheet_write_number(writer->sheet, writer->row, (lxw_col_t)column, serial, writer->date));
}

void sheet_next_row(struct sheet_writer *writer)
{
    writer->row++;
    arena_rewind(&writer->scratch, writer->mark);
}

static bool read_back(struct sheet_writer *writer, struct str *ret, struct error *err)
{
    struct stat stat;
    if (fstat(writer->fd, &stat) != 0 || stat.st_size > INT32_MAX)
        return error_fail(err, ERROR_IO, "a workbook that cannot be read back");
    char *bytes = arena_new(writer->arena, char, (ptrdiff_t)stat.st_size);
    for (ptrdiff_t at = 0; at < stat.st_size;) {
        ssize_t n = pread(writer->fd, bytes + at, (size_t)(stat.st_size - at), at);
        if (n <= 0)
            return error_fail(err, ERROR_IO, "read: %s", strerror(errno));
        at += n;
    }
    *ret = (struct str){ bytes, (ptrdiff_t)stat.st_size };
    return true;
}

bool sheet_end(struct sheet_writer *writer, struct str *ret_file, struct error *err)
{
    lxw_error error = workbook_close(writer->workbook);
    bool ok = error == LXW_NO_ERROR && !writer->failed;
    if (!ok)
        (void)error_fail(err, ERROR_IO, "cannot write a workbook: %s", lxw_strerror(error));
    ok = ok && read_back(writer, ret_file, err);
    close(writer->fd);
    arena_release(&writer->scratch);
    return ok;
}
