#include "features/appeals/appeal_clocks.h"

struct appeal_matter appeal_matter_of(const struct appeal_by_id *appeal)
{
    return (struct appeal_matter){ .matter = { appeal->district, appeal->id.n },
                                   .type = appeal->type,
                                   .channel = appeal->channel,
                                   .division = appeal->division,
                                   .line = appeal->line };
}

static const struct clock_state *find(const struct clock_states *states, enum clock_kind kind)
{
    for (ptrdiff_t i = 0; i < states->n; i++)
        if (states->at[i].kind == kind)
            return &states->at[i];
    return NULL;
}

static struct limit_question question_of(const struct appeal_matter *appeal, struct instant from)
{
    return (struct limit_question){ .type = appeal->type,
                                    .channel = appeal->channel,
                                    .division = appeal->division,
                                    .line = appeal->line,
                                    .on = date_of(from) };
}

static struct appeal_due first_due(const struct clock_states *states)
{
    struct appeal_due first = { .at = INSTANT_NEVER };
    for (ptrdiff_t i = 0; i < states->n; i++) {
        const struct clock_state *clock = &states->at[i];
        if (clock_is_open(clock) && (first.kind == 0 || clock->due.us < first.at.us))
            first = (struct appeal_due){ clock->due, clock->kind };
    }
    return first;
}

bool appeal_clocks_start(const struct doing *doing, const struct appeal_matter *appeal, struct instant from, struct appeal_due *ret,
                         struct error *err)
{
    const unsigned kinds = 1u << CLOCK_NOTIFY | 1u << CLOCK_CONTACT | 1u << CLOCK_CLOSE;
    struct limit_question question = question_of(appeal, from);
    struct clock_states states;
    if (!clocks_start(doing, appeal->matter, &question, kinds, from, &states, err))
        return false;
    *ret = first_due(&states);
    return true;
}

static bool run(const struct doing *doing, const struct appeal_matter *appeal, const struct clock_states *states,
                enum clock_kind kind, struct instant from, struct error *err)
{
    const struct clock_state *clock = find(states, kind);
    if (clock && clock_is_open(clock))
        return true;
    if (clock)
        return clock_reopen(doing, appeal->matter, kind, err);
    struct limit_question question = question_of(appeal, from);
    question.kind = kind;
    struct clock_state started;
    bool found;
    return clock_start(doing, appeal->matter, &question, from, &started, &found, err);
}

bool appeal_clocks_run(const struct doing *doing, const struct appeal_matter *appeal, unsigned kinds, struct instant from,
                       struct error *err)
{
    struct clock_states states;
    if (kinds == 0)
        return true;
    bool ok = clocks_of(doing->txn->db, appeal->matter, doing->arena, &states, err);
    for (enum clock_kind kind = CLOCK_NOTIFY; ok && kind < CLOCK_KIND_COUNT; kind++)
        ok = (kinds >> kind & 1) == 0 || run(doing, appeal, &states, kind, from, err);
    return ok;
}

bool appeal_clocks_meet(const struct doing *doing, const struct appeal_matter *appeal, unsigned kinds, struct error *err)
{
    struct clock_states states;
    if (kinds == 0)
        return true;
    bool ok = clocks_of(doing->txn->db, appeal->matter, doing->arena, &states, err);
    for (ptrdiff_t i = 0; ok && i < states.n; i++) {
        const struct clock_state *clock = &states.at[i];
        if ((kinds >> clock->kind & 1) == 1 && clock_is_open(clock))
            ok = clock_meet(doing, appeal->matter, clock->kind, doing->txn->now, err);
    }
    return ok;
}

bool appeal_clocks_due(struct db *db, const struct appeal_matter *appeal, struct arena *arena, struct appeal_due *ret,
                       struct error *err)
{
    struct clock_states states;
    if (!clocks_of(db, appeal->matter, arena, &states, err))
        return false;
    *ret = first_due(&states);
    return true;
}
