/*
 * error_page.h - what a person reads when something is refused or broken: what happened, what to do, the request's number.
 */
#pragma once
#include "platform/web/web.h"

struct reply error_page(struct request *rq, int status);
/* One line, for refusals before there is a page: a broken request, a full queue. */
struct str bare_error_text(struct request *rq, int status);

struct error_view {
    const struct frame *frame;
    struct text what, advice;
    struct str request_number;
    struct url back;
    struct url sign_in; /* and back to the page of the form; empty: that would not help */
};
