/*
 * walk.c - walks every route of every feature as every role, as a visitor and from a neighbour district.
 *
 * What must come back follows from the capability of the route alone: a visitor is sent to sign in, a role without the
 * capability finds nothing, and neither does one who has it in 南海区 only, whatever the route is about in 顺德区.  A
 * route that is added is walked without a word here, unless its address or form holds something new.  Bodies of POST
 * are made from the form's own fields, and must get through for somebody who may: else they would prove nothing.
 */
#include "features/network/pages.h"
#include "harness/world.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/sealed.h"
#include "platform/limits.h"
#include "platform/web/forms.h"
#include "shuniu/features.h"

#include "gen/audit_queries.h"
#include "gen/clocks_queries.h"
#include "gen/jobs_queries.h"
#include "gen/jobs_texts.h"
#include "gen/network_queries.h"
#include "gen/web_queries.h"

#include <stdarg.h>

#define HERE ((struct division){ INT64_C(440606000000) })
#define NEIGHBOUR ((struct division){ INT64_C(440605000000) })
#define PLACE "440606102"
#define PARTNER "walk-partner" /* an organisation that others have relations to */

/* What one route is asked about: fresh records, so that no route stands in another's way. */
struct records {
    int64_t unit, spot, organisation, relation, account, session, rule, limit, job, draft, appeal;
    struct str name; /* of the unit, its spot, the organisation, the draft and the appeal; nowhere else */
};

struct walk {
    struct world world;
    struct arena arena;
    struct person visitor, *maker, *chief, *here[ROLE_COUNT], *next_door[ROLE_COUNT];
    struct person *looked_after; /* in 顺德区 */
    int64_t job;                 /* the newest */
    int made, findings;
    bool is_quiet;
};

/* Something is not as it must be. */
PRINTF_LIKE(3, 4)
static void finding(struct walk *walk, const struct route *route, const char *format, ...)
{
    va_list args;
    walk->findings++;
    if (walk->is_quiet)
        return;
    printf("# %s %s: ", route->method == HTTP_GET ? "GET" : "POST", route->pattern);
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    printf("\n");
}

static bool has_record(const struct route *route)
{
    return str_find(str_of(route->pattern), STR("{")) >= 0;
}

/* To add a page about what belongs to one person and not to a place: the capability says so, or one row. */
static bool is_personal(const struct route *route)
{
    static const char *const patterns[] = { "/units/import/{", "/units/export/{" };
    for (ptrdiff_t i = 0; i < COUNT_OF(patterns); i++)
        if (str_starts(str_of(route->pattern), str_of(patterns[i])))
            return true;
    return route->needs->is_public || route->needs == &cap_signed_in;
}

/* To add a page about the whole installation, for administrators of the nation only: one row. */
static bool is_of_installation(const struct route *route)
{
    return str_equal(str_of(route->pattern), STR("/network/lines/new")) || str_starts(str_of(route->pattern), STR("/workdays/"));
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

static struct str token_of(struct walk *walk, struct person *who)
{
    if (!world_sign_in(&walk->world, who))
        BUG("%.*s cannot sign in", STR_ARG(who->login));
    return world_session(&walk->world, who).csrf;
}

static struct exchange *ask(struct walk *walk, struct person *who, enum http_method method, struct str target,
                            struct str body)
{
    struct buf all = buf_make(&walk->arena, LIMIT_FORM_BYTES);
    struct str token = token_of(walk, who);
    buf_put(&all, body);
    if (method == HTTP_POST)
        form_put(&all, STR("csrf"), token);
    struct ask what = { .method = method, .target = target, .body = buf_str(&all) };
    return world_ask(&walk->world, who, &what);
}

/* A form with a file in it (RFC 7578). */
static struct exchange *ask_with_file(struct walk *walk, struct person *who, struct str target)
{
    struct buf body = buf_make(&walk->arena, LIMIT_FORM_BYTES);
    buf_format(&body, "--walk\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%.*s\r\n",
               STR_ARG(token_of(walk, who)));
    buf_put(&body, STR("--walk\r\nContent-Disposition: form-data; name=\"file\"; filename=\"walk.xlsx\"\r\n\r\n"
                       "walk\r\n--walk--\r\n"));
    struct ask what = { .method = HTTP_POST,
                        .target = target,
                        .body = buf_str(&body),
                        .headers = { { STR("Content-Type"), STR("multipart/form-data; boundary=walk") } },
                        .header_count = 1 };
    return world_ask(&walk->world, who, &what);
}

/* The number behind the last '/' of where one was sent. */
static int64_t sent_to(const struct exchange *x)
{
    struct str location = reply_header(x, STR("Location"));
    int64_t n = 0;
    if (x->status != 303)
        BUG("%.*s: %d, expected a new record", STR_ARG(x->path), x->status);
    for (ptrdiff_t i = 0; i < location.len && location.data[i] != '?'; i++)
        n = location.data[i] >= '0' && location.data[i] <= '9' ? n * 10 + location.data[i] - '0' : 0;
    return n;
}

static int64_t spot_of(struct walk *walk, int64_t unit)
{
    struct error err;
    struct spot_open_of spot;
    bool found;
    struct spot_open_of_args args = { .district = 440606, .unit = { unit }, .line = { 1 } };
    struct db *db = world_reader(&walk->world);
    must(spot_open_of(db, &args, &walk->arena, &spot, &found, &err), &err);
    db_release(db);
    return found ? spot.id.n : 0;
}

static struct person *person(struct walk *walk, const char *login, enum role role, struct division division)
{
    struct person *who = world_add(&walk->world, str_format(&walk->arena, "%s-%s", login, role_name(role)));
    world_grant(&walk->world, who, (struct grant){ .role = role, .division = division });
    return who;
}

static int64_t make_rule(struct walk *walk)
{
    struct error err;
    struct rule_last last;
    struct str rule = STR("line=1&division=440606&kind=1&measure=2&at_least=90000&basis_zh=walk&valid_from=2026-01-01");
    if (ask(walk, walk->chief, HTTP_POST, STR("/network/rules/new"), rule)->status != 303)
        BUG("no new rule");
    struct db *db = world_reader(&walk->world);
    must(rule_last(db, &walk->arena, &last, &err), &err);
    db_release(db);
    return last.rule;
}

/* An export that is done, as far as anybody can tell: there is no worker here. */
static bool start_job(void *self, struct txn *txn, struct error *err)
{
    static const struct job_kind kind = { .name = "network.export", .title = &text_key_job_title };
    struct walk *walk = self;
    struct job_id id;
    struct new_job job = { .district = 440606, .kind = &kind, .account = walk->maker->account, .name = STR("walk") };
    if (!job_start(txn, &job, &id, err))
        return false;
    struct job_move_args move = { .to = JOB_DONE, .changed_at = txn->now, .district = 440606, .id = id,
                                  .from = JOB_QUEUED };
    /* the part of the territory it covers, without contacts (network/export_pages.c), then what would be a workbook */
    struct str text = STR("440606000000\037440606999999\0370\037\036walk");
    struct job_set_result_args result = { job_result_seal(txn, id, text, &walk->world.arena), 440606, id };
    walk->job = id.n;
    return job_move(txn, &move, err) && job_set_result(txn, &result, err);
}

static int64_t make_job(struct walk *walk)
{
    struct error err;
    must(txn_run(walk->world.writer, &walk->world.ids, walk->world.now, start_job, walk, &err), &err);
    return walk->job;
}

/* The newest has the largest number; of a question and a day there is one. */
static int64_t make_limit(struct walk *walk)
{
    struct error err;
    struct time_limit_all_rows rows;
    struct date day = { date_of(walk->world.now).days - walk->made };
    struct str limit = str_format(&walk->arena, "kind=1&unit=1&amount=3&division=440606&basis_zh=walk&valid_from=%.*s",
                                  STR_ARG(date_iso(&walk->arena, day)));
    if (ask(walk, walk->chief, HTTP_POST, STR("/time-limits/new"), limit)->status != 303)
        BUG("no new time limit");
    struct db *db = world_reader(&walk->world);
    must(time_limit_all(db, &walk->arena, &rows, &err), &err);
    db_release(db);
    return rows.at[rows.n - 1].number;
}

static int64_t make_organisation(struct walk *walk, struct str name)
{
    struct str organisation = str_format(&walk->arena, "name=%.*s&line=1&regime=7&division=" PLACE "&founded_on=2026-01-01",
                                         STR_ARG(name));
    return sent_to(ask(walk, walk->maker, HTTP_POST, STR("/organisations/new"), organisation));
}

static int64_t make_appeal(struct walk *walk, struct str name)
{
    struct str appeal = str_format(&walk->arena, "title=%.*s&story=walk&topic=1&type=1&channel=1&division=" PLACE, STR_ARG(name));
    return sent_to(ask(walk, walk->maker, HTTP_POST, STR("/appeals/new"), appeal));
}

/* One that holds, from the organisation to the partner. */
static int64_t make_relation(struct walk *walk, int64_t organisation)
{
    struct error err;
    struct relation_out_list_rows rows;
    struct relation_out_list_args args = { 440606, { organisation }, 1 };
    struct str target = str_format(&walk->arena, "/organisations/440606/%lld/relations", (long long)organisation);
    struct str body = STR("relation=2&since=2026-01-01&other=" PARTNER);
    if (ask(walk, walk->maker, HTTP_POST, target, body)->status != 303)
        BUG("no new relation");
    struct db *db = world_reader(&walk->world);
    must(relation_out_list(db, &args, &walk->arena, &rows, &err), &err);
    db_release(db);
    return rows.at[0].id.n;
}

/* Of a form the maker may fill in. */
static int64_t make_draft(struct walk *walk, struct str name)
{
    struct error err;
    struct draft_of draft;
    bool found;
    struct draft_of_args args = { walk->maker->account, STR("/units/new") };
    struct str body = str_format(&walk->arena, "draft=/units/new&name=%.*s", STR_ARG(name));
    if (ask(walk, walk->maker, HTTP_POST, STR("/drafts"), body)->status != 204)
        BUG("no new draft");
    struct db *db = world_reader(&walk->world);
    must(draft_of(db, &args, &walk->arena, &draft, &found, &err), &err);
    db_release(db);
    return found ? draft.id : 0;
}

/* Through the real pages, by somebody who may.  The account is the same for all: people are few. */
static struct records make_records(struct walk *walk, const struct route *route)
{
    struct arena *arena = &walk->arena;
    struct str pattern = str_of(route->pattern);
    struct records made = { .name = str_format(arena, "walked-%d", ++walk->made) };
    struct str unit = str_format(arena, "name=%.*s&kind=1&division=" PLACE "&uscc_missing=x&employees=30",
                                 STR_ARG(made.name));
    made.unit = sent_to(ask(walk, walk->maker, HTTP_POST, STR("/units/new"), unit));
    made.spot = spot_of(walk, made.unit);
    made.organisation = make_organisation(walk, made.name);
    made.relation = str_find(pattern, STR("{relation}")) >= 0 ? make_relation(walk, made.organisation) : 0;
    made.account = walk->looked_after->account.n;
    made.session = world_session(&walk->world, walk->maker).id;
    made.rule = str_starts(pattern, STR("/network/rules/{")) ? make_rule(walk) : 0;
    made.limit = str_starts(pattern, STR("/time-limits/{")) ? make_limit(walk) : 0;
    made.job = is_personal(route) && has_record(route) ? make_job(walk) : 0;
    made.draft = make_draft(walk, made.name);
    made.appeal = str_starts(pattern, STR("/appeals")) ? make_appeal(walk, made.name) : 0;
    return made;
}

/* --- what is asked ----------------------------------------------------------------------------------------------- */

/* To add what an address may hold: one row. The first whose pattern begins so is taken. */
static bool put_part(struct buf *out, const struct route *route, struct str part, const struct records *records)
{
    const struct {
        const char *pattern, *part;
        int64_t value;
    } parts[] = {
        { "/", "{district}", 440606 },
        { "/units/import/", "{id}", records->job },
        { "/units/export/", "{id}", records->job },
        { "/units/", "{id}", records->unit },
        { "/spots/", "{id}", records->spot },
        { "/organisations/", "{id}", records->organisation },
        { "/appeals/", "{id}", records->appeal },
        { "/jobs/", "{id}", records->job },
        { "/drafts/", "{id}", records->draft },
        { "/accounts/", "{id}", records->account },
        { "/account/sessions/", "{id}", records->session },
        { "/network/rules/", "{rule}", records->rule },
        { "/time-limits/", "{number}", records->limit },
        { "/spots/", "{act}", 1 },
        { "/appeals/", "{act}", 1 },
        { "/appeals/", "{kind}", 3 }, /* to close, which may be extended */
        { "/organisations/", "{act}", 4 }, /* re-elect */
        { "/organisations/", "{relation}", records->relation },
        { "/divisions/", "{code}", 440606 },
        { "/workdays/", "{year}", 2027 },
        { "/lang/", "{n}", 1 },
        { "/theme/", "{n}", 1 },
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(parts); i++) {
        if (!str_starts(str_of(route->pattern), str_of(parts[i].pattern)) || !str_equal(part, str_of(parts[i].part)))
            continue;
        buf_int(out, parts[i].value);
        return true;
    }
    return false;
}

/* The address with numbers in it, looked at from 顺德区; empty: it holds something unknown. */
static struct str target_of(struct walk *walk, const struct route *route, const struct records *records)
{
    struct buf out = buf_make(&walk->arena, LIMIT_FORM_BYTES);
    struct str part, rest = str_slice(str_of(route->pattern), 1, (ptrdiff_t)strlen(route->pattern));
    bool more = true;
    while (more) {
        more = str_cut(rest, '/', &part, &rest);
        buf_char(&out, '/');
        if (!str_starts(part, STR("{")))
            buf_put(&out, part);
        else if (!put_part(&out, route, part, records))
            return (struct str){ 0 };
    }
    buf_put(&out, STR("?at=440606"));
    return buf_str(&out);
}

/* To add what a field of that name needs, where its type does not say enough: one row. */
static struct str special_value(struct walk *walk, struct str name)
{
    static const struct {
        const char *name, *value;
    } values[] = {
        { "version", "1" },          { "uscc", "" },         { "term_ends_on", "2027-01-01" },
        { "expires_on", "2027-01-01" }, { "at_least", "5" }, { "owner", "" },
        { "deadline", "2027-01-01" }, { "other", PARTNER },     { "state", "2" }, { "days", "2027-01-01 off" },
        { "valid_to", "2027-01-01" }, { "received_on", "" }, { "phone", "0757 1234" },
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(values); i++)
        if (str_equal(name, str_of(values[i].name)))
            return str_of(values[i].value);
    if (str_equal(name, STR("login")) || str_equal(name, STR("name")))
        return str_format(&walk->arena, "fresh-%lld", (long long)walk->world.asked);
    return STR("-");
}

static struct str value_of(struct walk *walk, const struct route *route, const struct field *field)
{
    if (route->handle == spot_find_submit && str_equal(str_of(field->name), STR("line")))
        return STR("3"); /* a rule makes the unit due in the first */
    if (str_ends(str_of(route->pattern), STR("/pause")) && str_equal(str_of(field->name), STR("until")))
        return STR("2026-12-01"); /* of a pause: to come */
    struct str special = special_value(walk, str_of(field->name));
    if (!str_equal(special, STR("-")))
        return special;
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_SECRET:
    case FIELD_NAMED:
        return STR("walk");
    case FIELD_INT:
    case FIELD_CHOICE:
        return str_format(&walk->arena, "%lld", (long long)field->min);
    case FIELD_DATE:
        return STR("2026-01-01");
    case FIELD_DIVISION:
        return STR(PLACE);
    case FIELD_CHECK:
        break;
    }
    return (struct str){ 0 };
}

static struct str body_of(struct walk *walk, const struct route *route)
{
    struct buf body = buf_make(&walk->arena, LIMIT_FORM_BYTES);
    for (int i = 0; route->form && i < route->form->field_count; i++)
        form_put(&body, str_of(route->form->fields[i].name), value_of(walk, route, &route->form->fields[i]));
    return buf_str(&body);
}

/* --- what must come back ----------------------------------------------------------------------------------------- */

static void check_visitor(struct walk *walk, const struct route *route, const struct exchange *x)
{
    struct str location = reply_header(x, STR("Location"));
    if (route->needs->is_public)
        return;
    if (route->method == HTTP_GET ? x->status != 303 || !str_starts(location, STR("/sign-in")) : x->status != 403)
        finding(walk, route, "a visitor gets %d", x->status);
}

/* A workbook cannot be searched for a name here: from outside there is none, but for those that hold nobody's data. */
static bool is_closed_file(const struct route *route, const struct exchange *x)
{
    static const char *const empty_files[] = { "/units/template.xlsx" };
    for (ptrdiff_t i = 0; i < COUNT_OF(empty_files); i++)
        if (strcmp(route->pattern, empty_files[i]) == 0)
            return false;
    return reply_header(x, STR("Content-Disposition")).len > 0;
}

/* From the neighbour district: nothing of 顺德区, and no change. */
static void check_neighbour(struct walk *walk, const struct route *route, const struct exchange *x, struct str name,
                            const struct person *who)
{
    if (str_find(x->reply, name) >= 0 || is_closed_file(route, x))
        finding(walk, route, "%.*s reads %.*s", STR_ARG(who->login), STR_ARG(name));
    if (has_record(route) && x->status != 404)
        finding(walk, route, "%.*s gets %d, not 404", STR_ARG(who->login), x->status);
    if (route->method == HTTP_POST && x->status < 400)
        finding(walk, route, "%.*s gets %d for a change in another district", STR_ARG(who->login), x->status);
}

/* What no record is named for may still be the business of the whole installation. */
static void check_own(struct walk *walk, const struct route *route, const struct exchange *x, const struct person *who)
{
    bool must_find = (has_record(route) || route->method == HTTP_GET) && !is_of_installation(route);
    if ((x->status == 404 && must_find) || x->status >= 500 || (x->status == 403 && route->method == HTTP_GET))
        finding(walk, route, "%.*s may, and gets %d", STR_ARG(who->login), x->status);
}

static struct exchange *ask_route(struct walk *walk, struct person *who, const struct route *route,
                                  const struct records *records)
{
    struct str target = target_of(walk, route, records);
    return route->takes_file ? ask_with_file(walk, who, target)
                             : ask(walk, who, route->method, target, body_of(walk, route));
}

static bool may(const struct route *route, enum role role)
{
    return (route->needs->roles >> role & 1) != 0;
}

/* Everybody who must not get through. */
static void walk_outside(struct walk *walk, const struct route *route, const struct records *records)
{
    check_visitor(walk, route, ask_route(walk, &walk->visitor, route, records));
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        struct person *here = walk->here[role], *next_door = walk->next_door[role];
        int status = may(route, role) ? 404 : ask_route(walk, here, route, records)->status;
        if (status != 404)
            finding(walk, route, "%.*s has no right to it and gets %d", STR_ARG(here->login), status);
        const struct exchange *x = ask_route(walk, next_door, route, records);
        check_neighbour(walk, route, x, records->name, next_door);
    }
}

/* The handler did it, or found that it had been done already. */
static bool is_reached(const struct exchange *x)
{
    return x->status < 400 || x->status == 409;
}

static void walk_inside(struct walk *walk, const struct route *route, const struct records *records)
{
    int done = 0;
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        if (!may(route, role))
            continue;
        const struct exchange *x = ask_route(walk, walk->here[role], route, records);
        check_own(walk, route, x, walk->here[role]);
        done += is_reached(x);
    }
    if (done == 0 && !is_reached(ask_route(walk, walk->chief, route, records)))
        finding(walk, route, "nobody who may gets through with this request: it proves nothing");
}

/* The end of the district's audit chain: every change moves it. */
static int64_t changes_here(struct walk *walk)
{
    struct error err;
    struct audit_head_of head = { 0 };
    bool found;
    struct db *db = world_reader(&walk->world);
    must(audit_head_of(db, &(struct audit_head_of_args){ 440606 }, &walk->arena, &head, &found, &err), &err);
    db_release(db);
    return head.seq;
}

static void check_stranger(struct walk *walk, const struct route *route, const struct records *records,
                           struct person *who)
{
    const struct exchange *x = ask_route(walk, who, route, records);
    bool is_healthy = x->status < 500 || str_equal(x->path, STR("/metrics")); /* there is no server here */
    if (!is_healthy || str_find(x->reply, records->name) >= 0)
        finding(walk, route, "%.*s gets %d", STR_ARG(who->login), x->status);
    if (has_record(route) && !route->needs->is_public && x->status != 404)
        finding(walk, route, "%.*s gets %d for what is another's", STR_ARG(who->login), x->status);
}

/* What belongs to one person nobody else finds, whatever the place; pages for all just work. */
static void walk_personal(struct walk *walk, const struct route *route, const struct records *records)
{
    check_visitor(walk, route, ask_route(walk, &walk->visitor, route, records));
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        check_stranger(walk, route, records, walk->here[role]);
        check_stranger(walk, route, records, walk->next_door[role]);
    }
    bool is_owned = has_record(route) && !route->needs->is_public;
    if (is_owned && !is_reached(ask_route(walk, walk->maker, route, records)))
        finding(walk, route, "its owner does not get through: it proves nothing");
}

/* How many findings this route gives. */
/* Without the database the page itself carries what was typed, but no secret and no file: those leads back to their form. */
static void walk_away(struct walk *walk, const struct route *route, const struct records *records, int status)
{
    bool has_secret = route->form && form_has_secret(route->form);
    (void)token_of(walk, walk->chief);
    walk->world.refuses_with = status;
    const struct exchange *x = ask_route(walk, walk->chief, route, records);
    walk->world.refuses_with = 0;
    bool is_carried = str_find(x->reply, STR("data-carried")) >= 0;
    bool has_record = str_find(x->reply, STR("target=\"_blank\"")) >= 0; /* what is perhaps saved can be looked at beside it */
    if (x->status != status || has_record != (is_carried && status == 504) || is_carried == (has_secret || route->takes_file))
        finding(walk, route, "without the database it is %d, and %s", x->status, is_carried ? "carried" : "not carried");
    for (int i = 0; route->form && i < route->form->field_count; i++) {
        struct str input = str_format(&walk->arena, "<input type=\"hidden\" name=\"%s\"", route->form->fields[i].name);
        if ((str_find(x->reply, input) >= 0) != is_carried)
            finding(walk, route, "without the database '%s' is %s", route->form->fields[i].name, is_carried ? "lost" : "shown");
    }
}

static int walk_route(struct walk *walk, const struct route *route)
{
    int before = walk->findings;
    struct records records = make_records(walk, route);
    if (target_of(walk, route, &records).len == 0) {
        finding(walk, route, "its address holds what the walk does not know: see put_part()");
    } else if (is_personal(route)) {
        walk_personal(walk, route, &records);
    } else {
        int64_t changes = changes_here(walk);
        walk_outside(walk, route, &records);
        if (changes_here(walk) != changes)
            finding(walk, route, "somebody from outside changed something");
        walk_inside(walk, route, &records);
    }
    if (route->method == HTTP_POST && target_of(walk, route, &records).len > 0)
        for (int status = 503; status <= 504; status++)
            walk_away(walk, route, &records, status);
    return walk->findings - before;
}

/* --- the walks --------------------------------------------------------------------------------------------------- */

static void begin_walk(struct walk *walk, struct app app)
{
    *walk = (struct walk){ .made = 0 };
    world_open(&walk->world, app);
    walk->maker = person(walk, "maker", ROLE_DISTRICT_OFFICER, HERE);
    walk->chief = person(walk, "chief", ROLE_ADMINISTRATOR, (struct division){ 0 });
    walk->looked_after = person(walk, "looked-after", ROLE_LEADER, HERE);
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        walk->here[role] = person(walk, "here", role, HERE);
        walk->next_door[role] = person(walk, "next-door", role, NEIGHBOUR);
    }
    (void)make_organisation(walk, STR(PARTNER));
}

static void end_walk(struct walk *walk)
{
    world_close(&walk->world);
    arena_release(&walk->arena);
}

static int walk_all(struct walk *walk, int *test)
{
    int failed = 0;
    for (int f = 0; f < walk->world.app.feature_count; f++) {
        const struct feature *feature = walk->world.app.features[f];
        for (int r = 0; r < feature->route_count; r++) {
            const struct route *route = &feature->routes[r];
            bool ok = walk_route(walk, route) == 0;
            printf("%s %d - %s %s\n", ok ? "ok" : "not ok", ++*test, route->method == HTTP_GET ? "GET" : "POST",
                   route->pattern);
            (void)fflush(stdout);
            failed += !ok;
        }
    }
    return failed;
}

/* What a handler looks like that forgets whose record it is. */
static struct reply forgetful(struct request *rq)
{
    struct unit_by_id unit;
    struct unit_by_id_args args = { rq->path_ids[0], { rq->path_ids[1] }, { 0 }, { INT64_MAX } };
    if (!unit_by_id(rq->db, &args, rq->arena, &unit, &rq->err))
        return reply_error(rq);
    return reply_status(200, STR("text/plain"), unit.name);
}

/* The walk itself can fail: it sees the forgetful handler. */
static int walk_forgetful(int *test)
{
    static const struct capability any_role = { .name = "any", .roles = HAS_ALL };
    static const struct route routes[] = { { HTTP_GET, "/units/{district}/{id}/leak", &any_role, forgetful } };
    static const struct feature leaky = { .name = "leaky", .routes = routes, .route_count = COUNT_OF(routes) };
    const struct feature *features[SHUNIU_SCHEMAS_MAX] = { &leaky };
    struct app app = shuniu_app(false, NULL);
    struct walk walk;
    for (int i = 0; i < app.feature_count; i++)
        features[i + 1] = app.features[i];
    app.features = features;
    app.feature_count++;
    begin_walk(&walk, app);
    walk.is_quiet = true;
    int findings = walk_route(&walk, &routes[0]);
    end_walk(&walk);
    bool ok = findings == 2 * ROLE_COUNT; /* each role next door reads the name, and gets 200 */
    printf("%s %d - a handler that forgets the scope is found\n", ok ? "ok" : "not ok", ++*test);
    return ok ? 0 : 1;
}

int main(void)
{
    struct walk walk;
    int test = 0;
    begin_walk(&walk, shuniu_app(false, NULL));
    int failed = walk_all(&walk, &test);
    end_walk(&walk);
    failed += walk_forgetful(&test);
    printf("1..%d\n", test);
    return failed == 0 ? 0 : 1;
}
