/*
 * place.h - where a test's data lies: a file, or a schema of its own on the server that harness/with_postgres has started.
 */
#pragma once
#include "base/str.h"

/* path, or the address of a new empty schema; each call makes another one. */
const char *test_place(struct arena *arena, const char *path);
bool test_is_on_postgres(void);
