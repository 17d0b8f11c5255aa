/*
 * show.h - pieces of views that several pages have.
 */
#pragma once
#include "features/accounts/types.h"
#include "features/accounts/views.h"

/* The lines of today by name, as the roof knows them. */
bool load_lines(struct request *rq, struct choices *ret) MUST_USE;
/*
 * Rights in words, with the names of their lines and divisions today. who may take which of them away: NULL for nobody.
 */
struct grant_views show_grants(struct request *rq, const struct choices *lines, const struct grant *grants, int count,
                               const struct actor *who);
