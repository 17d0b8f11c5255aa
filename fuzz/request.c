/*
 * request.c - a whole request through the program, to a small world with data: what the gate reads of headers, cookies and
 * queries, the pages' own parameters, and the forms.
 *
 * The first line is WHO METHOD TARGET: 0 a visitor, 1 an officer who is signed in, 2 an administrator; G, H or P.  Then
 * come headers, one a line, an empty line, and the body.  In target and body $csrf stands for the token of that session,
 * $unit, $organisation, $spot, $draft and $account for numbers of records that are there.  What a request changes is
 * undone, so that an input does the same whatever came before.
 */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "harness/words.h"
#include "harness/world.h"
#include "shuniu/features.h"

#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 3, RECORDS = 5, NUMBER_MAX = 20 };

/* What stands for the number of a record; it is found on a page, behind a text that comes before it. */
static const struct {
    const char *name, *page, *before;
} records[RECORDS] = {
    { "$unit", "/units?at=440606&q=%E7%94%B2%E5%8E%82", "/units/440606/" },
    { "$organisation", "/organisations?at=440606", "/organisations/440606/" },
    { "$spot", "/spots?at=440606", "/spots/440606/" },
    { "$draft", "/units/new", "/drafts/" },
    { "$account", "/units/new", "name=\"who\" value=\"" },
};

struct set {
    struct world world;
    struct person *people[PEOPLE];
    struct str csrf[PEOPLE];
    struct str numbers[RECORDS];
    bool is_open;
};

static struct set set; /* made once: it takes longer than thousands of requests */

static void close_world(void)
{
    world_close(&set.world);
}

/* Units, an organisation and a draft, so that the pages of records and what their forms say are reached. */
static void fill(struct person *who, struct str csrf)
{
    static const struct {
        const char *target, *body;
    } asks[] = {
        { "/units/new", "name=%E7%94%B2%E5%8E%82&kind=1&division=440606102&uscc=91330100799655058B&employees=30&women=12" },
        { "/organisations/new", "line=1&name=%E7%94%B2%E5%8E%82%E5%B7%A5%E4%BC%9A&regime=1&division=440606102"
                                "&founded_on=2026-01-05&members=20" },
        { "/drafts", "draft=/units/new&name=%E4%B9%99%E5%8E%82" },
    };
    for (int i = 0; i < COUNT_OF(asks); i++) {
        struct ask ask = { .method = HTTP_POST, .target = str_of(asks[i].target) };
        ask.body = str_format(&set.world.arena, "csrf=%.*s&%s", STR_ARG(csrf), asks[i].body);
        int status = world_ask(&set.world, who, &ask)->status;
        if (status != 303 && status != 204)
            BUG("%s: %d", asks[i].target, status);
    }
    for (int i = 0; i < RECORDS; i++) {
        struct ask ask = { .method = HTTP_GET, .target = str_of(records[i].page) };
        struct str page = world_ask(&set.world, who, &ask)->reply, before = str_of(records[i].before);
        ptrdiff_t at = str_find(page, before);
        struct str number = at >= 0 ? digits(str_slice(page, at + before.len, page.len)) : (struct str){ 0 };
        if (number.len == 0 || number.len > NUMBER_MAX)
            BUG("%s: no %s", records[i].page, records[i].name);
        set.numbers[i] = str_copy(&set.world.arena, number);
    }
}

static void open_world(void)
{
    static const char *const logins[PEOPLE] = { "", "lin", "chief" };
    static const struct grant grants[PEOPLE] = { [1] = { ROLE_DISTRICT_OFFICER, { 0 }, { INT64_C(440606000000) } },
                                                 [2] = { ROLE_ADMINISTRATOR, { 0 }, { 0 } } };
    static struct person visitor;
    if (set.is_open)
        return;
    set.is_open = true;
    world_open(&set.world, shuniu_app(true, NULL));
    (void)atexit(close_world);
    set.people[0] = &visitor;
    for (int i = 1; i < PEOPLE; i++) {
        set.people[i] = world_add(&set.world, str_of(logins[i]));
        world_grant(&set.world, set.people[i], grants[i]);
        if (!world_sign_in(&set.world, set.people[i]))
            BUG("%s was not let in", logins[i]);
        set.csrf[i] = world_session(&set.world, set.people[i]).csrf;
    }
    fill(set.people[1], set.csrf[1]);
    set.world.forgets = true;
}

/* --- the input ------------------------------------------------------------------------------------------------ */

static struct str with(struct arena *arena, struct str text, struct str name, struct str value)
{
    ptrdiff_t at = str_find(text, name);
    if (at < 0)
        return text;
    struct buf out = buf_make(arena, text.len + value.len);
    buf_put(&out, str_slice(text, 0, at));
    buf_put(&out, value);
    buf_put(&out, str_slice(text, at + name.len, text.len));
    return buf_str(&out);
}

static struct str filled_in(struct arena *arena, struct str text, int who)
{
    text = with(arena, text, STR("$csrf"), set.csrf[who]);
    for (int i = 0; i < RECORDS; i++)
        text = with(arena, text, str_of(records[i].name), set.numbers[i]);
    return text;
}

static enum http_method method_of(struct str word)
{
    if (str_equal(word, STR("P")))
        return HTTP_POST;
    return str_equal(word, STR("H")) ? HTTP_HEAD : HTTP_GET;
}

/* False: no request. */
static bool read_ask(struct str input, struct arena *arena, int *ret_who, struct ask *ret)
{
    struct str line, who, method, name, value;
    (void)str_cut(input, '\n', &line, &input);
    (void)str_cut(line, ' ', &who, &line);
    (void)str_cut(line, ' ', &method, &ret->target);
    if (who.len != 1 || who.data[0] < '0' || who.data[0] >= '0' + PEOPLE || !str_starts(ret->target, STR("/")))
        return false;
    *ret_who = who.data[0] - '0';
    ret->method = method_of(method);
    while (str_cut(input, '\n', &line, &input) && line.len > 0 && ret->header_count < ASK_HEADERS_MAX) {
        (void)str_cut(line, ':', &name, &value);
        ret->headers[ret->header_count++] = (struct http_header){ name, str_trim(value) };
    }
    ret->target = filled_in(arena, ret->target, *ret_who);
    ret->body = filled_in(arena, input, *ret_who);
    return true;
}

/* --- the promises --------------------------------------------------------------------------------------------- */

static void check_headers(const struct exchange *x)
{
    struct str location = reply_header(x, STR("Location"));
    for (int i = 0; i < x->reply_header_count; i++) {
        struct str value = x->reply_headers[i].value;
        for (ptrdiff_t at = 0; at < value.len; at++)
            if ((unsigned char)value.data[at] < ' ')
                BUG("%.*s ends early", STR_ARG(x->reply_headers[i].name));
    }
    if (location.len > 0 && (location.data[0] != '/' || str_starts(location, STR("//"))))
        BUG("to another host: %.*s", STR_ARG(location));
}

static void check_reply(const struct exchange *x)
{
    struct str type = reply_header(x, STR("Content-Type"));
    bool has_no_server = str_equal(x->path, STR("/metrics")) && x->status == 503; /* nothing serves, so nothing is counted */
    if (x->status >= 500 && !has_no_server)
        BUG("%.*s: %d", STR_ARG(x->path), x->status);
    check_headers(x);
    bool is_text = str_starts(type, STR("text/")) || str_starts(type, STR("application/json"));
    bool is_packed = reply_header(x, STR("Content-Encoding")).len > 0;
    if (is_text && !is_packed && !utf8_is_valid(x->reply))
        BUG("%.*s: no UTF-8", STR_ARG(x->path));
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct ask ask = { .method = HTTP_GET };
    int who;
    open_world();
    if (!read_ask(input, arena, &who, &ask))
        return;
    struct person as_before = *set.people[who];
    struct ids ids = set.world.ids;
    struct arena_mark mark = arena_mark(&set.world.arena);
    check_reply(world_ask(&set.world, set.people[who], &ask));
    arena_rewind(&set.world.arena, mark);
    set.world.ids = ids;
    *set.people[who] = as_before;
}
