/*
 * fuzz.h - a target: one function, called with any bytes; it may refuse them, but never crash or break its promise.
 *
 * To add a target: NAME.c here with fuzz_one(), its name in meson.build, a few inputs in corpus/NAME.
 */
#pragma once
#include "base/str.h"

/* The arena is empty again for the next input. */
void fuzz_one(struct str input, struct arena *arena);
