/*
 * import_pages.c - uploading a workbook of units, what came of it, and saying yes.
 */
#include "features/network/import_pages.h"

#include "features/network/capabilities.h"
#include "features/network/export.h"
#include "features/network/import.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/jobs_texts.h"
#include "gen/network_pages.h"
#include "gen/network_texts.h"

#define XLSX_TYPE STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

struct reply import_form_show(struct request *rq)
{
    struct scope scope;
    if (!page_scope(rq, &cap_network_read, &scope))
        return reply_error(rq);
    struct import_form_view view = { .place = territory_name(rq->db, scope.from, rq->today, rq->arena),
                                     .action = url_here(rq, url_literal("/units/import")),
                                     .template_url = url_literal("/units/template.xlsx"),
                                     .export_url = url_here(rq, url_literal("/units.xlsx")),
                                     .export_job_url = url_here(rq, url_literal("/units/export")),
                                     .back = url_here(rq, url_literal("/units")),
                                     .is_too_large = param(&rq->query, "large").len > 0,
                                     .has_problem = has_problems(rq),
                                     .direct_max = EXPORT_DIRECT_MAX };
    if (view.has_problem)
        view.problem = rq->problems.at[0].text;
    view.frame = frame_make(rq, t_import_title(), view.place);
    network_import_page(page_html(rq), &view);
    return reply_html(rq);
}

struct reply import_submit(struct request *rq)
{
    struct job_id id;
    struct scope scope;
    bool has_room;
    if (!page_scope(rq, &cap_network_read, &scope) || !job_has_room(rq->txn->db, rq->actor.account, &has_room, &rq->err))
        return reply_error(rq);
    int64_t district = division_district(scope.from);
    if (!has_room) {
        (void)problem_add(&rq->problems, STR("file"), t_job_too_many(LIMIT_JOBS_UNFINISHED));
        return reply_again(rq, import_form_show);
    }
    if (rq->upload.bytes.len == 0) {
        (void)problem_add(&rq->problems, STR("file"), t_import_no_file());
        return reply_again(rq, import_form_show);
    }
    struct new_job job = { .district = district,
                           .kind = &import_kind,
                           .account = rq->actor.account,
                           .lang = rq->lang,
                           .name = rq->upload.name,
                           .payload = rq->upload.bytes };
    if (!job_start(rq->txn, &job, &id, &rq->err))
        return reply_error(rq);
    return reply_see_other(rq, job_url(rq->arena, district, id));
}

struct reply import_save_submit(struct request *rq)
{
    struct job job;
    struct job_id id = { rq->path_ids[1] };
    if (!job_find(rq->txn->db, rq->actor.account, rq->path_ids[0], id, rq->arena, &job, &rq->err))
        return reply_error(rq);
    /* a second click finds it running already: its page says so */
    if (job.state == JOB_WAITING && !job_go_on(rq->txn, &job, IMPORT_SAVE, &rq->err))
        return reply_error(rq);
    return reply_see_other(rq, job_url(rq->arena, job.district, job.id));
}

struct reply import_template(struct request *rq)
{
    struct sheet_writer *writer;
    struct str file;
    if (!unit_sheet_begin(rq->arena, rq->lang, true, &writer, &rq->err) || !sheet_end(writer, &file, &rq->err))
        return reply_error(rq);
    struct reply reply = reply_status(200, XLSX_TYPE, file);
    reply.file_name = text_in(rq->arena, rq->lang, t_sheet_template_name());
    return reply;
}

/* --- what came of it -------------------------------------------------------------------------------------------- */

static void show_problems(struct request *rq, const struct import_report *report, struct import_result_view *view)
{
    view->problems.at = arena_new(rq->arena, struct import_problem_view, report->problem_count);
    view->problems.n = report->problem_count;
    for (int i = 0; i < report->problem_count; i++)
        view->problems.at[i] = (struct import_problem_view){ report->problems[i].cell, report->problems[i].text };
}

static void show_cells(struct request *rq, const struct import_report *report, struct import_result_view *view)
{
    view->cells.at = arena_new(rq->arena, struct import_cell_view, report->cell_count);
    view->cells.n = report->cell_count;
    for (int i = 0; i < report->cell_count; i++) {
        const struct import_cell *cell = &report->cells[i];
        struct text column = { .key = unit_column_title((enum unit_column)cell->column) };
        view->cells.at[i] = (struct import_cell_view){ .number = str_int(rq->arena, cell->number),
                                                       .unit = cell->unit,
                                                       .before = cell->before,
                                                       .after = cell->after,
                                                       .column = column };
    }
}

static void show_lines(struct request *rq, const struct book *book, const struct import_report *report,
                       struct import_result_view *view)
{
    view->lines.at = arena_new(rq->arena, struct import_line_view, book->line_count);
    for (ptrdiff_t i = 0; i < book->line_count; i++) {
        int line = book->lines[i].line.n;
        bool is_theirs = access_may(&rq->actor, &cap_network_read, rq->axes.at, book->lines[i].line);
        if (is_theirs && (report->opens[line] != 0 || report->closes[line] != 0))
            view->lines.at[view->lines.n++] = (struct import_line_view){ book->lines[i].short_name[rq->lang],
                                                                         report->opens[line], report->closes[line] };
    }
}

struct reply import_result_show(struct request *rq, const struct job *job)
{
    struct import_report *report = arena_new(rq->arena, struct import_report, 1);
    struct book book;
    struct str stored;
    if (!job_read_result(rq->db, job, rq->arena, &stored, &rq->err) ||
        !import_report_read(rq->arena, stored, report, &rq->err) ||
        !book_load(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    long long district = (long long)job->district, id = (long long)job->id.n;
    struct import_result_view view = { .name = job->name,
                                       .message = job_message(&import_kind, rq->arena, job->message),
                                       .is_waiting = job->state == JOB_WAITING,
                                       .has_failed = job->state == JOB_FAILED,
                                       .added = report->added,
                                       .changed = report->changed,
                                       .same = report->same,
                                       .problem_total = report->problem_total,
                                       .cell_total = report->cell_total,
                                       .save_url = url_path(rq->arena, "/units/import/%lld/%lld", district, id),
                                       .cancel_url = url_path(rq->arena, "/jobs/%lld/%lld/cancel", district, id),
                                       .again_url = url_here(rq, url_literal("/units/import")),
                                       .units_url = url_here(rq, url_literal("/units")) };
    show_problems(rq, report, &view);
    if (view.is_waiting && !access_has(&rq->actor, &cap_network_edit)) {
        view.message = t_import_no_rights();
        view.is_waiting = false;
        view.has_failed = true;
    }
    if (view.is_waiting) {
        show_cells(rq, report, &view);
        show_lines(rq, &book, report, &view);
    }
    view.frame = frame_make(rq, t_import_title(), job->name);
    network_import_result_page(page_html(rq), &view);
    return reply_html(rq);
}
