/*
 * organisations.c - founding and changing the bodies that cover units.
 */
#include "features/network/actions.h"

#include "features/network/pages.h"
#include "features/network/uscc.h"
#include "platform/audit/audit.h"

#include "gen/network_texts.h"

static bool check_double(const struct doing *doing, int64_t district, struct organisation_id self, struct str uscc,
                         struct error *err)
{
    struct organisation_by_uscc other;
    bool found;
    struct organisation_by_uscc_args which = { .district = district, .uscc = uscc };
    if (!organisation_by_uscc(doing->txn->db, &which, doing->arena, &other, &found, err))
        return false;
    if (found && other.id.n != self.n)
        (void)problem_add(doing->problems, STR("uscc"), t_uscc_double(other.name));
    return true;
}

static bool check(const struct doing *doing, int64_t district, struct organisation_id self,
                  const struct organisation_input *input, struct str uscc, struct error *err)
{
    ptrdiff_t before = doing->problems->n;
    struct date today = date_of(doing->txn->now);
    if (uscc.len > 0 && uscc_check(uscc) != USCC_OK)
        (void)problem_add(doing->problems, STR("uscc"), t_uscc_check());
    if (input->members_women > input->members)
        (void)problem_add(doing->problems, STR("members_women"),
                          t_organisation_more_women(input->members_women, input->members));
    if (input->founded_on.days > today.days)
        (void)problem_add(doing->problems, STR("founded_on"), t_organisation_founded_later());
    if (input->term_ends_on.days != 0 && input->term_ends_on.days <= input->founded_on.days)
        (void)problem_add(doing->problems, STR("term_ends_on"), t_organisation_term_backwards());
    if (!check_double(doing, district, self, uscc, err))
        return false;
    return doing->problems->n == before || error_fail(err, ERROR_REFUSED, "%td problems", doing->problems->n);
}

static struct date term_end(const struct organisation_input *input)
{
    if (input->term_ends_on.days != 0)
        return input->term_ends_on;
    if (input->term_years == 0)
        return DATE_NEVER;
    struct civil day = civil_of_date(input->founded_on);
    day.year += (int)input->term_years;
    return date_of_civil(day);
}

static bool audit_organisation(const struct doing *doing, int64_t district, struct organisation_id id,
                               const char *action, struct str detail, struct error *err)
{
    struct audit_event event = { .district = district,
                                 .account = doing->by,
                                 .action = str_of(action),
                                 .subject = str_format(doing->arena, "organisation:%lld", (long long)id.n),
                                 .detail = detail };
    return audit_append(doing->txn, &event, err);
}

struct organisation_input organisation_input_of(const struct organisation_by_id *row)
{
    struct organisation_input input = { .line = row->line.n,
                                        .regime = row->regime,
                                        .division = row->division,
                                        .name = row->name,
                                        .uscc = row->uscc,
                                        .uscc_missing = row->uscc_missing,
                                        .approval_doc = row->approval_doc,
                                        .contact = row->contact,
                                        .founded_on = row->founded_on,
                                        .term_years = row->term_years,
                                        .members = row->members,
                                        .members_women = row->members_women,
                                        .is_dissolved = row->state == ORGANISATION_DISSOLVED };
    if (row->term_ends_on.days < DATE_NEVER.days)
        input.term_ends_on = row->term_ends_on;
    return input;
}

/* What an edit changed; what only a new one says, and the version, are left out. */
static struct str difference(const struct doing *doing, const struct organisation_by_id *row,
                             const struct organisation_input *input)
{
    struct organisation_input before = organisation_input_of(row), after = *input;
    after.line = before.line;
    after.division = before.division;
    after.version = before.version;
    return form_difference(doing->arena, &organisation_form, &before, &after);
}

bool organisation_create(const struct doing *doing, const struct organisation_input *input,
                         struct organisation_id *ret, struct error *err)
{
    int64_t district = division_district(input->division), changed;
    struct str uscc = uscc_normal(doing->arena, input->uscc);
    if (!check(doing, district, (struct organisation_id){ 0 }, input, uscc, err))
        return false;
    struct organisation_add_args row = { .district = district,
                                         .id = { txn_id(doing->txn) },
                                         .line = { (int32_t)input->line },
                                         .regime = (enum regime)input->regime,
                                         .state = ORGANISATION_ESTABLISHED,
                                         .division = input->division,
                                         .name = input->name,
                                         .uscc = uscc,
                                         .uscc_missing = input->uscc_missing,
                                         .founded_on = input->founded_on,
                                         .approval_doc = input->approval_doc,
                                         .term_years = input->term_years,
                                         .term_ends_on = term_end(input),
                                         .members = input->members,
                                         .members_women = input->members_women,
                                         .contact = input->contact,
                                         .changed_at = doing->txn->now };
    if (!organisation_add(doing->txn, &row, &changed, err) ||
        !audit_organisation(doing, district, row.id, "organisation.add", row.name, err))
        return false;
    *ret = row.id;
    return true;
}

/* What a dissolved organisation covered is covered no more, and is a blank spot again where it is due. */
static bool uncover_all(const struct doing *doing, const struct organisation_by_id *organisation, struct error *err)
{
    enum { HELD_MAX = 2000 }; /* of one change: more would keep the writer from others */
    struct coverage_held_rows rows;
    struct coverage_held_args args = { organisation->district, organisation->id, HELD_MAX + 1 };
    if (!coverage_held(doing->txn->db, &args, doing->arena, &rows, err))
        return false;
    if (rows.n > HELD_MAX) {
        (void)problem_add(doing->problems, STR("is_dissolved"), t_organisation_covers_many(HELD_MAX));
        return error_fail(err, ERROR_REFUSED, "it covers more than %d units", HELD_MAX);
    }
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct coverage_held *row = &rows.at[i];
        struct covered_unit unit = { .district = organisation->district, .id = row->unit, .division = row->division };
        if (!coverage_uncover(doing->txn, doing->by, &unit, row->line, row->due_rule != 0, doing->arena, err))
            return false;
    }
    return true;
}

bool organisation_edit(const struct doing *doing, const struct organisation_by_id *organisation,
                       const struct organisation_input *input, struct error *err)
{
    struct str uscc = uscc_normal(doing->arena, input->uscc);
    if (!check(doing, organisation->district, organisation->id, input, uscc, err) ||
        (input->is_dissolved && !uncover_all(doing, organisation, err)))
        return false;
    struct organisation_change_args change = { .district = organisation->district,
                                               .id = organisation->id,
                                               .version = input->version,
                                               .regime = (enum regime)input->regime,
                                               .state = input->is_dissolved ? ORGANISATION_DISSOLVED
                                                                            : ORGANISATION_ESTABLISHED,
                                               .name = input->name,
                                               .uscc = uscc,
                                               .uscc_missing = input->uscc_missing,
                                               .founded_on = input->founded_on,
                                               .approval_doc = input->approval_doc,
                                               .term_years = input->term_years,
                                               .term_ends_on = term_end(input),
                                               .members = input->members,
                                               .members_women = input->members_women,
                                               .contact = input->contact,
                                               .changed_at = doing->txn->now };
    return organisation_change(doing->txn, &change, err) &&
           audit_organisation(doing, organisation->district, organisation->id, "organisation.change",
                              difference(doing, organisation, input), err);
}
