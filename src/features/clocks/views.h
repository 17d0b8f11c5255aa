/*
 * views.h - what the pages of clocks show, ready for their templates.
 */
#pragma once
#include "features/clocks/clocks.h"
#include "platform/web/frame.h"

struct workday_year_view {
    struct str year;
    int64_t working;           /* days */
    struct run_views {
        struct str *at; /* "02-15–02-23" */
        ptrdiff_t n;
    } holidays, work;
    struct str source;
    bool is_told; /* else built in */
    struct date told_on;
    struct url edit_url;
};

struct workdays_view {
    const struct frame *frame;
    struct {
        struct workday_year_view *at;
        ptrdiff_t n;
    } years;
    bool may_tell, is_ending; /* the next year is not known and this one is nearly over */
    struct str next;          /* the first year after those that are known */
    struct url next_url;
};
