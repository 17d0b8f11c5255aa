/*
 * recount.h - when appeals are due, anew: after a year of working days was told, or told otherwise.
 *
 * A job of its own in the background (platform/jobs), queued by the change that tells the year: whoever told it sees how far it
 * is, and the days are on the lists the same hour.  Its pieces go through the writer like everybody's changes.
 */
#pragma once
#include "platform/jobs/jobs.h"

extern const struct job_kind appeals_recount_job;
