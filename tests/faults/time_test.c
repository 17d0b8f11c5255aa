/*
 * time_test.c - the clock steps back and forward, and a machine sleeps for hours: ids, the audit, sessions, drafts.
 */
#include "harness/world.h"
#include "platform/audit/audit.h"
#include "shuniu/features.h"

#include "gen/audit_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define HOUR_US (INT64_C(3600) * 1000000)

/* --- ids ---------------------------------------------------------------------------------------------------------- */

enum { IDS = 200 * 1000 };

/* A clock nobody would want: it stands, runs, steps a minute or ten hours either way. */
static int64_t step_of(int i)
{
    static const int64_t steps[] = { 0, 1, 900, 0, 1001, -1, 5000000, -2000000, 0, 40 };
    if (i % 997 == 0)
        return i % 2 == 0 ? -10 * HOUR_US : 9 * HOUR_US;
    if (i % 101 == 0)
        return i % 3 == 0 ? -60 * INT64_C(1000000) : 61 * INT64_C(1000000);
    return steps[i % COUNT_OF(steps)];
}

static void test_ids_grow_whatever_the_clock_does(void **state)
{
    struct ids ids = { .node = 7 };
    struct instant now = { INT64_C(1795482000) * 1000000 };
    int64_t last = 0;
    (void)state;
    for (int i = 1; i < IDS; i++) {
        now.us += step_of(i);
        if (i % 50 == 0) {
            struct id_run run = ids_run(&ids, now, 3000);
            assert_true(run.first > last);
            last = run.first + 2999 / run.length * run.step + 2999 % run.length;
        }
        int64_t id = ids_next(&ids, now);
        assert_true(id > last);
        assert_int_equal(id >> 10 & 0xFFF, 7);
        last = id;
    }
}

/* The server and a command beside it, in the same milliseconds, their clocks apart. */
static void test_two_programs_never_make_the_same(void **state)
{
    struct ids server = { 0 }, command = { .node = 1 };
    struct instant now = { INT64_C(1795482000) * 1000000 };
    (void)state;
    for (int i = 0; i < 20000; i++) {
        now.us += step_of(i);
        int64_t a = ids_next(&server, now), b = ids_next(&command, (struct instant){ now.us + step_of(i * 7) });
        assert_true((a >> 10 & 0xFFF) == 0 && (b >> 10 & 0xFFF) == 1);
    }
}

/* --- an installation ---------------------------------------------------------------------------------------------- */

struct office {
    struct world world;
    struct person *wang;
};

static struct exchange *ask(struct office *office, enum http_method method, const char *target, const char *fields)
{
    struct world *world = &office->world;
    struct str body = fields ? str_format(&world->arena, "%s&csrf=%.*s", fields,
                                          STR_ARG(world_session(world, office->wang).csrf))
                             : (struct str){ 0 };
    struct ask request = { .method = method, .target = str_of(target), .body = body };
    return world_ask(world, office->wang, &request);
}

static int status_of(struct office *office, enum http_method method, const char *target, const char *fields)
{
    return ask(office, method, target, fields)->status;
}

static void open_office(struct office *office)
{
    struct grant everywhere = { .role = ROLE_DISTRICT_OFFICER, .division = { INT64_C(440606000000) } };
    *office = (struct office){ 0 };
    world_open(&office->world, shuniu_app(false, NULL));
    office->world.ids = (struct ids){ .last = office->world.ids.last }; /* as in service: out of the clock */
    office->wang = world_add(&office->world, STR("wang"));
    world_grant(&office->world, office->wang, everywhere);
    assert_true(world_sign_in(&office->world, office->wang));
}

static const char *add_unit(struct office *office, const char *name)
{
    struct arena *arena = &office->world.arena;
    struct str fields = str_format(arena, "name=%s&kind=1&division=440606102001&uscc_missing=none&employees=30", name);
    struct exchange *x = ask(office, HTTP_POST, "/units/new", str_z(arena, fields));
    assert_int_equal(x->status, 303);
    struct str address, rest;
    (void)str_cut(reply_header(x, STR("Location")), '?', &address, &rest);
    return str_z(arena, address);
}

struct order {
    int64_t district, seq;
};

static bool look(void *self, const struct audit_event_each *event, struct error *err)
{
    struct order *order = self;
    (void)err;
    assert_true(event->district != order->district || event->seq == order->seq + 1);
    order->district = event->district;
    order->seq = event->seq;
    return true;
}

static void check_audit(struct office *office)
{
    struct error err;
    struct audit_report report;
    struct order order = { .district = -1 };
    struct db *db = world_reader(&office->world);
    must(audit_verify(db, &office->world.arena, &report, &err), &err);
    assert_int_equal(report.bad_seq, 0);
    must(audit_event_each(db, &office->world.arena, look, &order, &err), &err);
    db_release(db);
}

/* What is done later has a larger number and stands later in the audit, though its time is an earlier one. */
static void test_the_clock_steps_back(void **state)
{
    struct office office;
    (void)state;
    open_office(&office);
    const char *first = add_unit(&office, "first");
    office.world.now.us -= 3 * HOUR_US;
    assert_int_equal(status_of(&office, HTTP_GET, "/", NULL), 200); /* the session holds */
    const char *second = add_unit(&office, "second");
    assert_true(strlen(first) == strlen(second) && strcmp(first, second) < 0);
    const char *edit = "version=1&name=first&uscc_missing=none&employees=31";
    const char *path = str_z(&office.world.arena, str_format(&office.world.arena, "%s/edit", first));
    assert_int_equal(status_of(&office, HTTP_POST, path, edit), 303);
    assert_int_equal(status_of(&office, HTTP_POST, path, edit), 409);
    office.world.now.us += 3 * HOUR_US + 1;
    assert_true(strcmp(second, add_unit(&office, "third")) < 0);
    check_audit(&office);
    world_close(&office.world);
}

/* Years back, before the demo was made, and past 2089, when the time in ids ends: pages come, nothing stops. */
static void test_the_clock_is_far_off(void **state)
{
    static const int64_t at[] = { 0, INT64_C(946684800), INT64_C(4102444800), INT64_C(1795482000) };
    struct office office;
    (void)state;
    open_office(&office);
    for (ptrdiff_t i = 0; i < COUNT_OF(at); i++) {
        office.world.now = (struct instant){ at[i] * 1000000 };
        assert_true(world_sign_in(&office.world, office.wang));
        assert_int_equal(status_of(&office, HTTP_GET, "/", NULL), 200);
        assert_true(status_of(&office, HTTP_GET, "/network?at=440606", NULL) < 500); /* 404: no such place then */
        world_daily(&office.world);
    }
    check_audit(&office);
    world_close(&office.world);
}

static bool has_draft(struct office *office)
{
    return str_find(ask(office, HTTP_GET, "/units/new", NULL)->reply, STR("还没有提交")) >= 0;
}

/* Asleep for a weekend: the session has ended by then, what was typed is kept, and is there after signing in. */
static void test_a_machine_that_slept(void **state)
{
    struct office office;
    (void)state;
    open_office(&office);
    const char *fields = "draft=/units/new&name=asleep&kind=1&division=440606102001";
    assert_int_equal(status_of(&office, HTTP_POST, "/drafts", fields), 204);
    office.world.now.us += 60 * HOUR_US;
    assert_int_equal(status_of(&office, HTTP_GET, "/", NULL), 303);
    assert_int_equal(status_of(&office, HTTP_POST, "/units/new", "name=late&kind=1"), 403);
    assert_true(world_sign_in(&office.world, office.wang));
    assert_true(has_draft(&office));
    office.world.now.us -= 60 * HOUR_US; /* the clock is put right: the new session has not ended, the draft is there */
    assert_int_equal(status_of(&office, HTTP_GET, "/", NULL), 200);
    world_daily(&office.world);
    assert_true(has_draft(&office));
    check_audit(&office);
    world_close(&office.world);
}

/* Started again with a clock that is an hour behind: ids go on after the last one that was stored. */
static void test_started_again_with_a_clock_that_is_behind(void **state)
{
    struct office office;
    (void)state;
    open_office(&office);
    struct ids fresh = { 0 };
    office.world.ids = fresh;
    const char *first = add_unit(&office, "first");
    office.world.ids = fresh;
    office.world.now.us -= HOUR_US;
    assert_true(strcmp(first, add_unit(&office, "again")) < 0);
    check_audit(&office);
    world_close(&office.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids_grow_whatever_the_clock_does),
        cmocka_unit_test(test_two_programs_never_make_the_same),
        cmocka_unit_test(test_the_clock_steps_back),
        cmocka_unit_test(test_the_clock_is_far_off),
        cmocka_unit_test(test_a_machine_that_slept),
        cmocka_unit_test(test_started_again_with_a_clock_that_is_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
