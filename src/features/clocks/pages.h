/*
 * pages.h - the handlers of clocks, for feature.c.
 */
#pragma once
#include "platform/web/web.h"

extern const struct capability cap_clocks_tell; /* the working days of a year */
extern const struct capability cap_clocks_limits; /* time limits of one's own part of the territory */
extern const struct form workday_form, limit_form;

struct reply workdays_show(struct request *rq);
struct reply workday_year_show(struct request *rq);
struct reply workday_year_submit(struct request *rq);

struct reply limits_show(struct request *rq);
struct reply limit_new_show(struct request *rq);
struct reply limit_new_submit(struct request *rq);
struct reply limit_end_submit(struct request *rq);
