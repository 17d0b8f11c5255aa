/*
 * once.h - a form that is sent twice is done once.
 *
 * The forms of a page carry a key of that page (form_token in shell.html).  The change that does what a form asks for
 * also remembers its key, its address, a digest of its fields and where it led to; the same again does nothing and
 * leads there too.  With other content it is another form: somebody went back, or the page held several.  Forms with
 * a secret are left out, as a digest would tell about it.  After LIMIT_DONE_HOURS all is forgotten.
 */
#pragma once
#include "platform/web/web.h"

/* In begin, outside the writer: what is sent becomes rq->once; NULL: a form without a key. */
void once_begin(struct request *rq);
/* In the change: whether the same has been done, and where it led to. */
bool once_find(struct request *rq, bool *ret_is_done, struct url *ret_location, struct error *err) MUST_USE;
bool once_remember(struct request *rq, const struct reply *reply, struct error *err) MUST_USE;
/* Whether anything was sent from the page of this key to that address. */
bool once_was_sent(struct db *db, struct account_id account, struct str key, struct str address, struct arena *arena,
                   bool *ret, struct error *err) MUST_USE;
