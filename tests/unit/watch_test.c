/*
 * watch_test.c - deadlines of sockets: who is late is shut down, and at the end replies under way are spared.
 */
#include "platform/serve/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOON_MS = 700, LATE_MS = 3000 };

struct world {
    struct watch *watch;
    int ours, theirs;
};

static int begin(void **state)
{
    static struct world world;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return -1;
    world = (struct world){ watch_start(), pair[0], pair[1] };
    *state = &world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    watch_stop(world->watch);
    close(world->ours);
    close(world->theirs);
    return 0;
}

/* Does the other side see the end within this time? */
static bool ends_within(const struct world *world, int milliseconds)
{
    struct pollfd other = { .fd = world->theirs, .events = POLLIN };
    return poll(&other, 1, milliseconds) == 1;
}

static void test_late(void **state)
{
    struct world *world = *state;
    watch_set(world->watch, world->ours, 1);
    assert_false(ends_within(world, SOON_MS));
    assert_true(ends_within(world, LATE_MS));
}

static void test_cleared(void **state)
{
    struct world *world = *state;
    watch_set(world->watch, world->ours, 0);
    watch_clear(world->watch, world->ours);
    assert_false(ends_within(world, SOON_MS));
}

static void test_idle_ones_hurry(void **state)
{
    struct world *world = *state;
    watch_set(world->watch, world->ours, 60);
    watch_hurry(world->watch);
    assert_true(ends_within(world, LATE_MS));
}

static void test_replies_do_not(void **state)
{
    struct world *world = *state;
    watch_reply(world->watch, world->ours, 1);
    watch_hurry(world->watch);
    assert_false(ends_within(world, SOON_MS));
    assert_true(ends_within(world, LATE_MS)); /* but they have their own time */
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(test_late),
        IN_A_WORLD(test_cleared),
        IN_A_WORLD(test_idle_ones_hurry),
        IN_A_WORLD(test_replies_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
