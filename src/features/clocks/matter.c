/*
 * matter.c - the clocks of a matter: started, met, paused, resumed, extended, and counted again.
 *
 * Every change loads the clock with its pauses, changes it in memory, lets clock_due() say when it is due, and stores it by the
 * version that was loaded.
 */
#include "features/clocks/matter.h"

#include "features/clocks/clocks.h"
#include "platform/audit/audit.h"

#include "gen/clocks_queries.h"
#include "gen/clocks_texts.h"
#include "gen/web_texts.h"

static const int64_t DAY_US = INT64_C(24) * 3600 * 1000000;

bool clock_is_open(const struct clock_state *clock)
{
    return clock->met.us == INSTANT_NEVER.us;
}

bool clock_is_paused(const struct clock_state *clock, struct instant now)
{
    return clock_is_open(clock) && now.us < clock->paused_until.us;
}

bool clock_is_late(const struct clock_state *clock, struct instant now)
{
    return (clock_is_open(clock) ? now.us : clock->met.us) > clock->due.us;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static struct clock_state state_of(const struct clock_list *row)
{
    return (struct clock_state){
        .kind = row->kind,
        .limit = row->limit_number,
        .runs = { row->unit, (int32_t)(row->amount + row->extended), row->moves_to_working_day },
        .extended = (int32_t)row->extended,
        .extended_times = (int32_t)row->extended_times,
        .started = row->started_at,
        .due = row->due_at,
        .missing_year = (int)row->missing_year,
        .met = row->met_at,
        .paused_until = row->paused_until,
        .version = row->version,
    };
}

static struct clock_pause_entry pause_of(const struct clock_pause_list *row)
{
    return (struct clock_pause_entry){ .id = row->id,
                                       .pause = { row->since, row->until },
                                       .reason = row->reason,
                                       .note = row->note,
                                       .approver = row->approver,
                                       .by = row->paused_by };
}

bool clocks_of(struct db *db, struct clock_matter matter, struct arena *arena, struct clock_states *ret, struct error *err)
{
    struct clock_list_rows rows;
    struct clock_pause_list_rows pauses;
    if (!clock_list(db, &(struct clock_list_args){ matter.district, matter.id }, arena, &rows, err) ||
        !clock_pause_list(db, &(struct clock_pause_list_args){ matter.district, matter.id }, arena, &pauses, err))
        return false;
    struct clock_states states = { arena_new(arena, struct clock_state, rows.n), rows.n };
    struct clock_pause_entry *entries = arena_new(arena, struct clock_pause_entry, pauses.n);
    ptrdiff_t next = 0; /* both are by kind */
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        struct clock_state *clock = &states.at[i];
        *clock = state_of(&rows.at[i]);
        clock->pauses = entries + next;
        for (; next < pauses.n && pauses.at[next].kind == clock->kind; next++) {
            entries[next] = pause_of(&pauses.at[next]);
            clock->pause_count++;
        }
    }
    *ret = states;
    return true;
}

static bool find(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct clock_state *ret,
                 bool *ret_found, struct error *err)
{
    struct clock_states states;
    if (!clocks_of(doing->txn->db, matter, doing->arena, &states, err))
        return false;
    *ret_found = false;
    for (ptrdiff_t i = 0; i < states.n; i++) {
        if (states.at[i].kind != kind)
            continue;
        *ret = states.at[i];
        *ret_found = true;
    }
    return true;
}

static bool find_open(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct clock_state *ret,
                      struct error *err)
{
    bool is_there;
    if (!find(doing, matter, kind, ret, &is_there, err))
        return false;
    if (!is_there)
        return error_fail(err, ERROR_NOT_FOUND, "matter %lld has no clock %d", (long long)matter.id, (int)kind);
    return clock_is_open(ret) || error_fail(err, ERROR_CONFLICT, "the clock is met");
}

bool clocks_unsettled(struct db *db, struct instant from, struct instant to, const struct clock_unsettled *after, int limit,
                      struct arena *arena, struct clock_unsettled_rows *ret, struct error *err)
{
    struct clock_unsettled_list_rows rows;
    struct clock_unsettled_list_args args = { .from = from, .to = to, .due_at = from, .limit = limit };
    if (after) {
        args.due_at = after->due;
        args.district = after->matter.district;
        args.matter = after->matter.id;
        args.kind = after->kind;
    }
    if (!clock_unsettled_list(db, &args, arena, &rows, err))
        return false;
    *ret = (struct clock_unsettled_rows){ arena_new(arena, struct clock_unsettled, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct clock_unsettled_list *row = &rows.at[i];
        ret->at[i] = (struct clock_unsettled){ { row->district, row->matter }, row->kind, row->due_at };
    }
    return true;
}

/* --- changing ---------------------------------------------------------------------------------------------------- */

/* When it is due, as the clock is now; true: that is another moment than it said, or another year is missing. */
static bool count_due(struct clock_state *clock, const struct workdays *workdays, struct arena *arena)
{
    struct clock_pause *pauses = arena_new(arena, struct clock_pause, clock->pause_count);
    struct clock_history history = { clock->started, pauses, clock->pause_count };
    struct instant due = INSTANT_NEVER;
    int year = 0;
    for (ptrdiff_t i = 0; i < clock->pause_count; i++)
        pauses[i] = clock->pauses[i].pause;
    (void)clock_due(&clock->runs, &history, workdays, &due, &year);
    bool has_changed = due.us != clock->due.us || year != clock->missing_year;
    clock->due = due;
    clock->missing_year = year;
    return has_changed;
}

static struct str due_words(const struct clock_state *clock, struct arena *arena)
{
    if (clock->missing_year != 0)
        return str_format(arena, "due: not known without %d", clock->missing_year);
    return str_format(arena, "due: %.*s", STR_ARG(instant_minute(arena, clock->due)));
}

struct clock_change {
    struct txn *txn;
    struct account_id by; /* 0: the program */
    struct arena *arena;
    struct clock_matter matter;
};

static struct clock_change change_of(const struct doing *doing, struct clock_matter matter)
{
    return (struct clock_change){ doing->txn, doing->by, doing->arena, matter };
}

static struct audit_event clock_event(const struct clock_change *change, const struct clock_state *clock, const char *act,
                                      struct str detail)
{
    struct str due = due_words(clock, change->arena);
    return (struct audit_event){
        .district = change->matter.district,
        .account = change->by,
        .action = str_format(change->arena, "clock.%s", act),
        .subject = str_format(change->arena, "clock:%lld/%s", (long long)change->matter.id, clock_kind_name(clock->kind)),
        .detail = str_format(change->arena, "%.*s%s%.*s", STR_ARG(detail), detail.len > 0 ? "\n" : "", STR_ARG(due)),
    };
}

static bool store(const struct clock_change *change, const struct clock_state *clock, const char *act, struct str detail,
                  struct error *err)
{
    struct clock_move_args move = { .extended = clock->extended,
                                    .extended_times = clock->extended_times,
                                    .due_at = clock->due,
                                    .missing_year = clock->missing_year,
                                    .met_at = clock->met,
                                    .paused_until = clock->paused_until,
                                    .district = change->matter.district,
                                    .matter = change->matter.id,
                                    .kind = clock->kind,
                                    .version = clock->version };
    struct audit_event event = clock_event(change, clock, act, detail);
    return clock_move(change->txn, &move, err) && audit_append(change->txn, &event, err);
}

/* The same after something that moves its due. */
static bool count_and_store(const struct doing *doing, struct clock_matter matter, struct clock_state *clock, const char *act,
                            struct str detail, struct error *err)
{
    const struct workdays *workdays;
    struct clock_change change = change_of(doing, matter);
    if (!clocks_workdays(doing->txn->db, doing->arena, &workdays, err))
        return false;
    (void)count_due(clock, workdays, doing->arena);
    return store(&change, clock, act, detail, err);
}

static bool add(const struct doing *doing, struct clock_matter matter, const struct clock_state *clock, struct error *err)
{
    struct clock_add_args args = { .district = matter.district,
                                   .matter = matter.id,
                                   .kind = clock->kind,
                                   .limit_number = clock->limit,
                                   .unit = clock->runs.unit,
                                   .amount = clock->runs.amount,
                                   .moves_to_working_day = clock->runs.moves_to_working_day,
                                   .started_at = clock->started,
                                   .due_at = clock->due,
                                   .missing_year = clock->missing_year,
                                   .met_at = clock->met };
    return clock_add(doing->txn, &args, NULL, err);
}

bool clocks_start(const struct doing *doing, struct clock_matter matter, const struct limit_question *question, unsigned kinds,
                  struct instant from, struct clock_states *ret, struct error *err)
{
    struct limits limits;
    const struct workdays *workdays;
    struct clock_change change = change_of(doing, matter);
    struct clock_states states = { arena_new(doing->arena, struct clock_state, CLOCK_KIND_COUNT), 0 };
    struct audit_event *events = arena_new(doing->arena, struct audit_event, CLOCK_KIND_COUNT);
    if (from.us > doing->txn->now.us)
        return error_fail(err, ERROR_INPUT, "a clock that starts in the future");
    if (!clocks_limits(doing->txn->db, doing->arena, &limits, err) ||
        !clocks_workdays(doing->txn->db, doing->arena, &workdays, err))
        return false;
    for (enum clock_kind kind = CLOCK_NOTIFY; kind < CLOCK_KIND_COUNT; kind++) {
        struct limit_question asked = *question;
        asked.kind = kind;
        const struct limit_entry *limit = kinds >> kind & 1 ? limits_choose(limits, &asked) : NULL;
        if (!limit)
            continue;
        struct clock_state *clock = &states.at[states.n];
        *clock = (struct clock_state){ .kind = kind, .limit = limit->number, .runs = limit->runs, .started = from,
                                       .met = INSTANT_NEVER, .version = 1 };
        (void)count_due(clock, workdays, doing->arena);
        if (!add(doing, matter, clock, err))
            return false;
        struct str detail = str_format(doing->arena, "time-limit:%lld", (long long)clock->limit);
        events[states.n++] = clock_event(&change, clock, "start", detail);
    }
    *ret = states;
    return audit_append_all(doing->txn, events, states.n, err);
}

bool clock_start(const struct doing *doing, struct clock_matter matter, const struct limit_question *question,
                 struct instant from, struct clock_state *ret, bool *ret_found, struct error *err)
{
    struct clock_states states;
    bool is_there;
    if (!find(doing, matter, question->kind, ret, &is_there, err))
        return false;
    if (is_there)
        return error_fail(err, ERROR_CONFLICT, "matter %lld has that clock", (long long)matter.id);
    if (!clocks_start(doing, matter, question, 1u << question->kind, from, &states, err))
        return false;
    *ret_found = states.n > 0;
    if (*ret_found)
        *ret = states.at[0];
    return true;
}

/* A pause that lasted no time never was. */
static bool end_pause(const struct doing *doing, struct clock_matter matter, struct clock_state *clock, struct instant at,
                      struct error *err)
{
    ptrdiff_t last = clock->pause_count - 1;
    int64_t id = clock->pauses[last].id;
    if (clock->pauses[last].pause.from.us >= at.us) {
        struct clock_pause_drop_args drop = { matter.district, matter.id, clock->kind, id };
        clock->pause_count = last;
        clock->paused_until = last > 0 ? clock->pauses[last - 1].pause.to : (struct instant){ 0 };
        return clock_pause_drop(doing->txn, &drop, err);
    }
    struct clock_pause_end_args end = { at, matter.district, matter.id, clock->kind, id };
    struct clock_pause_entry *pauses = arena_new(doing->arena, struct clock_pause_entry, clock->pause_count);
    for (ptrdiff_t i = 0; i < clock->pause_count; i++)
        pauses[i] = clock->pauses[i];
    pauses[last].pause.to = at;
    clock->pauses = pauses;
    clock->paused_until = at;
    return clock_pause_end(doing->txn, &end, err);
}

bool clock_meet(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct instant at,
                struct error *err)
{
    struct clock_state clock;
    if (!find_open(doing, matter, kind, &clock, err))
        return false;
    if (at.us < clock.started.us || at.us > doing->txn->now.us)
        return error_fail(err, ERROR_INPUT, "a clock met before it started, or in the future");
    if (clock_is_paused(&clock, at) && !end_pause(doing, matter, &clock, at, err))
        return false;
    clock.met = at;
    struct str detail = str_format(doing->arena, "met: %.*s", STR_ARG(instant_minute(doing->arena, at)));
    return count_and_store(doing, matter, &clock, "meet", detail, err);
}

/* --- pauses ------------------------------------------------------------------------------------------------------ */

static bool refuse(const struct doing *doing, const char *field, struct text text)
{
    return problem_add(doing->problems, str_of(field), text);
}

static bool check_pause(const struct doing *doing, const struct clock_state *clock, const struct clock_pause_entry *entry)
{
    int64_t lasts = entry->pause.to.us - entry->pause.from.us;
    bool is_fine = true;
    if (entry->reason < PAUSE_PAPERS || entry->reason > PAUSE_FORCE_MAJEURE)
        is_fine = refuse(doing, "reason", t_field_choice());
    if (lasts <= 0)
        is_fine = refuse(doing, "until", t_pause_until_past());
    else if (lasts > CLOCK_PAUSE_DAYS_MAX * DAY_US)
        is_fine = refuse(doing, "until", t_pause_too_long(CLOCK_PAUSE_DAYS_MAX));
    if (entry->note.len == 0)
        is_fine = refuse(doing, "note", t_field_required());
    if (entry->approver.n == 0)
        is_fine = refuse(doing, "approver", t_field_required());
    if (clock_is_late(clock, doing->txn->now))
        is_fine = refuse(doing, "", t_pause_late());
    return is_fine;
}

static bool add_pause(const struct doing *doing, struct clock_matter matter, struct clock_state *clock,
                      const struct clock_pause_entry *entry, struct error *err)
{
    struct clock_pause_add_args args = { .district = matter.district,
                                         .matter = matter.id,
                                         .kind = clock->kind,
                                         .id = entry->id,
                                         .since = entry->pause.from,
                                         .until = entry->pause.to,
                                         .reason = entry->reason,
                                         .note = entry->note,
                                         .approver = entry->approver,
                                         .paused_by = entry->by };
    struct clock_pause_entry *pauses = arena_new(doing->arena, struct clock_pause_entry, clock->pause_count + 1);
    for (ptrdiff_t i = 0; i < clock->pause_count; i++)
        pauses[i] = clock->pauses[i];
    pauses[clock->pause_count++] = *entry;
    clock->pauses = pauses;
    clock->paused_until = entry->pause.to;
    return clock_pause_add(doing->txn, &args, NULL, err);
}

bool clock_pause(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, enum pause_reason reason,
                 struct instant until, struct str note, struct account_id approver, struct error *err)
{
    struct clock_state clock;
    struct clock_pause_entry entry = { .pause = { doing->txn->now, until }, .reason = reason, .note = note,
                                       .approver = approver, .by = doing->by };
    if (!find_open(doing, matter, kind, &clock, err))
        return false;
    if (clock_is_paused(&clock, doing->txn->now))
        return error_fail(err, ERROR_CONFLICT, "the clock is paused");
    if (!check_pause(doing, &clock, &entry))
        return error_fail(err, ERROR_REFUSED, "a pause that cannot be");
    entry.id = txn_id(doing->txn);
    struct str words = text_in(doing->arena, LANG_ZH, label_pause_reason(reason));
    struct str detail = str_format(doing->arena, "%.*s, until %.*s", STR_ARG(words), STR_ARG(instant_minute(doing->arena, until)));
    return add_pause(doing, matter, &clock, &entry, err) && count_and_store(doing, matter, &clock, "pause", detail, err);
}

bool clock_resume(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct error *err)
{
    struct clock_state clock;
    if (!find_open(doing, matter, kind, &clock, err))
        return false;
    if (!clock_is_paused(&clock, doing->txn->now))
        return error_fail(err, ERROR_CONFLICT, "the clock runs");
    return end_pause(doing, matter, &clock, doing->txn->now, err) &&
           count_and_store(doing, matter, &clock, "resume", (struct str){ 0 }, err);
}

bool clock_reopen(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, struct error *err)
{
    struct clock_state clock;
    struct instant now = doing->txn->now;
    bool is_there;
    if (!find(doing, matter, kind, &clock, &is_there, err))
        return false;
    if (!is_there)
        return error_fail(err, ERROR_NOT_FOUND, "matter %lld has no clock %d", (long long)matter.id, (int)kind);
    if (clock_is_open(&clock))
        return error_fail(err, ERROR_CONFLICT, "the clock is open");
    struct clock_pause_entry entry = { .pause = { clock.met, now }, .reason = PAUSE_ANSWERED, .by = doing->by };
    clock.met = INSTANT_NEVER;
    if (entry.pause.from.us < now.us) {
        entry.id = txn_id(doing->txn);
        if (!add_pause(doing, matter, &clock, &entry, err))
            return false;
    }
    return count_and_store(doing, matter, &clock, "reopen", (struct str){ 0 }, err);
}

/* --- extensions, and counting again ------------------------------------------------------------------------------ */

static bool check_extension(const struct doing *doing, const struct clock_state *clock, const struct limit_entry *limit,
                            int64_t amount, struct str note)
{
    int64_t left = limit->extension - clock->extended;
    bool is_fine = true;
    if (limit->extension == 0)
        is_fine = refuse(doing, "", t_extension_none());
    else if (clock->extended_times >= limit->extension_times || left <= 0)
        is_fine = refuse(doing, "", t_extension_used_up(clock->extended_times));
    else if (amount < 1 || amount > left)
        is_fine = refuse(doing, "amount", t_field_number(1, left));
    if (note.len == 0)
        is_fine = refuse(doing, "note", t_field_required());
    if (clock_is_late(clock, doing->txn->now))
        is_fine = refuse(doing, "", t_extension_late());
    return is_fine;
}

bool clock_extend(const struct doing *doing, struct clock_matter matter, enum clock_kind kind, int64_t amount,
                  struct str note, struct error *err)
{
    struct clock_state clock;
    struct limits limits;
    if (!find_open(doing, matter, kind, &clock, err) || !clocks_limits(doing->txn->db, doing->arena, &limits, err))
        return false;
    const struct limit_entry *limit = limits_find(limits, clock.limit);
    if (!limit)
        return error_fail(err, ERROR_NOT_FOUND, "time limit %lld is gone", (long long)clock.limit);
    if (!check_extension(doing, &clock, limit, amount, note))
        return error_fail(err, ERROR_REFUSED, "an extension that cannot be");
    clock.runs.amount += (int32_t)amount;
    clock.extended += (int32_t)amount;
    clock.extended_times++;
    struct str words = text_in(doing->arena, LANG_ZH, label_duration(clock.runs.unit, amount));
    struct str detail = str_format(doing->arena, "+ %.*s", STR_ARG(words));
    return count_and_store(doing, matter, &clock, "extend", detail, err);
}

bool clock_recount(struct txn *txn, struct clock_matter matter, const struct workdays *workdays, struct arena *arena,
                   bool *ret_changed, struct error *err)
{
    struct clock_states states;
    struct clock_change change = { .txn = txn, .arena = arena, .matter = matter };
    bool has_changed = false;
    if (!clocks_of(txn->db, matter, arena, &states, err))
        return false;
    for (ptrdiff_t i = 0; i < states.n; i++) {
        if (!count_due(&states.at[i], workdays, arena))
            continue;
        has_changed = true;
        if (!store(&change, &states.at[i], "recount", (struct str){ 0 }, err))
            return false;
    }
    *ret_changed = has_changed;
    return true;
}
