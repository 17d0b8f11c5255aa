/*
 * pages.c - what the network's pages share: scope, addresses, places in lists.
 */
#include "features/network/pages.h"

#include "base/parse.h"
#include "features/accounts/accounts.h"
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/territory/territory.h"
#include "platform/audit/audit.h"
#include "platform/limits.h"
#include "platform/serve/log.h"

#include "gen/network_texts.h"

bool page_scope(struct request *rq, struct scope *ret)
{
    if (!access_scope(&rq->actor, &cap_network_read, rq->axes.at, rq->axes.line, ret))
        return error_fail(&rq->err, ERROR_NOT_FOUND, "outside the actor's scope");
    rq->axes.at = ret->from;
    rq->axes.line = scope_line(*ret);
    return true;
}

bool district_of_path(struct request *rq, struct division *ret)
{
    enum { DISTRICT_MAX = 999999 };
    int64_t number = rq->path_ids[0];
    if (number > DISTRICT_MAX)
        return error_fail(&rq->err, ERROR_NOT_FOUND, "%lld is no district", (long long)number);
    *ret = (struct division){ number * 1000000 };
    return true;
}

bool division_is_known(struct request *rq, struct division division, bool *ret)
{
    struct division_row row;
    struct error err;
    *ret = territory_find(rq->txn->db, division, rq->today, rq->arena, &row, &err);
    if (*ret || err.kind == ERROR_NOT_FOUND)
        return true;
    rq->err = err;
    return false;
}

bool line_is_known(struct request *rq, int64_t line, bool *ret)
{
    struct book book;
    if (!book_load_lines(rq->txn->db, rq->today, rq->arena, &book, &rq->err))
        return false;
    *ret = false;
    for (ptrdiff_t i = 0; i < book.line_count; i++)
        *ret = *ret || book.lines[i].line.n == line;
    return true;
}

bool page_is_own(const struct request *rq)
{
    return str_equal(param(&rq->query, "own"), STR("1"));
}

void scope_own(const struct request *rq, struct scope *scope)
{
    if (page_is_own(rq))
        scope->to = scope->from;
}

struct url url_own(const struct request *rq, struct url url)
{
    return page_is_own(rq) ? url_with(rq->arena, url, "own", STR("1")) : url;
}

struct str scope_name(struct request *rq, struct scope scope)
{
    struct str name = territory_name(rq->db, scope.from, rq->today, rq->arena);
    return page_is_own(rq) ? text_in(rq->arena, rq->lang, t_own_level(name)) : name;
}

struct line scope_line(struct scope scope)
{
    return scope.line_from.n == scope.line_to.n ? scope.line_from : (struct line){ 0 };
}

struct search_view search_row(struct request *rq, struct url list, struct str typed)
{
    struct line line = rq->axes.line;
    return (struct search_view){ .typed = typed,
                                 .at = division_text(rq->arena, rq->axes.at),
                                 .line = line.n > 0 ? str_int(rq->arena, line.n) : (struct str){ 0 },
                                 .label = t_search_by_name(),
                                 .hint = t_search_by_name_hint(),
                                 .action = list };
}

struct choices regime_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, REGIME_COUNT);
    for (enum regime regime = 1; regime < REGIME_COUNT; regime++)
        choices[regime - 1] = (struct choice){ regime, text_in(rq->arena, rq->lang, label_regime(regime)) };
    return (struct choices){ choices, REGIME_COUNT - 1 };
}

bool names_organisation(const struct field_view *field)
{
    return str_equal(field->name, STR("successor")) || str_equal(field->name, STR("other"));
}

struct field_view field_of_act(struct request *rq, struct field_view field, const char *act)
{
    field.id = str_format(rq->arena, "%s-%.*s", act, STR_ARG(field.id));
    field.problem_id = str_format(rq->arena, "%s-%.*s", act, STR_ARG(field.problem_id));
    field.anchor = url_anchor(rq->arena, field.id);
    return field;
}

struct form_view form_typed(struct request *rq, struct form_view view)
{
    struct form_view typed = { .at = arena_new(rq->arena, struct field_view, view.n), .problems = view.problems };
    for (ptrdiff_t i = 0; i < view.n; i++) {
        struct field_view field = view.at[i];
        if (field.value.len == 0 || str_equal(field.name, STR("version")))
            continue;
        field.value = form_words(rq, &field, field.value);
        typed.at[typed.n++] = field;
    }
    return typed;
}

struct after after_parse(struct request *rq, struct scope scope)
{
    struct after after = { .division = scope.from, .id = 0 };
    struct str place, id;
    int64_t division, number;
    if (str_cut(param(&rq->query, "after"), '-', &place, &id) && parse_int(place, 0, INT64_MAX, &division) &&
        parse_int(id, 0, INT64_MAX, &number))
        after = (struct after){ { division }, number };
    return after;
}

struct url after_url(struct request *rq, struct url list, struct after last)
{
    struct str text = str_format(rq->arena, "%lld-%lld", (long long)last.division.code, (long long)last.id);
    return url_with(rq->arena, list, "after", text);
}

bool page_cut(ptrdiff_t *n)
{
    bool has_more = *n > LIMIT_ROWS;
    *n = has_more ? LIMIT_ROWS : *n;
    return has_more;
}

struct page_search page_search(struct after after, ptrdiff_t max)
{
    return (struct page_search){ .end.last.id = after.id > 0 ? after.id : INT64_MAX, .max = max };
}

bool page_search_goes_on(struct page_search *search)
{
    enum { PIECES_MAX = 10 };
    if (search->is_read || search->end.has_more)
        return false;
    search->end.has_more = search->pieces++ == PIECES_MAX; /* whether it really has, the next page finds */
    return !search->end.has_more;
}

bool page_search_takes(struct page_search *search, int64_t id, bool fits)
{
    bool is_full = search->shown >= search->max && id != search->end.last.id;
    search->end.has_more = search->end.has_more || (fits && is_full);
    if (search->end.has_more)
        return false;
    search->end.last.id = id;
    search->shown += fits;
    return fits;
}

struct str place_name(struct request *rq, struct division division)
{
    return territory_name(rq->db, division, rq->today, rq->arena);
}

struct str person_name(struct request *rq, struct account_id account)
{
    return account_name(rq->db, account, rq->arena);
}

bool page_history(struct request *rq, int64_t district, struct str subject, struct event_views *ret)
{
    enum { HISTORY_MAX = 200 };
    struct audit_entries entries;
    if (!audit_history(rq->db, district, subject, HISTORY_MAX, rq->arena, &entries, &rq->err))
        return false;
    *ret = (struct event_views){ arena_new(rq->arena, struct event_view, entries.n), entries.n };
    for (ptrdiff_t i = 0; i < entries.n; i++) {
        const struct audit_entry *entry = &entries.at[i];
        ret->at[i] = (struct event_view){ .at = entry->at,
                                          .who = person_name(rq, entry->account),
                                          .what = label_event(entry->action),
                                          .note = entry->detail };
    }
    return true;
}

struct url spot_url(struct arena *arena, int64_t district, struct spot_id id)
{
    return url_below(arena, url_below(arena, url_literal("/spots"), district), id.n);
}

struct url unit_url(struct arena *arena, int64_t district, struct unit_id id)
{
    return url_below(arena, url_below(arena, url_literal("/units"), district), id.n);
}

struct url organisation_url(struct arena *arena, int64_t district, struct organisation_id id)
{
    return url_below(arena, url_below(arena, url_literal("/organisations"), district), id.n);
}

void page_log_unread(struct request *rq, const struct error *unread)
{
    log_fault(rq->x->number, unread);
}

void form_contact_unread(struct request *rq, struct form_view *view, const struct error *unread)
{
    page_log_unread(rq, unread);
    for (ptrdiff_t i = 0; i < view->n; i++) {
        if (!str_equal(view->at[i].name, STR("contact")))
            continue;
        view->at[i].has_hint = true;
        view->at[i].hint = t_contact_unread_hint();
    }
}
