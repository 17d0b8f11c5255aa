#include "features/appeals/topics.h"

#include "features/appeals/appeals.h"
#include "platform/audit/audit.h"

#include "gen/appeals_queries.h"

#define SINCE ((struct date){ 10957 }) /* 2000-01-01 */

/* The lines by their numbers in the register that ships (network/defaults.c). */
enum { UNION = 1, LEAGUE, WOMEN, DISABLED, COMMERCE };

struct topic_seed {
    int32_t line;
    const char *code, *name_zh, *name_en;
};

/* Domain M8: the first level of each line.  A place changes them; to add one that ships: one row at the end. */
static const struct topic_seed seeds[] = {
    { UNION, "union.wages", "工资拖欠", "Unpaid wages" },
    { UNION, "union.insurance", "社会保险", "Social insurance" },
    { UNION, "union.injury", "工伤待遇", "Work injury" },
    { UNION, "union.hours", "工时休假", "Hours and leave" },
    { UNION, "union.safety", "劳动安全卫生", "Safety and health at work" },
    { UNION, "union.dismissal", "解除劳动关系", "Dismissal" },
    { UNION, "union.harassment", "职场欺凌骚扰", "Bullying and harassment" },
    { UNION, "union.hardship", "困难帮扶", "Hardship" },
    { LEAGUE, "league.jobs", "就业创业", "Jobs and ventures" },
    { LEAGUE, "league.housing", "住房安居", "Housing" },
    { LEAGUE, "league.study", "学业发展", "Study" },
    { LEAGUE, "league.mental-health", "心理健康", "Mental health" },
    { LEAGUE, "league.marriage", "婚恋交友", "Friends and marriage" },
    { LEAGUE, "league.minors", "未成年人保护", "Protection of minors" },
    { WOMEN, "women.violence", "家庭暴力", "Domestic violence" },
    { WOMEN, "women.marriage", "婚姻家庭", "Marriage and family" },
    { WOMEN, "women.custody", "子女抚养", "Custody of children" },
    { WOMEN, "women.membership", "集体经济组织成员权益", "Rights in the village collective" },
    { WOMEN, "women.bias", "就业歧视", "Discrimination at work" },
    { WOMEN, "women.maternity", "生育权益", "Maternity" },
    { WOMEN, "women.hardship", "困境母亲和儿童", "Mothers and children in hardship" },
    { DISABLED, "disabled.certificate", "残疾人证", "Disability certificate" },
    { DISABLED, "disabled.subsidies", "两项补贴", "The two subsidies" },
    { DISABLED, "disabled.rehabilitation", "康复和辅具", "Rehabilitation and devices" },
    { DISABLED, "disabled.jobs", "就业培训", "Jobs and training" },
    { DISABLED, "disabled.access", "无障碍环境", "Accessibility" },
    { DISABLED, "disabled.care", "托养照护", "Care" },
    { DISABLED, "disabled.school", "教育入学", "School" },
    { COMMERCE, "commerce.finance", "融资", "Finance" },
    { COMMERCE, "commerce.arrears", "账款拖欠", "Payment arrears" },
    { COMMERCE, "commerce.permits", "行政审批", "Permits" },
    { COMMERCE, "commerce.land", "用地用房", "Land and premises" },
    { COMMERCE, "commerce.labour", "用工招工", "Labour" },
    { COMMERCE, "commerce.tax", "税费", "Taxes and fees" },
    { COMMERCE, "commerce.inspection", "涉企检查", "Inspections" },
    { COMMERCE, "commerce.contract", "合同纠纷", "Contract disputes" },
};

bool appeals_load_defaults(struct txn *txn, struct error *err)
{
    struct appeal_topic_any any;
    struct arena arena = { 0 };
    bool found;
    bool ok = appeal_topic_any(txn->db, &arena, &any, &found, err);
    arena_release(&arena);
    if (!ok || found)
        return ok;
    for (ptrdiff_t i = 0; ok && i < COUNT_OF(seeds); i++) {
        const struct topic_seed *seed = &seeds[i];
        struct appeal_topic_add_args args = { .topic = i + 1,
                                              .line = { seed->line },
                                              .code = str_of(seed->code),
                                              .name_zh = str_of(seed->name_zh),
                                              .name_en = str_of(seed->name_en),
                                              .valid_from = SINCE,
                                              .valid_to = DATE_NEVER };
        ok = appeal_topic_add(txn, &args, NULL, err);
    }
    struct audit_event event = { .action = STR("appeals.defaults"), .subject = STR("appeals") };
    return ok && audit_append(txn, &event, err);
}

bool topics_load(struct db *db, struct date today, struct arena *arena, struct topics *ret, struct error *err)
{
    struct appeal_topic_all_rows rows;
    if (!appeal_topic_all(db, &(struct appeal_topic_all_args){ today }, arena, &rows, err))
        return false;
    *ret = (struct topics){ arena_new(arena, struct topic, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i] = (struct topic){ .number = rows.at[i].topic,
                                     .line = rows.at[i].line,
                                     .name = { [LANG_ZH] = rows.at[i].name_zh, [LANG_EN] = rows.at[i].name_en },
                                     .is_ended = rows.at[i].valid_to.days <= today.days };
    return true;
}

const struct topic *topic_of(const struct topics *topics, int64_t number)
{
    for (ptrdiff_t i = 0; i < topics->n; i++)
        if (topics->at[i].number == number)
            return &topics->at[i];
    return NULL;
}

struct str topic_name(const struct topics *topics, int64_t number, enum lang lang)
{
    const struct topic *topic = topic_of(topics, number);
    return topic ? topic->name[lang] : (struct str){ 0 };
}
