/*
 * appeals_lists_test.c - what a list of appeals says as a workbook, and what its search finds once the index was made anew.
 */
#include "features/appeals/appeals.h"
#include "features/appeals/rules.h"
#include "harness/world.h"
#include "platform/audit/audit.h"
#include "platform/sheet/xlsx_read.h"
#include "shuniu/features.h"

#include "base/buf.h"

#include "gen/appeals_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define VILLAGE "440606102001"

static struct world world;
static struct arena arena;
static struct person *hui, *mei, *who; /* who asks */

static int64_t number_at_end(struct str path)
{
    int64_t n = 0;
    for (ptrdiff_t i = 0; i < path.len && path.data[i] != '?'; i++)
        n = path.data[i] >= '0' && path.data[i] <= '9' ? n * 10 + path.data[i] - '0' : 0;
    return n;
}

static struct exchange *get(const char *target)
{
    return world_ask(&world, who, &(struct ask){ .method = HTTP_GET, .target = str_of(target) });
}

/* Sends a form of name, value, name, value ... ; the id of where it leads. */
static int64_t post(struct str target, const char *const *pairs)
{
    struct buf body = buf_make(&arena, 8000);
    form_put(&body, STR("csrf"), world_session(&world, who).csrf);
    for (; pairs[0]; pairs += 2)
        form_put(&body, str_of(pairs[0]), str_of(pairs[1]));
    struct exchange *x = world_ask(&world, who, &(struct ask){ .method = HTTP_POST, .target = target, .body = buf_str(&body) });
    assert_int_equal(x->status, 303);
    return number_at_end(reply_header(x, STR("Location")));
}

#define POST(target, ...) post((target), (const char *const[]){ __VA_ARGS__, NULL })
#define ACT(appeal, act, ...) \
    POST(str_format(&arena, "/appeals/440606/%lld/acts/%d", (long long)(appeal), (int)(act)), __VA_ARGS__)

static struct person *colleague(struct str login)
{
    struct person *person = world_add(&world, login);
    world_grant(&world, person, (struct grant){ .role = ROLE_VILLAGE_WORKER, .division = { INT64_C(440606102001) } });
    assert_true(world_sign_in(&world, person));
    return person;
}

static int begin(void **state)
{
    (void)state;
    world_open(&world, shuniu_app(false, NULL));
    hui = colleague(STR("hui"));
    mei = colleague(STR("mei"));
    world_grant(&world, mei, (struct grant){ .role = ROLE_TOWN_OFFICER, .division = { INT64_C(440606102000) } }); /* who decides */
    who = hui;
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_close(&world);
    arena_release(&arena);
    return 0;
}

/* --- the workbook ------------------------------------------------------------------------------------------------- */

static bool put_row(void *self, const struct xlsx_row *row)
{
    struct buf *out = self;
    for (int i = 0; i < row->n; i++)
        buf_format(out, "[%.*s]%.*s ", STR_ARG(xlsx_column_name(&arena, row->cells[i].column)), STR_ARG(row->cells[i].text));
    buf_char(out, '\n');
    return true;
}

/* Every row on a line: [A]first cell [B]second ... */
static const char *workbook(const char *target)
{
    struct buf out = buf_make(&arena, 64 * 1024);
    struct xlsx_info info;
    struct exchange *x = get(target);
    assert_int_equal(x->status, 200);
    assert_int_equal(xlsx_read(x->reply, put_row, &out, &info), XLSX_FINE);
    return str_z(&arena, buf_str(&out));
}

#define HEADINGS "[A]编号 [B]诉求 [C]反映什么 [D]类别 [E]从哪里来 [F]所在地 [G]承办 [H]经办人 [I]状态 [J]收到时间 [K]期限 [L]办结时间 " \
                 "[M]答复 [N]本人说是否解决 [O]本人是否满意 \n"

/* Days are those of spreadsheets: 46350 is 2026-11-24, whose clock of contact ends on the 26th. */
static void a_workbook_says_what_the_list_says(void **state)
{
    (void)state;
    int64_t wages = POST(STR("/appeals/new"), "story", "老板三个月没发工资", "topic", "1", "type", "3", "channel", "1", "division",
                         VILLAGE, "name", "张三丰", "phone", "13800138000", "title", "车间欠薪");
    int64_t noise = POST(STR("/appeals/new"), "story", "邻居太吵", "topic", "16", "type", "2", "channel", "5", "division",
                         VILLAGE, "name", "李四光");
    assert_string_equal(workbook("/appeals.xlsx?show=open"),
                        HEADINGS "[A]SQ2026-000001 [B]车间欠薪 [C]工资拖欠 [D]投诉 [E]窗口 [F]北滘社区居委会 [G]北滘社区居委会 · 工会 "
                                 "[I]待受理 [J]46350 [K]46352 \n"
                                 "[A]SQ2026-000002 [B]邻居太吵 [C]婚姻家庭 [D]求助 [E]上门走访 [F]北滘社区居委会 [G]北滘社区居委会 · 妇联 "
                                 "[I]待受理 [J]46350 [K]46352 \n");
    ACT(wages, STEP_ACCEPT, "version", "1");
    ACT(wages, STEP_REPLY, "version", "2", "note", "工资已补发");
    assert_non_null(strstr(workbook("/appeals.xlsx?show=mine"), "[H]hui [I]待回访 [J]46350 [K]"));
    assert_null(strstr(workbook("/appeals.xlsx?show=mine"), "SQ2026-000002"));
    who = mei;
    ACT(wages, STEP_CALL_BACK, "version", "3", "answer", "2", "mood", "3", "note", "只发了两个月");
    assert_string_equal(workbook("/appeals.xlsx?show=closed"),
                        HEADINGS "[A]SQ2026-000001 [B]车间欠薪 [C]工资拖欠 [D]投诉 [E]窗口 [F]北滘社区居委会 [G]北滘社区居委会 · 工会 "
                                 "[H]hui [I]已办结 [J]46350 [L]46350 [M]工资已补发 [N]部分解决 [O]不满意 \n");
    ACT(noise, STEP_WITHDRAW, "version", "1", "note", "算了");
    assert_non_null(strstr(workbook("/appeals.xlsx?show=closed"), "[I]已撤回 [J]46350 [L]46350 \n"));
}

static void a_workbook_holds_what_the_search_finds(void **state)
{
    (void)state;
    POST(STR("/appeals/new"), "story", "想办残疾人证", "topic", "22", "type", "1", "channel", "1", "division", VILLAGE);
    POST(STR("/appeals/new"), "story", "想办社保", "topic", "2", "type", "1", "channel", "1", "division", VILLAGE);
    const char *all = workbook("/appeals.xlsx?q=想办"), *one = workbook("/appeals.xlsx?q=人证");
    assert_non_null(strstr(all, "想办残疾人证"));
    assert_non_null(strstr(all, "想办社保"));
    assert_non_null(strstr(one, "想办残疾人证"));
    assert_null(strstr(one, "想办社保"));
    assert_string_equal(workbook("/appeals.xlsx?q=无此事"), HEADINGS);
    assert_string_equal(workbook("/appeals.xlsx?show=closed&q=想办"), HEADINGS);
}

/* --- the index ---------------------------------------------------------------------------------------------------- */

static int64_t place_of(const struct exchange *x, const char *text)
{
    assert_int_equal(x->status, 200);
    return str_find(x->reply, str_of(text));
}

/* A hundred that fit: pages of them, the newest first, none twice and none left out. */
static void a_search_has_pages(void **state)
{
    enum { COUNT = 45 };
    char target[100] = "/appeals?q=路灯";
    int seen = 0, last = COUNT;
    (void)state;
    for (int i = 1; i <= COUNT; i++) {
        char title[40];
        (void)snprintf(title, sizeof title, "路灯第%d盏", i);
        POST(STR("/appeals/new"), "story", "路灯不亮", "title", title, "topic", "16", "type", "4", "channel", "1", "division", VILLAGE);
    }
    for (int page = 0; page < 3; page++) {
        const struct exchange *x = get(target);
        for (int here = 0; last > 0; here++, last--) {
            char title[40];
            (void)snprintf(title, sizeof title, "路灯第%d盏", last);
            if (place_of(x, title) < 0)
                break;
            seen++;
        }
        ptrdiff_t after = str_find(x->reply, STR("after="));
        assert_true((after >= 0) == (page < 2));
        if (after >= 0)
            (void)snprintf(target, sizeof target, "/appeals?q=路灯&after=%.20s", x->reply.data + after + 6);
        *(strchr(target, '"') ? strchr(target, '"') : target + strlen(target)) = '\0';
    }
    assert_int_equal(seen, COUNT);
}

/* As in a copy: the appeal is there, and the table for searching is empty. */
static bool put_bare(void *self, struct txn *txn, struct error *err)
{
    struct appeal_add_args add = { .district = 440606,
                                   .id = { txn_id(txn) },
                                   .number = STR("SQ2026-000009"),
                                   .state = APPEAL_REGISTERED,
                                   .division = { INT64_C(440606102001) },
                                   .line = { 1 },
                                   .desk = { INT64_C(440606102001) },
                                   .topic = 1,
                                   .type = MATTER_INQUIRY,
                                   .channel = CHANNEL_VISIT,
                                   .title = STR("问加班费"),
                                   .received_at = txn->now,
                                   .due_at = INSTANT_NEVER,
                                   .closed_at = INSTANT_NEVER };
    struct audit_event event = { .district = 440606, .action = STR("test"), .subject = STR("test") };
    (void)self;
    return appeal_add(txn, &add, NULL, err) && audit_append(txn, &event, err);
}

static bool make_index(void *self, struct txn *txn, struct error *err)
{
    struct audit_event event = { .action = STR("test"), .subject = STR("test") };
    (void)self;
    return appeals_feature.reindex(txn, err) && audit_append(txn, &event, err);
}

static void what_was_copied_is_found_once_its_index_is_made(void **state)
{
    struct error err;
    (void)state;
    must(txn_run(world.writer, &world.ids, world.now, put_bare, NULL, &err), &err);
    assert_true(place_of(get("/appeals?show=open"), "问加班费") >= 0);
    assert_true(place_of(get("/appeals?q=加班"), "问加班费") < 0);
    must(txn_run(world.writer, &world.ids, world.now, make_index, NULL, &err), &err);
    assert_true(place_of(get("/appeals?q=加班"), "问加班费") >= 0);
}

int main(void)
{
#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_workbook_says_what_the_list_says),
        IN_A_WORLD(a_workbook_holds_what_the_search_finds),
        IN_A_WORLD(a_search_has_pages),
        IN_A_WORLD(what_was_copied_is_found_once_its_index_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
