/*
 * views.h - what the pages of this test show.
 */
#pragma once
#include "platform/web/url.h"
#include "base/time.h"

struct row_view {
    struct str name;
    struct url link;
    int members;
};

struct rows_view {
    const struct row_view *at;
    ptrdiff_t n;
};

struct group_view {
    struct str name;
    struct rows_view rows;
};

struct sheet_view {
    struct str title, note;
    struct url home;
    struct { const struct group_view *at; ptrdiff_t n; } groups;
    bool is_open, is_urgent;
    struct date day;
    struct instant seen;
};
