/*
 * demo_names.h - invented names and figures for the demonstration: a generator that gives the same every time.
 */
#pragma once
#include "features/network/types.h"

/* SplitMix64: small, and the same on every machine. */
struct dice {
    uint64_t state;
};

uint64_t dice_roll(struct dice *dice);
int64_t dice_below(struct dice *dice, int64_t n);           /* 0 .. n - 1 */
bool dice_hits(struct dice *dice, int64_t in_thousand);
int64_t dice_skewed(struct dice *dice, int64_t least, int64_t most); /* small numbers often, large ones seldom */

struct demo_body {
    struct str name, industry;
};

struct demo_body demo_firm(struct dice *dice, struct str town, struct arena *arena);
struct str demo_social(struct dice *dice, enum unit_kind kind, struct str town, struct arena *arena);
/* A code with a valid check character: two signs of kind, the district, nine invented ones. */
struct str demo_uscc(struct dice *dice, const char *kind, int64_t district, struct arena *arena);
/* 北滘镇总工会, 共青团北滘镇委员会, 黄龙村妇女联合会; of a firm: its name and 工会委员会. */
struct str demo_organisation(enum unit_kind kind, struct line line, struct str name, struct arena *arena);
struct str demo_person(struct dice *dice, struct arena *arena);
