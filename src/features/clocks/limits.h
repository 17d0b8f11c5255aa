/*
 * limits.h - which time limit holds: so long for this, here, from that day on, by this article.
 *
 * Limits are data: what ships stands in defaults.c, administrators add and end them.  They are ended, never edited, so that what
 * runs by one stays explained.
 */
#pragma once
#include "features/clocks/due.h"
#include "features/clocks/types.h"
#include "platform/access/scope.h"
#include "platform/i18n/text.h"

struct limit_entry {
    int64_t number;
    enum clock_kind kind;
    enum matter_type type;       /* 0: any */
    enum matter_channel channel; /* 0: any */
    struct division division;    /* and all inside it; 0: everywhere */
    struct line line;            /* 0: all */
    struct time_limit runs;
    int32_t extension;       /* may be added in all, in the same unit; 0: none */
    int32_t extension_times; /* in so many steps */
    struct str basis[LANG_COUNT];
    struct date valid_from, valid_to; /* from that day on it does not hold */
};

struct limits {
    struct limit_entry *at;
    ptrdiff_t n;
};

/* About a matter; every part is known. */
struct limit_question {
    enum clock_kind kind;
    enum matter_type type;
    enum matter_channel channel;
    struct division division;
    struct line line; /* 0: it belongs to no line; then only limits for all lines hold */
    struct date on;   /* the day it came in */
};

/*
 * Of those that hold: the one of the deepest division; of these one that names the line, then the channel, then the type; then
 * the newest.  NULL: none holds.
 */
const struct limit_entry *limits_choose(struct limits limits, const struct limit_question *question);
/* NULL: there is none of that number. */
const struct limit_entry *limits_find(struct limits limits, int64_t number);
