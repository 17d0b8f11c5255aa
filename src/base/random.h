/*
 * random.h - bytes nobody can guess, from the kernel.
 */
#pragma once
#include "base/str.h"

void random_bytes(void *ret_bytes, ptrdiff_t len);
/* len characters of [0-9a-z] without look-alikes: tokens, receipts, first passwords (5 bits each). */
struct str random_token(struct arena *arena, ptrdiff_t len);
