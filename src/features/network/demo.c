/*
 * demo.c - two invented years of a district's network, told in months.
 *
 * In the first month most units are registered and many are covered; every later month registers some more and works on
 * blank spots: contacts, applications, new organisations, exemptions.  Everything goes through the actions people use,
 * with txn->now moved along, so timelines, audit and tallies are as real ones are.
 */
#include "features/network/actions.h"
#include "features/network/demo_life.h"
#include "features/network/demo_names.h"
#include "features/network/network.h"
#include "features/territory/territory.h"

#include <string.h>

enum { MONTHS = 24, MONTH_DAYS = 30, FIRMS = 12000, FIRST_SHARE = 700 };
enum { ASSOCIATIONS = 636, PRIVATE_UNITS = 793, FOUNDATIONS = 40 };

#define DAY_US (INT64_C(86400) * 1000000)

struct demo {
    struct txn *txn;
    struct arena *arena; /* of the whole: book, places */
    struct arena step;   /* rewound after every unit and spot */
    struct book book;
    struct division district;
    struct division_rows towns, villages;
    struct demo_officers officers;
    struct dice dice, life_dice; /* of the units and spots; of the organisations' lives */
    network_progress *progress;
    void *self;
    int64_t done, total;
};

static struct doing doing_of(struct demo *demo, struct account_id by, struct problems *problems)
{
    return (struct doing){ .txn = demo->txn, .by = by, .problems = problems, .arena = &demo->step };
}

static bool step_done(struct demo *demo, struct error *err)
{
    enum { EVERY = 500 };
    arena_reset(&demo->step);
    demo->done++;
    if (demo->progress && (demo->done % EVERY == 0 || demo->done == demo->total))
        demo->progress(demo->self, demo->done, demo->total);
    return demo->done % EVERY != 0 || txn_commit_so_far(demo->txn, err);
}

/* How well a town does in a line, in thousandths: the same each time, different from its neighbour. */
static int64_t aim(const struct demo *demo, struct division division, struct line line)
{
    static const int64_t aims[] = { 940, 800, 725, 890, 985, 860, 905, 955, 780, 1000 };
    int64_t town = division.code / 1000 % 1000;
    if (line.n == 5)
        return 1000;
    (void)demo;
    return aims[(town + line.n * 3) % COUNT_OF(aims)];
}

static struct account_id officer_of(const struct demo *demo, struct division division, struct line line)
{
    return demo_officer_of(demo->officers, division, line);
}

/* --- units --------------------------------------------------------------------------------------------------------- */

static struct str town_name(const struct demo *demo, struct division village)
{
    for (ptrdiff_t i = 0; i < demo->towns.n; i++)
        if (division_contains(demo->towns.at[i].code, village))
            return demo->towns.at[i].name;
    return (struct str){ 0 };
}

static struct unit_input invent(struct demo *demo, enum unit_kind kind)
{
    static const char *const codes[] = { [UNIT_FIRM] = "91",
                                         [UNIT_ASSOCIATION] = "51",
                                         [UNIT_PRIVATE_NON_ENTERPRISE] = "52",
                                         [UNIT_FOUNDATION] = "53" };
    struct dice *dice = &demo->dice;
    struct division village = demo->villages.at[dice_below(dice, demo->villages.n)].code;
    struct str town = town_name(demo, village);
    bool is_firm = kind == UNIT_FIRM;
    int64_t employees = is_firm ? dice_skewed(dice, 4, 900) : dice_skewed(dice, 2, 120);
    struct unit_input unit = { .kind = kind, .division = village, .employees = employees };
    if (is_firm) {
        struct demo_body firm = demo_firm(dice, town, &demo->step);
        unit.name = firm.name;
        unit.industry = firm.industry;
    } else {
        unit.name = demo_social(dice, kind, town, &demo->step);
        unit.industry = STR("S");
    }
    unit.uscc = demo_uscc(dice, codes[kind], division_district(demo->district), &demo->step);
    unit.women = employees * (300 + dice_below(dice, 350)) / 1000;
    unit.youth = employees * (250 + dice_below(dice, 400)) / 1000;
    unit.league_members = unit.youth * dice_below(dice, 160) / 1000;
    unit.disabled = employees * dice_below(dice, 20) / 1000;
    unit.contact = demo_person(dice, &demo->step);
    return unit;
}

/* How long ago it was elected: one that is registered with its unit has been there for a while, up to its whole term. */
static int32_t age_of(struct demo *demo, int64_t term_years, bool is_old)
{
    enum { NEW_DAYS = 25, YEAR = 365 };
    return (int32_t)dice_below(&demo->dice, is_old ? term_years * YEAR : NEW_DAYS);
}

/* The legal kind of a line's own bodies; inside firms they are internal. */
static enum regime regime_of(const struct unit_by_id *unit, struct line line)
{
    static const enum regime regimes[] = { [1] = REGIME_TRADE_UNION, [2] = REGIME_PEOPLES_ORGANISATION,
                                           [3] = REGIME_PEOPLES_ORGANISATION, [4] = REGIME_PEOPLES_ORGANISATION,
                                           [5] = REGIME_CHAMBER };
    bool is_known = line.n >= 1 && line.n < COUNT_OF(regimes);
    if (unit->kind < UNIT_VILLAGE)
        return REGIME_INTERNAL;
    return is_known ? regimes[line.n] : REGIME_PEOPLES_ORGANISATION;
}

static struct spot_input covering(struct demo *demo, const struct unit_by_id *unit, const struct spot_by_id *spot)
{
    struct line line = spot->line;
    int64_t term_years = unit->kind < UNIT_VILLAGE && (line.n == 2 || dice_hits(&demo->dice, 500)) ? 3 : 5;
    bool is_place = unit->kind >= UNIT_VILLAGE;
    bool is_small = unit->employees < 25 && !is_place;
    struct date today = date_of(demo->txn->now);
    struct date founded = { today.days - age_of(demo, term_years, spot->found_on.days == today.days) };
    int64_t members = is_place ? 9 + dice_below(&demo->life_dice, 90)
                               : unit->employees * (600 + dice_below(&demo->life_dice, 380)) / 1000;
    return (struct spot_input){
        .form = is_small && line.n == 1 && dice_hits(&demo->dice, 700) ? COVERAGE_JOINT : COVERAGE_SOLE,
        .organisation_name = demo_organisation(unit->kind, line, unit->name, &demo->step),
        .regime = regime_of(unit, line),
        .approval_doc = str_format(&demo->step, "顺%s〔%d〕%lld号", line.n == 1 ? "工" : "群",
                                   civil_of_date(founded).year, (long long)dice_below(&demo->dice, 400) + 1),
        .founded_on = founded,
        .term_years = term_years,
        .members = members,
        .members_women = line.n == 3 ? members : members * (250 + dice_below(&demo->life_dice, 450)) / 1000,
    };
}

/* The dice give two firms of a village one name now and then; their bodies are told apart. */
static bool name_apart(const struct doing *doing, const struct spot_by_id *spot, struct spot_input *input,
                       struct error *err)
{
    bool has_twin;
    if (!organisation_has_twin(doing, spot->line, spot->division, input->organisation_name, &has_twin, err))
        return false;
    if (has_twin)
        input->organisation_name = str_format(doing->arena, "%.*s（二）", STR_ARG(input->organisation_name));
    return true;
}

static bool load_spot(struct demo *demo, struct spot_id id, struct spot_by_id *spot, struct unit_by_id *unit,
                      struct error *err)
{
    int64_t district = division_district(demo->district);
    struct scope all = scope_of(demo->district, (struct line){ 0 });
    struct spot_by_id_args args = { district, id, all.from, all.to, all.line_from, all.line_to };
    if (!spot_by_id(demo->txn->db, &args, &demo->step, spot, err))
        return false;
    struct unit_by_id_args unit_args = { district, spot->unit, all.from, all.to };
    return unit_by_id(demo->txn->db, &unit_args, &demo->step, unit, err);
}

static bool act(struct demo *demo, struct spot_by_id *spot, struct unit_by_id *unit, enum spot_act what,
                const char *note, struct error *err)
{
    struct problems problems = { .arena = &demo->step };
    struct doing doing = doing_of(demo, officer_of(demo, spot->division, spot->line), &problems);
    struct spot_input input = what == ACT_COVER ? covering(demo, unit, spot) : (struct spot_input){ 0 };
    input.version = spot->version;
    input.note = str_of(note);
    input.expires_on = (struct date){ date_of(demo->txn->now).days + 365 };
    return name_apart(&doing, spot, &input, err) && spot_act(&doing, spot, what, &input, err) &&
           load_spot(demo, spot->id, spot, unit, err);
}

/* Covers straight away what already had an organisation when the register was begun. */
static bool cover_old(struct demo *demo, struct unit_id id, struct error *err)
{
    int64_t district = division_district(demo->district);
    for (ptrdiff_t i = 0; i < demo->book.line_count; i++) {
        struct line line = demo->book.lines[i].line;
        struct spot_open_of open;
        struct spot_by_id spot;
        struct unit_by_id unit;
        bool found;
        struct spot_open_of_args args = { district, id, line };
        if (!spot_open_of(demo->txn->db, &args, &demo->step, &open, &found, err))
            return false;
        if (!found)
            continue;
        if (!load_spot(demo, open.id, &spot, &unit, err))
            return false;
        int64_t share = aim(demo, spot.division, line) - (line.n == 5 ? 0 : 60);
        if (dice_hits(&demo->dice, share) && !act(demo, &spot, &unit, ACT_COVER, "", err))
            return false;
    }
    return true;
}

/* Now and then somebody walks past a small place where many work whom no rule counts. */
static bool find_some(struct demo *demo, const struct unit_input *invented, struct unit_id id, struct error *err)
{
    enum { UNION = 1, SMALL = 10, IN_THOUSAND = 8 };
    struct problems problems = { .arena = &demo->step };
    struct unit_by_id unit;
    struct spot_id spot;
    struct unit_by_id_args args = { division_district(demo->district), id, invented->division, invented->division };
    struct finding_input finding = { UNION, STR("外卖骑手站点，实际干活的有几十人，都没有签在本单位名下。") };
    struct doing doing = doing_of(demo, officer_of(demo, invented->division, (struct line){ UNION }), &problems);
    if (invented->kind != UNIT_FIRM || invented->employees >= SMALL || !dice_hits(&demo->life_dice, IN_THOUSAND))
        return true;
    return unit_by_id(demo->txn->db, &args, &demo->step, &unit, err) && spot_find(&doing, &unit, &finding, &spot, err);
}

static bool register_units(struct demo *demo, enum unit_kind kind, int64_t count, bool is_first, struct error *err)
{
    for (int64_t i = 0; i < count; i++) {
        struct problems problems = { .arena = &demo->step };
        struct unit_input input = invent(demo, kind);
        struct doing doing = doing_of(demo, (struct account_id){ 0 }, &problems);
        struct unit_id id;
        if (!unit_create(&doing, &demo->book, &input, &id, err))
            return false;
        if (((is_first || dice_hits(&demo->dice, 450)) && !cover_old(demo, id, err)) ||
            !find_some(demo, &input, id, err) || !step_done(demo, err))
            return false;
    }
    return true;
}

/* Towns and villages have most of their bodies from the start. */
static bool cover_places(struct demo *demo, struct error *err)
{
    struct unit_list_rows rows;
    struct unit_list_args args = { .from = demo->district,
                                   .to = division_last(demo->district),
                                   .after_division = demo->district,
                                   .limit = 5000 };
    if (!unit_list(demo->txn->db, &args, demo->arena, &rows, err))
        return false;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        if (!cover_old(demo, rows.at[i].id, err) || !step_done(demo, err))
            return false;
    }
    return true;
}

/* --- the months ------------------------------------------------------------------------------------------------------ */

/* One blank spot's month: mostly nothing, sometimes a step, now and then the last one; good towns rest less. */
static bool work_on(struct demo *demo, struct spot_id id, struct error *err)
{
    struct spot_by_id spot;
    struct unit_by_id unit;
    if (!load_spot(demo, id, &spot, &unit, err))
        return false;
    int64_t rest = 980 - (aim(demo, spot.division, spot.line) - 700) * 2;
    int64_t throw = dice_below(&demo->dice, 1000);
    if (throw < rest)
        return true;
    int64_t part = (throw - rest) * 1000 / (1000 - rest); /* of what is done, even again */
    switch (spot.state) {
    case SPOT_FOUND:
        return act(demo, &spot, &unit, ACT_CONTACT, "电话联系了单位负责人，约了上门时间。", err);
    case SPOT_CONTACTED:
        if (part < 100)
            return act(demo, &spot, &unit, ACT_REFUSE, "负责人说订单忙，暂时不考虑。", err);
        if (part < 140)
            return act(demo, &spot, &unit, ACT_ASK_EXEMPTION, "单位准备搬离本区，已有租约终止通知。", err);
        return act(demo, &spot, &unit, ACT_PREPARE, "", err);
    case SPOT_PREPARING:
        return act(demo, &spot, &unit, ACT_APPLY, "", err);
    case SPOT_APPLIED:
        return act(demo, &spot, &unit, ACT_APPROVE, "材料齐全，同意。", err);
    case SPOT_APPROVED:
    case SPOT_ELECTED:
        return act(demo, &spot, &unit, ACT_COVER, "", err);
    case SPOT_REFUSED:
        return act(demo, &spot, &unit, ACT_CONTACT, "请商会会长陪同，再次上门。", err);
    case SPOT_EXEMPTION_ASKED:
        return act(demo, &spot, &unit, ACT_GRANT_EXEMPTION, "搬迁属实，豁免一年。", err);
    case SPOT_COVERED:
    case SPOT_EXEMPT:
    case SPOT_NOT_DUE:
        break;
    }
    return true;
}

typedef bool on_spot(struct demo *demo, struct spot_id id, struct error *err);

static bool every_open_spot(struct demo *demo, on_spot *what, struct error *err)
{
    enum { OPEN_MAX = 100000 };
    struct arena_mark mark = arena_mark(demo->arena);
    struct spot_list_rows rows;
    struct spot_list_args args = { .is_open = true,
                                   .from = demo->district,
                                   .to = division_last(demo->district),
                                   .after_division = demo->district,
                                   .limit = OPEN_MAX };
    bool ok = spot_list(demo->txn->db, &args, demo->arena, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
        ok = what(demo, rows.at[i].id, err);
        arena_reset(&demo->step);
    }
    arena_rewind(demo->arena, mark);
    return ok;
}

/* Who follows up, and within how many days. */
static bool arrange(struct demo *demo, const struct spot_by_id *spot, int32_t days, struct error *err)
{
    struct problems problems = { .arena = &demo->step };
    struct account_id owner = officer_of(demo, spot->division, spot->line);
    struct doing doing = doing_of(demo, owner, &problems);
    int32_t today = date_of(demo->txn->now).days;
    struct assign_input input = { .version = spot->version,
                                  .owner = dice_hits(&demo->dice, 850) ? owner.n : 0,
                                  .plan = STR("先走访，再由镇街派人辅导筹备。"),
                                  .deadline = { today + days } };
    return spot_assign_to(&doing, spot, &input, err);
}

/* A month before the end, for a few: these deadlines will have passed. */
static bool arrange_early(struct demo *demo, struct spot_id id, struct error *err)
{
    struct spot_by_id spot;
    struct unit_by_id unit;
    if (!load_spot(demo, id, &spot, &unit, err))
        return false;
    if (!dice_hits(&demo->dice, 80))
        return true;
    return arrange(demo, &spot, (int32_t)dice_below(&demo->dice, MONTH_DAYS - 2) + 1, err);
}

/* At the end, for all others. */
static bool arrange_last(struct demo *demo, struct spot_id id, struct error *err)
{
    struct spot_by_id spot;
    struct unit_by_id unit;
    if (!load_spot(demo, id, &spot, &unit, err))
        return false;
    return spot.plan.len > 0 || arrange(demo, &spot, (int32_t)dice_below(&demo->dice, 85) + 1, err);
}

/* What organisations go through is told in demo_life.c, with dice of its own. */
static struct demo_life life_of(struct demo *demo)
{
    return (struct demo_life){ .txn = demo->txn,
                               .arena = demo->arena,
                               .step = &demo->step,
                               .district = demo->district,
                               .officers = demo->officers,
                               .dice = &demo->life_dice };
}

static bool live_on(struct demo *demo, struct error *err)
{
    struct demo_life life = life_of(demo);
    return demo_live_month(&life, err);
}

static int64_t share_of(int64_t total, int month)
{
    int64_t first = total * FIRST_SHARE / 1000;
    if (month == 0)
        return first;
    int64_t rest = total - first;
    return rest * month / (MONTHS - 1) - rest * (month - 1) / (MONTHS - 1);
}

static bool run_month(struct demo *demo, int month, struct error *err)
{
    bool is_first = month == 0;
    if (is_first && !cover_places(demo, err))
        return false;
    if (!register_units(demo, UNIT_FIRM, share_of(FIRMS, month), is_first, err) ||
        !register_units(demo, UNIT_ASSOCIATION, share_of(ASSOCIATIONS, month), is_first, err) ||
        !register_units(demo, UNIT_PRIVATE_NON_ENTERPRISE, share_of(PRIVATE_UNITS, month), is_first, err) ||
        !register_units(demo, UNIT_FOUNDATION, share_of(FOUNDATIONS, month), is_first, err))
        return false;
    return is_first || (every_open_spot(demo, work_on, err) && live_on(demo, err));
}

static bool load_places(struct demo *demo, struct error *err)
{
    struct date today = date_of(demo->txn->now);
    struct db *db = demo->txn->db;
    return territory_inside(db, demo->district, DIVISION_TOWN, today, demo->arena, &demo->towns, err) &&
           territory_inside(db, demo->district, DIVISION_VILLAGE, today, demo->arena, &demo->villages, err) &&
           (demo->villages.n > 0 || error_fail(err, ERROR_NOT_FOUND, "the district has no villages"));
}

/* The law lets smaller firms form a union too; the demonstration counts them from ten employees on, and says so. */
static bool add_local_rule(struct demo *demo, struct error *err)
{
    struct rule_input rule = {
        .line = 1,
        .division = demo->district,
        .kind = UNIT_FIRM,
        .measure = MEASURE_EMPLOYEES,
        .at_least = 10,
        .basis_zh = STR("演示的本地做法：10 人以上企业列入应建（《工会法》第十一条：不足 25 人可单独或联合建立）"),
        .basis_en = STR("Local practice of the demo: firms from 10 employees on (Trade Union Law Art. 11: below 25 alone or jointly)"),
        .valid_from = { 10957 },
    };
    struct problems problems = { .arena = &demo->step };
    struct doing doing = doing_of(demo, (struct account_id){ 0 }, &problems);
    int64_t number;
    return rule_create(&doing, &rule, &number, err);
}

bool network_demo(struct txn *txn, struct division district, struct demo_officers officers, network_progress *progress,
                  void *self, struct error *err)
{
    struct arena arena = { 0 };
    struct instant end = txn->now;
    struct demo demo = { .txn = txn,
                         .arena = &arena,
                         .district = district,
                         .officers = officers,
                         .dice = { (uint64_t)district.code },
                         .life_dice = { (uint64_t)district.code + 1 },
                         .progress = progress,
                         .self = self };
    txn->now.us = end.us - (int64_t)(MONTHS - 1) * MONTH_DAYS * DAY_US;
    bool ok = add_local_rule(&demo, err) && network_open_district(txn, district, err) && load_places(&demo, err) &&
              book_load(txn->db, date_of(txn->now), &arena, &demo.book, err);
    demo.total = FIRMS + ASSOCIATIONS + PRIVATE_UNITS + FOUNDATIONS + demo.towns.n + demo.villages.n + 1;
    for (int month = 0; ok && month < MONTHS; month++) {
        txn->now.us = end.us - (int64_t)(MONTHS - 1 - month) * MONTH_DAYS * DAY_US;
        ok = run_month(&demo, month, err) && (month != MONTHS - 2 || every_open_spot(&demo, arrange_early, err));
    }
    txn->now = end;
    struct demo_life life = life_of(&demo);
    ok = ok && every_open_spot(&demo, arrange_last, err) && demo_relate(&life, err);
    arena_release(&demo.step);
    arena_release(&arena);
    return ok;
}
