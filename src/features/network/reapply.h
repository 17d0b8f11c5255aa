/*
 * reapply.h - holding units against rules that have changed, in the background.
 */
#pragma once
#include "platform/jobs/jobs.h"

extern const struct job_kind network_reapply_job;

/* Queues the work for a rule of this division, in the change that adds or ends the rule; the reply shows how far it is. */
struct reply reapply_reply(struct request *rq, struct division division);
