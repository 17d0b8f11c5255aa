/*
 * topics.h - what appeals are about: a dictionary that is data, each topic of one line.
 */
#pragma once
#include "features/appeals/types.h"
#include "platform/db/db.h"
#include "platform/i18n/text.h"
#include "platform/web/forms.h"

struct topic {
    int64_t number;
    struct line line;
    struct str name[LANG_COUNT];
    bool is_ended; /* for new appeals; those that have it keep it */
};

struct topics {
    struct topic *at;
    ptrdiff_t n;
};

bool topics_load(struct db *db, struct date today, struct arena *arena, struct topics *ret, struct error *err) MUST_USE;
/* NULL: there is none of that number. */
const struct topic *topic_of(const struct topics *topics, int64_t number);
struct str topic_name(const struct topics *topics, int64_t number, enum lang lang); /* empty: there is none */
