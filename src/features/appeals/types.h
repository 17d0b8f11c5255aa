/*
 * types.h - the words of appeals: ids, states, reasons, answers.  The numbers are stored; they never change their meaning.
 */
#pragma once
#include "platform/access/scope.h"

struct appeal_id { int64_t n; };

/* The life of an appeal (domain M8).  Below APPEAL_CLOSED it is open. */
enum appeal_state {
    APPEAL_NONE = 0,
    APPEAL_REGISTERED = 1,
    APPEAL_WORKING = 2,
    APPEAL_CHECKING = 3, /* somebody says that nothing can be done; a second officer looks at it */
    APPEAL_REPLIED = 4,  /* and is to be called back */
    APPEAL_RETURNED = 5, /* whose duty it is, is in dispute: the level above decides */
    APPEAL_CLOSED = 20,
    APPEAL_NOT_ACCEPTED = 21,
    APPEAL_WITHDRAWN = 22
};

/* Why an appeal is not taken, or nothing can be done about it. */
enum appeal_reason {
    REASON_NONE = 0,
    REASON_COURT = 1,           /* before a court or in arbitration */
    REASON_DISCIPLINE = 2,      /* for the supervision organs */
    REASON_RECONSIDERATION = 3, /* administrative reconsideration or litigation */
    REASON_PETITION = 4,        /* in a petition already */
    REASON_EMERGENCY = 5,       /* passed on at once */
    REASON_NOT_OURS = 6,        /* nothing mass organisations may act on */
    REASON_NO_FACTS = 20,       /* what is said could not be found */
    REASON_NO_GROUND = 21,      /* law and policy give no ground for it */
    REASON_NOT_YET = 22         /* what it needs is not there at present */
};

/* What the person said when called back. */
enum appeal_answer { ANSWER_NONE = 0, ANSWER_SOLVED = 1, ANSWER_PARTLY = 2, ANSWER_NOT_SOLVED = 3 };
enum appeal_mood { MOOD_NONE = 0, MOOD_SATISFIED = 1, MOOD_FAIRLY = 2, MOOD_NOT_SATISFIED = 3 };
