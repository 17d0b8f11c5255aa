/*
 * lists_test.c - where a page of a list ends, and where one of a search.
 */
#include "platform/limits.h"
#include "platform/web/lists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_cut(void **state)
{
    (void)state;
    ptrdiff_t n = LIMIT_ROWS;
    assert_false(page_cut(&n));
    assert_int_equal(n, LIMIT_ROWS);
    n = LIMIT_ROWS + 1;
    assert_true(page_cut(&n));
    assert_int_equal(n, LIMIT_ROWS);
}

/* A page of a search whose hits, each piece of this many from 10000 downwards, fit where their number is one of every. */
static struct page_search searched(int64_t after, int64_t last, int64_t every)
{
    enum { PIECE = 21 };
    struct page_search search = page_search((struct after){ .id = after }, LIMIT_ROWS);
    while (page_search_goes_on(&search)) {
        int64_t from = search.end.last.id > 10000 ? 10000 : search.end.last.id - 1, n = 0;
        for (int64_t id = from; id >= last && n < PIECE; id--, n++)
            (void)page_search_takes(&search, id, id % every == 0);
        search.is_read = n < PIECE;
    }
    return search;
}

static void test_pages_of_a_search(void **state)
{
    (void)state;
    /* full, with more that fits behind it */
    struct page_search search = searched(0, 1, 1);
    assert_int_equal(search.shown, LIMIT_ROWS);
    assert_true(search.end.has_more);
    assert_int_equal(search.end.last.id, 10000 - LIMIT_ROWS + 1);
    /* full, with nothing more that fits: no page behind it */
    search = searched(0, 10000 - LIMIT_ROWS - 30, 10000);
    assert_int_equal(search.shown, 1);
    assert_false(search.end.has_more);
    /* full after several pieces; the next page begins right before the next one that fits */
    search = searched(0, 1, 5);
    assert_int_equal(search.shown, LIMIT_ROWS);
    assert_true(search.end.has_more);
    assert_int_equal(search.end.last.id, 10000 - 5 * LIMIT_ROWS + 1);
    /* none among very many: it ends, and says that it has not seen all */
    search = searched(9999, 1, 10000);
    assert_int_equal(search.shown, 0);
    assert_true(search.end.has_more);
    assert_int_equal(search.end.last.id, 9999 - 10 * 21);
    /* none at all */
    search = searched(10, 1, 10000);
    assert_false(search.end.has_more);
}

/* Hits of one number stay on one page, however many. */
static void test_pages_keep_hits_together(void **state)
{
    (void)state;
    struct page_search search = page_search((struct after){ 0 }, LIMIT_ROWS);
    assert_true(page_search_goes_on(&search));
    for (int i = 0; i < 3 * LIMIT_ROWS; i++)
        assert_true(page_search_takes(&search, 7, true));
    assert_false(page_search_takes(&search, 6, false));
    assert_false(search.end.has_more);
    assert_false(page_search_takes(&search, 5, true));
    assert_true(search.end.has_more);
    assert_int_equal(search.end.last.id, 6);
    assert_false(page_search_goes_on(&search));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_pages_of_a_search),
        cmocka_unit_test(test_pages_keep_hits_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
