/*
 * pages_rules.c - the coverage rules: everybody reads them, administrators add and end those of their own territory.
 */
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/network/reapply.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"

enum { PEOPLE_MAX = 100000 };

#define AT(member) offsetof(struct rule_input, member)

/* To add a field: one row, its label, a member of struct rule_input. */
static const struct field rule_fields[] = {
    { "line", FIELD_CHOICE, AT(line), &text_key_label_line, NULL, true, 1, LINE_MAX },
    { "division", FIELD_DIVISION, AT(division), &text_key_rules_place, &text_key_rules_place_hint, true, 0, 0 },
    { "kind", FIELD_CHOICE, AT(kind), &text_key_rules_kind, NULL, true, 1, UNIT_KIND_COUNT - 1 },
    { "measure", FIELD_CHOICE, AT(measure), &text_key_rules_measure, NULL, true, MEASURE_ALWAYS, MEASURE_DISABLED },
    { "at_least", FIELD_INT, AT(at_least), &text_key_rules_at_least, NULL, false, 0, PEOPLE_MAX },
    { "basis_zh", FIELD_TEXT, AT(basis_zh), &text_key_rules_basis, &text_key_rules_basis_hint, true, 4, LIMIT_NAME },
    { "basis_en", FIELD_TEXT, AT(basis_en), &text_key_rules_basis_en, NULL, false, 0, LIMIT_NAME * 2 },
    { "valid_from", FIELD_DATE, AT(valid_from), &text_key_rules_from, NULL, true, 0, 0 },
};
#undef AT

const struct form rule_form = FORM(rule_fields, struct rule_input);

static struct rule_view view_of(struct request *rq, const struct book *book, const struct rule_entry *entry)
{
    const struct coverage_rule *rule = &entry->rule;
    bool is_mine = access_may(&rq->actor, &cap_network_rules, rule->division, rule->line);
    struct rule_view view = { .line = book_line_short(book, rq->lang, rule->line),
                              .place = territory_name(rq->db, rule->division, rq->today, rq->arena),
                              .kind = text_in(rq->arena, rq->lang, label_kind(rule->kind)),
                              .basis = entry->basis[rq->lang],
                              .condition = label_condition(rule),
                              .from = entry->valid_from,
                              .may_end = is_mine && entry->valid_from.days < rq->today.days,
                              .is_of_today = is_mine && entry->valid_from.days == rq->today.days };
    view.end_url = url_here(rq, url_path(rq->arena, "/network/rules/%lld/end", (long long)rule->number));
    return view;
}

struct reply rules_show(struct request *rq)
{
    struct book book;
    struct rules_view view = { 0 };
    if (!book_load(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    view.rules.at = arena_new(rq->arena, struct rule_view, book.rules.n);
    for (ptrdiff_t i = 0; i < book.rules.n; i++) {
        /* those that hold here or inside what is looked at */
        struct division where = book.entries[i].rule.division;
        if (division_contains(where, rq->axes.at) || division_contains(rq->axes.at, where))
            view.rules.at[view.rules.n++] = view_of(rq, &book, &book.entries[i]);
    }
    view.may_add = access_has(&rq->actor, &cap_network_rules);
    view.lines_url = url_here(rq, url_literal("/network/lines"));
    view.new_url = url_here(rq, url_literal("/network/rules/new"));
    view.frame = frame_make(rq, t_rules_title(), (struct str){ 0 });
    network_rules_page(page_html(rq), &view);
    return reply_html(rq);
}

static struct choices line_choices(struct request *rq, const struct book *book)
{
    struct choice *lines = arena_new(rq->arena, struct choice, book->line_count);
    for (ptrdiff_t i = 0; i < book->line_count; i++)
        lines[i] = (struct choice){ book->lines[i].line.n, book->lines[i].name[rq->lang] };
    return (struct choices){ lines, book->line_count };
}

static struct choices kind_choices(struct request *rq)
{
    struct choice *kinds = arena_new(rq->arena, struct choice, UNIT_KIND_COUNT);
    for (enum unit_kind kind = UNIT_FIRM; kind < UNIT_KIND_COUNT; kind++)
        kinds[kind - 1] = (struct choice){ kind, text_in(rq->arena, rq->lang, label_kind(kind)) };
    return (struct choices){ kinds, UNIT_KIND_COUNT - 1 };
}

static struct choices measure_choices(struct request *rq)
{
    struct choice *measures = arena_new(rq->arena, struct choice, MEASURE_DISABLED);
    for (enum rule_measure measure = MEASURE_ALWAYS; measure <= MEASURE_DISABLED; measure++)
        measures[measure - 1] = (struct choice){ measure, text_in(rq->arena, rq->lang, label_measure(measure)) };
    return (struct choices){ measures, MEASURE_DISABLED };
}

struct reply rule_new_show(struct request *rq)
{
    struct book book;
    struct rule_input start = { .line = rq->axes.line.n, .division = rq->axes.at, .valid_from = rq->today };
    if (!book_load(rq->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    struct form_page_view view = { .title = t_rule_new_title(),
                                   .lead = t_rule_new_lead(),
                                   .form = form_show(rq, &rule_form, &start),
                                   .action = url_here(rq, url_literal("/network/rules/new")),
                                   .back = url_here(rq, url_literal("/network/rules")) };
    form_draft(rq, &view.form, view.action);
    form_offer(rq, &view.form, "line", line_choices(rq, &book));
    form_offer(rq, &view.form, "kind", kind_choices(rq));
    form_offer(rq, &view.form, "measure", measure_choices(rq));
    return reply_form(rq, &view);
}

struct reply rule_new_submit(struct request *rq)
{
    const struct rule_input *input = rq->input;
    int64_t number;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!access_may(&rq->actor, &cap_network_rules, input->division, (struct line){ (int32_t)input->line }))
        (void)problem_add(&rq->problems, STR("division"), t_unit_bad_division());
    if (has_problems(rq))
        return reply_again(rq, rule_new_show);
    if (!rule_create(&doing, input, &number, &rq->err))
        return has_problems(rq) ? reply_again(rq, rule_new_show) : reply_error(rq);
    return reapply_reply(rq, input->division);
}

struct reply rule_end_submit(struct request *rq)
{
    struct rule_by_number rule;
    struct rule_by_number_args args = { .rule = rq->path_ids[0] };
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!rule_by_number(rq->txn->db, &args, rq->arena, &rule, &rq->err))
        return reply_error(rq);
    if (!access_may(&rq->actor, &cap_network_rules, rule.division, rule.line)) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "outside the actor's scope");
        return reply_error(rq);
    }
    if (!rule_finish(&doing, &rule, &rq->err))
        return reply_error(rq);
    return reapply_reply(rq, rule.division);
}
