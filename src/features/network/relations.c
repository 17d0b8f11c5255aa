/*
 * relations.c - what organisations are to each other: one leads another, is a member of it, funds it ...
 *
 * A relation is stored once, from the one that leads (guides, is a member ...) to the other, and shown on both pages.
 * It is ended, never deleted.
 */
#include "features/network/actions.h"

#include "features/network/labels.h"

#include "gen/network_texts.h"

static bool refuse(const struct doing *doing, const char *field, struct text text, struct error *err)
{
    (void)problem_add(doing->problems, str_of(field), text);
    return error_fail(err, ERROR_REFUSED, "%s", field);
}

/* On both organisations' records, each as it looks from there. */
static bool audit_both(const struct doing *doing, const struct relation_add_args *relation, struct str name,
                       struct str other_name, const char *action, struct error *err)
{
    struct arena *arena = doing->arena;
    struct str out = text_in(arena, LANG_ZH, label_relation(relation->kind, false));
    struct str in = text_in(arena, LANG_ZH, label_relation(relation->kind, true));
    return organisation_audit(doing, relation->district, relation->organisation, action,
                              str_format(arena, "%.*s：%.*s", STR_ARG(out), STR_ARG(other_name)), err) &&
           organisation_audit(doing, relation->district, relation->other, action,
                              str_format(arena, "%.*s：%.*s", STR_ARG(in), STR_ARG(name)), err);
}

static bool is_held(const struct doing *doing, const struct relation_add_args *relation, bool *ret, struct error *err)
{
    struct relation_of_two row;
    struct relation_of_two_args args = { relation->district, relation->organisation, DATE_NEVER, relation->kind,
                                         relation->other };
    return relation_of_two(doing->txn->db, &args, doing->arena, &row, ret, err);
}

/* Who leads, guides or supervises whom: above is the one that does. */
static bool check_direction(const struct doing *doing, enum relation_kind kind, const struct organisation_by_id *above,
                            const struct organisation_by_id *below, struct error *err)
{
    switch (relation_check(kind, above->line, above->division, below->line, below->division)) {
    case RELATION_OTHER_LINE:
        return refuse(doing, "relation", t_relation_other_line(above->name, below->name), err);
    case RELATION_UPWARD:
        return refuse(doing, "relation", t_relation_upward(above->name, below->name), err);
    case RELATION_FITS:
        break;
    }
    return true;
}

/* The same twice, or turned round: A cannot lead B while B leads A. */
static bool check(const struct doing *doing, const struct relation_add_args *relation,
                  const struct organisation_by_id *other, struct error *err)
{
    struct relation_add_args turned = *relation;
    bool is_there, is_turned;
    turned.organisation = relation->other;
    turned.other = relation->organisation;
    if (relation->organisation.n == relation->other.n)
        return refuse(doing, "other", t_relation_to_itself(), err);
    if (organisation_has_ended(other->state))
        return refuse(doing, "other", t_relation_has_ended(other->name), err);
    if (relation->since.days > date_of(doing->txn->now).days)
        return refuse(doing, "since", t_life_later(), err);
    if (!is_held(doing, relation, &is_there, err) || !is_held(doing, &turned, &is_turned, err))
        return false;
    return (!is_there && !is_turned) || refuse(doing, "other", t_relation_double(other->name), err);
}

enum relation_kind relation_kind_of(const struct relation_input *input, bool *ret_inward)
{
    *ret_inward = input->relation > RELATION_KIND_COUNT;
    return (enum relation_kind)(*ret_inward ? input->relation - RELATION_KIND_COUNT : input->relation);
}

bool relation_create(const struct doing *doing, const struct organisation_by_id *organisation,
                     const struct relation_input *input, struct error *err)
{
    struct organisation_by_id other;
    bool is_inward;
    enum relation_kind kind = relation_kind_of(input, &is_inward);
    if (kind <= 0 || kind >= RELATION_KIND_COUNT)
        return refuse(doing, "relation", t_relation_kind_required(), err);
    if (organisation_has_ended(organisation->state))
        return refuse(doing, "", t_relation_has_ended(organisation->name), err);
    if (!organisation_named(doing, organisation->district, input->other, "other", &other, err))
        return false;
    struct relation_add_args relation = { .district = organisation->district,
                                          .id = { txn_id(doing->txn) },
                                          .organisation = is_inward ? other.id : organisation->id,
                                          .kind = kind,
                                          .other = is_inward ? organisation->id : other.id,
                                          .since = input->since.days != 0 ? input->since : date_of(doing->txn->now),
                                          .until = DATE_NEVER,
                                          .note = input->note };
    struct str from = is_inward ? other.name : organisation->name, to = is_inward ? organisation->name : other.name;
    const struct organisation_by_id *above = is_inward ? &other : organisation;
    const struct organisation_by_id *below = is_inward ? organisation : &other;
    return check(doing, &relation, &other, err) && check_direction(doing, kind, above, below, err) &&
           relation_add(doing->txn, &relation, NULL, err) &&
           audit_both(doing, &relation, from, to, "organisation.relate", err);
}

static bool name_of(const struct doing *doing, int64_t district, struct organisation_id id, struct str *ret,
                    struct error *err)
{
    struct organisation_name row = { 0 };
    bool found;
    struct organisation_name_args args = { district, id };
    if (!organisation_name(doing->txn->db, &args, doing->arena, &row, &found, err))
        return false;
    *ret = row.name;
    return true;
}

bool relation_finish(const struct doing *doing, const struct organisation_by_id *organisation, struct relation_id id,
                     struct date until, struct error *err)
{
    struct relation_by_id row;
    struct str from, to;
    struct relation_by_id_args which = { organisation->district, id };
    if (!relation_by_id(doing->txn->db, &which, doing->arena, &row, err))
        return false;
    if (row.organisation.n != organisation->id.n && row.other.n != organisation->id.n)
        return error_fail(err, ERROR_NOT_FOUND, "relation %lld is none of it", (long long)id.n);
    if (until.days > date_of(doing->txn->now).days)
        return refuse(doing, "until", t_life_later(), err);
    if (until.days < row.since.days)
        return refuse(doing, "until", t_life_before(row.since), err);
    struct relation_end_args end = { until, 0, organisation->district, id, DATE_NEVER };
    struct relation_add_args relation = { .district = organisation->district, .organisation = row.organisation,
                                          .kind = row.kind, .other = row.other };
    return name_of(doing, organisation->district, row.organisation, &from, err) &&
           name_of(doing, organisation->district, row.other, &to, err) && relation_end(doing->txn, &end, err) &&
           audit_both(doing, &relation, from, to, "organisation.unrelate", err);
}

/* The step of a life that ends relations, and its day. */
struct end {
    int64_t event;
    struct date day;
};

/* Ends a relation on that day, or on its first if it began later. */
static bool finish(const struct doing *doing, const struct relation_add_args *relation, struct str name,
                   struct str other_name, const struct end *by, struct error *err)
{
    struct date day = by->day.days < relation->since.days ? relation->since : by->day;
    struct relation_end_args end = { day, by->event, relation->district, relation->id, DATE_NEVER };
    return relation_end(doing->txn, &end, err) &&
           audit_both(doing, relation, name, other_name, "organisation.unrelate", err);
}

enum { PIECE = 200 };

/* The first that hold; *ret_more: perhaps there are others. */
static bool finish_out(const struct doing *doing, const struct organisation_by_id *organisation, const struct end *by,
                       bool *ret_more, struct error *err)
{
    struct relation_out_list_rows rows;
    struct relation_out_list_args args = { organisation->district, organisation->id, PIECE };
    if (!relation_out_list(doing->txn->db, &args, doing->arena, &rows, err))
        return false;
    ptrdiff_t n = 0;
    for (; n < rows.n && rows.at[n].until.days == DATE_NEVER.days; n++) {
        const struct relation_out_list *row = &rows.at[n];
        struct relation_add_args relation = { .district = organisation->district, .id = row->id,
                                              .organisation = organisation->id,   .kind = row->kind,
                                              .other = row->other,                .since = row->since };
        if (!finish(doing, &relation, organisation->name, row->name, by, err))
            return false;
    }
    *ret_more = n == PIECE;
    return true;
}

static bool finish_in(const struct doing *doing, const struct organisation_by_id *organisation, const struct end *by,
                      bool *ret_more, struct error *err)
{
    struct relation_in_list_rows rows;
    struct relation_in_list_args args = { organisation->district, organisation->id, PIECE };
    if (!relation_in_list(doing->txn->db, &args, doing->arena, &rows, err))
        return false;
    ptrdiff_t n = 0;
    for (; n < rows.n && rows.at[n].until.days == DATE_NEVER.days; n++) {
        const struct relation_in_list *row = &rows.at[n];
        struct relation_add_args relation = { .district = organisation->district, .id = row->id,
                                              .organisation = row->organisation,  .kind = row->kind,
                                              .other = organisation->id,          .since = row->since };
        if (!finish(doing, &relation, row->name, organisation->name, by, err))
            return false;
    }
    *ret_more = n == PIECE;
    return true;
}

bool relations_finish_all(const struct doing *doing, const struct organisation_by_id *organisation, int64_t event,
                          struct date until, struct error *err)
{
    struct end by = { event, until };
    bool has_more = true;
    while (has_more)
        if (!finish_out(doing, organisation, &by, &has_more, err))
            return false;
    has_more = true;
    while (has_more)
        if (!finish_in(doing, organisation, &by, &has_more, err))
            return false;
    return true;
}

/* None was added meanwhile that it could contradict: an organisation that has ended takes no relations. */
bool relations_resume(const struct doing *doing, const struct organisation_by_id *organisation, int64_t event,
                      struct error *err)
{
    struct relation_ended_by_rows rows;
    struct relation_ended_by_args args = { organisation->district, organisation->id, event };
    if (!relation_ended_by(doing->txn->db, &args, doing->arena, &rows, err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct relation_ended_by *row = &rows.at[i];
        bool is_out = row->organisation.n == organisation->id.n;
        struct relation_add_args relation = { .district = organisation->district, .organisation = row->organisation,
                                              .kind = row->kind, .other = row->other };
        struct relation_resume_args resume = { DATE_NEVER, organisation->district, row->id };
        if (organisation_has_ended(is_out ? row->other_state : row->state))
            continue;
        if (!relation_resume(doing->txn, &resume, err) ||
            !audit_both(doing, &relation, row->name, row->other_name, "organisation.relate", err))
            return false;
    }
    return true;
}
