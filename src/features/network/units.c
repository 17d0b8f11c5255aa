/*
 * units.c - adding and changing what is to be covered.
 */
#include "features/network/actions.h"

#include "features/network/contacts.h"
#include "features/network/pages.h"
#include "features/network/unit_index.h"
#include "features/network/uscc.h"
#include "platform/audit/audit.h"

#include "gen/network_texts.h"

static bool refused(const struct doing *doing, ptrdiff_t before, struct error *err)
{
    return doing->problems->n == before || error_fail(err, ERROR_REFUSED, "%td problems", doing->problems->n);
}

static void check_part(struct problems *problems, const char *field, int64_t part, int64_t whole)
{
    if (part > whole)
        (void)problem_add(problems, str_of(field), t_unit_more_than_employees(part, whole));
}

static void check_uscc(struct problems *problems, struct str uscc, struct str missing)
{
    if (uscc.len == 0) {
        if (missing.len == 0)
            (void)problem_add(problems, STR("uscc_missing"), t_uscc_or_reason());
        return;
    }
    switch (uscc_check(uscc)) {
    case USCC_OK:
        break;
    case USCC_BAD_LENGTH:
        (void)problem_add(problems, STR("uscc"), t_uscc_length(USCC_LENGTH));
        break;
    case USCC_BAD_CHARACTER:
        (void)problem_add(problems, STR("uscc"), t_uscc_character());
        break;
    case USCC_BAD_CHECK:
        (void)problem_add(problems, STR("uscc"), t_uscc_check());
        break;
    }
}

void unit_check(struct problems *problems, const struct unit_input *input, struct str uscc)
{
    check_part(problems, "women", input->women, input->employees);
    check_part(problems, "youth", input->youth, input->employees);
    check_part(problems, "league_members", input->league_members, input->employees);
    check_part(problems, "disabled", input->disabled, input->employees);
    check_uscc(problems, uscc, input->uscc_missing);
}

/* Another unit of the district with this code: named, so that the person can open it. */
static bool check_double(const struct doing *doing, int64_t district, struct unit_id self, struct str uscc,
                         struct error *err)
{
    struct unit_by_uscc other;
    bool found;
    struct unit_by_uscc_args which = { .district = district, .uscc = uscc };
    if (!unit_by_uscc(doing->txn->db, &which, doing->arena, &other, &found, err))
        return false;
    if (found && other.id.n != self.n)
        (void)problem_add(doing->problems, STR("uscc"), t_uscc_double(other.name));
    return true;
}

static bool check(const struct doing *doing, int64_t district, struct unit_id self, const struct unit_input *input,
                  struct str uscc, struct error *err)
{
    ptrdiff_t before = doing->problems->n;
    unit_check(doing->problems, input, uscc);
    return check_double(doing, district, self, uscc, err) && refused(doing, before, err);
}

struct unit_figures unit_figures_of(enum unit_kind kind, struct division division, const struct unit_input *input)
{
    return (struct unit_figures){ .kind = kind,
                                  .division = division,
                                  .is_active = !input->is_closed,
                                  .employees = input->employees,
                                  .women = input->women,
                                  .youth = input->youth,
                                  .league_members = input->league_members,
                                  .disabled = input->disabled };
}

static bool audit_unit(const struct doing *doing, int64_t district, struct unit_id id, const char *action,
                       struct str detail, struct error *err)
{
    struct audit_event event = { .district = district,
                                 .account = doing->by,
                                 .action = str_of(action),
                                 .subject = str_format(doing->arena, "unit:%lld", (long long)id.n),
                                 .detail = detail };
    return audit_append(doing->txn, &event, err);
}

struct unit_input unit_input_of(const struct db *db, const struct unit_by_id *unit, enum lang lang, struct arena *arena,
                                struct error *ret_unread)
{
    struct str contact;
    struct error unread = { 0 };
    if (!unit_contact_open(db, unit->district, unit->id, unit->sealed_contact, arena, &contact, &unread))
        contact = contact_unread(lang);
    if (ret_unread)
        *ret_unread = unread;
    return (struct unit_input){ .kind = unit->kind,
                                .division = unit->division,
                                .name = unit->name,
                                .uscc = unit->uscc,
                                .uscc_missing = unit->uscc_missing,
                                .industry = unit->industry,
                                .contact = contact,
                                .employees = unit->employees,
                                .women = unit->women,
                                .youth = unit->youth,
                                .league_members = unit->league_members,
                                .disabled = unit->disabled,
                                .is_closed = unit->state == UNIT_CLOSED };
}

/* What an edit changed; what only a new unit says, and the version, are left out. */
static struct str difference(const struct doing *doing, const struct unit_input *before, const struct unit_input *input)
{
    struct unit_input after = *input;
    after.kind = before->kind;
    after.division = before->division;
    after.version = before->version;
    if (contact_is_unread(after.contact))
        after.contact = before->contact; /* it stays */
    return form_difference(doing->arena, &unit_form, before, &after);
}

bool unit_store_new(struct txn *txn, const struct unit_key *key, const struct unit_input *input, struct str uscc,
                    struct arena *arena, struct error *err)
{
    struct unit_add_args unit = { .district = key->district,
                                  .id = key->id,
                                  .kind = key->kind,
                                  .state = UNIT_ACTIVE,
                                  .division = key->division,
                                  .name = input->name,
                                  .uscc = uscc,
                                  .uscc_missing = input->uscc_missing,
                                  .industry = input->industry,
                                  .employees = input->employees,
                                  .women = input->women,
                                  .youth = input->youth,
                                  .league_members = input->league_members,
                                  .disabled = input->disabled,
                                  .contact = unit_contact_seal(txn, key->district, key->id, input->contact, arena),
                                  .changed_at = txn->now };
    struct unit_words words = { key->id, key->division, input->name, uscc };
    return unit_add(txn, &unit, NULL, err) && unit_index_add(txn, &words, arena, err);
}

bool unit_store_edit(struct txn *txn, const struct unit_key *key, const struct unit_input *before,
                     const struct unit_input *input, struct str uscc, struct arena *arena, struct error *err)
{
    struct unit_change_args change = { .district = key->district,
                                       .id = key->id,
                                       .version = input->version,
                                       .state = input->is_closed ? UNIT_CLOSED : UNIT_ACTIVE,
                                       .name = input->name,
                                       .uscc = uscc,
                                       .uscc_missing = input->uscc_missing,
                                       .industry = input->industry,
                                       .employees = input->employees,
                                       .women = input->women,
                                       .youth = input->youth,
                                       .league_members = input->league_members,
                                       .disabled = input->disabled,
                                       .keeps_contact = contact_is_unread(input->contact),
                                       .contact = unit_contact_seal(txn, key->district, key->id, input->contact, arena),
                                       .changed_at = txn->now };
    struct unit_words old = { key->id, key->division, before->name, before->uscc };
    struct unit_words new = { key->id, key->division, input->name, uscc };
    return unit_change(txn, &change, err) && unit_index_change(txn, &old, &new, arena, err);
}

bool unit_create(const struct doing *doing, const struct book *book, const struct unit_input *input,
                 struct unit_id *ret, struct error *err)
{
    struct str uscc = uscc_normal(doing->arena, input->uscc);
    struct unit_key key = { .district = division_district(input->division),
                            .kind = (enum unit_kind)input->kind,
                            .division = input->division };
    if (!check(doing, key.district, key.id, input, uscc, err))
        return false;
    key.id = (struct unit_id){ txn_id(doing->txn) };
    struct covered_unit covered = { key.district, key.id, key.division,
                                    unit_figures_of(key.kind, key.division, input) };
    if (!unit_store_new(doing->txn, &key, input, uscc, doing->arena, err) ||
        !coverage_refresh(doing->txn, doing->by, book, &covered, doing->arena, err) ||
        !audit_unit(doing, key.district, key.id, "unit.add", input->name, err))
        return false;
    *ret = key.id;
    return true;
}

bool unit_edit(const struct doing *doing, const struct book *book, const struct unit_by_id *unit,
               const struct unit_input *input, struct error *err)
{
    struct str uscc = uscc_normal(doing->arena, input->uscc);
    struct unit_key key = { unit->district, unit->id, unit->kind, unit->division };
    struct unit_input before = unit_input_of(doing->txn->db, unit, LANG_ZH, doing->arena, NULL);
    if (!check(doing, unit->district, unit->id, input, uscc, err))
        return false;
    if (input->version != unit->version)
        return error_fail(err, ERROR_CONFLICT, "unit %lld is at version %lld", (long long)unit->id.n, (long long)unit->version);
    struct covered_unit covered = { unit->district, unit->id, unit->division,
                                    unit_figures_of(unit->kind, unit->division, input) };
    return unit_store_edit(doing->txn, &key, &before, input, uscc, doing->arena, err) &&
           coverage_refresh(doing->txn, doing->by, book, &covered, doing->arena, err) &&
           audit_unit(doing, unit->district, unit->id, "unit.change", difference(doing, &before, input), err);
}
