/*
 * steps.c - prints the tables of steps: from, act, to, who, what it asks for.
 *
 * steps spot | steps organisation | steps appeal
 */
#include "features/appeals/labels.h"
#include "features/clocks/labels.h"
#include "features/network/labels.h"
#include "features/network/rules.h"

static void print_spot_steps(void)
{
    static const char *const needs[] = { [NEED_NOTHING] = "-",
                                         [NEED_NOTE] = "note",
                                         [NEED_ORGANISATION] = "organisation",
                                         [NEED_EXPIRY] = "expiry" };
    struct spot_steps steps = spot_steps();
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct spot_step *step = &steps.at[i];
        printf("%-22s %-16s %-22s %-9s %s\n", label_spot_state(step->from).key->name, spot_act_name(step->act),
               label_spot_state(step->to).key->name, step->needs_approver ? "approver" : "-", needs[step->need]);
    }
}

static void print_organisation_steps(void)
{
    static const char *const asks[] = { "document", "term", "members", "successor", "note" };
    struct life_steps steps = life_steps();
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct life_step *step = &steps.at[i];
        const char *from = step->from == ORGANISATION_NONE ? "-" : label_organisation_state(step->from).key->name;
        printf("%-25s %-10s %-25s %-9s day", from, life_act_name(step->act), label_organisation_state(step->to).key->name,
               step->needs_approver ? "approver" : "-");
        for (int k = 0; k < COUNT_OF(asks); k++)
            if (step->asks >> k & 1)
                printf(" %s", asks[k]);
        printf("\n");
    }
}

static void print_clocks(const char *words, unsigned kinds)
{
    for (enum clock_kind kind = CLOCK_NOTIFY; kind < CLOCK_KIND_COUNT; kind++)
        if (kinds >> kind & 1)
            printf(" %s-%s", words, clock_kind_name(kind));
}

static void print_appeal_steps(void)
{
    static const char *const wants[] = { "note", "desk", "reason", "answer" };
    struct appeal_steps steps = appeal_steps();
    for (ptrdiff_t i = 0; i < steps.n; i++) {
        const struct appeal_step *step = &steps.at[i];
        printf("%-24s %-10s %-25s %-7s", label_appeal_state(step->from).key->name, appeal_act_name(step->act),
               label_appeal_state(step->to).key->name, step->decides ? "decides" : "-");
        for (int k = 0; k < COUNT_OF(wants); k++)
            if (step->wants >> k & 1)
                printf(" %s", wants[k]);
        print_clocks("meets", step->meets);
        print_clocks("runs", step->starts);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    struct str which = argc == 2 ? str_of(argv[1]) : STR("");
    if (str_equal(which, STR("spot")))
        print_spot_steps();
    else if (str_equal(which, STR("organisation")))
        print_organisation_steps();
    else if (str_equal(which, STR("appeal")))
        print_appeal_steps();
    else
        return 2;
    return 0;
}
