#include "features/appeals/listing.h"

#include "base/parse.h"
#include "features/appeals/appeal_index.h"
#include "features/appeals/capabilities.h"

static const char *const shows[APPEAL_SHOW_COUNT] = { "desk", "late", "mine", "taken", "open", "closed" };

struct str appeal_show_name(enum appeal_show show)
{
    return str_of(shows[show]);
}

bool appeal_has_list(enum appeal_show show, struct scope scope)
{
    enum division_level level = division_level(scope.from);
    if (show == SHOW_LATE)
        return level == DIVISION_DISTRICT || level == DIVISION_TOWN;
    return show != SHOW_DESK || level >= DIVISION_DISTRICT;
}

static enum appeal_show show_asked(struct request *rq, struct scope scope)
{
    struct str word = param(&rq->query, "show");
    for (enum appeal_show show = SHOW_DESK; show < APPEAL_SHOW_COUNT; show++)
        if (str_equal(word, appeal_show_name(show)) && appeal_has_list(show, scope))
            return show;
    return appeal_has_list(SHOW_DESK, scope) ? SHOW_DESK : SHOW_OPEN;
}

bool appeal_asked_read(struct request *rq, struct appeal_asked *ret)
{
    *ret = (struct appeal_asked){ .typed = str_trim(param(&rq->query, "q")) };
    if (!page_scope(rq, &cap_appeals_read, &ret->scope))
        return false;
    ret->show = show_asked(rq, ret->scope);
    if (ret->typed.len > 0 && ret->show != SHOW_CLOSED)
        ret->show = SHOW_OPEN;
    return true;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

/* A place in a list sorted by time limit and id. */
struct after_due {
    struct instant due;
    struct appeal_id id;
};

static struct after_due after_due_parse(struct request *rq)
{
    struct after_due after = { 0 };
    struct str due, id;
    if (!str_cut(param(&rq->query, "after"), '-', &due, &id) || !parse_int(due, 0, INT64_MAX, &after.due.us) ||
        !parse_int(id, 0, INT64_MAX, &after.id.n))
        return (struct after_due){ 0 };
    return after;
}

/* All queries of lists give these columns. */
#define LIST_ROW(row)                                                                                                  \
    ((struct appeal_list){ .district = (row)->district, .id = (row)->id,       .number = (row)->number,               \
                           .state = (row)->state,       .is_open = (row)->is_open, .division = (row)->division,       \
                           .line = (row)->line,         .desk = (row)->desk,   .owner = (row)->owner,                 \
                           .topic = (row)->topic,       .title = (row)->title, .received_at = (row)->received_at,     \
                           .due_at = (row)->due_at,     .due_kind = (row)->due_kind, .closed_at = (row)->closed_at })

#define COPY_ROWS(rows)                                                                                                \
    do {                                                                                                               \
        *ret = (struct appeal_list_rows){ arena_new(rq->arena, struct appeal_list, (rows).n), (rows).n };              \
        for (ptrdiff_t i = 0; i < (rows).n; i++)                                                                       \
            ret->at[i] = LIST_ROW(&(rows).at[i]);                                                                      \
    } while (0)

static bool read_desk(struct request *rq, struct scope scope, int64_t limit, struct appeal_list_rows *ret)
{
    struct appeal_desk_list_rows rows;
    struct after_due after = after_due_parse(rq);
    struct appeal_desk_list_args args = { .district = division_district(scope.from),
                                          .desk = scope.from,
                                          .by_line = scope_line(scope).n != 0,
                                          .line = scope_line(scope),
                                          .after_due = after.due,
                                          .after_id = after.id,
                                          .limit = limit };
    if (!appeal_desk_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    COPY_ROWS(rows);
    return true;
}

static bool read_late(struct request *rq, struct scope scope, int64_t limit, struct appeal_list_rows *ret)
{
    struct appeal_late_list_rows rows;
    struct after_due after = after_due_parse(rq);
    struct appeal_late_list_args args = { .district = division_district(scope.from),
                                          .told = scope.from,
                                          .by_line = scope_line(scope).n != 0,
                                          .line = scope_line(scope),
                                          .after_due = after.due,
                                          .after_id = after.id,
                                          .limit = limit };
    if (!appeal_late_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    COPY_ROWS(rows);
    return true;
}

/* The newest first, wherever they went. */
static bool read_taken(struct request *rq, int64_t limit, struct appeal_list_rows *ret)
{
    struct appeal_taken_list_rows rows;
    struct after_due after = after_due_parse(rq);
    struct appeal_id before = { after.id.n > 0 ? after.id.n : INT64_MAX };
    struct appeal_taken_list_args args = { rq->actor.account, before, limit };
    if (!appeal_taken_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    COPY_ROWS(rows);
    return true;
}

static bool read_mine(struct request *rq, int64_t limit, struct appeal_list_rows *ret)
{
    struct appeal_owner_list_rows rows;
    struct after_due after = after_due_parse(rq);
    struct appeal_owner_list_args args = { rq->actor.account, after.due, after.id, limit };
    if (!appeal_owner_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    COPY_ROWS(rows);
    return true;
}

static bool read_area(struct request *rq, struct scope scope, bool is_open, int64_t limit, struct appeal_list_rows *ret)
{
    struct after after = after_parse(rq, scope);
    struct appeal_list_args args = { .is_open = is_open,
                                     .from = scope.from,
                                     .to = scope.to,
                                     .after_division = after.division,
                                     .after_id = { after.id },
                                     .by_line = scope_line(scope).n != 0,
                                     .line = scope_line(scope),
                                     .limit = limit };
    return appeal_list(rq->db, &args, rq->arena, ret, &rq->err);
}

static bool read_list(struct request *rq, const struct appeal_asked *asked, int64_t limit, struct appeal_list_rows *ret)
{
    switch (asked->show) {
    case SHOW_DESK:
        return read_desk(rq, asked->scope, limit, ret);
    case SHOW_LATE:
        return read_late(rq, asked->scope, limit, ret);
    case SHOW_MINE:
        return read_mine(rq, limit, ret);
    case SHOW_TAKEN:
        return read_taken(rq, limit, ret);
    case SHOW_OPEN:
    case SHOW_CLOSED:
    case APPEAL_SHOW_COUNT:
        break;
    }
    return read_area(rq, asked->scope, asked->show == SHOW_OPEN, limit, ret);
}

static bool list(struct request *rq, const struct appeal_asked *asked, int64_t max, struct appeal_found_rows *ret)
{
    struct appeal_list_rows *rows = &ret->rows;
    bool is_of_area = asked->show == SHOW_OPEN || asked->show == SHOW_CLOSED;
    if (!read_list(rq, asked, max + 1, rows))
        return false;
    ret->has_more = rows->n > max;
    if (!ret->has_more)
        return true;
    rows->n = max;
    const struct appeal_list *last = &rows->at[max - 1];
    ret->after = str_format(rq->arena, "%lld-%lld", (long long)(is_of_area ? last->division.code : last->due_at.us),
                            (long long)last->id.n);
    return true;
}

/* --- searching ---------------------------------------------------------------------------------------------------- */

struct searching {
    struct request *rq;
    const struct appeal_asked *asked;
    struct page_search search;
    struct arena scratch; /* for the text of one appeal */
    int64_t seen; /* of this piece */
    struct appeal_list_rows rows;
};

static bool take_hit(void *self, const struct appeal_found *row, struct error *err)
{
    struct searching *searching = self;
    struct arena *arena = searching->rq->arena;
    struct appeal_entry entry = { row->id, row->division, row->line, row->number, row->title, row->story, row->wish };
    (void)err;
    arena_reset(&searching->scratch);
    searching->seen++;
    bool fits = scope_contains(searching->asked->scope, row->division, row->line) &&
                appeal_index_fits(&searching->scratch, searching->asked->typed, &entry);
    if (!page_search_takes(&searching->search, row->id.n, fits))
        return true;
    struct appeal_list *to = &searching->rows.at[searching->rows.n++];
    *to = LIST_ROW(row);
    to->number = str_copy(arena, row->number);
    to->title = str_copy(arena, row->title);
    return true;
}

static bool search(struct request *rq, const struct appeal_asked *asked, int64_t max, struct appeal_found_rows *ret)
{
    struct arena texts = { 0 };
    struct appeal_found_args args = { .match = appeal_index_query(rq->arena, asked->typed, asked->scope),
                                      .is_open = asked->show != SHOW_CLOSED,
                                      .limit = max + 1 };
    struct searching searching = { .rq = rq, .asked = asked, .search = page_search(after_parse(rq, asked->scope), max) };
    bool ok = true;
    searching.rows.at = arena_new(rq->arena, struct appeal_list, max);
    searching.search.is_read = args.match.len == 0;
    while (ok && page_search_goes_on(&searching.search)) {
        args.before.n = searching.search.end.last.id;
        searching.seen = 0;
        ok = appeal_found(rq->db, &args, &texts, take_hit, &searching, &rq->err);
        searching.search.is_read = searching.seen < args.limit;
    }
    arena_release(&searching.scratch);
    arena_release(&texts);
    *ret = (struct appeal_found_rows){ .rows = searching.rows, .has_more = searching.search.end.has_more };
    ret->after = str_format(rq->arena, "0-%lld", (long long)searching.search.end.last.id);
    return ok;
}

bool appeals_read(struct request *rq, const struct appeal_asked *asked, int64_t max, struct appeal_found_rows *ret)
{
    *ret = (struct appeal_found_rows){ 0 };
    return asked->typed.len > 0 ? search(rq, asked, max, ret) : list(rq, asked, max, ret);
}
