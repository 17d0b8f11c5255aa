/*
 * upgrade.c - the part of an upgrade that is the same on every engine.
 */
#include "platform/db/upgrade.h"

#include "platform/db/engine.h"

/* An earlier step of the same upgrade has asked for the same. */
static bool is_repeated(const struct upgrade *room, int from, int index)
{
    for (int i = 0; i < index; i++)
        if (room->steps[i].to > from && room->steps[i].derive == room->steps[index].derive)
            return true;
    return false;
}

bool upgrade_derive(const struct upgrade_plan *plan, int from, struct txn *txn, struct error *err)
{
    for (int r = 0; r < plan->room_count; r++) {
        const struct upgrade *room = plan->rooms[r];
        for (int i = 0; i < room->step_count; i++) {
            const struct upgrade_step *step = &room->steps[i];
            if (step->to > from && step->derive && !is_repeated(room, from, i) && !step->derive(txn, err))
                return false;
        }
    }
    return true;
}

bool database_upgrade(const char *place, const struct upgrade_plan *plan, struct upgraded *ret, struct error *err)
{
    const struct engine *engine = engine_at(place);
    if (engine->upgrade)
        return engine->upgrade(place, plan, ret, err);
    *ret = (struct upgraded){ .from = SCHEMA_VERSION };
    return true;
}
