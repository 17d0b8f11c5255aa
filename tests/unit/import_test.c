/*
 * import_test.c - units out of workbooks and back: a real data file, the writer, and jobs run one by one.
 */
#include "features/accounts/accounts.h"
#include "features/network/capabilities.h"
#include "features/network/coverage.h"
#include "features/network/export.h"
#include "features/network/import.h"
#include "features/network/import_pages.h"
#include "features/network/network.h"
#include "features/territory/territory.h"
#include "platform/audit/audit.h"
#include "platform/jobs/record.h"
#include "platform/limits.h"
#include "unit/jobs_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const struct division district = { INT64_C(440606000000) };
static const struct division town = { INT64_C(440606102000) };

#define TREE                                                                                             \
    "code,name,parent\n44,广东省,0\n4406,佛山市,44\n440606,顺德区,4406\n440606102,北滘镇,440606\n"       \
    "440606102001,北滘社区,440606102\n440606103,陈村镇,440606\n440606103001,旧墟社区,440606103\n"

static struct actor officer; /* of the town, as signed in */

/* The clock stands still: nothing here depends on it. */
static struct instant noon(void)
{
    return (struct instant){ INT64_C(1795500000) * 1000000 };
}

static bool fill(void *self, struct txn *txn, struct error *err)
{
    struct territory_counts counts;
    return territory_load_csv(txn, self, NULL, NULL, &counts, err) && network_load_defaults(txn, err);
}

static const struct grant town_officer = { ROLE_TOWN_OFFICER, { 0 }, { INT64_C(440606102000) } };
static const struct grant neighbour_officer = { ROLE_TOWN_OFFICER, { 0 }, { INT64_C(440606103000) } };

static bool add_account(void *self, struct txn *txn, struct error *err)
{
    static const struct account_id nobody = { 0 };
    struct actor *actor = self;
    struct new_account account = { .login = STR("lin"), .name = STR("林"), .hash = STR("none") };
    return account_create(txn, &account, &actor->account, err) &&
           account_grant(txn, nobody, actor->account, town_officer, err);
}

/* The right of the town is taken; another one, elsewhere, stays or comes. */
static bool move_account(void *self, struct txn *txn, struct error *err)
{
    static const struct account_id nobody = { 0 };
    const struct actor *actor = self;
    return account_revoke(txn, nobody, actor->account, town_officer, err) &&
           account_grant(txn, nobody, actor->account, neighbour_officer, err);
}

static bool take_right(void *self, struct txn *txn, struct error *err)
{
    static const struct account_id nobody = { 0 };
    const struct actor *actor = self;
    return account_revoke(txn, nobody, actor->account, town_officer, err);
}

static int open_world(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &jobs_schema, &territory_schema, &accounts_schema,
                                                    &network_schema };
    static const struct feature *const features[] = { &network_feature, &jobs_feature };
    (void)state;
    if (world_begin(schemas, COUNT_OF(schemas), features, COUNT_OF(features), noon) != 0)
        return -1;
    const char *path = world_path("tree.csv");
    FILE *tree = fopen(path, "w");
    if (!tree || fputs(TREE, tree) < 0 || fclose(tree) != 0)
        return -1;
    officer = (struct actor){ 0 };
    ok(world_change(fill, (char *)(uintptr_t)path));
    ok(world_change(add_account, &officer));
    officer.grants[officer.grant_count++] = town_officer;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    return world_end();
}

/* --- making workbooks ------------------------------------------------------------------------------------------- */

/* Rows of texts by column; a cell of only digits is written as a number where the column is one. */
static struct sheet_writer *new_sheet_of(bool with_contacts)
{
    struct sheet_writer *writer;
    ok(unit_sheet_begin(&world.arena, LANG_ZH, with_contacts, &writer, &world.err));
    return writer;
}

static struct sheet_writer *new_sheet(void)
{
    return new_sheet_of(true);
}

static struct str end_sheet(struct sheet_writer *writer)
{
    struct str file;
    ok(sheet_end(writer, &file, &world.err));
    return file;
}

static void put_unit(struct sheet_writer *writer, const char *kind, const char *division, const char *name,
                     const char *uscc, int employees, int women)
{
    sheet_text(writer, COLUMN_KIND, str_of(kind));
    sheet_text(writer, COLUMN_DIVISION, str_of(division));
    sheet_text(writer, COLUMN_NAME, str_of(name));
    if (uscc[0] != '\0')
        sheet_text(writer, COLUMN_USCC, str_of(uscc));
    else
        sheet_text(writer, COLUMN_USCC_MISSING, STR("新成立"));
    sheet_int(writer, COLUMN_EMPLOYEES, employees);
    sheet_int(writer, COLUMN_WOMEN, women);
    sheet_next_row(writer);
}

/* Copies an exported workbook, cell by cell, with one of them changed. */
struct editing {
    struct sheet_writer *writer;
    int64_t row;
    int column;
    const char *text;
    int64_t number; /* with text NULL */
    bool is_bare; /* without contacts */
    bool has_header;
};

static bool copy_row(void *self, const struct xlsx_row *row)
{
    struct editing *editing = self;
    bool is_edited = row->number == editing->row, is_there = false;
    if (!editing->has_header) {
        editing->has_header = true;
        return true;
    }
    for (int i = 0; i < row->n; i++) {
        const struct xlsx_cell *cell = &row->cells[i];
        int64_t n;
        bool is_cell = is_edited && cell->column == editing->column;
        is_there = is_there || is_cell;
        if (is_cell && editing->text)
            sheet_text(editing->writer, cell->column, str_of(editing->text));
        else if (is_cell)
            sheet_int(editing->writer, cell->column, editing->number);
        else if (cell->kind == XLSX_NUMBER && xlsx_integer(cell->text, &n))
            sheet_int(editing->writer, cell->column, n);
        else
            sheet_text(editing->writer, cell->column, cell->text);
    }
    if (is_edited && !is_there && editing->text)
        sheet_text(editing->writer, editing->column, str_of(editing->text));
    sheet_next_row(editing->writer);
    return true;
}

static struct str edited(struct str file, struct editing editing)
{
    struct xlsx_info info;
    editing.writer = new_sheet_of(!editing.is_bare);
    assert_int_equal(xlsx_read(file, copy_row, &editing, &info), XLSX_FINE);
    return end_sheet(editing.writer);
}

static bool go_on(void *self, int64_t done, struct error *err)
{
    (void)self, (void)done, (void)err;
    return true;
}

static struct str exported_as(bool with_contacts)
{
    struct str file;
    struct export_range range = { .scope = scope_of(district, (struct line){ 0 }),
                                  .today = date_of(noon()), .max = 1000, .with_contacts = with_contacts };
    struct db *db = world_reader();
    ok(export_units(db, &range, &world.arena, go_on, NULL, &file, &world.err));
    db_release(db);
    return file;
}

static struct str exported(void)
{
    return exported_as(true);
}

/* --- running jobs ----------------------------------------------------------------------------------------------- */

static struct job run_jobs(struct job_id id)
{
    bool ran = true;
    while (ran)
        ok(jobs_run_next(&world.app, world.background, &ran, &world.err));
    return job_found(officer.account, 440606, id);
}

static struct job upload(struct str file)
{
    return run_jobs(job_started((struct new_job){ .district = 440606,
                                                  .kind = &import_kind,
                                                  .account = officer.account,
                                                  .name = STR("名单.xlsx"),
                                                  .payload = file }));
}

static struct job save(const struct job *job)
{
    ok(job_continued(job));
    return run_jobs(job->id);
}

static struct import_report *report_of(const struct job *job)
{
    struct str stored;
    struct import_report *report = arena_new(&world.arena, struct import_report, 1);
    struct db *db = world_reader();
    ok(job_read_result(db, job, &world.arena, &stored, &world.err));
    ok(import_report_read(&world.arena, stored, report, &world.err));
    db_release(db);
    return report;
}

static void assert_problem(const struct import_report *report, int index, const char *cell, const char *key)
{
    assert_true(index < report->problem_count);
    assert_string_equal(str_z(&world.arena, report->problems[index].cell), cell);
    assert_non_null(report->problems[index].text.key);
    assert_string_equal(report->problems[index].text.key->name, key);
}

static void assert_message(const struct job *job, const char *key)
{
    struct text text = job_message(&import_kind, &world.arena, job->message);
    assert_non_null(text.key);
    assert_string_equal(text.key->name, key);
}

static int64_t count_units(void)
{
    struct unit_list_rows rows;
    struct unit_list_args args = { .from = district, .to = division_last(district), .limit = 1000 };
    struct db *db = world_reader();
    ok(unit_list(db, &args, &world.arena, &rows, &world.err));
    db_release(db);
    return rows.n;
}

static void assert_tallies_are_true(void)
{
    struct recount recount;
    struct db *db = world_reader();
    ok(network_recount(db, &world.arena, &recount, &world.err));
    db_release(db);
    assert_int_equal(recount.different, 0);
}

static struct job register_three(void)
{
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "企业", "440606102001", "佛山市顺德区甲电器有限公司", "91440606MA00000031", 120, 40);
    put_unit(writer, "社会团体", "440606102", "顺德区乙商会", "", 3, 1);
    put_unit(writer, "Firm", "440606102001", "𠮷野家（北滘店）", "", 10, 4);
    struct job job = upload(end_sheet(writer));
    if (job.state == JOB_FAILED) {
        struct import_report *report = report_of(&job);
        for (int i = 0; i < report->problem_count; i++)
            print_message("%.*s %s\n", STR_ARG(report->problems[i].cell), report->problems[i].text.key->name);
    }
    assert_int_equal(job.state, JOB_WAITING);
    return save(&job);
}

/* --- tests ------------------------------------------------------------------------------------------------------ */

static void new_units_are_shown_then_saved(void **state)
{
    (void)state;
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "企业", "440606102001", "甲", "", 120, 40);
    put_unit(writer, "企业", "440606102001", "乙公司", "", 120, 40);
    struct job job = upload(end_sheet(writer));
    assert_int_equal(job.state, JOB_FAILED); /* a name of one character */
    assert_int_equal(count_units(), 0);
    assert_problem(report_of(&job), 0, "F2", "field_too_short");

    job = register_three();
    assert_int_equal(job.state, JOB_DONE);
    assert_message(&job, "import_done");
    assert_int_equal(report_of(&job)->added, 3);
    assert_true(report_of(&job)->opens[1] > 0); /* 120 employees: due in the union's line */
    assert_int_equal(count_units(), 3);
    assert_tallies_are_true();
}

static void nothing_is_saved_before_yes(void **state)
{
    (void)state;
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "企业", "440606102001", "乙公司", "", 120, 40);
    struct job job = upload(end_sheet(writer));
    assert_int_equal(job.state, JOB_WAITING);
    assert_int_equal(count_units(), 0);
    ok(job_cancelled(&job));
    assert_int_equal(run_jobs(job.id).state, JOB_CANCELLED);
    assert_false(job_continued(&job));
    assert_int_equal(world.err.kind, ERROR_CONFLICT);
    assert_int_equal(count_units(), 0);
}

static void every_problem_by_its_cell(void **state)
{
    (void)state;
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "公司", "440606102001", "甲公司", "", 10, 4);
    put_unit(writer, "企业", "440606103001", "邻镇公司", "", 10, 4);
    put_unit(writer, "企业", "440606102999", "没有这个村公司", "", 10, 4);
    put_unit(writer, "企业", "北滘", "区划不是数字公司", "", 10, 4);
    put_unit(writer, "企业", "440606102001", "代码不对公司", "91440606MA00000032", 10, 4);
    put_unit(writer, "企业", "440606102001", "女工太多公司", "", 10, 11);
    put_unit(writer, "企业", "440606102001", "代码重复公司", "91440606MA00000031", 10, 4);
    put_unit(writer, "企业", "440606102001", "代码重复二公司", "9144 0606ma00000031", 10, 4);
    sheet_text(writer, COLUMN_KEY, STR("440606-999"));
    put_unit(writer, "企业", "440606102001", "行标识不对公司", "", 10, 4);
    sheet_text(writer, COLUMN_EMPLOYEES, STR("十人"));
    sheet_int(writer, COLUMN_WOMEN, 4); /* right, as far as one can know */
    sheet_text(writer, COLUMN_IS_CLOSED, STR("也许"));
    sheet_text(writer, COLUMN_KIND, STR("企业"));
    sheet_next_row(writer);
    struct job job = upload(end_sheet(writer));
    assert_int_equal(job.state, JOB_FAILED);
    assert_message(&job, "import_has_problems");
    const struct import_report *report = report_of(&job);
    int n = 0;
    assert_problem(report, n++, "C2", "field_choice");
    assert_problem(report, n++, "D5", "field_division");
    assert_problem(report, n++, "J11", "field_number");
    assert_problem(report, n++, "P11", "import_yes_no");
    assert_problem(report, n++, "D3", "unit_bad_division");
    assert_problem(report, n++, "D4", "unit_bad_division");
    assert_problem(report, n++, "G6", "uscc_check");
    assert_problem(report, n++, "K7", "unit_more_than_employees");
    assert_problem(report, n++, "A10", "import_no_such_unit");
    assert_problem(report, n++, "D11", "field_required");
    assert_problem(report, n++, "F11", "field_required");
    assert_problem(report, n++, "H11", "uscc_or_reason");
    assert_problem(report, n++, "G9", "import_double_code");
    assert_int_equal(report->problem_total, n);
    assert_int_equal(count_units(), 0);
}

static void exported_edited_and_back(void **state)
{
    (void)state;
    (void)register_three();
    struct str file = exported();
    struct job same = upload(file);
    assert_int_equal(same.state, JOB_DONE);
    assert_message(&same, "import_nothing_new");
    assert_int_equal(report_of(&same)->same, 3);

    /* rows come by division: the chamber of the town first, then the firms of the village */
    struct job job = upload(edited(file, (struct editing){ .row = 3, .column = COLUMN_EMPLOYEES, .number = 12 }));
    assert_int_equal(job.state, JOB_FAILED); /* 40 women of 12 */
    assert_problem(report_of(&job), 0, "K3", "unit_more_than_employees");
    job = upload(edited(file, (struct editing){ .row = 3, .column = COLUMN_EMPLOYEES, .number = 121 }));
    assert_int_equal(job.state, JOB_WAITING);
    const struct import_report *report = report_of(&job);
    assert_int_equal(report->changed, 1);
    assert_int_equal(report->same, 2);
    assert_int_equal(report->cell_total, 1);
    assert_int_equal(report->cells[0].number, 3);
    assert_int_equal(report->cells[0].column, COLUMN_EMPLOYEES);
    assert_string_equal(str_z(&world.arena, report->cells[0].before), "120");
    assert_string_equal(str_z(&world.arena, report->cells[0].after), "121");
    job = save(&job);
    assert_int_equal(job.state, JOB_DONE);
    assert_tallies_are_true();

    /* the old export again: what it would undo is a conflict, what agrees with the register is not */
    job = upload(edited(file, (struct editing){ .row = 4, .column = COLUMN_CONTACT, .text = "陈" }));
    assert_int_equal(job.state, JOB_FAILED);
    assert_int_equal(report_of(&job)->problem_total, 1);
    assert_problem(report_of(&job), 0, "F3", "import_conflict");
}

/* Who may not see contacts gets a workbook without them; it comes back and they are as they were. */
static void a_workbook_without_contacts_keeps_them(void **state)
{
    static const struct editing contact = { .row = 4, .column = COLUMN_CONTACT, .text = "陈 13800138000" };
    (void)state;
    (void)register_three();
    struct job job = upload(edited(exported(), contact));
    job = save(&job);
    assert_int_equal(job.state, JOB_DONE);
    job = upload(edited(exported_as(false),
                        (struct editing){ .is_bare = true, .row = 4, .column = COLUMN_NAME, .text = "另一个名称" }));
    assert_int_equal(report_of(&job)->cell_total, 1);
    job = save(&job);
    assert_int_equal(job.state, JOB_DONE);
    job = upload(edited(exported(), contact));
    assert_int_equal(job.state, JOB_DONE);
    assert_message(&job, "import_nothing_new");
}

static void closing_a_unit_closes_its_spots(void **state)
{
    (void)state;
    (void)register_three();
    struct job job = upload(edited(exported(), (struct editing){ .row = 3, .column = COLUMN_IS_CLOSED, .text = "是" }));
    assert_int_equal(job.state, JOB_WAITING);
    assert_int_equal(report_of(&job)->closes[1], 1);
    job = save(&job);
    assert_int_equal(job.state, JOB_DONE);
    assert_tallies_are_true();
}

static void what_was_confirmed_is_what_is_saved(void **state)
{
    (void)state;
    (void)register_three();
    struct str file = exported();
    struct job first = upload(edited(file, (struct editing){ .row = 3, .column = COLUMN_WOMEN, .number = 41 }));
    struct job second = upload(edited(file, (struct editing){ .row = 3, .column = COLUMN_WOMEN, .number = 42 }));
    assert_int_equal(first.state, JOB_WAITING);
    assert_int_equal(second.state, JOB_WAITING);
    assert_int_equal(save(&first).state, JOB_DONE);
    struct job late = save(&second);
    assert_int_equal(late.state, JOB_FAILED); /* the version in the file is no longer the register's */
    assert_problem(report_of(&late), 0, "F3", "import_conflict");
}

static bool always(void *self, int64_t done, int64_t total, struct error *err)
{
    (void)self, (void)done, (void)total, (void)err;
    return true;
}

/* A plan that is no longer true when the writer gets it: all such rows are listed, nothing is kept. */
static void a_lost_race_saves_nothing(void **state)
{
    (void)state;
    (void)register_three();
    struct str file = exported();
    struct book book;
    struct import_sheet sheet;
    struct import_plan *plan = arena_new(&world.arena, struct import_plan, 1);
    struct import_problems *problems = arena_new(&world.arena, struct import_problems, 1);
    struct str old = edited(file, (struct editing){ .row = 3, .column = COLUMN_WOMEN, .number = 42 });
    struct db *db = world_reader();
    ok(book_load(db, date_of(noon()), &world.arena, &book, &world.err));
    struct import_world at = { db, &officer, &book, date_of(noon()), LANG_ZH };
    ok(import_read(old, &world.arena, always, NULL, &sheet, problems, &world.err));
    ok(import_plan(&at, &sheet, &world.arena, always, NULL, plan, problems, &world.err));
    db_release(db);
    assert_int_equal(plan->changed, 1);
    assert_int_equal(problems->total, 0);

    struct job other = upload(edited(file, (struct editing){ .row = 3, .column = COLUMN_WOMEN, .number = 41 }));
    other = save(&other);
    assert_int_equal(other.state, JOB_DONE);
    struct job_outcome outcome = { .state = JOB_DONE };
    struct import_change change = { plan, &book, officer.account, &other, &outcome, problems };
    assert_false(world_change(import_apply, &change));
    assert_int_equal(world.err.kind, ERROR_CONFLICT);
    assert_int_equal(problems->total, 1);
    assert_int_equal(problems->at[0].row, 3);
    assert_tallies_are_true();
}

static void a_known_code_changes_its_unit(void **state)
{
    (void)state;
    (void)register_three();
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "企业", "440606102001", "佛山市顺德区甲电器有限公司", "91440606MA00000031", 130, 40);
    struct job job = upload(end_sheet(writer));
    assert_int_equal(job.state, JOB_WAITING);
    assert_int_equal(report_of(&job)->changed, 1);
    assert_int_equal(report_of(&job)->added, 0);
    assert_int_equal(save(&job).state, JOB_DONE);
    assert_int_equal(count_units(), 3);
}

/* Without code and key only the name tells a unit from another: the same file twice must not register it twice. */
static void rows_without_code_do_not_double(void **state)
{
    (void)state;
    (void)register_three();
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "社会团体", "440606102", "顺德区乙商会", "", 3, 1);
    put_unit(writer, "企业", "440606102", "顺德区乙商会", "", 3, 1);        /* of another kind */
    put_unit(writer, "社会团体", "440606102001", "顺德区乙商会", "", 3, 1); /* of another division */
    put_unit(writer, "企业", "440606102001", "丙公司", "", 3, 1);
    put_unit(writer, "企业", "440606102001", "丁公司", "", 3, 1);
    put_unit(writer, "企业", "440606102001", "丙公司", "", 4, 1);
    put_unit(writer, "企业", "440606102001", "佛山市顺德区甲电器有限公司", "", 3, 1); /* that one has a code */
    struct job job = upload(end_sheet(writer));
    assert_int_equal(job.state, JOB_FAILED);
    const struct import_report *report = report_of(&job);
    assert_int_equal(report->problem_total, 3);
    assert_problem(report, 0, "F2", "import_known_name");
    assert_problem(report, 1, "F8", "import_known_name");
    assert_problem(report, 2, "F7", "import_double_name");
    assert_int_equal(report->problems[2].text.args[0].n, 5);
    assert_int_equal(count_units(), 3);
}

/* One that is closed may be registered anew. */
static void a_closed_unit_gives_its_name_back(void **state)
{
    (void)state;
    (void)register_three();
    struct job job = upload(edited(exported(), (struct editing){ .row = 2, .column = COLUMN_IS_CLOSED, .text = "是" }));
    assert_int_equal(save(&job).state, JOB_DONE);
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "社会团体", "440606102", "顺德区乙商会", "", 3, 1);
    job = upload(end_sheet(writer));
    assert_int_equal(job.state, JOB_WAITING);
    assert_int_equal(report_of(&job)->added, 1);
}

/* --- rights that are taken away meanwhile ------------------------------------------------------------------------- */

/* What somebody with these rights sees of a job's page or file. */
static struct reply seen_by(const struct actor *actor, struct reply (*show)(struct request *rq, const struct job *job),
                            const struct job *job)
{
    struct exchange x = { .arena = &world.arena, .method = HTTP_GET, .path = STR("/units"), .now = noon() };
    struct request rq = { .x = &x,
                          .arena = &world.arena,
                          .now = noon(),
                          .today = date_of(noon()),
                          .app = &world.app,
                          .actor = *actor,
                          .path_ids = { job->district, job->id.n } };
    rq.db = world_reader();
    struct reply reply = show(&rq, job);
    db_release(rq.db);
    return reply;
}

static struct job upload_one(void)
{
    struct sheet_writer *writer = new_sheet();
    put_unit(writer, "企业", "440606102001", "佛山市顺德区甲电器有限公司", "", 120, 40);
    struct job job = upload(end_sheet(writer));
    assert_int_equal(job.state, JOB_WAITING);
    return job;
}

static void who_lost_all_rights_saves_nothing(void **state)
{
    (void)state;
    struct job job = upload_one();
    struct actor now = officer;
    assert_true(str_find(seen_by(&now, import_result_show, &job).body, STR("确认保存")) > 0);
    now.grant_count = 0;
    struct str page = seen_by(&now, import_result_show, &job).body;
    assert_true(str_find(page, STR("您没有修改单位的权限了")) > 0);
    assert_true(str_find(page, STR("确认保存")) < 0);
    ok(world_change(take_right, &officer));
    job = save(&job);
    assert_int_equal(job.state, JOB_FAILED);
    assert_message(&job, "import_no_rights");
    assert_int_equal(count_units(), 0);
}

static void who_lost_the_village_saves_nothing_there(void **state)
{
    (void)state;
    struct job job = upload_one();
    ok(world_change(move_account, &officer));
    job = save(&job);
    assert_int_equal(job.state, JOB_FAILED);
    assert_problem(report_of(&job), 0, "D2", "unit_bad_division");
    assert_int_equal(count_units(), 0);
}

static struct job export_town(void)
{
    struct buf payload = buf_make(&world.arena, 256);
    record_int(&payload, town.code);
    record_int(&payload, division_last(town).code);
    record_int(&payload, 0);
    record_end(&payload);
    return run_jobs(job_started((struct new_job){ .district = 440606,
                                                  .kind = &export_kind,
                                                  .account = officer.account,
                                                  .name = STR("单位.xlsx"),
                                                  .payload = buf_str(&payload) }));
}

static struct reply download(struct request *rq, const struct job *job)
{
    (void)job;
    return units_export_file(rq);
}

static void an_export_is_served_while_one_may_see_it(void **state)
{
    struct reply reply;
    struct xlsx_info info;
    struct actor now = officer;
    struct editing editing = { .writer = new_sheet() };
    (void)state;
    (void)register_three();
    struct job job = export_town();
    assert_int_equal(job.state, JOB_DONE);
    reply = seen_by(&now, download, &job);
    assert_int_equal(reply.status, 200);
    assert_int_equal(xlsx_read(reply.body, copy_row, &editing, &info), XLSX_FINE);
    (void)end_sheet(editing.writer);
    now.grants[0] = (struct grant){ ROLE_LEADER, { 0 }, town_officer.division }; /* it holds contacts */
    assert_int_equal(seen_by(&now, download, &job).status, 404);
    now.grants[0] = neighbour_officer;
    assert_int_equal(seen_by(&now, download, &job).status, 404);
    now.grants[0] = (struct grant){ ROLE_TOWN_OFFICER, { 0 }, { INT64_C(440606102001) } }; /* less than it holds */
    assert_int_equal(seen_by(&now, download, &job).status, 404);
    now.grant_count = 0;
    assert_int_equal(seen_by(&now, download, &job).status, 404);

    ok(world_change(take_right, &officer));
    job = export_town();
    assert_int_equal(job.state, JOB_FAILED);
    assert_string_equal(job_message(&export_kind, &world.arena, job.message).key->name, "export_no_rights");
}

struct submitting {
    struct exchange x;
    struct request rq;
    struct reply reply;
};

static bool submit(void *self, struct txn *txn, struct error *err)
{
    struct submitting *submitting = self;
    submitting->rq.txn = txn;
    submitting->rq.db = txn->db;
    submitting->reply = import_submit(&submitting->rq);
    return submitting->rq.problems.n == 0 || error_fail(err, ERROR_REFUSED, "problems");
}

/* Uploads are kept until somebody says yes or no: one account cannot fill the disk with them. */
static void uploads_of_one_account_are_few(void **state)
{
    (void)state;
    struct job job = { 0 };
    for (int i = 0; i < LIMIT_JOBS_UNFINISHED; i++)
        job = upload_one();
    struct submitting *submitting = arena_new(&world.arena, struct submitting, 1);
    submitting->x = (struct exchange){ .arena = &world.arena, .method = HTTP_POST, .path = STR("/units/import") };
    submitting->rq = (struct request){ .x = &submitting->x,
                                       .arena = &world.arena,
                                       .today = date_of(noon()),
                                       .app = &world.app,
                                       .actor = officer,
                                       .axes = { .at = town },
                                       .upload = { .name = STR("x.xlsx"), .bytes = STR("x") },
                                       .problems = { .arena = &world.arena } };
    assert_false(world_change(submit, submitting));
    assert_string_equal(submitting->rq.problems.at[0].text.key->name, "job_too_many");
    ok(job_cancelled(&job));
    submitting->rq.problems.n = 0;
    ok(world_change(submit, submitting));
    assert_int_equal(submitting->reply.status, 303);
}

static void no_workbook(void **state)
{
    (void)state;
    struct job job = upload(STR("name;code"));
    assert_int_equal(job.state, JOB_FAILED);
    assert_problem(report_of(&job), 0, "", "import_no_workbook");
    job = upload(end_sheet(new_sheet()));
    assert_problem(report_of(&job), 0, "", "import_no_rows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(new_units_are_shown_then_saved, open_world, close_world),
        cmocka_unit_test_setup_teardown(nothing_is_saved_before_yes, open_world, close_world),
        cmocka_unit_test_setup_teardown(every_problem_by_its_cell, open_world, close_world),
        cmocka_unit_test_setup_teardown(exported_edited_and_back, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_workbook_without_contacts_keeps_them, open_world, close_world),
        cmocka_unit_test_setup_teardown(closing_a_unit_closes_its_spots, open_world, close_world),
        cmocka_unit_test_setup_teardown(what_was_confirmed_is_what_is_saved, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_lost_race_saves_nothing, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_known_code_changes_its_unit, open_world, close_world),
        cmocka_unit_test_setup_teardown(rows_without_code_do_not_double, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_closed_unit_gives_its_name_back, open_world, close_world),
        cmocka_unit_test_setup_teardown(uploads_of_one_account_are_few, open_world, close_world),
        cmocka_unit_test_setup_teardown(no_workbook, open_world, close_world),
        cmocka_unit_test_setup_teardown(who_lost_all_rights_saves_nothing, open_world, close_world),
        cmocka_unit_test_setup_teardown(who_lost_the_village_saves_nothing_there, open_world, close_world),
        cmocka_unit_test_setup_teardown(an_export_is_served_while_one_may_see_it, open_world, close_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
