/*
 * views.h - what the pages of appeals show: plain data, authorised and formatted.
 */
#pragma once
#include "features/appeals/rules.h"
#include "platform/web/forms.h"
#include "platform/web/frame.h"
#include "platform/web/lists.h"

/* When something is due, as a person looks at it. */
struct due_view {
    bool is_there, is_late, is_near;
    struct str kind; /* 办结 */
    struct str at, left;
};

struct appeal_row {
    struct str number, title, topic, place, office, owner;
    struct text state;
    struct date received_on, closed_on;
    bool is_open;
    struct due_view due;
    struct url url;
};

struct appeal_rows {
    struct appeal_row *at;
    ptrdiff_t n;
};

struct appeals_view {
    const struct frame *frame;
    struct str place;
    struct links filters;
    struct search_view search;
    struct appeal_rows rows;
    bool may_register, has_more, is_closed;
    bool has_offices; /* else all rows are of the same */
    struct url new_url, export_url, more;
};

struct clock_row {
    struct str kind, length, basis, status;
    struct str left; /* of one that is open: how long still */
    bool is_late, is_met;
    struct step_views acts; /* what this person may do with it */
};

struct clock_rows {
    struct clock_row *at;
    ptrdiff_t n;
};

struct appeal_view {
    const struct frame *frame;
    struct appeal_row appeal;
    struct text type, channel, reason;
    struct str story, wish, person, phone, taken_by, reply, outcome, version;
    bool is_anonymous, has_reason, has_outcome, may_handle, has_conflict;
    bool is_refused; /* the step that was sent: refused says why */
    struct text refused;
    bool shows_clock_sent; /* the form of a clock that was sent stands on the page */
    int64_t missed, reopened;
    struct clock_rows clocks;
    struct event_views events;
    struct step_views steps;
    struct form_view typed; /* into a form that cannot be sent any more */
    struct form_view assign, note;
    struct url assign_url, note_url, edit_url;
};
