/*
 * spot_steps.c - prints the life of a blank spot: from, act, to, who, what it asks for.
 */
#include "features/network/labels.h"
#include "features/network/rules.h"

static const char *state_name(enum spot_state state)
{
    return label_spot_state(state).key->name;
}

int main(void)
{
    static const char *const needs[] = { [NEED_NOTHING] = "-",
                                         [NEED_NOTE] = "note",
                                         [NEED_ORGANISATION] = "organisation",
                                         [NEED_EXPIRY] = "expiry" };
    struct spot_steps steps = spot_steps();
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct spot_step *step = &steps.at[i];
        printf("%-22s %-16s %-22s %-9s %s\n", state_name(step->from), spot_act_name(step->act), state_name(step->to),
               step->needs_approver ? "approver" : "-", needs[step->need]);
    }
    return 0;
}
