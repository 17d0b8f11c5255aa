/*
 * audit_test.c - what somebody with an SQLite shell can do to the audit, and what is said of it; and anchors.
 */
#include "platform/audit/anchor.h"
#include "platform/db/ids.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { EVENTS = 9, LATER = 3 };
#define MOMENT (INT64_C(1795449600) * 1000000) /* 2026-11-24 00:00 in China */

struct place {
    struct arena arena;
    char folder[64], file[96], other[96], anchors[96];
    struct audit_anchors kept;
};

static int set_up(void **state)
{
    static struct place place;
    place = (struct place){ .folder = "/tmp/shuniu-audit-XXXXXX" };
    if (!mkdtemp(place.folder))
        return -1;
    (void)snprintf(place.file, sizeof place.file, "%s/shuniu.db", place.folder);
    (void)snprintf(place.other, sizeof place.other, "%s/other.db", place.folder);
    (void)snprintf(place.anchors, sizeof place.anchors, "%s/anchors.txt", place.folder);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "shuniu.db", "shuniu.db-wal", "shuniu.db-shm", "other.db",
                                         "other.db-wal", "other.db-shm", "anchors.txt" };
    struct place *place = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", place->folder, names[i]);
        (void)unlink(path);
    }
    arena_release(&place->arena);
    return rmdir(place->folder);
}

/* --- worlds ------------------------------------------------------------------------------------------------------------ */

struct writing {
    int from, count;
    const char *forged; /* the detail of event 4; NULL: as it was */
};

/* Districts 0, 440605 and 440606 in turn get the same events. */
static bool write_events(void *self, struct txn *txn, struct error *err)
{
    static const int64_t districts[] = { 0, 440605, 440606 };
    const struct writing *writing = self;
    for (ptrdiff_t d = 0; d < COUNT_OF(districts); d++)
        for (int i = writing->from; i < writing->from + writing->count; i++) {
            char subject[32], detail[32];
            (void)snprintf(subject, sizeof subject, "spot:%d", i);
            (void)snprintf(detail, sizeof detail, "step %d", i);
            struct audit_event event = { .district = districts[d], .account = { 7 }, .action = STR("spot.advance"),
                                         .subject = str_of(subject),
                                         .detail = str_of(i == 4 && writing->forged ? writing->forged : detail) };
            if (!audit_append(txn, &event, err))
                return false;
        }
    return true;
}

static void write_to(const char *path, struct writing writing)
{
    static const struct schema *const schemas[] = { &audit_schema };
    struct database *database = NULL;
    struct db *db = NULL;
    struct ids ids = { 0 };
    struct error err = { 0 };
    bool ok = database_open(path, schemas, COUNT_OF(schemas), &database, &err) && database_writer(database, &db, &err) &&
              txn_run(db, &ids, (struct instant){ MOMENT }, write_events, &writing, &err);
    if (!ok)
        fail_msg("%s", err.detail);
    db_release(db);
    database_close(database);
}

static struct str anchor_of(struct place *place, int64_t days)
{
    struct database *database;
    struct db *db;
    struct error err = { 0 };
    struct str line = { 0 };
    assert_true(database_open_existing(place->file, &database, &err));
    assert_true(database_reader(database, &db, &err));
    if (!audit_anchor_take(db, (struct instant){ MOMENT + days * INT64_C(86400) * 1000000 }, &place->arena, &line, &err))
        fail_msg("%s", err.detail);
    db_release(db);
    database_close(database);
    return line;
}

static void keep(struct place *place, struct str line)
{
    struct error err = { 0 };
    if (!audit_anchor_keep(place->anchors, line, true, &err))
        fail_msg("%s", err.detail);
}

/* Nine events a chain, an anchor, three more, another anchor. */
static void make(struct place *place)
{
    struct error err = { 0 };
    write_to(place->file, (struct writing){ 1, EVENTS, NULL });
    keep(place, anchor_of(place, 0));
    write_to(place->file, (struct writing){ EVENTS + 1, LATER, NULL });
    keep(place, anchor_of(place, 1));
    if (!audit_anchors_read(place->anchors, &place->arena, &place->kept, &err))
        fail_msg("%s", err.detail);
    assert_int_equal(place->kept.n, 2);
}

/* Runs SQL on the file behind the program's back. */
static void meddle(const struct place *place, const char *sql)
{
    sqlite3 *sqlite;
    char *why = NULL, attach[160];
    assert_int_equal(sqlite3_open(place->file, &sqlite), SQLITE_OK);
    (void)snprintf(attach, sizeof attach, "ATTACH '%s' AS other", place->other);
    assert_int_equal(sqlite3_exec(sqlite, attach, NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(sqlite, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(sqlite);
}

static struct audit_report verify(struct place *place, const struct audit_anchors *anchors)
{
    struct audit_report report = { 0 };
    struct database *database;
    struct db *db;
    struct error err = { 0 };
    assert_true(database_open_existing(place->file, &database, &err));
    assert_true(database_reader(database, &db, &err));
    if (!audit_verify_anchored(db, anchors, &place->arena, &report, &err))
        fail_msg("%s", err.detail);
    db_release(db);
    database_close(database);
    return report;
}

/* Says in words what is wrong, all chains in one text. */
static struct str words_of(struct place *place, bool with_anchors)
{
    struct audit_report report = verify(place, with_anchors ? &place->kept : &(struct audit_anchors){ 0 });
    struct str text = { 0 };
    for (int i = 0; i < report.finding_count; i++) {
        struct str one = audit_finding_text(&place->arena, &report.findings[i]);
        text = str_format(&place->arena, "%.*s%s%.*s", STR_ARG(text), i > 0 ? "\n" : "", STR_ARG(one));
    }
    return text;
}

static void expect(struct place *place, bool with_anchors, const char *words)
{
    struct str said = words_of(place, with_anchors);
    if (!str_equal(said, str_of(words)))
        fail_msg("said:     %.*s\nexpected: %s", STR_ARG(said), words);
}

/* --- tampering ---------------------------------------------------------------------------------------------------------- */

static void test_untouched_data_fits(void **state)
{
    struct place *place = *state;
    make(place);
    struct audit_report report = verify(place, &place->kept);
    assert_int_equal(report.bad_chains, 0);
    assert_int_equal(report.districts, 3);
    assert_int_equal(report.events, 3 * (EVENTS + LATER));
    write_to(place->file, (struct writing){ 50, 2, NULL }); /* it goes on, and the anchors still fit */
    assert_int_equal(verify(place, &place->kept).bad_chains, 0);
}

/* One of an event's columns after the other. */
static void test_a_changed_row(void **state)
{
    static const char *const changes[] = {
        "at = at + 1", "account = 8", "action = 'spot.end'", "subject = 'spot:99'", "detail = 'step 40'", "detail = ''",
        "hash = zeroblob(32)", "hash = x'00'",
    };
    struct place *place = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(changes); i++) {
        char sql[256];
        make(place);
        (void)snprintf(sql, sizeof sql, "UPDATE audit_event SET %s WHERE district = 440606 AND seq = 4", changes[i]);
        meddle(place, sql);
        expect(place, false, "district 440606: event 4 was changed, or is not what followed event 3");
        expect(place, true, "district 440606: event 4 was changed, or is not what followed event 3");
        void *again = place;
        (void)tear_down(&again);
        (void)set_up(&again);
    }
}

#define SWAP(a, b)                                                                                       \
    "UPDATE audit_event SET seq = 1000 WHERE district = 440606 AND seq = " a ";"                         \
    "UPDATE audit_event SET seq = " a " WHERE district = 440606 AND seq = " b ";"                        \
    "UPDATE audit_event SET seq = " b " WHERE district = 440606 AND seq = 1000"

static void test_reordered_rows(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, SWAP("4", "5"));
    expect(place, false,
           "district 440606: what stands as event 4 was written as event 5: they were put in another order");
    meddle(place, SWAP("4", "5"));
    expect(place, true, "");
    meddle(place, SWAP("2", "8"));
    expect(place, true, "district 440606: what stands as event 2 was written as event 8: they were put in another order");
}

/* What was said is exchanged, number and hash stay. */
static void test_exchanged_contents(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, "UPDATE audit_event SET (subject, detail) = (SELECT o.subject, o.detail FROM audit_event o"
                  " WHERE o.district = 440606 AND o.seq = 9 - audit_event.seq) WHERE district = 440606 AND seq IN (4, 5)");
    expect(place, false, "district 440606: event 4 was changed, or is not what followed event 3");
}

static void test_a_row_taken_out(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, "DELETE FROM audit_event WHERE district = 440605 AND seq = 6");
    expect(place, false, "district 440605: event 6 is missing, and later ones are there");
    meddle(place, "UPDATE audit_event SET seq = seq - 1 WHERE district = 440605 AND seq > 6;"
                  "UPDATE audit_head SET seq = seq - 1 WHERE district = 440605");
    expect(place, false, "district 440605: event 6 was changed, or is not what followed event 5");
    meddle(place, "DELETE FROM audit_event WHERE district = 440605 AND seq = 1");
    expect(place, false, "district 440605: event 1 is missing, and later ones are there");
}

static void test_a_row_put_in(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, "INSERT INTO audit_event SELECT 440605, 13, at, account, action, subject, detail, hash"
                  " FROM audit_event WHERE district = 440605 AND seq = 12");
    expect(place, false, "district 440605: event 13 was changed, or is not what followed event 12");
}

static void test_a_cut_tail(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, "DELETE FROM audit_event WHERE district = 440606 AND seq > 10");
    expect(place, false, "district 440606: events 11 to 12 are gone from the end");
    /* and the head made to fit: nothing inside the data can show it */
    meddle(place, "UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_event WHERE district = 440606 AND"
                  " seq = 10) WHERE district = 440606");
    expect(place, false, "");
    expect(place, true, "district 440606: events 11 to 12 are gone from the end (anchor of 2026-11-25 00:00)");
    meddle(place, "DELETE FROM audit_event WHERE district = 440606 AND seq > 5;"
                  "UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_event WHERE district = 440606 AND"
                  " seq = 5) WHERE district = 440606");
    expect(place, false, "");
    expect(place, true, "district 440606: events 6 to 9 are gone from the end (anchor of 2026-11-24 00:00)");
}

static void test_a_chain_gone(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, "DELETE FROM audit_event WHERE district = 440605");
    expect(place, false, "district 440605: the whole chain of 12 events is gone");
    expect(place, true, "district 440605: the whole chain of 12 events is gone");
    meddle(place, "DELETE FROM audit_head WHERE district = 440605");
    expect(place, false, "");
    expect(place, true, "district 440605: the whole chain of 9 events is gone (anchor of 2026-11-24 00:00)");
    /* a head alone, of a district before all others or behind them, the last number included */
    static const char *const lone[] = { "-9223372036854775808", "440600", "9223372036854775807" };
    for (ptrdiff_t i = 0; i < COUNT_OF(lone); i++) {
        char sql[160], words[96];
        (void)snprintf(sql, sizeof sql, "INSERT INTO audit_head VALUES (%s, 3, zeroblob(32))", lone[i]);
        (void)snprintf(words, sizeof words, "district %s: the whole chain of 3 events is gone", lone[i]);
        meddle(place, sql);
        expect(place, false, words);
        meddle(place, "DELETE FROM audit_head WHERE seq = 3");
    }
    meddle(place, "DELETE FROM audit_event; DELETE FROM audit_head");
    expect(place, false, "");
    assert_int_equal(verify(place, &place->kept).bad_chains, 3);
}

static void test_a_head_that_does_not_fit(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, "UPDATE audit_head SET hash = zeroblob(32) WHERE district = 0");
    expect(place, false, "district 0: the head is not the hash of event 12, the last one");
    meddle(place, "UPDATE audit_head SET seq = 10 WHERE district = 0");
    expect(place, false, "district 0: event 11 and what follows were put in behind the head");
    meddle(place, "DELETE FROM audit_head WHERE district = 0");
    expect(place, false, "district 0: event 1 and what follows were put in behind the head");
}

/* By somebody who knows how the hash is made: the same story with one lie in it, hashes and head and all. */
static void test_a_chain_made_anew(void **state)
{
    struct place *place = *state;
    make(place);
    write_to(place->other, (struct writing){ 1, EVENTS + LATER, "it never happened" });
    meddle(place, "DELETE FROM audit_event WHERE district = 440605; DELETE FROM audit_head WHERE district = 440605;"
                  "INSERT INTO audit_event SELECT * FROM other.audit_event WHERE district = 440605;"
                  "INSERT INTO audit_head SELECT * FROM other.audit_head WHERE district = 440605");
    expect(place, false, "");
    expect(place, true, "district 440605: event 9 is not the one that was anchored: the chain was made anew; up to event 0 "
                        "it fits an anchor (anchor of 2026-11-24 00:00)");
}

/* The lie is in what came after the first anchor, which still fits. */
static void test_an_end_made_anew(void **state)
{
    struct place *place = *state;
    make(place);
    write_to(place->other, (struct writing){ 1, EVENTS, NULL });
    write_to(place->other, (struct writing){ EVENTS + 2, LATER, NULL });
    meddle(place, "DELETE FROM audit_event; DELETE FROM audit_head;"
                  "INSERT INTO audit_event SELECT * FROM other.audit_event;"
                  "INSERT INTO audit_head SELECT * FROM other.audit_head");
    expect(place, false, "");
    struct audit_report report = verify(place, &place->kept);
    assert_int_equal(report.bad_chains, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(report.findings[i].fault, AUDIT_REMADE);
        assert_int_equal(report.findings[i].seq, EVENTS + LATER);
        assert_int_equal(report.findings[i].fits_to, EVENTS);
    }
}

static void test_more_broken_chains_than_are_told(void **state)
{
    struct place *place = *state;
    make(place);
    meddle(place, "INSERT INTO audit_event WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 30)"
                  " SELECT 500000 + i, 1, 1, 1, 'a', 'b', 'c', zeroblob(32) FROM n");
    struct audit_report report = verify(place, &place->kept);
    assert_int_equal(report.bad_chains, 30);
    assert_int_equal(report.finding_count, AUDIT_FINDINGS_MAX);
    assert_int_equal(report.bad_district, 500001);
    assert_int_equal(report.bad_seq, 1);
}

/* --- anchors -------------------------------------------------------------------------------------------------------------- */

static enum error_kind read_kind(struct place *place, struct str line)
{
    struct audit_anchor anchor;
    struct error err = { 0 };
    bool ok = audit_anchor_read(line, &place->arena, &anchor, &err);
    assert_true(ok == (err.kind == ERROR_NONE));
    return err.kind;
}

static void test_an_anchor_is_read_as_it_was_written(void **state)
{
    struct place *place = *state;
    struct audit_anchor anchor;
    struct error err;
    make(place);
    struct str line = anchor_of(place, 2);
    assert_true(audit_anchor_read(line, &place->arena, &anchor, &err));
    assert_true(str_equal(anchor.at, STR("2026-11-26 00:00")));
    assert_int_equal(anchor.events, 36);
    assert_int_equal(anchor.head_count, 3);
    assert_int_equal(anchor.heads[2].district, 440606);
    assert_int_equal(anchor.heads[2].seq, 12);
    assert_true(str_ends(line, anchor.root));
    char *copy = arena_new(&place->arena, char, line.len);
    for (ptrdiff_t i = 0; i < line.len; i++) {
        memcpy(copy, line.data, (size_t)line.len);
        copy[i] ^= 1;
        assert_int_equal(read_kind(place, (struct str){ copy, line.len }), ERROR_INPUT);
        assert_int_equal(read_kind(place, str_slice(line, 0, i)), ERROR_INPUT);
    }
}

static void test_an_anchor_of_no_chains(void **state)
{
    struct place *place = *state;
    write_to(place->file, (struct writing){ 1, 1, NULL });
    meddle(place, "DELETE FROM audit_event; DELETE FROM audit_head");
    assert_int_equal(read_kind(place, anchor_of(place, 0)), ERROR_NONE);
}

static ptrdiff_t lines_of(struct place *place)
{
    struct audit_anchors anchors;
    struct error err = { 0 };
    if (!audit_anchors_read(place->anchors, &place->arena, &anchors, &err))
        fail_msg("%s", err.detail);
    return anchors.n;
}

static void append(const struct place *place, const char *text)
{
    FILE *file = fopen(place->anchors, "a");
    fputs(text, file);
    (void)fclose(file);
}

static void test_a_line_a_day(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    make(place);
    keep(place, anchor_of(place, 1)); /* that day has one */
    assert_int_equal(lines_of(place), 2);
    keep(place, anchor_of(place, 2));
    assert_int_equal(lines_of(place), 3);
    assert_true(audit_anchor_keep(place->anchors, anchor_of(place, 2), false, &err)); /* asked for */
    assert_int_equal(lines_of(place), 4);
}

/* A power cut in the middle of a line, which is the newest one's. */
static void test_a_line_that_was_never_finished(void **state)
{
    struct place *place = *state;
    struct audit_anchors anchors;
    struct error err;
    make(place);
    append(place, "2026-11-26 00:00 chains 3 eve");
    assert_false(audit_anchors_read(place->anchors, &place->arena, &anchors, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    keep(place, anchor_of(place, 2));
    assert_int_equal(lines_of(place), 3);
}

static void test_a_file_that_holds_no_anchors(void **state)
{
    struct place *place = *state;
    struct audit_anchors anchors;
    struct error err;
    assert_false(audit_anchors_read(place->anchors, &place->arena, &anchors, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    append(place, "\n");
    assert_false(audit_anchors_read(place->anchors, &place->arena, &anchors, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    append(place, "a letter\n");
    assert_false(audit_anchors_read(place->anchors, &place->arena, &anchors, &err));
    assert_int_not_equal(str_find(str_of(err.detail), STR("line 2")), -1);
    assert_false(audit_anchor_keep("/nowhere/anchors.txt", STR("2026-11-24"), true, &err));
    assert_int_equal(err.kind, ERROR_IO);
}

/* A pipe would be waited for, and a link followed by root into whatever it names. */
static void test_what_is_no_file(void **state)
{
    struct place *place = *state;
    struct audit_anchors anchors;
    struct stat stat_of;
    struct error err;
    assert_int_equal(mkfifo(place->anchors, 0600), 0);
    assert_false(audit_anchors_read(place->anchors, &place->arena, &anchors, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_false(audit_anchor_keep(place->anchors, STR("2026-11-24"), true, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_int_equal(unlink(place->anchors), 0);
    assert_int_equal(symlink(place->other, place->anchors), 0);
    assert_false(audit_anchor_keep(place->anchors, STR("2026-11-24"), true, &err));
    assert_int_not_equal(str_find(str_of(err.detail), STR("a link")), -1);
    assert_int_not_equal(stat(place->other, &stat_of), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_untouched_data_fits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_changed_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reordered_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_exchanged_contents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_row_taken_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_row_put_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_cut_tail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_chain_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_head_that_does_not_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_chain_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_end_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_more_broken_chains_than_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_anchor_is_read_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_anchor_of_no_chains, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_line_a_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_line_that_was_never_finished, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_holds_no_anchors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_file, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
