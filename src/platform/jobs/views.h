/*
 * views.h - what the pages of jobs show.
 */
#pragma once
#include "platform/web/frame.h"

struct job_view {
    const struct frame *frame;
    struct text title, state, progress, message;
    struct str name, percent;
    bool is_live, has_percent, may_cancel;
    struct url url, cancel_url;
};

struct job_row {
    struct str name;
    struct text title, state;
    struct instant created_at;
    struct url url;
};

struct job_rows {
    struct job_row *at;
    ptrdiff_t n;
};

struct jobs_view {
    const struct frame *frame;
    int64_t days;
    struct job_rows rows;
};
