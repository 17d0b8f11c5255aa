/*
 * crypt.c - what sealing costs: microseconds of CPU for one value of a contact's length, with each suite.
 * usage: crypt KEY-FILE (which is made, and removed at the end)
 */
#include "platform/crypt/crypt.h"
#include "platform/crypt/keeper.h"
#include "platform/crypt/key_file.h"

#include <sodium/core.h>
#include <unistd.h>

enum { ROUNDS = 20000 };

static double cpu_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void show(const char *suite, const char *what, double begin)
{
    printf("%-8s %-14s %6.2f us\n", suite, what, (cpu_us() - begin) / ROUNDS);
}

static void measure(const struct suite *suite, struct keeper *keeper)
{
    static const struct sealed_place place = { "unit.contact", 17 };
    const struct str plain = STR("何佩珊 13800138000");
    const struct key_ring *ring = keeper_ring(keeper);
    struct arena arena = { 0 }, kept = { 0 };
    struct error err;
    struct str sealed, got;
    double begin = cpu_us();
    for (int i = 0; i < ROUNDS; i++, arena_reset(&arena))
        (void)crypt_seal(ring, place, plain, &arena);
    show(suite->name, "seal", begin);
    sealed = crypt_seal(ring, place, plain, &kept);
    begin = cpu_us();
    for (int i = 0; i < ROUNDS; i++, arena_reset(&arena))
        if (!crypt_open(ring, place, sealed, &arena, &got, &err))
            BUG("%s", err.detail);
    show(suite->name, "open", begin);
    begin = cpu_us();
    for (int i = 0; i < ROUNDS; i++)
        (void)crypt_index(ring, place.column, plain);
    show(suite->name, "index", begin);
    begin = cpu_us();
    for (int i = 0; i < ROUNDS; i++)
        (void)keeper_ring(keeper);
    show(suite->name, "keeper_ring", begin);
    arena_release(&arena);
    arena_release(&kept);
}

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = { &suite_xchacha, &suite_sm };
    if (argc != 2 || sodium_init() < 0)
        return 2;
    for (ptrdiff_t i = 0; i < COUNT_OF(suites); i++) {
        struct error err;
        struct keeper *keeper;
        if (!key_file_make(argv[1], 1, suites[i], date_of(instant_now()), "", &err) ||
            !keeper_open(argv[1], NULL, &keeper, &err)) {
            fprintf(stderr, "%s\n", err.detail);
            return 1;
        }
        measure(suites[i], keeper);
        keeper_close(keeper);
        (void)unlink(argv[1]);
    }
    return 0;
}
