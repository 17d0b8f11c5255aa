/*
 * drafts.h - what was typed into a form and not sent: kept for the person, until it is sent, thrown away, or
 * LIMIT_DRAFT_DAYS old.
 *
 * A draft belongs to one account and one address, the path the form is posted to; it has the fields of that form but
 * its secrets, and a form with a secret has none at all.  It stands sealed.  A page that shows a form calls form_draft() (forms.h);
 * shuniu.js sends what is typed to POST /drafts.  A draft is no record of anybody's work: it is not audited.
 */
#pragma once
#include "platform/crypt/reseal.h"
#include "platform/web/web.h"

extern const struct feature drafts_feature;
extern const struct schema web_schema;
extern const struct sealed_column draft_fields_column;
extern const struct upgrade web_upgrade; /* platform/db/upgrade.h */

/* In the change that stores what a form says: what was kept of it is no longer needed. */
bool draft_drop_sent(struct request *rq, struct error *err) MUST_USE;
/*
 * A form that comes too late, after its session or its token has ended, is not done, but what was typed is kept, if it
 * comes from a page of ours beyond doubt, if that page will offer it again (form_draft() was called), and if whoever is
 * signed in, or whose session has ended, is the one whose page it was: machines are shared.  True: rq->actor says whose,
 * and the change is to be draft_rescue().  False: rq->is_anothers says whether that was why.
 */
bool draft_may_rescue(struct request *rq);
/* Leads back to the page of the form, or to the sign-in form before it. */
struct reply draft_rescue(struct request *rq);
