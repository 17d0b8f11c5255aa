/*
 * once.h - a form that is sent twice is done once.
 *
 * The forms of a page carry a key of that page (form_token in shell.html).  The change that does what a form asks for
 * also remembers its key, its address, a keyed hash of its fields and where it led to; the same again does nothing and
 * leads there too.  With other content it is another form: somebody went back, or the page held several.  Forms with
 * a secret are left out, as a digest would tell about it; so is what may well be asked for twice, such as keeping a
 * draft, whose handler sets rq->once to NULL.  After LIMIT_DONE_HOURS all is forgotten.
 */
#pragma once
#include "platform/web/web.h"

/* For the forms of a page.  Keys grow with time, so that those remembered together lie together on the disk. */
struct str once_key(struct arena *arena, struct instant now);
/* In begin, outside the writer: what is sent becomes rq->once; NULL: a form without a key. */
void once_begin(struct request *rq);
/* In the change: whether the same has been done, and where it led to. */
bool once_find(struct request *rq, bool *ret_is_done, struct url *ret_location, struct error *err) MUST_USE;
bool once_remember(struct request *rq, const struct reply *reply, struct error *err) MUST_USE;
/* Whether what the request holds of this form was sent to that address already, from the page of the request's key. */
bool once_was_sent(struct request *rq, const struct form *form, struct str address, bool *ret,
                   struct error *err) MUST_USE;
