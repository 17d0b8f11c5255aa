/*
 * appeals_time_test.c - what time does to many appeals: a year of working days that is told later, and the ladder.
 */
#include "features/accounts/accounts.h"
#include "features/appeals/actions.h"
#include "features/appeals/appeals.h"
#include "features/appeals/recount.h"
#include "features/clocks/clocks.h"
#include "features/clocks/workday_store.h"
#include "platform/audit/audit.h"
#include "unit/jobs_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { MANY = 250 }; /* more than one piece */

static const struct division place = { INT64_C(440606102001) }, desk = { INT64_C(440606102000) };
static const struct account_id worker = { 7 };

static struct instant now;

static struct instant the_clock(void)
{
    return now;
}

static struct instant end_of(int year, int month, int day)
{
    return clock_day_end(date_of_civil((struct civil){ year, month, day }));
}

/* --- what happens ------------------------------------------------------------------------------------------------- */

struct happening {
    struct appeal_input input;
    int times;
    int year;
    struct workday_input days;
};

static bool load(void *self, struct txn *txn, struct error *err)
{
    (void)self;
    return clocks_load_defaults(txn, err) && appeals_load_defaults(txn, err);
}

static bool take_in(void *self, struct txn *txn, struct error *err)
{
    struct happening *happening = self;
    struct problems problems = { .arena = &world.arena };
    struct doing doing = { txn, worker, &problems, &world.arena };
    struct appeal_id id;
    bool ok = true;
    for (int i = 0; i < happening->times && ok; i++)
        ok = appeal_register(&doing, &happening->input, (struct line){ 1 }, STR("工资拖欠"), desk, &id, err);
    return ok;
}

static bool tell(void *self, struct txn *txn, struct error *err)
{
    struct happening *happening = self;
    struct problems problems = { .arena = &world.arena };
    struct doing doing = { txn, worker, &problems, &world.arena };
    return workday_tell(&doing, happening->year, &happening->days, err);
}

/* Of the hotline, in Guangdong: a complaint is closed within 15 working days, and heard within two. */
static void register_many(int times, enum matter_channel channel)
{
    struct happening happening = { .input = { .topic = 1, .type = MATTER_COMPLAINT, .channel = channel, .division = place,
                                              .story = STR("老板三个月没发工资") },
                                   .times = times };
    ok(world_change(take_in, &happening));
}

static struct job tell_and_run(const char *days, int64_t version)
{
    struct happening happening = { .year = 2027, .days = { str_of(days), STR("国办发明电〔2026〕9号"), version } };
    ok(world_change(tell, &happening));
    struct job_id id = job_started((struct new_job){ .kind = &appeals_recount_job, .account = worker, .payload = STR("2027") });
    assert_true(job_run_one());
    return job_found(worker, 0, id);
}

/* As the list of the office shows them. */
static struct appeal_desk_list_rows listed(void)
{
    struct appeal_desk_list_rows rows;
    struct appeal_desk_list_args args = { .district = 440606, .desk = desk, .limit = 1000 };
    struct db *db = world_reader();
    ok(appeal_desk_list(db, &args, &world.arena, &rows, &world.err));
    db_release(db);
    return rows;
}

static int open_world(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &jobs_schema, &accounts_schema, &clocks_schema, &appeals_schema };
    static const struct feature *const features[] = { &appeals_feature, &jobs_feature };
    (void)state;
    now = (struct instant){ end_of(2026, 12, 29).us + INT64_C(9) * 3600 * 1000000 }; /* Wednesday the 30th, nine o'clock */
    if (world_begin(schemas, COUNT_OF(schemas), features, COUNT_OF(features), the_clock) != 0)
        return -1;
    ok(world_change(load, NULL));
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    return world_end();
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void test_told_later(void **state)
{
    (void)state;
    register_many(MANY, CHANNEL_HOTLINE_12345);
    struct appeal_desk_list_rows before = listed();
    assert_int_equal(before.n, MANY);
    for (ptrdiff_t i = 0; i < before.n; i++) /* the notice, in days, is the only one known */
        assert_int_equal(before.at[i].due_kind, CLOCK_NOTIFY);
    struct job job = tell_and_run("2027-01-01 off\n2027-01-02 off", 0);
    assert_int_equal(job.state, JOB_DONE);
    struct appeal_desk_list_rows after = listed();
    assert_int_equal(after.n, MANY);
    for (ptrdiff_t i = 0; i < after.n; i++) {
        assert_int_equal(after.at[i].due_kind, CLOCK_CONTACT);
        assert_int_equal(after.at[i].due_at.us, end_of(2027, 1, 4).us); /* Thursday, and the Monday after the New Year */
    }
}

static void test_told_otherwise(void **state)
{
    (void)state;
    register_many(2, CHANNEL_COUNTER);
    (void)tell_and_run("2027-01-01 off", 0);
    assert_int_equal(listed().at[0].due_at.us, end_of(2027, 1, 4).us);
    struct job job = tell_and_run("2027-01-01 off\n2027-01-04 to 2027-01-05 off", 1);
    assert_int_equal(job.state, JOB_DONE);
    assert_int_equal(listed().at[0].due_at.us, end_of(2027, 1, 6).us);
    assert_int_equal(listed().at[1].due_at.us, end_of(2027, 1, 6).us);
}

static void test_nothing_to_do(void **state)
{
    (void)state;
    assert_int_equal(tell_and_run("2027-01-01 off", 0).state, JOB_DONE);
    struct job_id id = job_started((struct new_job){ .kind = &appeals_recount_job, .account = worker, .payload = STR("soon") });
    (void)job_run_one();
    assert_int_equal(job_found(worker, 0, id).state, JOB_FAILED);
}

/* In pieces, and a second time on the same day nothing is left to do. */
static void test_many_climb(void **state)
{
    struct appeal_late_list_rows late;
    struct appeal_late_list_args args = { .district = 440606, .told = { INT64_C(440606000000) }, .limit = 1000 };
    struct appeal_event_list_rows events;
    (void)state;
    register_many(MANY, CHANNEL_COUNTER);
    now = end_of(2027, 1, 31);
    ok(jobs_run_daily(&world.app, world.background, &world.err));
    ok(jobs_run_daily(&world.app, world.background, &world.err));
    struct db *db = world_reader();
    ok(appeal_late_list(db, &args, &world.arena, &late, &world.err));
    assert_int_equal(late.n, MANY);
    for (ptrdiff_t i = 0; i < late.n; i++) {
        ok(appeal_event_list(db, &(struct appeal_event_list_args){ 440606, late.at[i].id, 10 }, &world.arena, &events, &world.err));
        assert_int_equal(events.n, 2);
        assert_true(str_equal(events.at[0].act, STR("climb")));
        assert_true(str_equal(events.at[1].act, STR("register")));
    }
    db_release(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_told_later, open_world, close_world),
        cmocka_unit_test_setup_teardown(test_told_otherwise, open_world, close_world),
        cmocka_unit_test_setup_teardown(test_nothing_to_do, open_world, close_world),
        cmocka_unit_test_setup_teardown(test_many_climb, open_world, close_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
