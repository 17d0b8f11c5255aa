/*
 * limit_views.h - what the pages of time limits show, ready for their templates.
 */
#pragma once
#include "platform/web/forms.h"
#include "platform/web/frame.h"

struct limit_view {
    struct text kind, runs, type, channel;
    struct text extension, extension_times; /* where there is one */
    bool has_type, has_channel, has_extension;
    struct str place, line, basis; /* line empty: all */
    struct date from, to;
    bool has_end, may_end;
    struct url end_url;
};

struct limits_view {
    const struct frame *frame;
    struct {
        struct limit_view *at;
        ptrdiff_t n;
    } limits;
    bool may_add;
    struct url new_url;
};
