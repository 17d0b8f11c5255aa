/*
 * labels.h - stored numbers in words.
 */
#pragma once
#include "features/appeals/rules.h"
#include "platform/i18n/text.h"

struct text label_appeal_state(enum appeal_state state);
struct text label_appeal_act(enum appeal_act act);   /* what one does */
struct text label_appeal_event(struct str act);      /* what was done: "accept", "register" ... */
struct text label_appeal_reason(enum appeal_reason reason); /* of REASON_NONE: no text */
struct text label_appeal_answer(enum appeal_answer answer);
struct text label_appeal_mood(enum appeal_mood mood);
struct text label_appeal_bar(enum appeal_bar bar);
