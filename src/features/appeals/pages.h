/*
 * pages.h - the handlers of appeals, for feature.c, and what they share.
 */
#pragma once
#include "features/appeals/topics.h"
#include "features/appeals/views.h"
#include "features/clocks/clocks.h"
#include "platform/web/doing.h"
#include "platform/web/lists.h"
#include "platform/web/web.h"

#include "gen/appeals_queries.h"

handler_fn appeals_show, appeals_export, appeal_new_show, appeal_new_submit, appeal_show, appeal_act_submit, appeal_assign_submit,
    appeal_note_submit, appeal_edit_show, appeal_edit_submit, appeal_extend_submit, appeal_pause_submit, appeal_resume_submit;

enum { APPEAL_PHONE_MAX = 30 };

extern const struct form appeal_form, appeal_edit_form, appeal_step_form, appeal_assign_form, appeal_note_form, appeal_extend_form,
    appeal_pause_form, appeal_resume_form;

/* What names stand for the numbers of a row. */
struct appeal_words {
    struct topics topics;
    struct choices lines;
    const struct workdays *workdays;
    struct limits limits;
};

bool appeal_words_load(struct request *rq, struct db *db, struct appeal_words *ret);
struct str appeal_line_name(const struct appeal_words *words, struct line line);
/* 北滘镇 · 妇女联合会 */
struct str appeal_office(struct request *rq, const struct appeal_words *words, struct division desk, struct line line);
struct url appeal_url(struct arena *arena, int64_t district, struct appeal_id id);

/* --- one appeal: pages_appeal.c and pages_clocks.c ------------------------------------------------------------------ */

bool appeal_may_decide(const struct request *rq, const struct appeal_by_id *appeal);
/* Of the path, where the actor may handle it. */
bool appeal_to_handle(struct request *rq, struct db *db, struct appeal_by_id *ret);
bool appeal_for_change(struct request *rq, struct appeal_by_id *ret); /* in a POST */
struct doing appeal_doing(struct request *rq);
/* The end of a change: its page, with what is wrong beside the fields. */
struct reply appeal_after(struct request *rq, bool ok, const struct appeal_by_id *appeal);
bool appeal_clock_rows(struct request *rq, const struct appeal_words *words, const struct appeal_by_id *appeal,
                       const struct clock_states *clocks, struct appeal_view *view);
struct choices appeal_pause_choices(struct request *rq);
