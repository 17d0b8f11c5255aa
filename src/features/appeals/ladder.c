#include "features/appeals/ladder.h"

#include "features/appeals/moves.h"
#include "features/appeals/rules.h"
#include "features/clocks/clocks.h"

/* The end of so many working days from now; where their year is not known, of the week that mostly has so many. */
static struct instant climbs_at(struct instant now, const struct workdays *workdays)
{
    static const struct time_limit days = { .unit = CLOCK_WORKING_DAYS, .amount = APPEAL_CLIMB_DAYS };
    struct clock_history history = { .started = now };
    struct instant at;
    int year;
    if (clock_due(&days, &history, workdays, &at, &year))
        return at;
    return clock_day_end((struct date){ date_of(now).days + 7 });
}

/* One look moves look_at past now, so the same day finds it no more.  Its version stays: nobody's form is in vain. */
static bool look_at_one(const struct doing *doing, const struct appeal_by_id *appeal, const struct workdays *workdays,
                        struct error *err)
{
    struct instant now = doing->txn->now;
    struct appeal_move_args stands = appeal_move_of(appeal);
    struct appeal_climb_args climb = { .told = appeal->told, .look_at = appeal->due_at, .district = appeal->district,
                                       .id = appeal->id, .version = appeal->version };
    struct appeal_event_add_args event = { .act = STR("warn"), .clock = (enum clock_kind)appeal->due_kind };
    if (appeal->due_at.us < now.us) {
        climb.told = appeal_told_next(appeal->desk, appeal->told);
        climb.look_at = division_level(climb.told) > DIVISION_DISTRICT ? climbs_at(now, workdays) : INSTANT_NEVER;
        event.act = STR("climb");
        event.desk = climb.told;
    }
    return appeal_climb(doing->txn, &climb, err) && appeal_log(doing, appeal, &stands, event, err);
}

bool appeals_climb(struct txn *txn, bool *ret_more, struct error *err)
{
    enum { PIECE = 200 };
    struct arena arena = { 0 };
    struct doing doing = { .txn = txn, .arena = &arena }; /* by the program */
    const struct workdays *workdays;
    struct appeal_ladder_list_rows rows;
    struct appeal_ladder_list_args args = { .now = txn->now, .limit = PIECE };
    bool ok = clocks_workdays(txn->db, &arena, &workdays, err) && appeal_ladder_list(txn->db, &args, &arena, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
        struct appeal_by_id appeal;
        struct appeal_by_id_args which = { rows.at[i].district, rows.at[i].id };
        ok = appeal_by_id(txn->db, &which, &arena, &appeal, err) && look_at_one(&doing, &appeal, workdays, err);
    }
    if (ok)
        *ret_more = rows.n == PIECE;
    arena_release(&arena);
    return ok;
}
