/*
 * organisations.c - registering and changing the bodies that cover units; their life is in organisation_life.c.
 */
#include "features/network/actions.h"

#include "base/parse.h"
#include "features/network/contacts.h"
#include "features/network/organisation_index.h"
#include "features/network/pages.h"
#include "features/network/unit_index.h"
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

bool organisation_has_twin(const struct doing *doing, struct line line, struct division division, struct str name,
                           bool *ret, struct error *err)
{
    struct organisation_twin twin;
    struct organisation_twin_args which = { .district = division_district(division), .line = line, .division = division, .name = name };
    return organisation_twin(doing->txn->db, &which, doing->arena, &twin, ret, err);
}

static bool check_twin(const struct doing *doing, struct line line, struct division division, struct str name,
                       struct error *err)
{
    bool has_twin;
    if (!organisation_has_twin(doing, line, division, name, &has_twin, err))
        return false;
    if (!has_twin)
        return true;
    (void)problem_add(doing->problems, STR("name"), t_organisation_twin(name));
    return error_fail(err, ERROR_REFUSED, "there is one of that name");
}

/* The day of founding, and the term from then on: only of what is founded. */
static void check_days(const struct doing *doing, enum organisation_state state, const struct organisation_input *input)
{
    struct date founded = input->founded_on;
    if (!organisation_is_founded(state)) {
        if (founded.days != 0)
            (void)problem_add(doing->problems, STR("founded_on"), t_organisation_not_founded_yet());
        return;
    }
    if (founded.days == 0)
        (void)problem_add(doing->problems, STR("founded_on"), t_spot_founded_required());
    if (founded.days > date_of(doing->txn->now).days)
        (void)problem_add(doing->problems, STR("founded_on"), t_organisation_founded_later());
    if (input->term_ends_on.days != 0 && input->term_ends_on.days <= founded.days)
        (void)problem_add(doing->problems, STR("term_ends_on"), t_organisation_term_backwards());
}

static bool check(const struct doing *doing, int64_t district, struct organisation_id self,
                  enum organisation_state state, const struct organisation_input *input, struct str uscc,
                  struct error *err)
{
    ptrdiff_t before = doing->problems->n;
    if (uscc.len > 0 && uscc_check(uscc) != USCC_OK)
        (void)problem_add(doing->problems, STR("uscc"), t_uscc_check());
    if (input->members_women > input->members)
        (void)problem_add(doing->problems, STR("members_women"),
                          t_organisation_more_women(input->members_women, input->members));
    check_days(doing, state, input);
    if (!check_double(doing, district, self, uscc, err))
        return false;
    return doing->problems->n == before || error_fail(err, ERROR_REFUSED, "%td problems", doing->problems->n);
}

struct date term_after(struct date from, int64_t term_years)
{
    if (term_years == 0)
        return DATE_NEVER;
    struct civil day = civil_of_date(from);
    day.year += (int)term_years;
    return date_of_civil(day);
}

/* As typed, else counted from the day the term began; zero: it has not. */
static struct date term_end(const struct organisation_input *input, struct date begin)
{
    if (input->term_ends_on.days != 0)
        return input->term_ends_on;
    return begin.days == 0 ? DATE_NEVER : term_after(begin, input->term_years);
}

bool organisation_audit(const struct doing *doing, int64_t district, struct organisation_id id, const char *action,
                        struct str detail, struct error *err)
{
    struct audit_event event = { .district = district,
                                 .account = doing->by,
                                 .action = str_of(action),
                                 .subject = str_format(doing->arena, "organisation:%lld", (long long)id.n),
                                 .detail = detail };
    return audit_append(doing->txn, &event, err);
}

static struct date date_or_none(struct date date)
{
    return date.days < DATE_NEVER.days ? date : (struct date){ 0 };
}

static struct date date_or_never(struct date date)
{
    return date.days != 0 ? date : DATE_NEVER;
}

struct organisation_input organisation_input_of(const struct db *db, const struct organisation_by_id *row, enum lang lang,
                                                struct arena *arena, struct error *ret_unread)
{
    struct str contact;
    struct error unread = { 0 };
    if (!organisation_contact_open(db, row->district, row->id, row->sealed_contact, arena, &contact, &unread))
        contact = contact_unread(lang);
    if (ret_unread)
        *ret_unread = unread;
    return (struct organisation_input){ .line = row->line.n,
                                        .regime = row->regime,
                                        .division = row->division,
                                        .name = row->name,
                                        .uscc = row->uscc,
                                        .uscc_missing = row->uscc_missing,
                                        .approval_doc = row->approval_doc,
                                        .contact = contact,
                                        .state = row->state,
                                        .founded_on = date_or_none(row->founded_on),
                                        .term_years = row->term_years,
                                        .term_ends_on = date_or_none(row->term_ends_on),
                                        .members = row->members,
                                        .members_women = row->members_women };
}

/* What an edit changed; what only a new one says, and the version, are left out. */
static bool audit_edit(const struct doing *doing, const struct organisation_by_id *row,
                       const struct organisation_input *input, struct error *err)
{
    struct organisation_input before = organisation_input_of(doing->txn->db, row, LANG_ZH, doing->arena, NULL);
    struct organisation_input after = *input;
    after.line = before.line;
    after.division = before.division;
    after.state = before.state;
    after.version = before.version;
    if (contact_is_unread(after.contact))
        after.contact = before.contact; /* it stays */
    return organisation_audit(doing, row->district, row->id, "organisation.change",
                              form_difference(doing->arena, &organisation_form, &before, &after), err);
}

bool organisation_create(const struct doing *doing, const struct organisation_input *input,
                         struct organisation_id *ret, struct error *err)
{
    int64_t district = division_district(input->division), changed;
    struct str uscc = uscc_normal(doing->arena, input->uscc);
    enum organisation_state state = input->state == 0 ? ORGANISATION_ESTABLISHED : (enum organisation_state)input->state;
    if (!life_step_to_register(state)) {
        (void)problem_add(doing->problems, STR("state"), t_organisation_bad_state());
        return error_fail(err, ERROR_REFUSED, "state %d", (int)state);
    }
    if (!check(doing, district, (struct organisation_id){ 0 }, state, input, uscc, err) ||
        !check_twin(doing, (struct line){ (int32_t)input->line }, input->division, input->name, err))
        return false;
    struct organisation_add_args row = { .district = district,
                                         .id = { txn_id(doing->txn) },
                                         .line = { (int32_t)input->line },
                                         .regime = (enum regime)input->regime,
                                         .state = state,
                                         .division = input->division,
                                         .name = input->name,
                                         .uscc = uscc,
                                         .uscc_missing = input->uscc_missing,
                                         .founded_on = date_or_never(input->founded_on),
                                         .approval_doc = input->approval_doc,
                                         .term_years = input->term_years,
                                         .term_ends_on = term_end(input, input->founded_on),
                                         .members = input->members,
                                         .members_women = input->members_women,
                                         .changed_at = doing->txn->now };
    struct organisation_words words = { row.id, row.division, row.name, row.uscc };
    row.contact = organisation_contact_seal(doing->txn, district, row.id, input->contact, doing->arena);
    if (!organisation_add(doing->txn, &row, &changed, err) ||
        !organisation_index_add(doing->txn, &words, doing->arena, err) || !organisation_log_first(doing, &row, err) ||
        !organisation_audit(doing, district, row.id, "organisation.add", row.name, err))
        return false;
    *ret = row.id;
    return true;
}

static bool is_act(const struct organisation_event_list *event, enum life_act act)
{
    return str_equal(event->act, str_of(life_act_name(act)));
}

/* The day its term began: of the last election, else of the founding as it is to be. */
static struct date term_begin(const struct organisation_event_list_rows *events, const struct organisation_input *input)
{
    for (ptrdiff_t i = events->n - 1; i >= 0; i--)
        if (is_act(&events->at[i], LIFE_REELECT))
            return events->at[i].happened_on;
    return input->founded_on;
}

static bool check_term(const struct doing *doing, const struct organisation_input *input, struct date begin,
                       struct error *err)
{
    if (input->term_ends_on.days == 0 || input->term_ends_on.days > begin.days)
        return true;
    (void)problem_add(doing->problems, STR("term_ends_on"), t_life_term_backwards());
    return error_fail(err, ERROR_REFUSED, "the term would end before it began");
}

/* What is a unit's own stays so: registered elsewhere, it is a body inside the unit and bears its name. */
static bool check_still_own(const struct doing *doing, const struct organisation_by_id *row,
                            const struct organisation_input *input, struct error *err)
{
    struct own_body after = { row->division, (enum regime)input->regime, input->name };
    struct coverage_owned_by unit;
    struct coverage_owned_by_args which = { .district = row->district, .organisation = row->id };
    bool is_owned;
    if (after.regime == row->regime && str_equal(after.name, row->name))
        return true;
    if (!coverage_owned_by(doing->txn->db, &which, doing->arena, &unit, &is_owned, err))
        return false;
    if (!is_owned || is_own_body(&after, unit.division, unit.name))
        return true;
    if (after.regime != REGIME_INTERNAL)
        (void)problem_add(doing->problems, STR("regime"), t_organisation_own_regime(unit.name));
    else
        (void)problem_add(doing->problems, STR("name"), t_organisation_own_name(unit.name));
    return error_fail(err, ERROR_REFUSED, "it would no longer be the unit's own");
}

/* A founding date is corrected in the history too; it may not leave its place there. */
static bool correct_founding(const struct doing *doing, const struct organisation_by_id *row,
                             const struct organisation_event_list_rows *events, const struct organisation_input *input,
                             struct error *err)
{
    struct organisation_event_redate_args redate = { input->founded_on, row->district, row->id };
    if (!organisation_is_founded(row->state) || input->founded_on.days == row->founded_on.days)
        return true;
    for (ptrdiff_t i = 0; i < events->n; i++) {
        if (!is_act(&events->at[i], LIFE_ESTABLISH))
            continue;
        bool is_early = i > 0 && input->founded_on.days < events->at[i - 1].happened_on.days;
        bool is_late = i + 1 < events->n && input->founded_on.days > events->at[i + 1].happened_on.days;
        if (is_early || is_late) {
            (void)problem_add(doing->problems, STR("founded_on"), t_organisation_founded_out_of_order());
            return error_fail(err, ERROR_REFUSED, "the founding would leave its place in the history");
        }
    }
    return organisation_event_redate(doing->txn, &redate, NULL, err);
}

bool organisation_edit(const struct doing *doing, const struct organisation_by_id *organisation,
                       const struct organisation_input *input, struct error *err)
{
    enum { EVENTS_MAX = 500 };
    struct organisation_event_list_rows events;
    struct organisation_event_list_args which = { organisation->district, organisation->id, EVENTS_MAX };
    struct str uscc = uscc_normal(doing->arena, input->uscc);
    struct organisation_words before = { organisation->id, organisation->division, organisation->name,
                                         organisation->uscc };
    struct organisation_words after = { organisation->id, organisation->division, input->name, uscc };
    if (!check(doing, organisation->district, organisation->id, organisation->state, input, uscc, err) ||
        !organisation_event_list(doing->txn->db, &which, doing->arena, &events, err))
        return false;
    struct date begin = term_begin(&events, input);
    bool is_renamed = !str_equal(input->name, organisation->name);
    if (is_renamed && !check_twin(doing, organisation->line, organisation->division, input->name, err))
        return false;
    if (!check_term(doing, input, begin, err) || !check_still_own(doing, organisation, input, err) ||
        !correct_founding(doing, organisation, &events, input, err))
        return false;
    if (input->version != organisation->version)
        return error_fail(err, ERROR_CONFLICT, "organisation %lld is at version %lld", (long long)organisation->id.n,
                          (long long)organisation->version);
    struct organisation_change_args change = { .district = organisation->district,
                                               .id = organisation->id,
                                               .version = input->version,
                                               .regime = (enum regime)input->regime,
                                               .name = input->name,
                                               .uscc = uscc,
                                               .uscc_missing = input->uscc_missing,
                                               .founded_on = date_or_never(input->founded_on),
                                               .approval_doc = input->approval_doc,
                                               .term_years = input->term_years,
                                               .term_ends_on = term_end(input, begin),
                                               .members = input->members,
                                               .members_women = input->members_women,
                                                     .changed_at = doing->txn->now };
    change.keeps_contact = contact_is_unread(input->contact);
    change.contact = organisation_contact_seal(doing->txn, change.district, change.id, input->contact, doing->arena);
    return organisation_change(doing->txn, &change, err) &&
           organisation_index_change(doing->txn, &before, &after, doing->arena, err) &&
           audit_edit(doing, organisation, input, err);
}

/* --- by name --------------------------------------------------------------------------------------------------- */

/* Those of the district that are called exactly so, as far as they are among the first found. */
static bool look_up(const struct doing *doing, struct division district, struct str name, struct organisation_id *ret,
                    int *ret_count, struct error *err)
{
    enum { LOOK_AT = 200 };
    struct organisation_found_rows found = { 0 };
    struct organisation_found_args args = { .match = unit_index_query(doing->arena, name, district),
                                            .before = { INT64_MAX },
                                            .limit = LOOK_AT };
    *ret_count = 0;
    if (args.match.len > 0 && !organisation_found(doing->txn->db, &args, doing->arena, &found, err))
        return false;
    for (ptrdiff_t i = 0; i < found.n; i++) {
        if (!str_equal(found.at[i].name, name))
            continue;
        *ret = found.at[i].id;
        ++*ret_count;
    }
    return true;
}

bool organisation_named(const struct doing *doing, int64_t district, struct str typed, const char *field,
                        struct organisation_by_id *ret, struct error *err)
{
    struct division whole = { district * 1000000 };
    struct organisation_by_id_args which = { .district = district,
                                             .from = whole,
                                             .to = division_last(whole),
                                             .line_to = { LINE_MAX } };
    int count = 1;
    if (!parse_int(typed, 1, INT64_MAX, &which.id.n) && !look_up(doing, whole, typed, &which.id, &count, err))
        return false;
    if (count == 1 && organisation_by_id(doing->txn->db, &which, doing->arena, ret, err))
        return true;
    if (count == 1 && err->kind != ERROR_NOT_FOUND)
        return false;
    (void)problem_add(doing->problems, str_of(field),
                      count > 1 ? t_organisation_name_double(typed) : t_organisation_name_unknown());
    return error_fail(err, ERROR_REFUSED, "%d organisations called so", count);
}
