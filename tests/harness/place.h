/*
 * place.h - where a test's data and its keys lie: a file, or a schema of its own on the server that harness/with_postgres has started.
 */
#pragma once
#include "platform/crypt/keeper.h"

/* path, or the address of a new empty schema; each call makes another one. */
const char *test_place(struct arena *arena, const char *path);
bool test_is_on_postgres(void);
/* A key file "keys" in the folder, made if it is not there, and opened. */
struct keeper *test_keys(struct arena *arena, const char *folder);
