/*
 * large.h - bodies over LIMIT_FORM_BYTES that are being read: LIMIT_LARGE_BODIES at a time, and LIMIT_LARGE_BODIES_EACH of one
 * sender, so that nobody keeps everybody else waiting.
 */
#pragma once
#include "base/compiler.h"

struct large;

struct large *large_make(void);
bool large_take(struct large *large, int64_t sender) MUST_USE; /* false: there is no place; any thread */
void large_give_back(struct large *large, int64_t sender);
void large_free(struct large *large);
