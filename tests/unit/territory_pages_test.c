/*
 * territory_pages_test.c - the pages of divisions, their JSON and the crumbs of the frame, without a server.
 */
#include "features/territory/pages.h"
#include "features/territory/territory.h"
#include "harness/place.h"
#include "platform/audit/audit.h"
#include "platform/db/ids.h"
#include "platform/web/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

static const char TREE[] =
    "code,name,parent\n44,广东省,\n4406,佛山市,44\n440605,南海区,4406\n440606,顺德区,4406\n440606102,北滘镇,440606\n"
    "440606103,<乐从>镇,440606\n440606102001,北滘社区居委会,440606102\n440606102202,西滘村委会,440606102\n";

struct world {
    struct arena arena;
    char folder[40];
    struct database *database;
    struct db *db;
    struct app app;
    struct exchange x;
    struct request rq;
};

static const struct feature *const features[] = { &territory_feature };

static void must(bool ok, const struct error *err)
{
    if (!ok)
        fail_msg("%s (%s:%d)", err->detail, err->file, err->line);
}

static const char *path_in(struct world *world, const char *name)
{
    return str_z(&world->arena, str_format(&world->arena, "%s/%s", world->folder, name));
}

static bool load(void *self, struct txn *txn, struct error *err)
{
    struct territory_counts counts;
    return territory_load_csv(txn, self, NULL, NULL, &counts, err);
}

static void load_tree(struct world *world)
{
    struct db *writer;
    struct ids ids = { .is_counting = true };
    struct error err;
    char *path = (char *)(uintptr_t)path_in(world, "tree.csv");
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(TREE, 1, sizeof TREE - 1, file), sizeof TREE - 1);
    assert_int_equal(fclose(file), 0);
    must(database_writer(world->database, &writer, &err), &err);
    must(txn_run(writer, &ids, (struct instant){ 0 }, load, path, &err), &err);
    db_release(writer);
}

static int begin(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &territory_schema };
    struct arena arena = { 0 };
    struct world *world = arena_new(&arena, struct world, 1);
    struct error err;
    *world = (struct world){ .arena = arena, .folder = "/tmp/territory-test-XXXXXX" };
    assert_non_null(mkdtemp(world->folder));
    must(database_open(test_place(&world->arena, path_in(world, "data")), schemas, 2, &world->database, &err), &err);
    must(database_reader(world->database, &world->db, &err), &err);
    load_tree(world);
    world->app = (struct app){ .features = features, .feature_count = 1, .fill_frame = territory_fill_crumbs };
    *state = world;
    return 0;
}

static int end(void **state)
{
    static const char *const files[] = { "data", "data-wal", "data-shm", "tree.csv" };
    struct world *world = *state;
    db_release(world->db);
    database_close(world->database);
    for (ptrdiff_t i = 0; i < COUNT_OF(files); i++)
        (void)unlink(path_in(world, files[i]));
    assert_int_equal(rmdir(world->folder), 0);
    struct arena arena = world->arena;
    arena_release(&arena);
    return 0;
}

/* A request for "/divisions/4406?at=44", as the gate hands it on. */
static struct request *ask(struct world *world, const char *address)
{
    struct request *rq = &world->rq;
    world->x = (struct exchange){ .arena = &world->arena, .method = HTTP_GET, .db = world->db };
    *rq = (struct request){ .x = &world->x, .arena = &world->arena, .app = &world->app, .db = world->db };
    rq->today = date_of_civil((struct civil){ 2026, 11, 24 });
    (void)str_cut(str_of(address), '?', &world->x.path, &world->x.query);
    must(params_parse(rq->arena, world->x.query, &rq->query, &rq->err), &rq->err);
    struct str at = param(&rq->query, "at");
    assert_true(at.len == 0 || division_parse(at, &rq->axes.at));
    if (str_starts(world->x.path, STR("/divisions/")))
        rq->path_args[0] = str_slice(world->x.path, 11, world->x.path.len);
    return rq;
}

static void assert_has(struct str body, const char *piece)
{
    if (str_find(body, str_of(piece)) < 0)
        fail_msg("no '%s' in:\n%.*s", piece, STR_ARG(body));
}

static void assert_lacks(struct str body, const char *piece)
{
    if (str_find(body, str_of(piece)) >= 0)
        fail_msg("'%s' in:\n%.*s", piece, STR_ARG(body));
}

static void test_provinces(void **state)
{
    struct reply reply = division_list(ask(*state, "/divisions"));
    assert_int_equal(reply.status, 200);
    assert_has(reply.body, "<a href=\"/divisions/44?at=0\">广东省 <code>44</code></a>");
    assert_lacks(reply.body, "<a href=\"/divisions/4406?at=0\">佛山市</a>");
}

static void test_search(void **state)
{
    struct reply reply = division_list(ask(*state, "/divisions?q=bjz&at=440606"));
    assert_has(reply.body, "href=\"/divisions/440606102?at=440606\"><strong>北滘镇</strong>");
    assert_has(reply.body, "广东省 佛山市 顺德区");
    assert_has(reply.body, "value=\"bjz\"");
    assert_has(reply.body, "找到 1 个");

    reply = division_list(ask(*state, "/divisions?q=%22%3E%3Cscript%3E"));
    assert_int_equal(reply.status, 200);
    assert_has(reply.body, "没有找到“&quot;&gt;&lt;script&gt;”");
    assert_lacks(reply.body, "\"><script>");
}

static void test_search_begins_nearby(void **state)
{
    struct reply reply = division_list_json(ask(*state, "/divisions.json?q=q&at=0"));
    assert_true(str_equal(reply.body, STR("[]"))); /* one letter finds nothing */
    reply = division_list_json(ask(*state, "/divisions.json?q=%E5%8C%BA&at=440606102"));
    ptrdiff_t near = str_find(reply.body, STR("顺德区\"")), far = str_find(reply.body, STR("南海区\""));
    assert_true(near >= 0 && near < far);
    assert_true(str_find(str_slice(reply.body, far, reply.body.len), STR("\"name\":\"顺德区\"")) < 0);
    reply = division_list_json(ask(*state, "/divisions.json?q=%E5%8C%BA&at=0"));
    assert_true(str_find(reply.body, STR("南海区\"")) < str_find(reply.body, STR("顺德区\"")));
}

static void test_division(void **state)
{
    struct reply reply = division_show(ask(*state, "/divisions/440606?at=44"));
    assert_int_equal(reply.status, 200);
    assert_has(reply.body, "<h1>顺德区</h1>");
    assert_has(reply.body, "<a href=\"/divisions/4406?at=44\">佛山市</a>");
    assert_has(reply.body, "<a href=\"/divisions/440606102?at=44\">北滘镇 <code>440606102</code></a>");
    assert_has(reply.body, "&lt;乐从&gt;镇");
    assert_has(reply.body, "同级区划（2 个）");
    assert_has(reply.body, "<dd>1970-01-01</dd>");
    reply = division_show(ask(*state, "/divisions/440606102001"));
    assert_has(reply.body, "没有下级区划");
}

static void test_not_found(void **state)
{
    static const char *const addresses[] = { "/divisions/99", "/divisions/440", "/divisions/440606102999",
                                             "/divisions/99999999999999999999" };
    for (ptrdiff_t i = 0; i < COUNT_OF(addresses); i++)
        assert_int_equal(division_show(ask(*state, addresses[i])).status, 404);
}

static void test_json(void **state)
{
    struct reply reply = division_list_json(ask(*state, "/divisions.json?q=bjz"));
    assert_true(str_equal(reply.type, STR("application/json")));
    assert_true(str_equal(reply.body, STR("[{\"code\":\"440606102\",\"name\":\"北滘镇\",\"path\":\"广东省 佛山市 顺德区\"}]")));
    reply = division_list_json(ask(*state, "/divisions.json?q=lcz"));
    assert_has(reply.body, "\\u003c乐从\\u003e镇");
    reply = division_list_json(ask(*state, "/divisions.json"));
    assert_true(str_equal(reply.body, STR("[]")));
}

/* The labels and addresses of the crumbs, a line each. */
static struct str crumbs(struct world *world, const char *address, enum http_method method)
{
    struct request *rq = ask(world, address);
    struct frame frame = { 0 };
    struct buf out = buf_make(&world->arena, 10000);
    world->x.method = method;
    must(territory_fill_crumbs(rq, &frame, &rq->err), &rq->err);
    for (ptrdiff_t i = 0; i < frame.crumbs.n; i++)
        buf_format(&out, "%.*s %.*s%s\n", STR_ARG(frame.crumbs.at[i].label), STR_ARG(frame.crumbs.at[i].url.text),
                   frame.crumbs.at[i].is_current ? " *" : "");
    return buf_str(&out);
}

static void test_crumbs(void **state)
{
    static const struct {
        const char *address, *wanted;
        enum http_method method;
    } cases[] = {
        { "/network", "全国 /network?at=0 *\n", HTTP_GET },
        { "/network?at=4406", "全国 /network?at=0\n广东省 /network?at=44\n佛山市 /network?at=4406 *\n", HTTP_GET },
        { "/u?line=2&at=44&after=7&q=a%26b%22%E5%8C%97",
          "全国 /u?at=0&line=2&q=a%26b%22%E5%8C%97\n广东省 /u?at=44&line=2&q=a%26b%22%E5%8C%97 *\n", HTTP_GET },
        { "/u/%E5%8C%97%22?at=99", "全国 /u/%E5%8C%97%22?at=0 *\n", HTTP_GET },
        { "//evil.example/?at=99", "全国 /?at=0 *\n", HTTP_GET },
        { "/u/7?line=2&at=99", "全国 /?at=0 *\n", HTTP_POST },
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct str got = crumbs(*state, cases[i].address, cases[i].method);
        if (!str_equal(got, str_of(cases[i].wanted)))
            fail_msg("%s: wanted\n%s, got\n%.*s", cases[i].address, cases[i].wanted, STR_ARG(got));
    }
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(test_provinces), IN_A_WORLD(test_search),    IN_A_WORLD(test_search_begins_nearby),
        IN_A_WORLD(test_division),  IN_A_WORLD(test_not_found), IN_A_WORLD(test_json),
        IN_A_WORLD(test_crumbs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
