/*
 * import_pages.h - the pages of import and export.
 */
#pragma once
#include "features/network/views.h"
#include "platform/jobs/jobs.h"

handler_fn import_form_show, import_submit, import_save_submit, import_template;
handler_fn units_export, units_export_submit, units_export_file, spots_export, organisations_export, coverage_export,
    matrix_export;

/* The reply with a workbook, named after what it holds, the place and the day. */
struct reply export_download(struct request *rq, struct str file, struct text name, struct str place);

/* The page of a step that is over: problems, or the difference, or what was saved. */
struct reply import_result_show(struct request *rq, const struct job *job);
struct reply export_result_show(struct request *rq, const struct job *job);

struct import_form_view {
    const struct frame *frame;
    struct str place;
    struct url action, template_url, export_url, export_job_url, back;
    bool has_problem, is_too_large;
    struct text problem;
    int64_t direct_max;
};

struct import_problem_view {
    struct str cell;
    struct text text;
};

struct import_problem_views {
    struct import_problem_view *at;
    ptrdiff_t n;
};

struct import_cell_view {
    struct str number, unit, before, after;
    struct text column;
};

struct import_cell_views {
    struct import_cell_view *at;
    ptrdiff_t n;
};

struct import_line_view {
    struct str line;
    int64_t opens, closes;
};

struct import_line_views {
    struct import_line_view *at;
    ptrdiff_t n;
};

struct import_result_view {
    const struct frame *frame;
    struct str name;
    struct text message;
    bool is_waiting, has_failed;
    int64_t added, changed, same, problem_total, cell_total;
    struct import_problem_views problems;
    struct import_cell_views cells;
    struct import_line_views lines;
    struct url save_url, cancel_url, again_url, units_url;
};

struct export_result_view {
    const struct frame *frame;
    struct str name;
    struct text message;
    bool has_file;
    struct url file_url, units_url;
};
