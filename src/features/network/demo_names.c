#include "features/network/demo_names.h"

#include "features/network/uscc.h"

#include <string.h>

uint64_t dice_roll(struct dice *dice)
{
    dice->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = dice->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int64_t dice_below(struct dice *dice, int64_t n)
{
    return (int64_t)(dice_roll(dice) % (uint64_t)n);
}

bool dice_hits(struct dice *dice, int64_t in_thousand)
{
    return dice_below(dice, 1000) < in_thousand;
}

int64_t dice_skewed(struct dice *dice, int64_t least, int64_t most)
{
    /* the product of three even throws: half of them in the lowest eighth */
    int64_t part = dice_below(dice, 1000) * dice_below(dice, 1000) / 1000 * dice_below(dice, 1000) / 1000;
    return least + (most - least) * part / 1000;
}

static const char *const first_signs[] = { "恒", "盛", "华", "顺", "美", "科", "联", "东", "泰", "鸿", "锦", "瑞", "信", "达",
                                           "金", "永", "新", "粤", "凯", "宝", "兴", "嘉", "富", "德", "伟", "明", "安", "天",
                                           "海", "创" };
static const char *const second_signs[] = { "晟", "通", "丰", "隆", "源", "和", "辉", "业", "利", "昌", "诚", "成", "盈", "星",
                                            "邦", "力", "润", "沃", "宇", "腾", "茂", "益", "祥", "佳", "悦", "铭", "航", "旺",
                                            "鑫", "雅" };

struct trade {
    const char *word, *letter; /* GB/T 4754 */
};

static const struct trade trades[] = {
    { "家电", "C" },   { "家具", "C" },   { "五金制品", "C" }, { "塑料", "C" },     { "机械", "C" },   { "模具", "C" },
    { "涂料", "C" },   { "纺织", "C" },   { "食品", "C" },     { "电缆", "C" },     { "灯饰", "C" },   { "包装", "C" },
    { "电子", "C" },   { "印刷", "C" },   { "花卉", "A" },     { "水产", "A" },     { "商贸", "F" },   { "物流", "G" },
    { "餐饮管理", "H" }, { "软件", "I" }, { "物业管理", "K" }, { "人力资源", "L" }, { "建筑工程", "E" }, { "工业设计", "M" },
};

static const char *any(struct dice *dice, const char *const *words, ptrdiff_t n)
{
    return words[dice_below(dice, n)];
}

struct demo_body demo_firm(struct dice *dice, struct str town, struct arena *arena)
{
    const struct trade *trade = &trades[dice_below(dice, COUNT_OF(trades))];
    const char *a = any(dice, first_signs, COUNT_OF(first_signs));
    const char *b = any(dice, second_signs, COUNT_OF(second_signs));
    bool names_town = dice_hits(dice, 350);
    struct str place = names_town ? town : STR("佛山市顺德区");
    return (struct demo_body){
        .name = str_format(arena, "%.*s%s%s%s有限公司", STR_ARG(place), a, b, trade->word),
        .industry = str_of(trade->letter),
    };
}

struct str demo_social(struct dice *dice, enum unit_kind kind, struct str town, struct arena *arena)
{
    static const char *const associations[] = { "太极拳协会",   "龙舟协会",     "美食文化协会", "书画协会",   "青年志愿者协会",
                                                "家具行业协会", "家电商会",     "花卉协会",     "老年人协会", "乒乓球协会",
                                                "粤曲协会",     "巾帼健身协会", "摄影协会",     "同乡联谊会" };
    static const char *const units[] = { "社会工作服务中心", "幼儿园",       "职业培训学校", "康复服务中心", "长者服务中心",
                                         "青少年服务中心",   "家庭服务中心", "文化艺术中心", "体育俱乐部",   "法律服务中心" };
    static const char *const foundations[] = { "慈善基金会", "教育基金会", "社区基金会", "公益基金会" };
    const char *a = any(dice, first_signs, COUNT_OF(first_signs));
    const char *b = any(dice, second_signs, COUNT_OF(second_signs));
    const char *what = kind == UNIT_ASSOCIATION ? any(dice, associations, COUNT_OF(associations))
                       : kind == UNIT_FOUNDATION ? any(dice, foundations, COUNT_OF(foundations))
                                                 : any(dice, units, COUNT_OF(units));
    return str_format(arena, "顺德区%.*s%s%s%s", STR_ARG(town), a, b, what);
}

struct str demo_uscc(struct dice *dice, const char *kind, int64_t district, struct arena *arena)
{
    static const char signs[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[USCC_LENGTH + 1];
    (void)snprintf(code, sizeof code, "%s%06lldMA", kind, (long long)district);
    for (ptrdiff_t i = 10; i < USCC_LENGTH - 1; i++)
        code[i] = signs[dice_below(dice, 31)];
    code[USCC_LENGTH - 1] = uscc_check_character((struct str){ code, USCC_LENGTH - 1 });
    return str_copy(arena, (struct str){ code, USCC_LENGTH });
}

/* 黄龙村委会 is the committee; its bodies are named after 黄龙村, those of 北滘社区居委会 after 北滘社区. */
static struct str place_of(struct str name)
{
    static const struct {
        const char *end;
        const char *drop;
    } ends[] = { { "居民委员会", "居民委员会" }, { "村民委员会", "民委员会" }, { "居委会", "居委会" }, { "村委会", "委会" } };
    for (ptrdiff_t i = 0; i < COUNT_OF(ends); i++)
        if (str_ends(name, str_of(ends[i].end)))
            return str_slice(name, 0, name.len - str_of(ends[i].drop).len);
    return name;
}

struct str demo_organisation(enum unit_kind kind, struct line line, struct str name, struct arena *arena)
{
    enum { LINES = 5 };
    static const struct {
        const char *before, *after;
    } of_unit[] = { { "", "工会委员会" }, { "", "团支部" }, { "", "妇女联合会" }, { "", "残疾人协会" }, { "", "商会" } },
      of_village[] = { { "", "工会联合会" }, { "共青团", "支部委员会" }, { "", "妇女联合会" }, { "", "残疾人协会" }, { "", "商会" } },
      of_town[] = { { "", "总工会" }, { "共青团", "委员会" }, { "", "妇女联合会" }, { "", "残疾人联合会" }, { "", "总商会" } };
    ptrdiff_t at = line.n >= 1 && line.n <= LINES ? line.n - 1 : 0;
    if (kind < UNIT_VILLAGE)
        return str_format(arena, "%.*s%s", STR_ARG(name), of_unit[at].after);
    const char *before = kind == UNIT_VILLAGE ? of_village[at].before : of_town[at].before;
    const char *after = kind == UNIT_VILLAGE ? of_village[at].after : of_town[at].after;
    if (kind == UNIT_DISTRICT && line.n == LINES)
        after = "工商业联合会";
    return str_format(arena, "%s%.*s%s", before, STR_ARG(place_of(name)), after);
}

struct str demo_person(struct dice *dice, struct arena *arena)
{
    static const char *const families[] = { "何", "梁", "黄", "陈", "李", "罗", "周", "欧阳", "麦", "卢", "冯", "吴" };
    static const char *const given[] = { "佩珊", "志强", "慧敏", "伟明", "嘉怡", "国华", "淑芬", "俊杰", "丽娟", "家豪", "晓彤", "文锋" };
    return str_format(arena, "%s%s", any(dice, families, COUNT_OF(families)), any(dice, given, COUNT_OF(given)));
}
