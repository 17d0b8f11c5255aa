/*
 * import_store.c - a sheet and a report as text, for the time between two steps of the job.
 */
#include "features/network/import.h"

#include "features/network/pages.h"
#include "platform/jobs/message.h"
#include "platform/jobs/record.h"

#include "gen/network_texts.h"
#include "gen/web_texts.h"

enum { STORE_BYTES = 1 << 30 };

/* --- the sheet -------------------------------------------------------------------------------------------------- */

void import_fields_write(struct buf *out, const struct unit_input *input)
{
    for (int i = 0; i < unit_form.field_count; i++) {
        const struct field *field = &unit_form.fields[i];
        const void *place = (const char *)input + field->offset;
        switch (field->type) {
        case FIELD_TEXT:
        case FIELD_NOTE:
            record_text(out, *(const struct str *)place);
            continue;
        case FIELD_INT:
        case FIELD_CHOICE:
            record_int(out, *(const int64_t *)place);
            continue;
        case FIELD_DATE:
            record_int(out, ((const struct date *)place)->days);
            continue;
        case FIELD_DIVISION:
            record_int(out, ((const struct division *)place)->code);
            continue;
        case FIELD_CHECK:
            record_int(out, *(const bool *)place);
            continue;
        case FIELD_SECRET:
        case FIELD_NAMED:
            break;
        }
        BUG("a field that is not kept: %s", field->name);
    }
}

static void take_fields(struct records *in, struct unit_input *input)
{
    for (int i = 0; i < unit_form.field_count; i++) {
        const struct field *field = &unit_form.fields[i];
        void *place = (char *)input + field->offset;
        switch (field->type) {
        case FIELD_TEXT:
        case FIELD_NOTE:
            *(struct str *)place = records_text(in);
            continue;
        case FIELD_INT:
        case FIELD_CHOICE:
            *(int64_t *)place = records_int(in);
            continue;
        case FIELD_DATE:
            ((struct date *)place)->days = (int32_t)records_int(in);
            continue;
        case FIELD_DIVISION:
            ((struct division *)place)->code = records_int(in);
            continue;
        case FIELD_CHECK:
            *(bool *)place = records_int(in) != 0;
            continue;
        case FIELD_SECRET:
        case FIELD_NAMED:
            break;
        }
        BUG("a field that is not kept: %s", field->name);
    }
}

static void put_row(struct buf *out, const struct import_row *row)
{
    record_int(out, row->number);
    record_int(out, row->district);
    record_int(out, row->id.n);
    import_fields_write(out, &row->input);
    record_end(out);
}

static void take_row(struct records *in, struct import_row *row)
{
    row->number = records_int(in);
    row->district = records_int(in);
    row->id.n = records_int(in);
    take_fields(in, &row->input);
}

struct str import_sheet_write(struct arena *arena, const struct import_sheet *sheet)
{
    struct buf out = buf_make(arena, STORE_BYTES);
    record_int(&out, sheet->n);
    for (int i = 0; i < UNIT_COLUMN_COUNT; i++)
        record_int(&out, sheet->place[i]);
    record_end(&out);
    for (ptrdiff_t i = 0; i < sheet->n; i++)
        put_row(&out, &sheet->at[i]);
    if (out.overflowed)
        BUG("a sheet over %d bytes", STORE_BYTES); /* LIMIT_SHEET_ROWS rows of a form's texts are less */
    return buf_str(&out);
}

bool import_sheet_read(struct arena *arena, struct str text, struct import_sheet *ret, struct error *err)
{
    struct records in = { .rest = text };
    struct import_sheet sheet = { 0 };
    if (!records_next(&in))
        return error_fail(err, ERROR_INPUT, "a stored sheet that cannot be read");
    sheet.cap = (ptrdiff_t)records_int(&in);
    for (int i = 0; i < UNIT_COLUMN_COUNT; i++)
        sheet.place[i] = (int)records_int(&in);
    if (sheet.cap < 0 || sheet.cap > text.len)
        return error_fail(err, ERROR_INPUT, "a stored sheet of %td rows", sheet.cap);
    sheet.at = arena_new(arena, struct import_row, sheet.cap);
    while (sheet.n < sheet.cap && records_next(&in))
        take_row(&in, &sheet.at[sheet.n++]);
    if (in.bad || sheet.n != sheet.cap)
        return error_fail(err, ERROR_INPUT, "a stored sheet that cannot be read");
    *ret = sheet;
    return true;
}

/* --- the report ------------------------------------------------------------------------------------------------- */

static struct str cell_name(struct arena *arena, const struct import_problem *problem)
{
    if (problem->row == 0)
        return (struct str){ 0 };
    struct str column = problem->column >= 0 ? xlsx_column_name(arena, problem->column) : (struct str){ 0 };
    return str_format(arena, "%.*s%lld", STR_ARG(column), (long long)problem->row);
}

static struct str digest_text(struct arena *arena, const unsigned char digest[IMPORT_DIGEST_BYTES])
{
    struct buf out = buf_make(arena, IMPORT_DIGEST_BYTES * 2);
    for (int i = 0; i < IMPORT_DIGEST_BYTES; i++)
        buf_format(&out, "%02x", digest[i]);
    return buf_str(&out);
}

/* Four kinds of records, each with its letter in front. */
struct str import_report_write(struct arena *arena, const struct import_plan *plan,
                               const struct import_problems *problems)
{
    struct buf out = buf_make(arena, STORE_BYTES);
    record_text(&out, STR("n"));
    const int64_t counts[] = { plan->added, plan->changed, plan->same, problems->total, plan->cell_total };
    for (int i = 0; i < COUNT_OF(counts); i++)
        record_int(&out, counts[i]);
    record_text(&out, digest_text(arena, plan->digest));
    record_end(&out);
    for (int i = 0; i < problems->n; i++) {
        record_text(&out, STR("p"));
        record_text(&out, cell_name(arena, &problems->at[i]));
        record_line(&out, message_write(arena, problems->at[i].text));
        record_end(&out);
    }
    for (int i = 0; i < plan->cell_count; i++) {
        const struct import_cell *cell = &plan->cells[i];
        record_text(&out, STR("c"));
        record_int(&out, cell->number);
        record_int(&out, cell->column);
        record_text(&out, cell->unit);
        record_text(&out, cell->before);
        record_text(&out, cell->after);
        record_end(&out);
    }
    for (int line = 1; line < IMPORT_LINES_MAX; line++) {
        if (plan->opens[line] == 0 && plan->closes[line] == 0)
            continue;
        record_text(&out, STR("l"));
        record_int(&out, line);
        record_int(&out, plan->opens[line]);
        record_int(&out, plan->closes[line]);
        record_end(&out);
    }
    return buf_str(&out);
}

static struct text read_text(struct str line)
{
    struct text text = message_read(network_text_keys, network_text_key_count, line);
    return text.key ? text : message_read(web_text_keys, web_text_key_count, line);
}

static void take_counts(struct records *in, struct import_report *report)
{
    report->added = records_int(in);
    report->changed = records_int(in);
    report->same = records_int(in);
    report->problem_total = records_int(in);
    report->cell_total = records_int(in);
    report->digest = records_text(in);
}

static void take_cell(struct records *in, struct import_cell *cell)
{
    cell->number = records_int(in);
    cell->column = (int)records_int(in);
    cell->unit = records_text(in);
    cell->before = records_text(in);
    cell->after = records_text(in);
    in->bad = in->bad || cell->column < 0 || cell->column >= UNIT_COLUMN_COUNT;
}

static void take_record(struct records *in, struct import_report *report)
{
    struct str letter = records_text(in);
    if (str_equal(letter, STR("n"))) {
        take_counts(in, report);
    } else if (str_equal(letter, STR("p")) && report->problem_count < IMPORT_SHOWN_MAX) {
        struct import_report_problem *problem = &report->problems[report->problem_count++];
        problem->cell = records_text(in);
        problem->text = read_text(records_line(in));
    } else if (str_equal(letter, STR("c")) && report->cell_count < IMPORT_SHOWN_MAX) {
        take_cell(in, &report->cells[report->cell_count++]);
    } else if (str_equal(letter, STR("l"))) {
        int64_t line = records_int(in), opens = records_int(in), closes = records_int(in);
        in->bad = in->bad || line < 1 || line >= IMPORT_LINES_MAX;
        report->opens[in->bad ? 0 : line] = opens;
        report->closes[in->bad ? 0 : line] = closes;
    }
}

bool import_report_read(struct arena *arena, struct str text, struct import_report *ret, struct error *err)
{
    struct records in = { .rest = str_copy(arena, text) };
    *ret = (struct import_report){ 0 };
    while (records_next(&in))
        take_record(&in, ret);
    return !in.bad || error_fail(err, ERROR_INPUT, "a stored report that cannot be read");
}
