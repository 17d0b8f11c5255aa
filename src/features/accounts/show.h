/*
 * show.h - pieces of views that several pages have.
 */
#pragma once
#include "features/accounts/types.h"
#include "features/accounts/views.h"

/* Rights in words, with the names of their divisions today. who may take which of them away: NULL for nobody. */
struct grant_views show_grants(struct request *rq, const struct grant *grants, int count, const struct actor *who);
