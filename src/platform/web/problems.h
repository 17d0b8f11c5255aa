/*
 * problems.h - refusals: what a person has to change, as data, shown beside the field it is about.
 */
#pragma once
#include "platform/i18n/text.h"

struct problem {
    struct str field; /* the name of the form field; empty: about the whole */
    struct text text;
};

struct problems {
    struct arena *arena;
    struct problem *at;
    ptrdiff_t n, cap;
};

/* Always returns false, so that a refusal is one line in an action. */
bool problem_add(struct problems *problems, struct str field, struct text text);
/* The first one about a field; NULL: none. */
const struct problem *problem_of(const struct problems *problems, struct str field);
