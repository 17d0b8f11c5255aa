/*
 * today.h - what of appeals waits for a person, for the start page.
 */
#pragma once
#include "features/appeals/pages.h"

bool appeals_today(struct request *rq, struct today_section *ret);
