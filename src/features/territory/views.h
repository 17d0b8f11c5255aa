/*
 * views.h - what the pages of divisions show.
 */
#pragma once
#include "platform/web/forms.h"
#include "platform/web/frame.h"

struct division_link {
    struct str name, code;
    struct str path; /* the names above; may be empty */
    struct url url;
    bool is_current;
};

struct division_links {
    struct division_link *at;
    ptrdiff_t n;
};

/* All provinces, or what was searched for. */
struct divisions_view {
    const struct frame *frame;
    struct str query;
    struct url action;
    bool is_search, is_cut; /* is_cut: there are more than shown */
    struct division_links links;
};

struct division_view {
    const struct frame *frame;
    struct str name, code, long_code; /* 440606, 440606000000 */
    struct text level;
    struct date since;
    struct url all;
    struct division_links path, siblings, children;
    bool has_towns, has_villages;
    int64_t towns, villages;
};
