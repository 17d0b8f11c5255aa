/*
 * types.h - the words of jobs.  The numbers are stored; they never change their meaning.
 */
#pragma once
#include "base/compiler.h"

struct job_id { int64_t n; };

enum job_state {
    JOB_QUEUED = 1,
    JOB_RUNNING = 2,
    JOB_WAITING = 3, /* for the person to go on or to cancel */
    JOB_DONE = 4,
    JOB_FAILED = 5,
    JOB_CANCELLED = 6
};
