/*
 * entry.c - how libFuzzer calls a target.
 */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    fuzz_one((struct str){ (const char *)data, (ptrdiff_t)size }, &arena);
    arena_release(&arena);
    return 0;
}
