/*
 * arena.h - memory with one lifetime: a request, a job, a start-up.
 *
 * Everything taken from an arena dies together, at arena_reset() or arena_release().  Memory comes zeroed and is
 * never NULL: a machine without memory stops the process (docs/decisions/0002).  An arena belongs to one thread at
 * a time.  Under AddressSanitizer freed space is poisoned.
 */
#pragma once
#include "base/compiler.h"

struct arena_block;

struct arena {
    char *at;                  /* next free byte of the newest block */
    char *end;                 /* one past its last byte */
    struct arena_block *newest;
};

/* A position to fall back to: what was taken after arena_mark() is given back by arena_rewind(). */
struct arena_mark {
    char *at;
    struct arena_block *block;
};

void *arena_take(struct arena *arena, ptrdiff_t size, ptrdiff_t align, ptrdiff_t count);
/* Grows the latest piece in place if it can, else moves it.  old may be NULL with old_size 0. */
void *arena_grow(struct arena *arena, void *old, ptrdiff_t old_size, ptrdiff_t new_size);
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
void arena_reset(struct arena *arena);   /* keeps one block for the next use */
void arena_release(struct arena *arena); /* leaves an empty, usable arena */

#define arena_new(arena, type, count) \
    ((type *)arena_take((arena), (ptrdiff_t)sizeof(type), (ptrdiff_t) _Alignof(type), (count)))
