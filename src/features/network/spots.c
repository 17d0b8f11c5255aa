/*
 * spots.c - moving blank spots on, until an organisation or an approved exemption closes them.
 */
#include "features/network/actions.h"

#include "features/accounts/accounts.h"
#include "features/network/capabilities.h"
#include "platform/audit/audit.h"

#include "gen/network_texts.h"

static bool log_spot(const struct doing *doing, const struct spot_by_id *spot, const char *act, enum spot_state state,
                     struct str note, struct error *err)
{
    struct spot_event_add_args event = { .district = spot->district, .spot = spot->id,       .id = txn_id(doing->txn),
                                         .at = doing->txn->now,      .account = doing->by,   .act = str_of(act),
                                         .state = state,             .note = note };
    struct audit_event audit = { .district = spot->district,
                                 .account = doing->by,
                                 .action = str_format(doing->arena, "spot.%s", act),
                                 .subject = str_format(doing->arena, "spot:%lld", (long long)spot->id.n),
                                 .detail = note };
    return spot_event_add(doing->txn, &event, NULL, err) && audit_append(doing->txn, &audit, err);
}

static bool refuse(const struct doing *doing, const char *field, struct text text, struct error *err)
{
    (void)problem_add(doing->problems, str_of(field), text);
    return error_fail(err, ERROR_REFUSED, "%s", field);
}

/* A unit's own organisation lies in its place or bears its name, and is nobody else's own. */
static bool check_own(const struct doing *doing, const struct spot_by_id *spot,
                      const struct organisation_by_id *organisation, struct error *err)
{
    struct own_body body = { organisation->division, organisation->regime, organisation->name };
    struct unit_by_id unit;
    struct unit_by_id_args which = { spot->district, spot->unit, spot->division, spot->division };
    struct coverage_owned_by owner;
    struct coverage_owned_by_args owned = { spot->district, organisation->id, spot->unit };
    bool is_owned;
    if (!unit_by_id(doing->txn->db, &which, doing->arena, &unit, err) ||
        !coverage_owned_by(doing->txn->db, &owned, doing->arena, &owner, &is_owned, err))
        return false;
    if (!is_own_body(&body, spot->division, unit.name))
        return refuse(doing, "form", t_spot_not_its_own(organisation->name), err);
    return !is_owned || refuse(doing, "form", t_spot_own_of_another(organisation->name, owner.name), err);
}

/* An organisation that may cover: of the same line, in the same district, established. */
static bool existing(const struct doing *doing, const struct spot_by_id *spot, const struct spot_input *input,
                     struct organisation_by_id *ret, struct error *err)
{
    struct division district = division_at(spot->division, DIVISION_DISTRICT);
    struct organisation_by_id_args which = { .district = spot->district,
                                             .id = { input->organisation },
                                             .from = district,
                                             .to = division_last(district),
                                             .line_from = spot->line,
                                             .line_to = spot->line };
    if (!organisation_by_id(doing->txn->db, &which, doing->arena, ret, err))
        return err->kind != ERROR_NOT_FOUND ? false : refuse(doing, "organisation", t_spot_organisation_unknown(), err);
    if (ret->state != ORGANISATION_ESTABLISHED)
        return refuse(doing, "organisation", t_spot_organisation_not_established(ret->name), err);
    return input->form != COVERAGE_SOLE || check_own(doing, spot, ret, err);
}

/* A place's own body is a people's organisation, a firm's is a body inside it; a person may say otherwise. */
static bool usual_regime(const struct doing *doing, const struct spot_by_id *spot, enum regime *ret, struct error *err)
{
    struct unit_by_id unit;
    struct unit_by_id_args which = { spot->district, spot->unit, spot->division, spot->division };
    if (!unit_by_id(doing->txn->db, &which, doing->arena, &unit, err))
        return false;
    *ret = unit.kind >= UNIT_VILLAGE ? REGIME_PEOPLES_ORGANISATION : REGIME_INTERNAL;
    return true;
}

static bool found_new(const struct doing *doing, const struct spot_by_id *spot, const struct spot_input *input,
                      struct organisation_id *ret, struct error *err)
{
    if (input->organisation_name.len == 0)
        return refuse(doing, "organisation", t_spot_organisation_required(), err);
    if (input->founded_on.days == 0)
        return refuse(doing, "founded_on", t_spot_founded_required(), err);
    bool has_twin;
    if (!organisation_has_twin(doing, spot->line, spot->division, input->organisation_name, &has_twin, err))
        return false;
    if (has_twin)
        return refuse(doing, "organisation_name", t_spot_organisation_twin(input->organisation_name), err);
    enum regime usual;
    if (!usual_regime(doing, spot, &usual, err))
        return false;
    struct organisation_input organisation = { .line = spot->line.n,
                                               .regime = input->regime != 0 ? input->regime : (int64_t)usual,
                                               .division = spot->division,
                                               .name = input->organisation_name,
                                               .uscc_missing = text_in(doing->arena, LANG_ZH, t_uscc_not_yet()),
                                               .approval_doc = input->approval_doc,
                                               .founded_on = input->founded_on,
                                               .term_years = input->term_years,
                                               .members = input->members,
                                               .members_women = input->members_women };
    return organisation_create(doing, &organisation, ret, err);
}

static bool cover(const struct doing *doing, const struct spot_by_id *spot, const struct spot_input *input,
                  struct organisation_id *ret, struct error *err)
{
    struct organisation_by_id old;
    bool is_new = input->organisation == 0;
    if (input->form < COVERAGE_SOLE || input->form > COVERAGE_TRADE)
        return refuse(doing, "form", t_spot_form_required(), err);
    if (is_new ? !found_new(doing, spot, input, ret, err) : !existing(doing, spot, input, &old, err))
        return false;
    if (!is_new)
        *ret = old.id;
    struct cover how = { .form = (enum coverage_form)input->form,
                         .organisation = *ret,
                         .since = date_of(doing->txn->now),
                         .until = DATE_NEVER };
    return coverage_cover(doing->txn, spot->district, spot->unit, spot->line, &how, doing->arena, err);
}

static bool exempt(const struct doing *doing, const struct spot_by_id *spot, const struct spot_input *input,
                   struct error *err)
{
    struct date today = date_of(doing->txn->now);
    if (input->note.len == 0)
        return refuse(doing, "note", t_spot_reason_required(), err);
    if (input->expires_on.days <= today.days)
        return refuse(doing, "expires_on", t_spot_expiry_required(), err);
    struct cover how = { .form = COVERAGE_EXEMPT,
                         .since = today,
                         .until = input->expires_on,
                         .reason = input->note,
                         .approver = doing->by };
    return coverage_cover(doing->txn, spot->district, spot->unit, spot->line, &how, doing->arena, err);
}

/* What a person found may be taken back; what a rule makes due may not. */
static bool withdraw(const struct doing *doing, const struct spot_by_id *spot, const struct spot_step *step,
                     struct error *err)
{
    struct coverage_pair pair;
    struct covered_unit unit = { .district = spot->district, .id = spot->unit, .division = spot->division };
    struct coverage_pair_args which = { spot->district, spot->unit, spot->line };
    bool found;
    if (!coverage_pair(doing->txn->db, &which, doing->arena, &pair, &found, err))
        return false;
    if (!found || !spot_step_fits(step, pair.due_rule))
        return error_fail(err, ERROR_CONFLICT, "spot %lld is due by a rule", (long long)spot->id.n);
    return coverage_withdraw(doing->txn, &unit, spot->line, err);
}

bool spot_act(const struct doing *doing, const struct spot_by_id *spot, enum spot_act act,
              const struct spot_input *input, struct error *err)
{
    const struct spot_step *step = spot_step_of(spot->state, act);
    struct organisation_id organisation = { 0 };
    if (!step || input->version != spot->version)
        return error_fail(err, ERROR_CONFLICT, "spot %lld is in state %d, version %lld", (long long)spot->id.n,
                          (int)spot->state, (long long)spot->version);
    if (step->need == NEED_NOTE && input->note.len == 0)
        return refuse(doing, "note", t_spot_note_required(), err);
    if (step->need == NEED_ORGANISATION && !cover(doing, spot, input, &organisation, err))
        return false;
    if (step->need == NEED_EXPIRY && !exempt(doing, spot, input, err))
        return false;
    if (step->act == ACT_WITHDRAW && !withdraw(doing, spot, step, err))
        return false;
    bool is_open = spot_is_open(step->to);
    struct spot_move_args move = { .district = spot->district,
                                   .id = spot->id,
                                   .version = spot->version,
                                   .state = step->to,
                                   .is_open = is_open,
                                   .closed_on = is_open ? DATE_NEVER : date_of(doing->txn->now),
                                   .organisation = organisation };
    return spot_move(doing->txn, &move, err) &&
           log_spot(doing, spot, spot_act_name(act), step->to, input->note, err);
}

static bool owner_of(const struct doing *doing, const struct spot_by_id *spot, int64_t owner, struct str *ret_name,
                     struct error *err)
{
    struct account_choices people;
    *ret_name = (struct str){ 0 };
    if (owner == 0)
        return true;
    if (!accounts_with_role(doing->txn->db, cap_network_edit.roles, spot->division, spot->line, doing->arena, &people,
                            err))
        return false;
    for (ptrdiff_t i = 0; i < people.n; i++)
        if (people.at[i].id.n == owner)
            *ret_name = people.at[i].name;
    if (ret_name->len == 0)
        (void)problem_add(doing->problems, STR("owner"), t_spot_owner_unknown());
    return true;
}

/* A deadline that has passed may stay where it was; a new one may not lie there. */
static void check_deadline(const struct doing *doing, const struct spot_by_id *spot, struct date deadline)
{
    enum { YEARS_MAX = 3 };
    struct date today = date_of(doing->txn->now);
    struct civil last = civil_of_date(today);
    last.year += YEARS_MAX;
    bool fits = deadline.days >= today.days && deadline.days <= date_of_civil(last).days;
    if (!fits && deadline.days != spot->deadline.days)
        (void)problem_add(doing->problems, STR("deadline"), t_spot_deadline_range(YEARS_MAX));
}

bool spot_assign_to(const struct doing *doing, const struct spot_by_id *spot, const struct assign_input *input,
                    struct error *err)
{
    ptrdiff_t before = doing->problems->n;
    struct str owner;
    if (!owner_of(doing, spot, input->owner, &owner, err))
        return false;
    check_deadline(doing, spot, input->deadline);
    if (doing->problems->n > before)
        return error_fail(err, ERROR_REFUSED, "an owner or deadline that cannot be");
    if (!spot->is_open || input->version != spot->version)
        return error_fail(err, ERROR_CONFLICT, "spot %lld is at version %lld", (long long)spot->id.n, (long long)spot->version);
    struct spot_assign_args assign = { .district = spot->district,
                                       .id = spot->id,
                                       .version = input->version,
                                       .owner = { input->owner },
                                       .plan = input->plan,
                                       .deadline = input->deadline };
    struct str note = str_format(doing->arena, "%.*s%s%.*s%s%.*s", STR_ARG(owner), owner.len > 0 ? " · " : "",
                                 STR_ARG(date_iso(doing->arena, input->deadline)), input->plan.len > 0 ? " · " : "",
                                 STR_ARG(input->plan));
    return spot_assign(doing->txn, &assign, err) && log_spot(doing, spot, "assign", spot->state, note, err);
}

bool spot_note(const struct doing *doing, const struct spot_by_id *spot, struct str note, struct error *err)
{
    if (!spot->is_open)
        return error_fail(err, ERROR_CONFLICT, "spot %lld is closed", (long long)spot->id.n);
    return log_spot(doing, spot, "note", spot->state, note, err);
}

bool spot_find(const struct doing *doing, const struct unit_by_id *unit, const struct finding_input *input,
               struct spot_id *ret, struct error *err)
{
    struct line line = { (int32_t)input->line };
    struct coverage_pair pair;
    struct coverage_pair_args which = { unit->district, unit->id, line };
    struct covered_unit covered = { .district = unit->district, .id = unit->id, .division = unit->division };
    bool found;
    if (unit->state != UNIT_ACTIVE)
        return refuse(doing, "", t_finding_unit_closed(), err);
    if (!coverage_pair(doing->txn->db, &which, doing->arena, &pair, &found, err))
        return false;
    if (found && (pair.due_rule != 0 || pair.form != COVERAGE_NONE))
        return refuse(doing, "line", t_finding_not_needed(), err);
    if (!coverage_find(doing->txn, doing->by, &covered, line, input->reason, ret, err))
        return false;
    struct audit_event audit = { .district = unit->district,
                                 .account = doing->by,
                                 .action = STR("spot.find"),
                                 .subject = str_format(doing->arena, "spot:%lld", (long long)ret->n),
                                 .detail = input->reason };
    return audit_append(doing->txn, &audit, err);
}
