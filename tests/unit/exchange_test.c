/*
 * exchange_test.c - whose request it is: the address a proxy says, and the network whose doings count together.
 */
#include "platform/serve/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_the_last_hop_is_believed(void **state)
{
    static const struct {
        struct str first, second, address; /* two headers; empty: none */
    } cases[] = {
        { STR_INIT(""), STR_INIT("203.0.113.9"), STR_INIT("203.0.113.9") },
        { STR_INIT(""), STR_INIT("198.51.100.1, 203.0.113.9"), STR_INIT("203.0.113.9") },
        { STR_INIT(""), STR_INIT("198.51.100.1,203.0.113.9 "), STR_INIT("203.0.113.9") },
        { STR_INIT("203.0.113.9"), STR_INIT("198.51.100.1"), STR_INIT("198.51.100.1") },
        { STR_INIT(""), STR_INIT("2001:db8::1"), STR_INIT("2001:db8::1") },
        { STR_INIT(""), STR_INIT(""), STR_INIT("") },
        { STR_INIT(""), STR_INIT("203.0.113.9, unknown"), STR_INIT("") },
        { STR_INIT(""), STR_INIT("203.0.113.9,"), STR_INIT("") },
        { STR_INIT(""), STR_INIT("203.0.113.9:1234"), STR_INIT("") },
        { STR_INIT(""), STR_INIT("203.0.113.999"), STR_INIT("") },
        { STR_INIT(""), STR_INIT("<script>"), STR_INIT("") },
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct exchange x = { .arena = &arena };
        if (cases[i].first.len > 0)
            x.headers[x.header_count++] = (struct http_header){ STR("X-Forwarded-For"), cases[i].first };
        if (cases[i].second.len > 0)
            x.headers[x.header_count++] = (struct http_header){ STR("x-forwarded-for"), cases[i].second };
        if (!str_equal(guard_forwarded(&x), cases[i].address))
            fail_msg("%.*s", STR_ARG(cases[i].second));
    }
    arena_release(&arena);
}

static void test_networks(void **state)
{
    static const struct {
        struct str peer, network;
    } cases[] = {
        { STR_INIT("203.0.113.9"), STR_INIT("203.0.113.9") },
        { STR_INIT("::ffff:203.0.113.9"), STR_INIT("203.0.113.9") },
        { STR_INIT("2001:db8:1:2:3:4:5:6"), STR_INIT("2001:db8:1:2::/64") },
        { STR_INIT("2001:DB8:1:2::"), STR_INIT("2001:db8:1:2::/64") },
        { STR_INIT("2001:db8:1:3::1"), STR_INIT("2001:db8:1:3::/64") },
        { STR_INIT("::1"), STR_INIT("::/64") },
        { STR_INIT(""), STR_INIT("") },
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct exchange x = { .arena = &arena, .peer = cases[i].peer };
        struct str network = exchange_network(&x);
        if (!str_equal(network, cases[i].network))
            fail_msg("%.*s: %.*s", STR_ARG(cases[i].peer), STR_ARG(network));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_hop_is_believed),
        cmocka_unit_test(test_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
