/*
 * error_page.h - what a person reads when something is refused or broken: what happened, what to do, the request's number.
 *
 * It is made out of memory where rq->db is NULL.  Where the database was away (503, 504), the page itself carries what was typed:
 * the same form again with its fields hidden, its token and its key among them, so nothing is lost and nothing done twice.  A form
 * with a secret, or a file, is not carried: the page leads back to it.
 */
#pragma once
#include "platform/web/web.h"

struct reply error_page(struct request *rq, int status);

struct error_view {
    const struct frame *frame;
    struct text what, advice;
    struct str request_number;
    bool is_carried;
    struct url action; /* of the form that is carried, and */
    struct params fields;
    struct url record; /* beside it: the page it stood on; empty: that would not help */
    struct url again;  /* empty: that would not help */
    struct text again_label;
    struct url back;
    struct url sign_in; /* and back to the page of the form; empty: that would not help */
};
