/*
 * base_arena_test.c - memory with one lifetime.
 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_pieces_are_zeroed_and_aligned(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    for (int i = 0; i < 1000; i++) {
        char *byte = arena_take(&arena, 1, 1, 1 + i % 7);
        int64_t *number = arena_new(&arena, int64_t, 3);
        assert_int_equal((uintptr_t)number % _Alignof(int64_t), 0);
        assert_true(byte[i % 7] == 0 && number[0] == 0 && number[2] == 0);
        memset(byte, 0x55, (size_t)(1 + i % 7));
        memset(number, 0xAA, 3 * sizeof *number);
    }
    assert_non_null(arena_new(&arena, int64_t, 0));
    arena_release(&arena);
    arena_release(&arena);
}

/* A piece larger than any block gets its own, and what was before it stays as it was. */
static void test_large_pieces(void **state)
{
    enum { LARGE = 5 * 1024 * 1024 };
    struct arena arena = { 0 };
    (void)state;
    char *small = arena_take(&arena, 1, 1, 8);
    memset(small, 'a', 8);
    char *large = arena_take(&arena, 1, 1, LARGE);
    assert_true(large[0] == 0 && large[LARGE - 1] == 0);
    large[LARGE - 1] = 'z';
    assert_memory_equal(small, "aaaaaaaa", 8);
    arena_release(&arena);
}

static void test_the_latest_grows_in_place(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    char *first = arena_grow(&arena, NULL, 0, 10);
    memcpy(first, "0123456789", 10);
    char *longer = arena_grow(&arena, first, 10, 100);
    assert_ptr_equal(longer, first);
    assert_true(longer[9] == '9' && longer[10] == 0 && longer[99] == 0);
    (void)arena_take(&arena, 1, 1, 1);
    char *moved = arena_grow(&arena, longer, 100, 200);
    assert_ptr_not_equal(moved, longer);
    assert_memory_equal(moved, "0123456789", 10);
    char *far = arena_grow(&arena, moved, 200, 100000);
    assert_memory_equal(far, "0123456789", 10);
    assert_true(far[200] == 0 && far[99999] == 0);
    arena_release(&arena);
}

/* What was taken after a mark is given back, over the border of blocks too; what is taken again is zeroed again. */
static void test_rewinding(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    struct arena_mark empty = arena_mark(&arena);
    char *kept = arena_take(&arena, 1, 1, 100);
    memset(kept, 'k', 100);
    struct arena_mark mark = arena_mark(&arena);
    for (int round = 0; round < 3; round++) {
        char *piece = arena_take(&arena, 1, 1, 64);
        assert_true(piece[0] == 0 && piece[63] == 0);
        memset(piece, 0xFF, 64);
        for (int i = 0; i < 100; i++)
            memset(arena_take(&arena, 1, 1, 10000), 0xFF, 10000);
        arena_rewind(&arena, mark);
        assert_ptr_equal(arena.at, mark.at);
        assert_true(kept[0] == 'k' && kept[99] == 'k');
    }
    arena_rewind(&arena, empty);
    assert_null(arena.newest);
    arena_release(&arena);
}

static void test_reset_keeps_one_block(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    arena_reset(&arena);
    char *first = arena_take(&arena, 1, 1, 10);
    memset(first, 'x', 10);
    (void)arena_take(&arena, 1, 1, 1000000);
    arena_reset(&arena);
    char *again = arena_take(&arena, 1, 1, 10);
    assert_ptr_equal(again, first);
    assert_int_equal(again[0], 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_zeroed_and_aligned),
        cmocka_unit_test(test_large_pieces),
        cmocka_unit_test(test_the_latest_grows_in_place),
        cmocka_unit_test(test_rewinding),
        cmocka_unit_test(test_reset_keeps_one_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
