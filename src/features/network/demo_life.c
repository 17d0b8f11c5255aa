#include "features/network/demo_life.h"

#include "features/network/actions.h"

enum { ORGANISATIONS_MAX = 100000 };

struct account_id demo_officer_of(struct demo_officers officers, struct division division, struct line line)
{
    for (ptrdiff_t i = 0; i < officers.n; i++) {
        const struct demo_officer *officer = &officers.at[i];
        if (officer->line.n == line.n && division_contains(officer->division, division))
            return officer->account;
    }
    return (struct account_id){ 0 };
}

static bool load(const struct demo_life *life, struct organisation_id id, struct organisation_by_id *ret,
                 struct error *err)
{
    struct scope all = scope_of(life->district, (struct line){ 0 });
    struct organisation_by_id_args which = { division_district(life->district), id, all.from, all.to, all.line_from,
                                             all.line_to };
    return organisation_by_id(life->txn->db, &which, life->step, ret, err);
}

static bool established(const struct demo_life *life, struct organisation_list_rows *ret, struct error *err)
{
    struct organisation_list_args all = { .from = life->district,
                                          .to = division_last(life->district),
                                          .after_division = life->district,
                                          .by_state = true,
                                          .state = ORGANISATION_ESTABLISHED,
                                          .limit = ORGANISATIONS_MAX };
    return organisation_list(life->txn->db, &all, life->arena, ret, err);
}

/* --- months -------------------------------------------------------------------------------------------------------- */

static bool act(const struct demo_life *life, const struct organisation_list *row, enum life_act what,
                struct organisation_id into, const char *note, struct error *err)
{
    struct problems problems = { .arena = life->step };
    struct organisation_by_id organisation, successor;
    struct date today = date_of(life->txn->now);
    struct doing doing = { life->txn, demo_officer_of(life->officers, row->division, row->line), &problems, life->step };
    struct life_input input = { .happened_on = today,
                                .document = str_format(life->step, "顺%s〔%d〕%lld号", row->line.n == 1 ? "工" : "群",
                                                       civil_of_date(today).year,
                                                       (long long)dice_below(life->dice, 400) + 1),
                                .note = str_of(note) };
    if (!load(life, row->id, &organisation, err) || (into.n != 0 && !load(life, into, &successor, err)))
        return false;
    input.version = organisation.version;
    input.members = organisation.members + dice_below(life->dice, 12);
    input.members_women = row->line.n == 3 ? input.members : organisation.members_women;
    return organisation_act(&doing, &organisation, what, &input, into.n != 0 ? &successor : NULL, err);
}

/* Mostly nothing.  A body inside a firm may end, or join the next one of its village and line. */
static bool live_one(const struct demo_life *life, const struct organisation_list *row,
                     const struct organisation_list *next, struct error *err)
{
    enum { ELECTED = 300, MERGED = 500 /* in thousand: of those that end */ };
    struct organisation_id none = { 0 };
    if (row->term_ends_on.days < date_of(life->txn->now).days)
        return !dice_hits(life->dice, ELECTED) || act(life, row, LIFE_REELECT, none, "", err);
    if (row->regime != REGIME_INTERNAL || !dice_hits(life->dice, 1))
        return true;
    bool is_near = next && next->regime == REGIME_INTERNAL && next->line.n == row->line.n &&
                   next->division.code == row->division.code;
    if (is_near && dice_hits(life->dice, MERGED))
        return act(life, row, LIFE_MERGE, next->id, "两家单位合并经营，组织随之合并。", err);
    return act(life, row, LIFE_DISSOLVE, none, "单位搬离本区，成员关系已转出。", err);
}

bool demo_live_month(struct demo_life *life, struct error *err)
{
    struct arena_mark mark = arena_mark(life->arena);
    struct organisation_list_rows rows;
    bool ok = established(life, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
        ok = live_one(life, &rows.at[i], i + 1 < rows.n ? &rows.at[i + 1] : NULL, err);
        arena_reset(life->step);
    }
    arena_rewind(life->arena, mark);
    return ok;
}

/* --- relations ----------------------------------------------------------------------------------------------------- */

/* The body of a place itself in a line, not one inside a firm; NULL: there is none. */
static const struct organisation_list *body_of(const struct organisation_list_rows *rows, struct division place,
                                               struct line line)
{
    for (ptrdiff_t i = 0; i < rows->n; i++) {
        const struct organisation_list *row = &rows->at[i];
        if (row->division.code == place.code && row->line.n == line.n && row->regime != REGIME_INTERNAL)
            return row;
    }
    return NULL;
}

static bool lead(const struct demo_life *life, const struct organisation_list *above,
                 const struct organisation_list *below, struct error *err)
{
    struct problems problems = { .arena = life->step };
    struct organisation_by_id leader;
    struct doing doing = { life->txn, demo_officer_of(life->officers, below->division, below->line), &problems,
                           life->step };
    bool is_later = below->founded_on.days > above->founded_on.days;
    struct relation_input input = { .relation = RELATION_LEADS,
                                    .other = str_format(life->step, "%lld", (long long)below->id.n),
                                    .since = is_later ? below->founded_on : above->founded_on,
                                    .note = STR("章程") };
    return load(life, above->id, &leader, err) && relation_create(&doing, &leader, &input, err);
}

bool demo_relate(struct demo_life *life, struct error *err)
{
    struct arena_mark mark = arena_mark(life->arena);
    struct organisation_list_rows rows;
    bool ok = established(life, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
        const struct organisation_list *row = &rows.at[i];
        if (row->regime == REGIME_INTERNAL || row->division.code == life->district.code)
            continue;
        const struct organisation_list *above = body_of(&rows, division_parent(row->division), row->line);
        ok = !above || lead(life, above, row, err);
        arena_reset(life->step);
    }
    arena_rewind(life->arena, mark);
    return ok;
}
