/*
 * trial.h - one trial after the other, each in a process of its own, so that one that stops is seen as such.
 */
#pragma once
#include "base/str.h"

enum trial_end {
    TRIAL_OK,
    TRIAL_FAILED,    /* it has said why on standard output */
    TRIAL_NOT_HIT,   /* the n-th call never came: there are no further trials */
    TRIAL_STOPPED,   /* by BUG(), as decision 0002 lets it without memory */
    TRIAL_CRASHED,
};

typedef enum trial_end trial_fn(void *self, int64_t n);

/* Runs trial n in a child; what it prints comes out only if it has not ended well. */
enum trial_end trial_run(trial_fn *trial, void *self, int64_t n);
