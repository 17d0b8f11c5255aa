/*
 * reapply.h - holding units against rules that have changed.
 */
#pragma once
#include "platform/web/web.h"

/* The reply after a rule of this division was added or ended: its units are held against the rules again. */
struct reply reapply_reply(struct request *rq, struct division division);
