/*
 * scene.c - runs *.scene files: what people do in a browser, and what they must see.
 *
 * Every file has a world of its own.  Its lines are the rows of commands[] below; a file ends at the first line that
 * does not hold.  An indented line asks about the last reply.  See tests/scenes/README.md.
 */
#include "base/parse.h"
#include "base/utf8.h"
#include "features/network/network.h"
#include "harness/words.h"
#include "harness/world.h"
#include "platform/audit/audit.h"
#include "platform/limits.h"
#include "shuniu/features.h"

#include "gen/audit_queries.h"

#include <stdarg.h>

enum { VARIABLES_MAX = 64, WHY_MAX = 2000, FILE_MAX = 1 << 20, SHOWN_MAX = 600 };

struct variable {
    struct str name, value;
};

struct scene {
    struct world world;
    struct arena arena;
    struct person *who, visitor;
    const struct exchange *last;       /* the reply one asks about; NULL: none yet */
    struct audit_head_all_rows before; /* the ends of the audit chains before it */
    struct variable variables[VARIABLES_MAX];
    int variable_count;
    struct buf why; /* what does not hold */
};

/* Says why a line does not hold; always false. */
PRINTF_LIKE(2, 3)
static bool fails(struct scene *scene, const char *format, ...)
{
    char text[WHY_MAX / 2];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_put(&scene->why, str_of(text));
    return false;
}

/* From here on $name stands for value. */
static bool set_variable(struct scene *scene, struct str name, struct str value)
{
    if (scene->variable_count == VARIABLES_MAX)
        return fails(scene, "more than %d names", VARIABLES_MAX);
    scene->variables[scene->variable_count++] =
        (struct variable){ str_copy(&scene->arena, name), str_copy(&scene->arena, value) };
    return true;
}

/* --- who and when ------------------------------------------------------------------------------------------------ */

/* ROLE [line=N] DIVISION */
static bool read_grant(struct scene *scene, struct str rest, struct grant *ret)
{
    struct str role = word_next(&rest), word = word_next(&rest);
    struct grant grant = { 0 };
    if (str_starts(word, STR("line="))) {
        if (!line_parse(str_slice(word, 5, word.len), &grant.line))
            return fails(scene, "%.*s is no line", STR_ARG(word));
        word = word_next(&rest);
    }
    if (!role_parse(role, &grant.role) || !division_parse(word, &grant.division) || rest.len > 0)
        return fails(scene, "expected ROLE [line=N] DIVISION");
    *ret = grant;
    return true;
}

/* Makes the person at the first time; $NAME is the number of the account. */
static struct person *person_of(struct scene *scene, struct str login)
{
    struct person *who = world_find(&scene->world, login);
    if (who)
        return who;
    who = world_add(&scene->world, login);
    (void)set_variable(scene, login, str_format(&scene->arena, "%lld", (long long)who->account.n));
    return who;
}

static bool run_as(struct scene *scene, struct str rest)
{
    struct str login = word_next(&rest);
    struct grant grant = { 0 };
    if (rest.len == 0 && !world_find(&scene->world, login))
        return fails(scene, "nobody is called %.*s yet: as NAME ROLE [line=N] DIVISION", STR_ARG(login));
    if (rest.len > 0 && !read_grant(scene, rest, &grant))
        return false;
    struct person *who = person_of(scene, login);
    if (rest.len > 0)
        world_grant(&scene->world, who, grant);
    scene->last = NULL;
    scene->who = who;
    return world_sign_in(&scene->world, who) || fails(scene, "%.*s was not let in", STR_ARG(login));
}

/* A browser that has never been here, or the one of the last visitor. */
static bool run_visitor(struct scene *scene, struct str rest)
{
    scene->who = &scene->visitor;
    scene->last = NULL;
    if (str_equal(rest, STR("again")))
        return true;
    scene->visitor = (struct person){ 0 };
    return rest.len == 0 || fails(scene, "expected 'visitor' or 'visitor again'");
}

static bool run_wait(struct scene *scene, struct str rest)
{
    static const char units[] = "smhd";
    static const int64_t seconds[] = { 1, 60, 3600, 86400 };
    int64_t n;
    const char *unit = rest.len > 1 ? strchr(units, rest.data[rest.len - 1]) : NULL;
    if (!unit || !parse_int(str_slice(rest, 0, rest.len - 1), 1, 100000, &n))
        return fails(scene, "expected a time such as 3d, 2h, 30m or 31s");
    scene->world.now.us += n * seconds[unit - units] * 1000000;
    return true;
}

/* --- requests ---------------------------------------------------------------------------------------------------- */

/* Where one is sent: the address without what is asked behind '?', or, if it ends in '/', how it begins. */
static bool is_there(struct str location, struct str expected)
{
    if (!str_starts(location, expected))
        return false;
    struct str rest = str_slice(location, expected.len, location.len);
    return rest.len == 0 || rest.data[0] == '?' || (expected.len > 1 && str_ends(expected, STR("/")));
}

static bool check_problem(struct scene *scene, struct str rest)
{
    struct str field = word_next(&rest), key = word_next(&rest);
    const struct request *rq = scene->last->app;
    struct buf have = buf_make(&scene->arena, WHY_MAX / 2);
    for (ptrdiff_t i = 0; i < rq->problems.n; i++) {
        const struct problem *problem = &rq->problems.at[i];
        struct str name = problem->field.len > 0 ? problem->field : STR("-");
        struct str why = str_of(problem->text.key->name);
        if (str_equal(name, field) && str_equal(why, key))
            return true;
        buf_format(&have, " %.*s %.*s,", STR_ARG(name), STR_ARG(why));
    }
    return fails(scene, "expected problem %.*s %.*s, got%.*s", STR_ARG(field), STR_ARG(key),
                 STR_ARG(have.len > 0 ? str_slice(buf_str(&have), 0, have.len - 1) : STR(" none")));
}

/* STATUS [LOCATION | problem FIELD TEXT_KEY] */
static bool check_reply(struct scene *scene, struct str rest)
{
    struct str status = word_next(&rest);
    struct str location = reply_header(scene->last, STR("Location"));
    int64_t expected;
    if (!parse_int(status, 200, 599, &expected))
        return fails(scene, "expected '=> STATUS'");
    if (scene->last->status != expected)
        return fails(scene, "expected %lld, got %d %.*s", (long long)expected, scene->last->status, STR_ARG(location));
    struct str word = word_next(&rest);
    if (str_equal(word, STR("problem")))
        return check_problem(scene, rest);
    if (word.len > 0 && !is_there(location, word))
        return fails(scene, "expected to be sent to %.*s, got %.*s", STR_ARG(word), STR_ARG(location));
    return true;
}

/* What stands between the address and '=>': NAME=VALUE, @HEADER=VALUE, no-csrf. */
static bool read_ask(struct scene *scene, struct str rest, struct ask *ask)
{
    struct buf body = buf_make(&scene->arena, LIMIT_FORM_BYTES * 2);
    bool has_csrf = ask->method == HTTP_POST;
    while (rest.len > 0) {
        struct str name, value;
        bool is_raw;
        if (str_starts(rest, STR("no-csrf"))) {
            (void)word_next(&rest);
            has_csrf = false;
            continue;
        }
        if (!pair_next(&scene->arena, &rest, &name, &value, &is_raw))
            return fails(scene, "expected NAME=VALUE, got %.*s", STR_ARG(rest));
        if (name.data[0] == '@' && ask->header_count < ASK_HEADERS_MAX)
            ask->headers[ask->header_count++] = (struct http_header){ str_slice(name, 1, name.len), value };
        else if (is_raw)
            buf_format(&body, "%s%.*s=%.*s", body.len > 0 ? "&" : "", STR_ARG(name), STR_ARG(value));
        else
            form_put(&body, name, value);
    }
    if (has_csrf)
        form_put(&body, STR("csrf"), world_session(&scene->world, scene->who).csrf);
    ask->body = buf_str(&body);
    return true;
}

static void note_audit(struct scene *scene)
{
    struct error err;
    struct db *db = world_reader(&scene->world);
    must(audit_head_all(db, &scene->arena, &scene->before, &err), &err);
    db_release(db);
}

static bool run_ask(struct scene *scene, enum http_method method, struct str rest)
{
    ptrdiff_t arrow = str_find(rest, STR("=> "));
    if (arrow < 0)
        return fails(scene, "expected '=> STATUS' at the end");
    struct str told = str_trim(str_slice(rest, 0, arrow)), expected = str_slice(rest, arrow + 3, rest.len);
    struct ask ask = { .method = method, .target = word_next(&told) };
    if (!read_ask(scene, told, &ask))
        return false;
    note_audit(scene);
    scene->last = world_ask(&scene->world, scene->who, &ask);
    return check_reply(scene, expected);
}

static bool run_get(struct scene *scene, struct str rest)
{
    return run_ask(scene, HTTP_GET, rest);
}

static bool run_post(struct scene *scene, struct str rest)
{
    return run_ask(scene, HTTP_POST, rest);
}

/* --- about the last reply ---------------------------------------------------------------------------------------- */

static bool check_text(struct scene *scene, struct str rest, bool is_wanted)
{
    struct str text;
    if (!quoted(&scene->arena, rest, &text))
        return fails(scene, "expected a \"text\"");
    if ((str_find(scene->last->reply, text) >= 0) == is_wanted)
        return true;
    return fails(scene, "the page %s \"%.*s\"", is_wanted ? "has no" : "has", STR_ARG(text));
}

static bool check_has(struct scene *scene, struct str rest)
{
    return check_text(scene, rest, true);
}

static bool check_hasnt(struct scene *scene, struct str rest)
{
    return check_text(scene, rest, false);
}

static bool check_header(struct scene *scene, struct str rest)
{
    struct str part, name = word_next(&rest), value = reply_header(scene->last, name);
    if (!quoted(&scene->arena, rest, &part))
        return fails(scene, "expected header NAME \"part\"");
    return str_find(value, part) >= 0 || fails(scene, "expected %.*s with \"%.*s\", got \"%.*s\"", STR_ARG(name),
                                               STR_ARG(part), STR_ARG(value));
}

/* --- what is stored ---------------------------------------------------------------------------------------------- */

struct sought {
    struct scene *scene;
    struct str action, subject;
    bool is_found;
};

static bool look_at_event(void *self, const struct audit_event_each *event, struct error *err)
{
    struct sought *sought = self;
    int64_t before = 0;
    (void)err;
    for (ptrdiff_t i = 0; i < sought->scene->before.n; i++)
        if (sought->scene->before.at[i].district == event->district)
            before = sought->scene->before.at[i].seq;
    if (event->seq > before && str_equal(event->action, sought->action) && str_equal(event->subject, sought->subject))
        sought->is_found = true;
    return true;
}

static bool check_audit(struct scene *scene, struct str rest)
{
    struct error err;
    struct str action = word_next(&rest), subject = word_next(&rest);
    struct sought sought = { scene, action, subject, false };
    struct db *db = world_reader(&scene->world);
    must(audit_event_each(db, &scene->arena, look_at_event, &sought, &err), &err);
    db_release(db);
    return sought.is_found || fails(scene, "the last request left no event %.*s %.*s", STR_ARG(action),
                                    STR_ARG(subject));
}

static bool run_verify(struct scene *scene, struct str rest)
{
    struct error err;
    struct audit_report report;
    struct db *db = world_reader(&scene->world);
    must(audit_verify(db, &scene->arena, &report, &err), &err);
    db_release(db);
    if (report.bad_seq != 0)
        return fails(scene, "event %lld of district %lld does not fit", (long long)report.bad_seq,
                     (long long)report.bad_district);
    return rest.len == 0 || fails(scene, "'verify' stands alone");
}

static bool run_daily(struct scene *scene, struct str rest)
{
    world_daily(&scene->world);
    return rest.len == 0 || fails(scene, "'daily' stands alone");
}

static bool run_recount(struct scene *scene, struct str rest)
{
    struct error err;
    struct recount recount;
    struct db *db = world_reader(&scene->world);
    must(network_recount(db, &scene->arena, &recount, &err), &err);
    db_release(db);
    if (recount.different != 0)
        return fails(scene, "%lld tallies are wrong, the first of division %lld, line %d", (long long)recount.different,
                     (long long)recount.first_division.code, recount.first_line.n);
    return rest.len == 0 || fails(scene, "'recount' stands alone");
}

/* The number at the beginning; behind the end of a tag, what stands in the element. */
static struct str value_behind(struct str prefix, struct str text)
{
    struct str value, rest;
    if (!str_ends(prefix, STR(">")))
        return digits(text);
    return str_cut(text, '<', &value, &rest) ? value : (struct str){ 0 };
}

/* NAME = PREFIX [after "TEXT"]: what is behind the prefix, where one was sent to or else in the page. */
static bool run_let(struct scene *scene, struct str rest)
{
    struct str name = word_next(&rest), is = word_next(&rest), prefix = word_next(&rest), after = { 0 };
    bool is_later = str_equal(word_next(&rest), STR("after"));
    if (!scene->last || !str_equal(is, STR("=")) || (is_later && !quoted(&scene->arena, rest, &after)))
        return fails(scene, "expected NAME = PREFIX [after \"TEXT\"] behind a request");
    struct str text = reply_header(scene->last, STR("Location"));
    if (!str_starts(text, prefix))
        text = scene->last->reply;
    ptrdiff_t from = str_find(text, after);
    text = from >= 0 ? str_slice(text, from, text.len) : (struct str){ 0 };
    from = str_find(text, prefix);
    if (from < 0)
        return fails(scene, "there is no %.*s", STR_ARG(prefix));
    struct str value = { 0 };
    for (; from >= 0 && value.len == 0; from = str_find(text, prefix)) { /* the first that has something behind it */
        text = str_slice(text, from + prefix.len, text.len);
        value = value_behind(prefix, text);
    }
    if (value.len == 0)
        return fails(scene, "there is nothing behind %.*s", STR_ARG(prefix));
    return set_variable(scene, name, value);
}

/* --- lines ------------------------------------------------------------------------------------------------------- */

/* To add a line: one row, its function, a word in tests/scenes/README.md. */
static const struct command {
    const char *word;
    bool (*run)(struct scene *scene, struct str rest);
    bool is_check; /* about a reply: indented */
} commands[] = {
    { "as", run_as, false },          { "visitor", run_visitor, false },    { "GET", run_get, false },
    { "POST", run_post, false },      { "wait", run_wait, false },          { "let", run_let, false },
    { "recount", run_recount, false }, { "verify", run_verify, false },     { "has", check_has, true },
    { "hasnt", check_hasnt, true },   { "header", check_header, true },     { "problem", check_problem, true },
    { "audit", check_audit, true },   { "daily", run_daily, false },
};

/* $name becomes its newest value. */
static bool substitute(struct scene *scene, struct str line, struct str *ret)
{
    struct buf out = buf_make(&scene->arena, FILE_MAX);
    struct str text, name;
    while (str_cut(line, '$', &text, &line)) {
        int i = scene->variable_count - 1;
        buf_put(&out, text);
        name = letters(line);
        while (i >= 0 && !str_equal(scene->variables[i].name, name))
            i--;
        if (i < 0)
            return fails(scene, "$%.*s is not known", STR_ARG(name));
        buf_put(&out, scene->variables[i].value);
        line = str_slice(line, name.len, line.len);
    }
    buf_put(&out, text);
    *ret = buf_str(&out);
    return true;
}

static bool run_command(struct scene *scene, struct str line, bool is_indented)
{
    struct str rest;
    if (!substitute(scene, line, &rest))
        return false;
    struct str word = word_next(&rest);
    for (ptrdiff_t i = 0; i < COUNT_OF(commands); i++) {
        const struct command *command = &commands[i];
        if (!str_equal(word, str_of(command->word)))
            continue;
        if (command->is_check != is_indented)
            return fails(scene, "'%s' is %s", command->word, is_indented ? "not indented" : "indented");
        if (command->is_check && !scene->last)
            return fails(scene, "'%s' asks about a reply, and there is none", command->word);
        return command->run(scene, rest);
    }
    return fails(scene, "'%.*s' is nothing a scene knows", STR_ARG(word));
}

/* "! LINE" is right when LINE is wrong: how a scene tests this runner. */
static bool run_line(struct scene *scene, struct str line)
{
    bool is_indented = line.len > 0 && line.data[0] == ' ';
    line = str_trim(line);
    scene->why.len = 0;
    if (line.len == 0 || line.data[0] == '#')
        return true;
    if (!str_starts(line, STR("! ")))
        return run_command(scene, line, is_indented);
    if (!run_command(scene, str_slice(line, 2, line.len), is_indented))
        return true;
    return fails(scene, "this should not hold");
}

static void print_reply(struct scene *scene)
{
    if (!scene->last)
        return;
    struct str text = plain_text(&scene->arena, scene->last->reply, SHOWN_MAX);
    printf("#   the reply: %d %.*s\n", scene->last->status, STR_ARG(text));
}

static bool run_file(struct scene *scene, const char *path, struct str text)
{
    bool more = true;
    for (int number = 1; more; number++) {
        struct str line;
        more = str_cut(text, '\n', &line, &text);
        if (run_line(scene, line))
            continue;
        printf("# %s:%d: %.*s\n#   %.*s\n", path, number, STR_ARG(buf_str(&scene->why)), STR_ARG(str_trim(line)));
        print_reply(scene);
        return false;
    }
    return true;
}

static bool run_scene(const char *path)
{
    struct scene scene = { .last = NULL };
    struct str text;
    bool ok = false;
    world_open(&scene.world, shuniu_app(false, NULL));
    scene.who = &scene.visitor;
    scene.why = buf_make(&scene.arena, WHY_MAX);
    if (read_text(path, &scene.arena, FILE_MAX, &text))
        ok = run_file(&scene, path, text);
    else
        printf("# %s: cannot be read\n", path);
    world_close(&scene.world);
    arena_release(&scene.arena);
    return ok;
}

/* TAP: one test for each file. */
int main(int argc, char **argv)
{
    int failed = 0;
    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        bool ok = run_scene(argv[i]);
        printf("%s %d - %s\n", ok ? "ok" : "not ok", i, argv[i]);
        (void)fflush(stdout);
        failed += !ok;
    }
    return failed == 0 ? 0 : 1;
}
