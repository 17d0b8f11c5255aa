/*
 * ladder.h - appeals that nobody answers in time climb: who is told of it, and when (rules.h says how).
 */
#pragma once
#include "platform/db/db.h"

/* For struct feature's daily: what is due soon, what is over, and what is still open so long after the last office was told. */
bool appeals_climb(struct txn *txn, bool *ret_more, struct error *err) MUST_USE;
