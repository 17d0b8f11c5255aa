/*
 * pages.h - the handlers feature.c lists.
 */
#pragma once
#include "platform/web/web.h"

struct reply division_list(struct request *rq);
struct reply division_list_json(struct request *rq);
struct reply division_show(struct request *rq);
