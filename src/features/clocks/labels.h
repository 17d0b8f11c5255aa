/*
 * labels.h - stored numbers in words.
 */
#pragma once
#include "features/clocks/due.h"
#include "features/clocks/types.h"
#include "platform/i18n/text.h"

struct text label_clock_kind(enum clock_kind kind);
struct text label_matter_type(enum matter_type type);
struct text label_matter_channel(enum matter_channel channel);
struct text label_pause_reason(enum pause_reason reason);
struct text label_clock_unit(enum clock_unit unit);
struct text label_duration(enum clock_unit unit, int64_t amount); /* 15 个工作日 */
struct text label_time_limit(const struct time_limit *limit);     /* the same, and whether its last day moves */
const char *clock_kind_name(enum clock_kind kind);            /* "notify": in the audit */
