/*
 * pages.h - the handlers of appeals, for feature.c, and what they share.
 */
#pragma once
#include "features/appeals/topics.h"
#include "platform/web/lists.h"
#include "platform/web/web.h"

#include "gen/appeals_queries.h"

handler_fn appeals_show, appeals_export, appeal_new_show, appeal_new_submit, appeal_show, appeal_act_submit, appeal_assign_submit,
    appeal_note_submit;

extern const struct form appeal_form, appeal_step_form, appeal_assign_form, appeal_note_form;

/* What names stand for the numbers of a row. */
struct appeal_words {
    struct topics topics;
    struct choices lines;
    const struct workdays *workdays;
};

bool appeal_words_load(struct request *rq, struct db *db, struct appeal_words *ret);
struct str appeal_line_name(const struct appeal_words *words, struct line line);
/* 北滘镇 · 妇女联合会 */
struct str appeal_office(struct request *rq, const struct appeal_words *words, struct division desk, struct line line);
struct url appeal_url(struct arena *arena, int64_t district, struct appeal_id id);
