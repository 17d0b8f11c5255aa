/*
 * clocks_matter_test.c - the clocks of a matter on a real data file, with time moved; due dates themselves: clocks_due_test.c.
 */
#include "features/clocks/clocks.h"
#include "harness/place.h"
#include "platform/audit/audit.h"
#include "platform/db/ids.h"

#include "gen/clocks_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <sodium.h>
#include <unistd.h>

#define BEIJIAO INT64_C(440606102000)
#define WORKER ((struct account_id){ 7 })
#define CHIEF ((struct account_id){ 9 })
#define NOTE STR("等病历")

static const int64_t HOUR = INT64_C(3600) * 1000000;
static const struct clock_matter matter = { 440606, 17 };

struct ground {
    char folder[40], path[60];
    struct database *database;
    struct db *db;
    struct ids ids;
    struct arena arena;
    struct txn txn;
    struct problems problems;
    struct doing doing;
    struct error err;
};

static struct ground ground;

/* In China; what a test says of time it says so. */
static struct instant at(int year, int month, int day, int hour)
{
    struct date date = date_of_civil((struct civil){ year, month, day });
    return (struct instant){ clock_day_end(date).us - (24 - hour) * HOUR };
}

static struct instant end_of(int year, int month, int day)
{
    return at(year, month, day, 24);
}

static void begin(void)
{
    ground.txn = (struct txn){ .db = ground.db, .ids = &ground.ids, .now = ground.txn.now };
    ground.problems = (struct problems){ .arena = &ground.arena };
    ground.doing = (struct doing){ &ground.txn, WORKER, &ground.problems, &ground.arena };
    ground.err = (struct error){ 0 };
    assert_true(db_begin(ground.db, &ground.ids, &ground.err));
}

/* What a change came to: kept, with an event in the audit; or nothing of it. */
static void kept(bool is_ok)
{
    if (!is_ok)
        fail_msg("%s (%s:%d)", ground.err.detail, ground.err.file, ground.err.line);
    assert_true(ground.txn.audited > 0);
    assert_true(db_commit(ground.db, &ground.ids, &ground.err));
}

static void failed(bool is_ok, enum error_kind kind)
{
    assert_false(is_ok);
    assert_string_equal(error_kind_name(ground.err.kind), error_kind_name(kind));
    assert_int_equal(ground.problems.n, 0);
    db_rollback(ground.db);
}

static void refused(bool is_ok, const char *field, const char *key)
{
    assert_false(is_ok);
    assert_int_equal(ground.err.kind, ERROR_REFUSED);
    assert_int_equal(ground.problems.n, 1);
    assert_true(str_equal(ground.problems.at[0].field, str_of(field)));
    assert_string_equal(ground.problems.at[0].text.key->name, key);
    db_rollback(ground.db);
}

static int open_ground(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &clocks_schema };
    (void)state;
    ground = (struct ground){ .folder = "/tmp/clocks-test-XXXXXX", .ids = { .is_counting = true } };
    ground.txn.now = at(2026, 11, 24, 9); /* a Tuesday */
    if (sodium_init() < 0 || !mkdtemp(ground.folder))
        return -1;
    (void)snprintf(ground.path, sizeof ground.path, "%s/data.db", ground.folder);
    if (!database_open(test_place(&ground.arena, ground.path), schemas, (int)COUNT_OF(schemas), &ground.database, &ground.err) ||
        !database_writer(ground.database, &ground.db, &ground.err))
        return -1;
    begin();
    kept(clocks_load_defaults(&ground.txn, &ground.err));
    return 0;
}

static int close_ground(void **state)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    (void)state;
    db_release(ground.db);
    database_close(ground.database);
    for (ptrdiff_t i = 0; i < COUNT_OF(ends); i++) {
        char file[80];
        (void)snprintf(file, sizeof file, "%s%s", ground.path, ends[i]);
        (void)unlink(file);
    }
    arena_release(&ground.arena);
    return rmdir(ground.folder);
}

static struct limit_question question_of(enum clock_kind kind, enum matter_channel channel)
{
    return (struct limit_question){ .kind = kind,
                                    .type = MATTER_COMPLAINT,
                                    .channel = channel,
                                    .division = { BEIJIAO },
                                    .line = { 3 },
                                    .on = date_of(ground.txn.now) };
}

static struct clock_state started(enum clock_kind kind, enum matter_channel channel)
{
    struct clock_state clock;
    struct limit_question question = question_of(kind, channel);
    bool is_found;
    begin();
    kept(clock_start(&ground.doing, matter, &question, ground.txn.now, &clock, &is_found, &ground.err));
    assert_true(is_found);
    return clock;
}

static struct clock_states all(void)
{
    struct clock_states states;
    assert_true(clocks_of(ground.db, matter, &ground.arena, &states, &ground.err));
    return states;
}

/* Of the only clock there is. */
static struct clock_state now_is(void)
{
    struct clock_states states = all();
    assert_int_equal(states.n, 1);
    return states.at[0];
}

static void assert_due(struct instant due)
{
    assert_int_equal(now_is().due.us, due.us);
    assert_int_equal(now_is().missing_year, 0);
}

static void pause_until(struct instant until)
{
    begin();
    kept(clock_pause(&ground.doing, matter, CLOCK_CLOSE, PAUSE_PAPERS, until, NOTE, CHIEF, &ground.err));
}

/* --- what ships -------------------------------------------------------------------------------------------------- */

static void what_ships_is_loaded_once(void **state)
{
    struct limits limits;
    (void)state;
    begin();
    assert_true(clocks_load_defaults(&ground.txn, &ground.err));
    assert_int_equal(ground.txn.audited, 0); /* nothing to say */
    db_rollback(ground.db);
    assert_true(clocks_limits(ground.db, &ground.arena, &limits, &ground.err));
    assert_int_equal(limits.n, 10);
}

static void each_kind_of_matter_has_its_limit(void **state)
{
    static const struct {
        enum matter_type type;
        enum matter_channel channel;
        int64_t division;
        enum clock_unit unit;
        int32_t amount;
    } closed[] = {
        { MATTER_INQUIRY, CHANNEL_HOTLINE_12345, BEIJIAO, CLOCK_WORKING_DAYS, 2 },
        { MATTER_HELP, CHANNEL_HOTLINE_12345, BEIJIAO, CLOCK_WORKING_DAYS, 10 },
        { MATTER_SUGGESTION, CHANNEL_HOTLINE_12345, BEIJIAO, CLOCK_WORKING_DAYS, 10 },
        { MATTER_COMPLAINT, CHANNEL_HOTLINE_12345, BEIJIAO, CLOCK_WORKING_DAYS, 15 },
        { MATTER_REPORT, CHANNEL_HOTLINE_12345, BEIJIAO, CLOCK_WORKING_DAYS, 15 },
        { MATTER_INQUIRY, CHANNEL_COUNTER, BEIJIAO, CLOCK_DAYS, 60 },
        { MATTER_REPORT, CHANNEL_HOTLINE_12345, INT64_C(110101000000), CLOCK_DAYS, 60 },
    };
    struct limits limits;
    (void)state;
    assert_true(clocks_limits(ground.db, &ground.arena, &limits, &ground.err));
    for (ptrdiff_t i = 0; i < COUNT_OF(closed); i++) {
        struct limit_question question = question_of(CLOCK_CLOSE, closed[i].channel);
        question.type = closed[i].type;
        question.division.code = closed[i].division;
        const struct limit_entry *limit = limits_choose(limits, &question);
        assert_non_null(limit);
        assert_int_equal(limit->runs.unit, closed[i].unit);
        assert_int_equal(limit->runs.amount, closed[i].amount);
    }
}

/* --- the life of a clock ----------------------------------------------------------------------------------------- */

static void it_starts_by_the_limit_of_that_day(void **state)
{
    struct clock_state clock = started(CLOCK_CLOSE, CHANNEL_COUNTER);
    (void)state;
    assert_int_equal(clock.runs.amount, 60);
    assert_due(end_of(2027, 1, 23));
    struct clock_state kept_clock = now_is();
    assert_int_equal(kept_clock.limit, clock.limit);
    assert_int_equal(kept_clock.started.us, ground.txn.now.us);
    assert_int_equal(clock_last_day(kept_clock.due).days, date_of_civil((struct civil){ 2027, 1, 23 }).days);
    assert_true(clock_is_open(&kept_clock) && !clock_is_paused(&kept_clock, ground.txn.now));

    (void)started(CLOCK_NOTIFY, CHANNEL_COUNTER);
    assert_int_equal(all().n, 2);
    assert_int_equal(all().at[0].kind, CLOCK_NOTIFY);
}

static void it_starts_once_and_not_in_the_future(void **state)
{
    struct clock_state clock;
    struct limit_question question = question_of(CLOCK_CLOSE, CHANNEL_COUNTER);
    bool is_found = true;
    (void)state;
    begin();
    failed(clock_start(&ground.doing, matter, &question, at(2026, 11, 24, 10), &clock, &is_found, &ground.err), ERROR_INPUT);
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    begin();
    failed(clock_start(&ground.doing, matter, &question, ground.txn.now, &clock, &is_found, &ground.err), ERROR_CONFLICT);
}

static void without_a_limit_there_is_no_clock(void **state)
{
    struct clock_state clock;
    struct limit_question question = question_of(CLOCK_CLOSE, CHANNEL_COUNTER);
    bool is_found = true;
    (void)state;
    question.on = date_of_civil((struct civil){ 2021, 1, 1 }); /* before the regulation */
    begin();
    assert_true(clock_start(&ground.doing, matter, &question, ground.txn.now, &clock, &is_found, &ground.err));
    assert_false(is_found);
    db_rollback(ground.db);
    begin();
    failed(clock_meet(&ground.doing, matter, CLOCK_CLOSE, ground.txn.now, &ground.err), ERROR_NOT_FOUND);
}

static void it_is_met_once(void **state)
{
    struct instant start = ground.txn.now;
    (void)state;
    (void)started(CLOCK_NOTIFY, CHANNEL_COUNTER);
    ground.txn.now = at(2026, 12, 9, 23);
    begin();
    failed(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, (struct instant){ start.us - 1 }, &ground.err), ERROR_INPUT);
    begin();
    failed(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, at(2026, 12, 10, 0), &ground.err), ERROR_INPUT);
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, at(2026, 12, 9, 22), &ground.err));
    struct clock_state clock = now_is();
    assert_int_equal(clock.met.us, at(2026, 12, 9, 22).us);
    assert_false(clock_is_open(&clock) || clock_is_late(&clock, at(2027, 6, 1, 0)));
    begin();
    failed(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, at(2026, 12, 9, 22), &ground.err), ERROR_CONFLICT);
    begin();
    failed(clock_pause(&ground.doing, matter, CLOCK_NOTIFY, PAUSE_COURT, at(2026, 12, 20, 0), NOTE, CHIEF, &ground.err),
           ERROR_CONFLICT);
    begin();
    failed(clock_extend(&ground.doing, matter, CLOCK_NOTIFY, 1, NOTE, &ground.err), ERROR_CONFLICT);
}

static void it_is_late_after_its_last_moment(void **state)
{
    struct clock_state clock = started(CLOCK_NOTIFY, CHANNEL_COUNTER);
    (void)state;
    assert_false(clock_is_late(&clock, end_of(2026, 12, 9)));
    assert_true(clock_is_late(&clock, (struct instant){ end_of(2026, 12, 9).us + 1 }));
    ground.txn.now = at(2026, 12, 11, 9);
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, at(2026, 12, 10, 1), &ground.err));
    clock = now_is();
    assert_true(clock_is_late(&clock, ground.txn.now));
}

/* --- pauses ------------------------------------------------------------------------------------------------------ */

static void a_pause_moves_it_at_once_and_its_end_needs_nobody(void **state)
{
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    pause_until(at(2026, 12, 4, 9)); /* ten nights; the first is of the day of the start, which does not count anyway */
    assert_due(end_of(2027, 2, 1));
    struct clock_state clock = now_is();
    assert_int_equal(clock.pause_count, 1);
    assert_int_equal(clock.pauses[0].reason, PAUSE_PAPERS);
    assert_true(str_equal(clock.pauses[0].note, NOTE));
    assert_int_equal(clock.pauses[0].approver.n, CHIEF.n);
    assert_int_equal(clock.pauses[0].by.n, WORKER.n);
    assert_true(clock_is_paused(&clock, at(2026, 12, 4, 8)));
    assert_false(clock_is_paused(&clock, at(2026, 12, 4, 9)));
    begin();
    failed(clock_pause(&ground.doing, matter, CLOCK_CLOSE, PAUSE_COURT, at(2026, 12, 20, 0), NOTE, CHIEF, &ground.err),
           ERROR_CONFLICT);

    ground.txn.now = at(2026, 12, 4, 9); /* over; another one may follow without a gap */
    begin();
    failed(clock_resume(&ground.doing, matter, CLOCK_CLOSE, &ground.err), ERROR_CONFLICT);
    pause_until(at(2026, 12, 5, 9));
    assert_due(end_of(2027, 2, 2));
}

static void it_resumes_sooner_if_the_reason_falls_away(void **state)
{
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    pause_until(at(2026, 12, 4, 9));
    ground.txn.now = at(2026, 11, 27, 15);
    begin();
    kept(clock_resume(&ground.doing, matter, CLOCK_CLOSE, &ground.err));
    assert_due(end_of(2027, 1, 25)); /* the 25th and 26th were lost */
    struct clock_state clock = now_is();
    assert_false(clock_is_paused(&clock, ground.txn.now));
    assert_int_equal(clock.pauses[0].pause.to.us, ground.txn.now.us);
    begin();
    failed(clock_resume(&ground.doing, matter, CLOCK_CLOSE, &ground.err), ERROR_CONFLICT);
}

static void a_pause_of_no_time_never_was(void **state)
{
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    pause_until(at(2026, 12, 4, 9));
    begin();
    kept(clock_resume(&ground.doing, matter, CLOCK_CLOSE, &ground.err));
    assert_due(end_of(2027, 1, 23));
    assert_int_equal(now_is().pause_count, 0);
    assert_int_equal(now_is().paused_until.us, 0);
    pause_until(at(2026, 11, 26, 9));
    assert_due(end_of(2027, 1, 24));
}

static bool try_pause(enum pause_reason reason, struct instant until, struct str note, struct account_id approver)
{
    begin();
    return clock_pause(&ground.doing, matter, CLOCK_CLOSE, reason, until, note, approver, &ground.err);
}

static void a_pause_without_reason_or_end_is_refused(void **state)
{
    struct instant now = ground.txn.now, soon = at(2026, 12, 4, 9);
    int64_t longest = now.us + 180 * 24 * HOUR;
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    refused(try_pause((enum pause_reason)0, soon, NOTE, CHIEF), "reason", "field_choice");
    refused(try_pause(PAUSE_REASON_COUNT, soon, NOTE, CHIEF), "reason", "field_choice");
    refused(try_pause(PAUSE_PAPERS, now, NOTE, CHIEF), "until", "pause_until_past");
    refused(try_pause(PAUSE_PAPERS, (struct instant){ longest + 1 }, NOTE, CHIEF), "until", "pause_too_long");
    refused(try_pause(PAUSE_PAPERS, soon, (struct str){ 0 }, CHIEF), "note", "field_required");
    refused(try_pause(PAUSE_PAPERS, soon, NOTE, (struct account_id){ 0 }), "approver", "field_required");
    assert_due(end_of(2027, 1, 23));
    kept(try_pause(PAUSE_PAPERS, (struct instant){ longest }, NOTE, CHIEF));
}

static void what_is_late_is_neither_paused_nor_extended(void **state)
{
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    ground.txn.now = (struct instant){ end_of(2027, 1, 23).us + 1 };
    refused(try_pause(PAUSE_PAPERS, at(2027, 2, 1, 0), NOTE, CHIEF), "", "pause_late");
    begin();
    refused(clock_extend(&ground.doing, matter, CLOCK_CLOSE, 30, NOTE, &ground.err), "", "extension_late");
    ground.txn.now = end_of(2027, 1, 23);
    kept(try_pause(PAUSE_PAPERS, at(2027, 2, 1, 0), NOTE, CHIEF));
}

/* What was not enough goes on with what was left of it; what the person took to say so does not count. */
static void reopened_it_goes_on_where_it_stopped(void **state)
{
    (void)state;
    (void)started(CLOCK_NOTIFY, CHANNEL_COUNTER); /* 15 days: to 12-09 */
    begin();
    failed(clock_reopen(&ground.doing, matter, CLOCK_NOTIFY, &ground.err), ERROR_CONFLICT);
    begin();
    failed(clock_reopen(&ground.doing, matter, CLOCK_CLOSE, &ground.err), ERROR_NOT_FOUND);
    ground.txn.now = at(2026, 12, 4, 9);
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, ground.txn.now, &ground.err));
    ground.txn.now = at(2026, 12, 14, 9);
    begin();
    kept(clock_reopen(&ground.doing, matter, CLOCK_NOTIFY, &ground.err));
    struct clock_state clock = now_is();
    assert_true(clock_is_open(&clock));
    assert_int_equal(clock.due.us, end_of(2026, 12, 19).us);
    assert_int_equal(clock.pauses[0].reason, PAUSE_ANSWERED);
    assert_false(clock_is_paused(&clock, ground.txn.now));
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, ground.txn.now, &ground.err));
    begin();
    kept(clock_reopen(&ground.doing, matter, CLOCK_NOTIFY, &ground.err)); /* in the same moment: nothing in between */
    assert_int_equal(now_is().pause_count, 1);
}

/* One that was late stays so: an answer after the end, taken back, is no way to begin anew. */
static void reopened_after_its_end_it_is_late(void **state)
{
    (void)state;
    (void)started(CLOCK_NOTIFY, CHANNEL_COUNTER);
    ground.txn.now = at(2026, 12, 11, 9);
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, ground.txn.now, &ground.err));
    ground.txn.now = at(2026, 12, 20, 9);
    begin();
    kept(clock_reopen(&ground.doing, matter, CLOCK_NOTIFY, &ground.err));
    struct clock_state clock = now_is();
    assert_int_equal(clock.due.us, end_of(2026, 12, 9).us);
    assert_true(clock_is_late(&clock, ground.txn.now));
}

/* Met while it was paused: the pause ends there, and a later one does not lie over it. */
static void a_pause_ends_with_what_it_waited_for(void **state)
{
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER); /* 60 days: to 01-23 */
    pause_until(at(2026, 12, 4, 9));
    ground.txn.now = at(2026, 11, 27, 9);
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_CLOSE, ground.txn.now, &ground.err));
    struct clock_state clock = now_is();
    assert_int_equal(clock.pauses[0].pause.to.us, ground.txn.now.us);
    assert_int_equal(clock.due.us, end_of(2027, 1, 25).us);
    ground.txn.now = at(2026, 11, 30, 9);
    begin();
    kept(clock_reopen(&ground.doing, matter, CLOCK_CLOSE, &ground.err));
    assert_int_equal(now_is().due.us, end_of(2027, 1, 28).us);
}

/* --- extensions -------------------------------------------------------------------------------------------------- */

static bool try_extend(enum clock_kind kind, int64_t amount)
{
    begin();
    return clock_extend(&ground.doing, matter, kind, amount, NOTE, &ground.err);
}

static void it_is_extended_as_far_as_its_limit_allows(void **state)
{
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    refused(try_extend(CLOCK_CLOSE, 31), "amount", "field_number");
    refused(try_extend(CLOCK_CLOSE, 0), "amount", "field_number");
    refused(try_extend(CLOCK_CLOSE, INT64_MAX), "amount", "field_number");
    begin();
    refused(clock_extend(&ground.doing, matter, CLOCK_CLOSE, 20, (struct str){ 0 }, &ground.err), "note", "field_required");
    kept(try_extend(CLOCK_CLOSE, 20));
    assert_due(end_of(2027, 2, 12));
    assert_int_equal(now_is().runs.amount, 80);
    assert_int_equal(now_is().extended, 20);
    refused(try_extend(CLOCK_CLOSE, 10), "", "extension_used_up"); /* once */
    pause_until(at(2026, 11, 26, 9));
    assert_due(end_of(2027, 2, 13));
}

static void most_limits_allow_none(void **state)
{
    (void)state;
    (void)started(CLOCK_NOTIFY, CHANNEL_COUNTER);
    refused(try_extend(CLOCK_NOTIFY, 1), "", "extension_none");
}

/* --- years ------------------------------------------------------------------------------------------------------- */

static struct clock_unsettled_rows unsettled(struct instant from, struct instant to, const struct clock_unsettled *after,
                                             int limit)
{
    struct clock_unsettled_rows rows;
    assert_true(clocks_unsettled(ground.db, from, to, after, limit, &ground.arena, &rows, &ground.err));
    return rows;
}

static bool recount(const struct workdays *workdays)
{
    bool has_changed = false;
    begin();
    assert_true(clock_recount(&ground.txn, matter, workdays, &ground.arena, &has_changed, &ground.err));
    if (has_changed)
        kept(true);
    else
        db_rollback(ground.db);
    return has_changed;
}

static void a_year_that_is_told_later_says_when_it_is_due(void **state)
{
    static struct workdays told;
    ptrdiff_t bad;
    (void)state;
    ground.txn.now = at(2026, 12, 20, 9);
    struct clock_state clock = started(CLOCK_CLOSE, CHANNEL_HOTLINE_12345); /* 15 working days */
    assert_int_equal(clock.due.us, INSTANT_NEVER.us);
    assert_int_equal(clock.missing_year, 2027);
    assert_false(clock_is_late(&clock, at(2099, 1, 1, 0)));
    kept(try_pause(PAUSE_PAPERS, at(2026, 12, 21, 9), NOTE, CHIEF)); /* and lives without it; a Sunday night costs nothing */
    assert_false(recount(&workdays_built_in));
    assert_int_equal(unsettled(at(2027, 1, 1, 0), INSTANT_NEVER, NULL, 10).n, 1);

    told = workdays_built_in;
    struct workdays_exception new_year = { date_of_civil((struct civil){ 2027, 1, 1 }), false };
    assert_true(workdays_tell(&told, 2027, &new_year, 1, &bad));
    assert_true(recount(&told));
    assert_due(end_of(2027, 1, 11)); /* ten in December, five from Monday the 4th on but for the first day */
    assert_false(recount(&told));

    struct workdays_exception longer[] = { new_year, { date_of_civil((struct civil){ 2027, 1, 4 }), false } };
    assert_true(workdays_tell(&told, 2027, longer, 2, &bad));
    assert_true(recount(&told));
    assert_due(end_of(2027, 1, 12));
}

static void what_was_met_in_a_year_nobody_knew_is_counted_too(void **state)
{
    static struct workdays told;
    ptrdiff_t bad;
    (void)state;
    ground.txn.now = at(2026, 12, 20, 9);
    (void)started(CLOCK_CLOSE, CHANNEL_HOTLINE_12345);
    ground.txn.now = at(2027, 1, 20, 9);
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_CLOSE, ground.txn.now, &ground.err));
    assert_int_equal(unsettled(at(2027, 1, 1, 0), INSTANT_NEVER, NULL, 10).n, 1);
    told = workdays_built_in;
    assert_true(workdays_tell(&told, 2027, NULL, 0, &bad));
    assert_true(recount(&told));
    struct clock_state clock = now_is();
    assert_true(clock_is_late(&clock, ground.txn.now));
    assert_int_equal(unsettled(at(2027, 1, 1, 0), INSTANT_NEVER, NULL, 10).n, 0);
}

static void the_sweep_meets_each_open_clock_once(void **state)
{
    static const enum clock_kind kinds[] = { CLOCK_CLOSE, CLOCK_MEDIATION, CLOCK_NOTIFY };
    static const enum clock_kind by_due[] = { CLOCK_NOTIFY, CLOCK_MEDIATION, CLOCK_CLOSE }; /* two at the same moment */
    struct clock_unsettled_rows rows = { 0 };
    const struct clock_unsettled *last = NULL;
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++)
        (void)started(kinds[i], CHANNEL_COUNTER);
    for (ptrdiff_t i = 0; i < COUNT_OF(by_due); i++) {
        rows = unsettled((struct instant){ 0 }, INSTANT_NEVER, last, 1);
        assert_int_equal(rows.n, 1);
        assert_int_equal(rows.at[0].kind, by_due[i]);
        assert_int_equal(rows.at[0].matter.id, matter.id);
        last = &rows.at[0];
    }
    assert_int_equal(unsettled((struct instant){ 0 }, INSTANT_NEVER, last, 1).n, 0);
    assert_int_equal(unsettled((struct instant){ 0 }, end_of(2026, 12, 9), NULL, 10).n, 2);
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_NOTIFY, ground.txn.now, &ground.err));
    assert_int_equal(unsettled((struct instant){ 0 }, end_of(2026, 12, 9), NULL, 10).n, 1);
}

/* --- the audit --------------------------------------------------------------------------------------------------- */

static void every_change_leaves_an_event(void **state)
{
    static const char *const actions[] = { "clock.start", "clock.pause", "clock.resume", "clock.extend", "clock.meet" };
    struct audit_entries entries;
    struct audit_report report;
    (void)state;
    (void)started(CLOCK_CLOSE, CHANNEL_COUNTER);
    pause_until(at(2026, 12, 4, 9));
    ground.txn.now = at(2026, 11, 27, 15);
    begin();
    kept(clock_resume(&ground.doing, matter, CLOCK_CLOSE, &ground.err));
    kept(try_extend(CLOCK_CLOSE, 30));
    begin();
    kept(clock_meet(&ground.doing, matter, CLOCK_CLOSE, ground.txn.now, &ground.err));
    assert_true(audit_history(ground.db, 440606, STR("clock:17/close"), 100, &ground.arena, &entries, &ground.err));
    assert_int_equal(entries.n, COUNT_OF(actions));
    for (ptrdiff_t i = 0; i < entries.n; i++) {
        assert_true(str_equal(entries.at[i].action, str_of(actions[i])));
        assert_int_equal(entries.at[i].account.n, WORKER.n);
        assert_true(str_find(entries.at[i].detail, STR("due: 2027-")) >= 0);
    }
    for (ptrdiff_t i = 0; i < entries.n; i++) /* what somebody wrote is not for the audit */
        assert_true(str_find(entries.at[i].detail, NOTE) < 0);
    assert_true(audit_verify(ground.db, &ground.arena, &report, &ground.err));
    assert_int_equal(report.bad_chains, 0);
}

#define ON_GROUND(test) cmocka_unit_test_setup_teardown(test, open_ground, close_ground)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GROUND(what_ships_is_loaded_once),
        ON_GROUND(each_kind_of_matter_has_its_limit),
        ON_GROUND(it_starts_by_the_limit_of_that_day),
        ON_GROUND(it_starts_once_and_not_in_the_future),
        ON_GROUND(without_a_limit_there_is_no_clock),
        ON_GROUND(it_is_met_once),
        ON_GROUND(it_is_late_after_its_last_moment),
        ON_GROUND(a_pause_moves_it_at_once_and_its_end_needs_nobody),
        ON_GROUND(it_resumes_sooner_if_the_reason_falls_away),
        ON_GROUND(a_pause_of_no_time_never_was),
        ON_GROUND(a_pause_without_reason_or_end_is_refused),
        ON_GROUND(what_is_late_is_neither_paused_nor_extended),
        ON_GROUND(it_is_extended_as_far_as_its_limit_allows),
        ON_GROUND(most_limits_allow_none),
        ON_GROUND(a_year_that_is_told_later_says_when_it_is_due),
        ON_GROUND(reopened_it_goes_on_where_it_stopped),
        ON_GROUND(reopened_after_its_end_it_is_late),
        ON_GROUND(a_pause_ends_with_what_it_waited_for),
        ON_GROUND(what_was_met_in_a_year_nobody_knew_is_counted_too),
        ON_GROUND(the_sweep_meets_each_open_clock_once),
        ON_GROUND(every_change_leaves_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
