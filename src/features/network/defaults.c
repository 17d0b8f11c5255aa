/*
 * defaults.c - the five lines that ship, the bodies they form, and the coverage rules.
 *
 * These are data from the first start on: an administrator changes them, a sixth line needs no code.  Where a threshold
 * is local practice and not law, its basis says so.
 */
#include "features/network/network.h"
#include "platform/audit/audit.h"

#include "features/network/coverage.h"

#include "gen/network_queries.h"

#define SINCE ((struct date){ 10957 }) /* 2000-01-01 */

enum { UNION = 1, LEAGUE, WOMEN, DISABLED, COMMERCE };

struct line_seed {
    int32_t n;
    const char *code, *name_zh, *name_en, *short_zh, *short_en, *groups_zh, *groups_en;
};

/* To add a line that ships: one row here, its bodies and rules below. */
static const struct line_seed lines[] = {
    { UNION, "union", "总工会", "Federation of Trade Unions", "工会", "Union", "职工、农民工、新就业形态劳动者",
      "workers, migrant workers, platform workers" },
    { LEAGUE, "league", "共青团", "Communist Youth League", "共青团", "League", "14–35 岁青年、未成年人",
      "young people of 14-35, minors" },
    { WOMEN, "women", "妇女联合会", "Women's Federation", "妇联", "Women", "妇女、儿童和家庭", "women, children and families" },
    { DISABLED, "disabled", "残疾人联合会", "Disabled Persons' Federation", "残联", "Disabled", "残疾人及其家庭",
      "disabled people and their families" },
    { COMMERCE, "commerce", "工商业联合会", "Federation of Industry and Commerce", "工商联", "Commerce",
      "民营企业和个体工商户", "private firms and the self-employed" },
};

struct body_seed {
    int32_t line;
    enum unit_kind kind;
    const char *name_zh, *name_en;
};

static const struct body_seed bodies[] = {
    { UNION, UNIT_DISTRICT, "区总工会", "district federation" },
    { UNION, UNIT_TOWN, "镇（街道）总工会", "town federation" },
    { UNION, UNIT_FIRM, "企业工会", "firm union" },
    { LEAGUE, UNIT_DISTRICT, "团区委", "district committee" },
    { LEAGUE, UNIT_TOWN, "镇（街道）团委", "town committee" },
    { LEAGUE, UNIT_VILLAGE, "村（社区）团支部", "village branch" },
    { LEAGUE, UNIT_FIRM, "企业团支部", "firm branch" },
    { WOMEN, UNIT_DISTRICT, "区妇联", "district federation" },
    { WOMEN, UNIT_TOWN, "镇（街道）妇联", "town federation" },
    { WOMEN, UNIT_VILLAGE, "村（社区）妇联", "village federation" },
    { DISABLED, UNIT_DISTRICT, "区残联", "district federation" },
    { DISABLED, UNIT_TOWN, "镇（街道）残联", "town federation" },
    { DISABLED, UNIT_VILLAGE, "村（社区）残协", "village association" },
    { COMMERCE, UNIT_DISTRICT, "区工商联", "district federation" },
    { COMMERCE, UNIT_TOWN, "镇（街道）总商会", "general chamber" },
};

struct rule_seed {
    int32_t line;
    enum unit_kind kind;
    enum rule_measure measure;
    int64_t at_least;
    const char *basis_zh, *basis_en;
    int64_t division; /* where it holds; 0: everywhere */
};

#define SHUNDE INT64_C(440606000000)
#define UNION_25_ZH "《工会法》第十一条：会员 25 人以上应建基层工会委员会（按职工人数推算）"
#define UNION_25_EN "Trade Union Law Art. 11: 25 members or more must form a committee (taken from employees)"
#define LEAGUE_ZH "《团支部工作条例》：团员 3 人以上应建团支部"
#define LEAGUE_EN "Working Rules of League Branches: 3 members or more form a branch"
#define LEVEL_ZH(charter) "《" charter "》：按行政区划建立"
#define LEVEL_EN "charter of the federation: one at every level of the territory"

static const struct rule_seed rules[] = {
    { UNION, UNIT_FIRM, MEASURE_EMPLOYEES, 25, UNION_25_ZH, UNION_25_EN },
    { UNION, UNIT_ASSOCIATION, MEASURE_EMPLOYEES, 25, UNION_25_ZH, UNION_25_EN },
    { UNION, UNIT_PRIVATE_NON_ENTERPRISE, MEASURE_EMPLOYEES, 25, UNION_25_ZH, UNION_25_EN },
    { UNION, UNIT_FOUNDATION, MEASURE_EMPLOYEES, 25, UNION_25_ZH, UNION_25_EN },
    { UNION, UNIT_TOWN, MEASURE_ALWAYS, 0, LEVEL_ZH("中国工会章程"), LEVEL_EN },
    { UNION, UNIT_DISTRICT, MEASURE_ALWAYS, 0, LEVEL_ZH("中国工会章程"), LEVEL_EN },
    { LEAGUE, UNIT_FIRM, MEASURE_LEAGUE_MEMBERS, 3, LEAGUE_ZH, LEAGUE_EN },
    { LEAGUE, UNIT_ASSOCIATION, MEASURE_LEAGUE_MEMBERS, 3, LEAGUE_ZH, LEAGUE_EN },
    { LEAGUE, UNIT_PRIVATE_NON_ENTERPRISE, MEASURE_LEAGUE_MEMBERS, 3, LEAGUE_ZH, LEAGUE_EN },
    { LEAGUE, UNIT_FOUNDATION, MEASURE_LEAGUE_MEMBERS, 3, LEAGUE_ZH, LEAGUE_EN },
    { LEAGUE, UNIT_VILLAGE, MEASURE_ALWAYS, 0, LEVEL_ZH("中国共产主义青年团章程"), LEVEL_EN },
    { LEAGUE, UNIT_TOWN, MEASURE_ALWAYS, 0, LEVEL_ZH("中国共产主义青年团章程"), LEVEL_EN },
    { LEAGUE, UNIT_DISTRICT, MEASURE_ALWAYS, 0, LEVEL_ZH("中国共产主义青年团章程"), LEVEL_EN },
    { WOMEN, UNIT_VILLAGE, MEASURE_ALWAYS, 0, LEVEL_ZH("中华全国妇女联合会章程"), LEVEL_EN },
    { WOMEN, UNIT_TOWN, MEASURE_ALWAYS, 0, LEVEL_ZH("中华全国妇女联合会章程"), LEVEL_EN },
    { WOMEN, UNIT_DISTRICT, MEASURE_ALWAYS, 0, LEVEL_ZH("中华全国妇女联合会章程"), LEVEL_EN },
    { DISABLED, UNIT_VILLAGE, MEASURE_ALWAYS, 0, LEVEL_ZH("中国残疾人联合会章程"), LEVEL_EN },
    { DISABLED, UNIT_TOWN, MEASURE_ALWAYS, 0, LEVEL_ZH("中国残疾人联合会章程"), LEVEL_EN },
    { DISABLED, UNIT_DISTRICT, MEASURE_ALWAYS, 0, LEVEL_ZH("中国残疾人联合会章程"), LEVEL_EN },
    { COMMERCE, UNIT_TOWN, MEASURE_ALWAYS, 0, "顺德区实施方案：全面组建镇（街）总商会",
      "Shunde's implementation plan: a general chamber in every town", SHUNDE },
    { COMMERCE, UNIT_DISTRICT, MEASURE_ALWAYS, 0, LEVEL_ZH("中华全国工商业联合会章程"), LEVEL_EN },
};

static bool add_line(struct txn *txn, const struct line_seed *seed, struct error *err)
{
    struct line_add_args args = { .line = { seed->n },
                                  .code = str_of(seed->code),
                                  .name_zh = str_of(seed->name_zh),
                                  .name_en = str_of(seed->name_en),
                                  .short_zh = str_of(seed->short_zh),
                                  .short_en = str_of(seed->short_en),
                                  .groups_zh = str_of(seed->groups_zh),
                                  .groups_en = str_of(seed->groups_en),
                                  .valid_from = SINCE,
                                  .valid_to = DATE_NEVER };
    return line_add(txn, &args, NULL, err);
}

static bool add_body(struct txn *txn, const struct body_seed *seed, struct error *err)
{
    struct line_body_add_args args = { { seed->line }, seed->kind, str_of(seed->name_zh), str_of(seed->name_en) };
    return line_body_add(txn, &args, NULL, err);
}

static bool add_rule(struct txn *txn, int64_t number, const struct rule_seed *seed, struct error *err)
{
    struct rule_add_args args = { .rule = number,
                                  .line = { seed->line },
                                  .division = { seed->division },
                                  .unit_kind = seed->kind,
                                  .measure = seed->measure,
                                  .at_least = seed->at_least,
                                  .basis_zh = str_of(seed->basis_zh),
                                  .basis_en = str_of(seed->basis_en),
                                  .valid_from = SINCE,
                                  .valid_to = DATE_NEVER };
    return rule_add(txn, &args, NULL, err);
}

static bool add_all(struct txn *txn, struct error *err)
{
    bool ok = true;
    for (ptrdiff_t i = 0; i < COUNT_OF(lines) && ok; i++)
        ok = add_line(txn, &lines[i], err);
    for (ptrdiff_t i = 0; i < COUNT_OF(bodies) && ok; i++)
        ok = add_body(txn, &bodies[i], err);
    for (ptrdiff_t i = 0; i < COUNT_OF(rules) && ok; i++)
        ok = add_rule(txn, i + 1, &rules[i], err);
    return ok;
}

bool network_load_defaults(struct txn *txn, struct error *err)
{
    struct arena arena = { 0 };
    struct book book;
    bool ok = book_load(txn->db, date_of(txn->now), &arena, &book, err);
    if (ok && book.line_count == 0) {
        struct audit_event event = { .action = STR("network.defaults"), .subject = STR("lines") };
        ok = add_all(txn, err) && audit_append(txn, &event, err);
    }
    arena_release(&arena);
    return ok;
}
