/*
 * actions.h - changes of appeals: taking one in, and the steps of its life.  Who may is asked by the caller.
 */
#pragma once
#include "features/appeals/person.h"
#include "features/appeals/rules.h"
#include "features/appeals/topics.h"
#include "features/clocks/clocks.h"
#include "platform/web/doing.h"

#include "gen/appeals_queries.h"

struct appeal_input {
    int64_t topic, type, channel; /* type: enum matter_type, channel: enum matter_channel */
    struct division division;
    struct str name, phone; /* both empty: anonymous */
    struct str story, wish, title; /* title empty: the first words of the story */
    struct date received_on; /* zero: now */
};

/*
 * Registers an appeal at the desk of who received it, and starts its clocks with the day it was received.  Problems of
 * "received_on" and "title"; desk is one of appeal_desks() of its division, topic its name in Chinese.
 */
bool appeal_register(const struct doing *doing, const struct appeal_input *input, struct line line, struct str topic, struct division desk,
                     struct appeal_id *ret, struct error *err) MUST_USE;

struct step_input {
    int64_t version; /* that the person saw */
    int64_t desk, line; /* where it goes; line 0: stays */
    int64_t reason, answer, mood;
    struct str note;
};

/* Of the person who asks, for this appeal. */
struct appeal_rights {
    bool may_decide; /* at its desk */
    bool is_above;   /* and at the one above it; at the district's own too */
    bool is_of_desk; /* works for this very office */
};

/* What appeal_step_bar() looks at. */
struct appeal_facts appeal_facts_of(const struct appeal_by_id *appeal, struct account_id by, struct date today,
                                    const struct appeal_rights *rights);

/*
 * Moves an appeal one step on, with its clocks.  ERROR_CONFLICT: it has moved meanwhile, or the step is not possible from its
 * state; ERROR_REFUSED with a problem of the whole form: it is barred to this person (appeal_step_bar()).
 */
bool appeal_step_on(const struct doing *doing, const struct appeal_by_id *appeal, enum appeal_act act,
                    const struct step_input *input, const struct appeal_rights *rights, struct error *err) MUST_USE;

/* What was taken down wrongly; the story stays as it was told. */
struct edit_input {
    int64_t topic; /* of the same line: another one is a transfer */
    struct str name, phone, title, wish;
    int64_t version;
};

struct edit_input edit_input_of(const struct appeal_by_id *appeal, const struct appeal_person *person);
/* Problems of "topic", "name" and "title"; ERROR_CONFLICT: it is closed, or has moved meanwhile; ERROR_SEALED: the person does not open. */
bool appeal_correct(const struct doing *doing, const struct appeal_by_id *appeal, const struct topics *topics,
                    const struct edit_input *input, struct error *err) MUST_USE;

/* A remark for the timeline, without a step.  ERROR_CONFLICT: it is closed. */
bool appeal_note(const struct doing *doing, const struct appeal_by_id *appeal, struct str note, struct error *err) MUST_USE;
/* Who handles it, by name; 0: nobody.  ERROR_CONFLICT: it is closed, or has moved meanwhile. */
bool appeal_assign(const struct doing *doing, const struct appeal_by_id *appeal, struct account_id owner, struct str name,
                   int64_t version, struct error *err) MUST_USE;

/* --- its clocks --------------------------------------------------------------------------------------------------- */

struct appeal_clock_input {
    int64_t version;        /* that the person saw */
    int64_t amount, reason; /* of an extension, in the clock's unit; enum pause_reason */
    struct date until;      /* paused to the end of that day */
    struct str note;
};

/*
 * Who asks decides, and approves what they do.  ERROR_REFUSED with problems of "amount", "reason", "until", "note" and of the
 * whole; ERROR_NOT_FOUND: it has no such clock; ERROR_CONFLICT: it has moved meanwhile, or the clock is not as it would have to be.
 */
bool appeal_clock_extend(const struct doing *doing, const struct appeal_by_id *appeal, enum clock_kind kind,
                         const struct appeal_clock_input *input, struct error *err) MUST_USE;
bool appeal_clock_pause(const struct doing *doing, const struct appeal_by_id *appeal, enum clock_kind kind,
                        const struct appeal_clock_input *input, struct error *err) MUST_USE;
bool appeal_clock_resume(const struct doing *doing, const struct appeal_by_id *appeal, enum clock_kind kind,
                         const struct appeal_clock_input *input, struct error *err) MUST_USE;
