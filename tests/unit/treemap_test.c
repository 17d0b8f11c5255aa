/*
 * treemap_test.c - areas are right, inside the whole, and do not lie on each other.
 */
#include "features/network/treemap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { WIDTH = 1000, HEIGHT = 480, MOST = 40 };

static bool near(double a, double b)
{
    double difference = a > b ? a - b : b - a;
    return difference < 0.01;
}

static bool overlap(const struct tile *a, const struct tile *b)
{
    enum { SLACK_PART = 1000 };
    double slack = 1.0 / SLACK_PART;
    return a->x + slack < b->x + b->w && b->x + slack < a->x + a->w && a->y + slack < b->y + b->h &&
           b->y + slack < a->y + a->h;
}

static void check(const int64_t *values, ptrdiff_t n)
{
    struct tile tiles[MOST] = { { 0 } };
    double total = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        tiles[i].value = values[i];
        total += (double)values[i];
    }
    treemap_lay(tiles, n, WIDTH, HEIGHT);
    for (ptrdiff_t i = 0; i < n; i++) {
        const struct tile *tile = &tiles[i];
        assert_true(near(tile->w * tile->h, (double)values[i] * WIDTH * HEIGHT / total));
        assert_true(tile->x >= -0.01 && tile->y >= -0.01);
        assert_true(tile->x + tile->w <= WIDTH + 0.01 && tile->y + tile->h <= HEIGHT + 0.01);
        for (ptrdiff_t k = 0; k < i; k++)
            assert_false(overlap(tile, &tiles[k]));
    }
}

static void test_areas(void **state)
{
    static const int64_t alone[] = { 7 }, equal[] = { 5, 5, 5, 5, 5, 5, 5 }, book[] = { 6, 6, 4, 3, 2, 2, 1 },
                         steep[] = { 1000000, 1000, 10, 1, 1, 1 };
    (void)state;
    check(alone, COUNT_OF(alone));
    check(equal, COUNT_OF(equal));
    check(book, COUNT_OF(book));
    check(steep, COUNT_OF(steep));
    treemap_lay(NULL, 0, WIDTH, HEIGHT);
}

/* The example of the paper: in 6 x 4 the first strip holds the two sixes, each 3 x 2. */
static void test_the_paper_s_example(void **state)
{
    struct tile tiles[] = { { .value = 6 }, { .value = 6 }, { .value = 4 }, { .value = 3 }, { .value = 2 }, { .value = 2 },
                            { .value = 1 } };
    (void)state;
    treemap_lay(tiles, COUNT_OF(tiles), 6, 4);
    assert_true(near(tiles[0].w, 3) && near(tiles[0].h, 2) && near(tiles[1].x, 0) && near(tiles[1].y, 2));
    assert_true(near(tiles[2].x, 3) && near(tiles[2].w * tiles[2].h, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_the_paper_s_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
