/*
 * pages.h - the handlers of clocks, for feature.c.
 */
#pragma once
#include "platform/web/web.h"

extern const struct capability cap_clocks_tell; /* the working days of a year */
extern const struct form workday_form;

struct reply workdays_show(struct request *rq);
struct reply workday_year_show(struct request *rq);
struct reply workday_year_submit(struct request *rq);
