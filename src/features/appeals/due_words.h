/*
 * due_words.h - when something is due, as a person says it.
 */
#pragma once
#include "features/appeals/pages.h"
#include "features/appeals/views.h"
#include "features/clocks/clocks.h"

/* The last day, or the minute of what is counted in hours: "2026-12-08". */
struct str due_at_text(struct arena *arena, struct instant due);
/* "还有 3 个工作日", "今天到期", "已超期"; empty where the working days up to then are not known. */
struct str due_left_text(struct request *rq, const struct workdays *workdays, struct instant due);
struct due_view due_view_of(struct request *rq, const struct workdays *workdays, struct instant due, int64_t kind);
/* A clock of a record; met in the moment it ended, it was not done.  0: it did not end so. */
struct clock_row clock_row_of(struct request *rq, const struct appeal_words *words, const struct clock_state *clock,
                              struct instant ended);
