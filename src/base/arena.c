/*
 * arena.c - a chain of blocks, newest first; only the newest has space left.
 *
 * Blocks start at 16 KiB and double up to 1 MiB; a larger piece gets a block of its own size.
 */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(at, size) ASAN_POISON_MEMORY_REGION((at), (size))
#define UNPOISON(at, size) ASAN_UNPOISON_MEMORY_REGION((at), (size))
#else
#define POISON(at, size) ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#endif

enum { BLOCK_FIRST = 16 * 1024, BLOCK_LARGEST = 1024 * 1024, PIECE_LARGEST = 1 << 30, GROW_ALIGN = 16 };

struct arena_block {
    struct arena_block *older;
    ptrdiff_t size; /* bytes of data[] */
    _Alignas(GROW_ALIGN) char data[];
};

static void block_push(struct arena *arena, ptrdiff_t at_least)
{
    ptrdiff_t size = arena->newest ? arena->newest->size * 2 : BLOCK_FIRST;
    if (size > BLOCK_LARGEST)
        size = BLOCK_LARGEST;
    if (size < at_least)
        size = at_least;
    struct arena_block *block = malloc(sizeof *block + (size_t)size);
    if (!block)
        BUG("out of memory: %td bytes", size);
    block->older = arena->newest;
    block->size = size;
    arena->newest = block;
    arena->at = block->data;
    arena->end = block->data + size;
    POISON(block->data, (size_t)size);
}

void *arena_take(struct arena *arena, ptrdiff_t size, ptrdiff_t align, ptrdiff_t count)
{
    if (size < 0 || count < 0 || (size > 0 && count > PIECE_LARGEST / size))
        BUG("arena: %td pieces of %td bytes", count, size);
    ptrdiff_t total = size * count;
    ptrdiff_t pad = (ptrdiff_t)(-(uintptr_t)arena->at & (uintptr_t)(align - 1));
    if (!arena->newest || arena->end - arena->at < total + pad) {
        block_push(arena, total + align);
        pad = (ptrdiff_t)(-(uintptr_t)arena->at & (uintptr_t)(align - 1));
    }
    char *piece = arena->at + pad;
    arena->at = piece + total;
    UNPOISON(piece, (size_t)total);
    return memset(piece, 0, (size_t)total);
}

void *arena_grow(struct arena *arena, void *old, ptrdiff_t old_size, ptrdiff_t new_size)
{
    assert(new_size >= old_size && (old || old_size == 0));
    char *piece = old;
    if (piece && piece + old_size == arena->at && arena->end - arena->at >= new_size - old_size) {
        UNPOISON(arena->at, (size_t)(new_size - old_size));
        memset(arena->at, 0, (size_t)(new_size - old_size));
        arena->at = piece + new_size;
        return piece;
    }
    char *moved = arena_take(arena, 1, GROW_ALIGN, new_size);
    if (old_size > 0)
        memcpy(moved, piece, (size_t)old_size);
    return moved;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){ .at = arena->at, .block = arena->newest };
}

static void block_pop(struct arena *arena)
{
    struct arena_block *block = arena->newest;
    arena->newest = block->older;
    UNPOISON(block->data, (size_t)block->size);
    free(block);
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->newest != mark.block)
        block_pop(arena);
    arena->at = mark.at;
    arena->end = arena->newest ? arena->newest->data + arena->newest->size : NULL;
    if (arena->newest)
        POISON(arena->at, (size_t)(arena->end - arena->at));
}

void arena_reset(struct arena *arena)
{
    while (arena->newest && arena->newest->older)
        block_pop(arena);
    arena->at = arena->newest ? arena->newest->data : NULL;
    arena->end = arena->newest ? arena->newest->data + arena->newest->size : NULL;
    if (arena->newest)
        POISON(arena->at, (size_t)arena->newest->size);
}

void arena_release(struct arena *arena)
{
    while (arena->newest)
        block_pop(arena);
    *arena = (struct arena){ 0 };
}
