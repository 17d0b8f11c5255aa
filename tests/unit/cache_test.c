/*
 * cache_test.c - what a connection remembers is what the engine would have said.
 */
#include "base/buf.h"
#include "platform/db/cache.h"
#include "platform/db/db.h"
#include "platform/db/ids.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static const struct schema thing_schema = {
    .feature = "thing", .sqlite = "CREATE TABLE thing (n INTEGER NOT NULL PRIMARY KEY, name TEXT, mark BLOB) STRICT;"
};
static const struct schema *const schemas[] = { &thing_schema };

static const struct query things = {
    .name = "things", .sqlite = "SELECT n, name, mark FROM thing WHERE n >= ?1 ORDER BY n", .params = "i", .is_cached = true
};
static const struct query by_mark = {
    .name = "by_mark", .sqlite = "SELECT n FROM thing WHERE mark IS ?1", .params = "b", .is_cached = true
};

struct world {
    char folder[64], file[96];
    struct database *database;
    struct db *reader;
    struct arena arena;
};

/* Runs SQL as another program would. */
static void change(const struct world *world, const char *sql)
{
    sqlite3 *sqlite;
    assert_int_equal(sqlite3_open(world->file, &sqlite), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sqlite);
}

static int set_up(void **state)
{
    static struct world world;
    struct error err;
    world = (struct world){ .folder = "/tmp/shuniu-cache-XXXXXX" };
    if (!mkdtemp(world.folder))
        return -1;
    (void)snprintf(world.file, sizeof world.file, "%s/shuniu.db", world.folder);
    assert_true(database_open(world.file, schemas, COUNT_OF(schemas), &world.database, &err));
    assert_true(database_reader(world.database, &world.reader, &err));
    change(&world, "INSERT INTO thing VALUES (1, '一', x'00ff'), (2, NULL, NULL), (3, '', x'')");
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    db_release(world->reader);
    database_close(world->database);
    arena_release(&world->arena);
    (void)unlink(world->file);
    return rmdir(world->folder);
}

/* What the query says from n on, as text: "1=一 2=- 3=". */
static struct str listed(struct world *world, int64_t from)
{
    struct cursor cursor;
    struct error err;
    struct buf out = buf_make(&world->arena, 1 << 20);
    bool has_row = false;
    assert_true(cursor_open(world->reader, &things, &cursor, &err));
    cursor_bind_int(&cursor, 1, from);
    assert_true(cursor_next(&cursor, &has_row, &err));
    while (has_row) {
        buf_format(&out, "%s%lld=", out.len > 0 ? " " : "", (long long)cursor_int(&cursor, 0));
        buf_put(&out, cursor_is_null(&cursor, 1) ? STR("-") : cursor_text(&cursor, 1, &world->arena));
        assert_true(cursor_next(&cursor, &has_row, &err));
    }
    cursor_close(&cursor);
    return buf_str(&out);
}

static void expect(struct world *world, int64_t from, struct str text)
{
    struct str found = listed(world, from);
    if (!str_equal(found, text))
        fail_msg("%.*s, not %.*s", STR_ARG(found), STR_ARG(text));
}

static void begin(struct world *world)
{
    struct error err;
    assert_true(db_snapshot_begin(world->reader, &err));
}

static void test_the_same_question_again(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 3; i++) {
        begin(world);
        expect(world, 1, STR("1=一 2=- 3="));
        expect(world, 3, STR("3="));
        expect(world, 4, STR(""));
        expect(world, 1, STR("1=一 2=- 3="));
        db_snapshot_end(world->reader);
    }
}

static void test_a_change_is_seen_by_the_next_snapshot_only(void **state)
{
    struct world *world = *state;
    begin(world);
    expect(world, 2, STR("2=- 3="));
    change(world, "UPDATE thing SET name = '贰' WHERE n = 2");
    expect(world, 2, STR("2=- 3="));
    expect(world, 3, STR("3=")); /* not asked before the change, and still of the snapshot */
    db_snapshot_end(world->reader);
    begin(world);
    expect(world, 2, STR("2=贰 3="));
    db_snapshot_end(world->reader);
}

static void test_outside_a_snapshot_nothing_is_remembered(void **state)
{
    struct world *world = *state;
    begin(world);
    expect(world, 3, STR("3="));
    db_snapshot_end(world->reader);
    change(world, "DELETE FROM thing WHERE n = 3");
    expect(world, 3, STR(""));
}

static int64_t marked(struct world *world, bool has_mark, struct str mark)
{
    struct cursor cursor;
    struct error err;
    bool has_row = false;
    assert_true(cursor_open(world->reader, &by_mark, &cursor, &err));
    if (has_mark)
        cursor_bind_blob(&cursor, 1, mark);
    else
        cursor_bind_null(&cursor, 1);
    assert_true(cursor_next(&cursor, &has_row, &err));
    int64_t n = has_row ? cursor_int(&cursor, 0) : -1;
    cursor_close(&cursor);
    return n;
}

static void test_null_and_empty_and_bytes_are_different_questions(void **state)
{
    struct world *world = *state;
    begin(world);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(marked(world, true, STR("\0\xFF")), 1);
        assert_int_equal(marked(world, false, STR("")), 2);
        assert_int_equal(marked(world, true, STR("")), 3);
        assert_int_equal(marked(world, true, STR("\0")), -1);
    }
    db_snapshot_end(world->reader);
}

static void test_what_became_too_much_is_forgotten(void **state)
{
    struct world *world = *state;
    change(world, "WITH RECURSIVE k(n) AS (VALUES(4) UNION ALL SELECT n + 1 FROM k WHERE n < 2000) "
                  "INSERT INTO thing SELECT n, 'a name of some length', NULL FROM k");
    for (int round = 0; round < 3; round++) {
        begin(world);
        for (int64_t from = 0; from < 40; from++)
            assert_true(listed(world, from).len > 0); /* some 20 times what the cache may hold */
        expect(world, 2000, STR("2000=a name of some length"));
        db_snapshot_end(world->reader);
        arena_reset(&world->arena);
    }
}

static bool add_and_read(void *self, struct txn *txn, struct error *err)
{
    struct world *world = self;
    static const struct query add = { .name = "add", .sqlite = "INSERT INTO thing VALUES (9, '九', NULL)", .params = "" };
    struct cursor cursor;
    bool has_row = false;
    struct db *reader = world->reader;
    world->reader = txn->db; /* the query above, in the change itself */
    expect(world, 4, STR(""));
    assert_true(cursor_open(txn->db, &add, &cursor, err) && cursor_next(&cursor, &has_row, err));
    cursor_close(&cursor);
    expect(world, 4, STR("9=九"));
    world->reader = reader;
    txn->audited = 1;
    return true;
}

static void test_a_change_sees_itself(void **state)
{
    struct world *world = *state;
    struct db *writer;
    struct ids ids = { .is_counting = true };
    struct error err;
    assert_true(database_writer(world->database, &writer, &err));
    assert_true(txn_run(writer, &ids, (struct instant){ 0 }, add_and_read, world, &err));
    db_release(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_same_question_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_change_is_seen_by_the_next_snapshot_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_outside_a_snapshot_nothing_is_remembered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_null_and_empty_and_bytes_are_different_questions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_became_too_much_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_change_sees_itself, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
