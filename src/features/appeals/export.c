/*
 * export.c - a list of appeals as a workbook, for reading: what the page shows, all at once, and how it came out.  Whom an appeal
 * comes from is not in it.
 *
 * Past EXPORT_MAX rows the answer is 413: a town or a line at a time.
 */
#include "features/accounts/accounts.h"
#include "features/appeals/labels.h"
#include "features/appeals/listing.h"
#include "features/clocks/clocks.h"
#include "platform/sheet/xlsx_write.h"

#include "gen/appeals_texts.h"

#define XLSX_TYPE STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

enum { EXPORT_MAX = 20000 };

/* To add a column: one row here, one cell in put_appeal(). */
static const struct heading {
    const struct text_key *title;
    int width;
} headings[] = {
    { &text_key_appeal_number, 16 },   { &text_key_appeal_heading, 40 }, { &text_key_appeal_topic, 18 },
    { &text_key_appeal_type, 10 },     { &text_key_appeal_channel, 18 }, { &text_key_appeal_place, 22 },
    { &text_key_appeal_desk, 24 },     { &text_key_appeal_owner, 14 },   { &text_key_appeal_state, 12 },
    { &text_key_appeal_received, 12 }, { &text_key_appeal_due, 12 },     { &text_key_appeal_closed, 12 },
    { &text_key_appeal_reply, 50 },    { &text_key_appeal_solved, 14 },  { &text_key_appeal_mood, 14 },
};

struct exporting {
    struct request *rq;
    struct appeal_words words;
    struct sheet_writer *writer;
    struct arena scratch; /* for the reply of one appeal */
};

static void put_text(struct exporting *exporting, int column, struct text text)
{
    sheet_text(exporting->writer, column, text_in(exporting->rq->arena, exporting->rq->lang, text));
}

static void put_days(struct exporting *exporting, const struct appeal_list *row)
{
    struct sheet_writer *writer = exporting->writer;
    sheet_date(writer, 9, date_of(row->received_at));
    if (row->is_open && row->due_kind != 0 && row->due_at.us != INSTANT_NEVER.us)
        sheet_date(writer, 10, clock_last_day(row->due_at));
    if (!row->is_open)
        sheet_date(writer, 11, date_of(row->closed_at));
}

static bool put_appeal(struct exporting *exporting, const struct appeal_list *row)
{
    struct request *rq = exporting->rq;
    struct sheet_writer *writer = exporting->writer;
    struct appeal_sheet sheet;
    struct appeal_sheet_args args = { row->district, row->id };
    arena_reset(&exporting->scratch);
    if (!appeal_sheet(rq->db, &args, &exporting->scratch, &sheet, &rq->err))
        return false;
    sheet_text(writer, 0, row->number);
    sheet_text(writer, 1, row->title);
    sheet_text(writer, 2, topic_name(&exporting->words.topics, row->topic, rq->lang));
    put_text(exporting, 3, label_matter_type(sheet.type));
    put_text(exporting, 4, label_matter_channel(sheet.channel));
    sheet_text(writer, 5, place_name(rq, row->division));
    sheet_text(writer, 6, appeal_office(rq, &exporting->words, row->desk, row->line));
    sheet_text(writer, 7, account_name(rq->db, row->owner, rq->arena));
    put_text(exporting, 8, label_appeal_state(row->state));
    put_days(exporting, row); /* 9 to 11 */
    sheet_text(writer, 12, sheet.reply);
    if (row->state == APPEAL_CLOSED)
        put_text(exporting, 13, label_appeal_answer(sheet.answer));
    if (sheet.mood != MOOD_NONE)
        put_text(exporting, 14, label_appeal_mood(sheet.mood));
    sheet_next_row(writer);
    return true;
}

static struct reply download(struct request *rq, struct str file, struct scope scope)
{
    struct reply reply = reply_status(200, XLSX_TYPE, file);
    struct str title = text_in(rq->arena, rq->lang, t_appeals_title());
    reply.file_name = str_format(rq->arena, "%.*s-%.*s-%.*s.xlsx", STR_ARG(title), STR_ARG(place_name(rq, scope.from)),
                                 STR_ARG(date_iso(rq->arena, rq->today)));
    return reply;
}

static bool begin(struct exporting *exporting)
{
    struct request *rq = exporting->rq;
    struct sheet_column columns[COUNT_OF(headings)];
    for (ptrdiff_t i = 0; i < COUNT_OF(headings); i++)
        columns[i] = (struct sheet_column){ headings[i].title->forms[rq->lang], headings[i].width, false };
    return sheet_begin(rq->arena, text_in(rq->arena, rq->lang, t_appeals_title()), columns, COUNT_OF(headings),
                       &exporting->writer, &rq->err);
}

struct reply appeals_export(struct request *rq)
{
    struct exporting exporting = { .rq = rq };
    struct appeal_asked asked;
    struct appeal_found_rows found;
    struct str file;
    struct error late;
    if (!appeal_asked_read(rq, &asked) || !appeal_words_load(rq, rq->db, &exporting.words) ||
        !appeals_read(rq, &asked, EXPORT_MAX, &found))
        return reply_error(rq);
    if (found.has_more) {
        (void)error_fail(&rq->err, ERROR_LIMIT, "more than %d rows", EXPORT_MAX);
        return reply_error(rq);
    }
    if (!begin(&exporting))
        return reply_error(rq);
    bool ok = true;
    for (ptrdiff_t i = 0; i < found.rows.n && ok; i++)
        ok = put_appeal(&exporting, &found.rows.at[i]);
    bool is_written = sheet_end(exporting.writer, &file, ok ? &rq->err : &late);
    arena_release(&exporting.scratch);
    return ok && is_written ? download(rq, file, asked.scope) : reply_error(rq);
}
