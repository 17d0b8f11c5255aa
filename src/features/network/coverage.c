#include "features/network/coverage.h"

#include "platform/audit/audit.h"

/* Update first: an upsert would hold the row to be inserted against the checks, and a difference may be negative. */
static bool tally_move_one(struct txn *txn, struct division at, enum division_level level, struct line line,
                           struct tally by, struct error *err)
{
    int64_t changed;
    struct tally_bump_args bump = { .district = division_district(at), .division = at,       .line = line,
                                    .due = by.due,                     .sole = by.sole,     .joint = by.joint,
                                    .regional = by.regional,           .trade = by.trade,   .exempt = by.exempt,
                                    .blank = by.blank,                 .extra = by.extra };
    /* the nation is nobody's child, not its own */
    struct division parent = level != DIVISION_NATION ? division_parent(at) : (struct division){ -1 };
    struct tally_day_add_args day = { .district = bump.district, .division = at,     .line = line,
                                      .day = date_of(txn->now),  .parent = parent,   .due = by.due,
                                      .sole = by.sole,           .joint = by.joint,  .regional = by.regional,
                                      .trade = by.trade,         .exempt = by.exempt, .blank = by.blank,
                                      .extra = by.extra };
    if (!tally_day_add(txn, &day, &changed, err) || !tally_bump(txn, &bump, &changed, err))
        return false;
    if (changed == 1)
        return true;
    struct tally_add_args add = { .district = bump.district, .division = at,     .line = line,   .parent = parent,
                                  .due = by.due,             .sole = by.sole,   .joint = by.joint,
                                  .regional = by.regional,   .trade = by.trade, .exempt = by.exempt,
                                  .blank = by.blank,         .extra = by.extra };
    return tally_add(txn, &add, &changed, err);
}

bool tally_move_at(struct txn *txn, struct division division, struct line line, struct tally by, struct error *err)
{
    return tally_is_zero(by) || tally_move_one(txn, division, division_level(division), line, by, err);
}

bool tally_move(struct txn *txn, struct division division, struct line line, struct tally by, struct error *err)
{
    if (tally_is_zero(by))
        return true;
    for (enum division_level level = division_level(division);; level--) {
        if (!tally_move_one(txn, division_at(division, level), level, line, by, err))
            return false;
        if (level == DIVISION_NATION)
            return true;
    }
}

static bool add_event(struct txn *txn, int64_t district, struct spot_id spot, struct account_id by, struct str act,
                      enum spot_state state, struct str note, struct error *err)
{
    struct spot_event_add_args event = { .district = district, .spot = spot,   .id = txn_id(txn), .at = txn->now,
                                         .account = by,        .act = act,     .state = state,    .note = note };
    return spot_event_add(txn, &event, NULL, err);
}

static bool open_spot(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                      int64_t due_rule, struct str reason, struct spot_id *ret, struct error *err)
{
    struct date today = date_of(txn->now);
    bool is_finding = due_rule == DUE_BY_FINDING;
    struct spot_add_args spot = { .district = unit->district,
                                  .id = { txn_id(txn) },
                                  .unit = unit->id,
                                  .line = line,
                                  .division = unit->division,
                                  .found_on = today,
                                  .found_by = is_finding ? FOUND_BY_PERSON : FOUND_BY_RULE,
                                  .deadline = { today.days + SPOT_DAYS },
                                  .closed_on = DATE_NEVER };
    *ret = spot.id;
    return spot_add(txn, &spot, NULL, err) &&
           add_event(txn, unit->district, spot.id, by, is_finding ? STR("find") : STR("open"), SPOT_FOUND, reason, err);
}

/* Closes the open spot of a pair. organisation: that covers it; 0: none. */
static bool close_spot(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                       enum spot_state state, struct organisation_id organisation, struct str act, struct str note,
                       struct arena *arena, struct error *err)
{
    struct spot_open_of spot;
    bool found;
    struct spot_open_of_args which = { .district = unit->district, .unit = unit->id, .line = line };
    if (!spot_open_of(txn->db, &which, arena, &spot, &found, err))
        return false;
    if (!found)
        BUG("unit %lld is blank in line %d without a blank spot", (long long)unit->id.n, line.n);
    struct spot_move_args move = { .district = unit->district,
                                   .id = spot.id,
                                   .version = spot.version,
                                   .state = state,
                                   .closed_on = date_of(txn->now),
                                   .organisation = organisation };
    return spot_move(txn, &move, err) &&
           add_event(txn, unit->district, spot.id, by, act, state, note, err);
}

/* A rule no longer makes it due: closed without anybody having covered it, and shown as such. */
static bool drop_spot(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                      struct arena *arena, struct error *err)
{
    return close_spot(txn, by, unit, line, SPOT_NOT_DUE, (struct organisation_id){ 0 }, STR("not-due"),
                      (struct str){ 0 }, arena, err);
}

static struct coverage_set_args pair_of(const struct covered_unit *unit, struct line line,
                                        const struct coverage_of_unit_rows *rows)
{
    struct coverage_set_args pair = { .district = unit->district, .unit = unit->id,     .line = line,
                                      .division = unit->division, .until = DATE_NEVER };
    for (ptrdiff_t i = 0; i < rows->n; i++) {
        const struct coverage_of_unit *row = &rows->at[i];
        if (row->line.n != line.n)
            continue;
        pair.due_rule = row->due_rule;
        pair.form = row->form;
        pair.organisation = row->organisation;
        pair.since = row->since;
        pair.until = row->until;
        pair.reason = row->reason;
        pair.approver = row->approver;
    }
    return pair;
}

static bool refresh_line(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                         int64_t rule, struct coverage_set_args pair, struct tally_sum *sum, struct arena *arena,
                         struct error *err)
{
    struct spot_id opened;
    bool was_due = pair.due_rule != 0, is_due = rule != 0;
    if (pair.due_rule == rule)
        return true;
    struct tally before = tally_of_pair(was_due, pair.form);
    bool was_blank = was_due && pair.form == COVERAGE_NONE;
    pair.due_rule = rule;
    if (pair.form == COVERAGE_EXEMPT && !is_due)
        pair.form = COVERAGE_NONE; /* nothing left to be exempt from */
    bool is_blank = is_due && pair.form == COVERAGE_NONE;
    struct tally after = tally_of_pair(is_due, pair.form);
    if (!coverage_set(txn, &pair, NULL, err))
        return false;
    if (was_blank && !is_blank && !drop_spot(txn, by, unit, line, arena, err))
        return false;
    if (is_blank && !was_blank && !open_spot(txn, by, unit, line, rule, (struct str){ 0 }, &opened, err))
        return false;
    if (!sum)
        return tally_move(txn, unit->division, line, tally_minus(after, before), err);
    tally_sum_add(sum, unit->division, line, tally_minus(after, before));
    return true;
}

bool coverage_refresh(struct txn *txn, struct account_id by, const struct book *book, const struct covered_unit *unit,
                      struct arena *arena, struct error *err)
{
    return coverage_refresh_summed(txn, by, book, unit, NULL, arena, err);
}

bool coverage_refresh_summed(struct txn *txn, struct account_id by, const struct book *book,
                             const struct covered_unit *unit, struct tally_sum *sum, struct arena *arena,
                             struct error *err)
{
    struct coverage_of_unit_rows rows;
    struct coverage_of_unit_args which = { .district = unit->district, .unit = unit->id };
    if (!coverage_of_unit(txn->db, &which, arena, &rows, err))
        return false;
    for (ptrdiff_t i = 0; i < book->line_count; i++) {
        struct line line = book->lines[i].line;
        struct coverage_set_args pair = pair_of(unit, line, &rows);
        int64_t rule = rules_due_still(book->rules, line, &unit->figures, pair.due_rule);
        if (!refresh_line(txn, by, unit, line, rule, pair, sum, arena, err))
            return false;
    }
    return true;
}

bool coverage_add_new(struct txn *txn, const struct book *book, const struct covered_unit *unit,
                      struct new_units *units, struct tally_sum *sum, struct error *err)
{
    assert(units->blank == 0 || (units->district == unit->district && units->last.n < unit->id.n));
    if (units->first.n == 0)
        *units = (struct new_units){ .district = unit->district, .first = unit->id };
    units->last = unit->id;
    for (ptrdiff_t i = 0; i < book->line_count; i++) {
        int64_t changed, rule = rules_due(book->rules, book->lines[i].line, &unit->figures);
        if (rule == 0)
            continue;
        struct coverage_set_args pair = pair_of(unit, book->lines[i].line, &(struct coverage_of_unit_rows){ 0 });
        pair.due_rule = rule;
        if (!coverage_set(txn, &pair, &changed, err))
            return false;
        tally_sum_add(sum, unit->division, pair.line, tally_of_pair(true, pair.form));
        units->blank++;
    }
    return true;
}

bool coverage_open_new(struct txn *txn, struct account_id by, const struct new_units *units, struct error *err)
{
    int64_t changed;
    struct date today = date_of(txn->now);
    if (units->blank == 0)
        return true;
    struct id_run ids = txn_ids(txn, units->blank);
    struct spot_add_all_args spots = { .first = { ids.first },
                                       .length = ids.length,
                                       .step = ids.step,
                                       .found_on = today,
                                       .found_by = FOUND_BY_RULE,
                                       .deadline = { today.days + SPOT_DAYS },
                                       .closed_on = DATE_NEVER,
                                       .district = units->district,
                                       .from = units->first,
                                       .to = units->last };
    struct spot_event_add_all_args events = { .at = txn->now,
                                              .account = by,
                                              .act = STR("open"),
                                              .district = units->district,
                                              .from = units->first,
                                              .to = units->last };
    if (!spot_add_all(txn, &spots, &changed, err))
        return false;
    assert(changed == units->blank);
    return spot_event_add_all(txn, &events, &changed, err);
}

bool coverage_cover(struct txn *txn, int64_t district, struct unit_id unit, struct line line, const struct cover *cover,
                    struct arena *arena, struct error *err)
{
    struct coverage_of_unit_rows rows;
    struct coverage_of_unit_args which = { .district = district, .unit = unit };
    if (!coverage_of_unit(txn->db, &which, arena, &rows, err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct coverage_of_unit *row = &rows.at[i];
        if (row->line.n != line.n)
            continue;
        struct coverage_set_args pair = { .district = district,
                                          .unit = unit,
                                          .line = line,
                                          .division = row->division,
                                          .due_rule = row->due_rule,
                                          .form = cover->form,
                                          .organisation = cover->organisation,
                                          .since = cover->since,
                                          .until = cover->until,
                                          .reason = cover->reason,
                                          .approver = cover->approver };
        struct tally before = tally_of_pair(row->due_rule != 0, row->form);
        struct tally after = tally_of_pair(row->due_rule != 0, cover->form);
        return coverage_set(txn, &pair, NULL, err) &&
               tally_move(txn, row->division, line, tally_minus(after, before), err);
    }
    return error_fail(err, ERROR_NOT_FOUND, "unit %lld has no pair in line %d", (long long)unit.n, line.n);
}

bool coverage_uncover(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                      int64_t due_rule, struct arena *arena, struct error *err)
{
    struct spot_id opened;
    struct cover none = { .form = COVERAGE_NONE, .since = date_of(txn->now), .until = DATE_NEVER };
    return coverage_cover(txn, unit->district, unit->id, line, &none, arena, err) &&
           (due_rule == 0 || open_spot(txn, by, unit, line, due_rule, (struct str){ 0 }, &opened, err));
}

bool coverage_give_back(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                        bool is_blank, const struct cover *cover, struct str note, struct arena *arena,
                        struct error *err)
{
    return coverage_cover(txn, unit->district, unit->id, line, cover, arena, err) &&
           (!is_blank || close_spot(txn, by, unit, line, SPOT_COVERED, cover->organisation, STR("restore"), note, arena,
                                    err));
}

/* A pair that is covered by nothing becomes due, or no longer due. */
static bool set_due(struct txn *txn, const struct covered_unit *unit, struct line line, int64_t due_rule,
                    struct error *err)
{
    struct coverage_set_args pair = { .district = unit->district,       .unit = unit->id,
                                      .line = line,                     .division = unit->division,
                                      .due_rule = due_rule,             .since = date_of(txn->now),
                                      .until = DATE_NEVER };
    struct tally one = tally_of_pair(true, COVERAGE_NONE);
    struct tally by = due_rule != 0 ? one : tally_minus((struct tally){ 0 }, one);
    return coverage_set(txn, &pair, NULL, err) && tally_move(txn, unit->division, line, by, err);
}

bool coverage_find(struct txn *txn, struct account_id by, const struct covered_unit *unit, struct line line,
                   struct str reason, struct spot_id *ret_spot, struct error *err)
{
    return set_due(txn, unit, line, DUE_BY_FINDING, err) &&
           open_spot(txn, by, unit, line, DUE_BY_FINDING, reason, ret_spot, err);
}

bool coverage_withdraw(struct txn *txn, const struct covered_unit *unit, struct line line, struct error *err)
{
    return set_due(txn, unit, line, 0, err);
}

static bool lapse_one(struct txn *txn, const struct coverage_lapsed *row, struct arena *arena, struct error *err)
{
    struct covered_unit unit = { .district = row->district, .id = row->unit, .division = row->division };
    struct audit_event event = { .district = row->district,
                                 .action = STR("exemption.lapsed"),
                                 .subject = str_format(arena, "unit:%lld", (long long)row->unit.n) };
    return coverage_uncover(txn, (struct account_id){ 0 }, &unit, row->line, row->due_rule, arena, err) &&
           audit_append(txn, &event, err);
}

bool coverage_lapse(struct txn *txn, bool *ret_more, struct error *err)
{
    enum { LAPSE_PIECE = 200 };
    struct arena arena = { 0 };
    struct coverage_lapsed_rows rows;
    struct coverage_lapsed_args args = { .today = date_of(txn->now), .limit = LAPSE_PIECE };
    bool ok = coverage_lapsed(txn->db, &args, &arena, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++)
        ok = lapse_one(txn, &rows.at[i], &arena, err);
    if (ok)
        *ret_more = rows.n == LAPSE_PIECE;
    arena_release(&arena);
    return ok;
}

bool coverage_reapply(struct txn *txn, struct account_id by, const struct book *book, struct division subtree,
                      int64_t limit, struct unit_place *place, int64_t *ret_count, struct error *err)
{
    struct arena arena = { 0 };
    struct tally_sum sum = { .arena = &arena };
    struct unit_list_rows rows;
    struct unit_list_args args = { .from = subtree,
                                   .to = division_last(subtree),
                                   .after_division = place->division,
                                   .after_id = place->id,
                                   .limit = limit };
    bool ok = unit_list(txn->db, &args, &arena, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
        const struct unit_list *row = &rows.at[i];
        struct covered_unit unit = { row->district, row->id, row->division,
                                     { .kind = row->kind,
                                       .division = row->division,
                                       .is_active = row->state == UNIT_ACTIVE,
                                       .employees = row->employees,
                                       .women = row->women,
                                       .youth = row->youth,
                                       .league_members = row->league_members,
                                       .disabled = row->disabled } };
        *place = (struct unit_place){ row->division, row->id };
        ok = coverage_refresh_summed(txn, by, book, &unit, &sum, &arena, err);
    }
    ok = ok && tally_sum_move(txn, &sum, err);
    if (ok)
        *ret_count = rows.n;
    arena_release(&arena);
    return ok;
}
