/*
 * demo.c - invented appeals of six weeks, in every state: taken in, handed on, answered, called back.
 *
 * They go through the same actions as real ones, with txn->now moved along, so timelines, clocks and audit are as real ones are.
 */
#include "features/appeals/actions.h"
#include "features/appeals/appeals.h"

static const int64_t DAY_US = INT64_C(24) * 3600 * 1000000;

struct story {
    int topic; /* by the numbers of topics.c */
    enum matter_type type;
    const char *story, *wish, *reply;
};

static const struct story stories[] = {
    { 1, MATTER_COMPLAINT, "厂里从八月起没有发工资，问了几次都说等下个月。车间一起的还有十几个人。", "早点拿到拖欠的工资。",
      "与厂方和劳动部门面谈，拖欠的工资已分两次补发。" },
    { 3, MATTER_HELP, "上夜班时手指被机器压伤，厂里只付了药费，不肯报工伤。", "想知道怎么认定工伤。",
      "已陪同到人社部门提交工伤认定申请，并联系了法律援助。" },
    { 6, MATTER_COMPLAINT, "怀孕后公司通知解除合同，说岗位撤销。", "", "公司已书面撤回解除通知，恢复岗位。" },
    { 2, MATTER_INQUIRY, "做外卖骑手，平台不给买社保，想问自己怎么买。", "", "已说明灵活就业参保办法和办理窗口。" },
    { 8, MATTER_HELP, "丈夫生病，一家三口靠我一个人的工资，孩子下学期学费还没着落。", "看看有没有帮扶。",
      "已列入困难职工档案，助学金本月发放。" },
    { 9, MATTER_INQUIRY, "大学毕业回来想开一间工作室，有没有创业补贴。", "", "已介绍补贴条件，并约到青年坊的创业辅导。" },
    { 12, MATTER_HELP, "孩子上初三，最近不肯上学，晚上睡不着。", "想找心理老师。", "12355 心理老师已面谈三次，孩子已返校。" },
    { 10, MATTER_SUGGESTION, "人才公寓离产业园太远，希望加开一班接驳车。", "", "已转交镇里交通部门，下月起试开早晚各一班。" },
    { 16, MATTER_HELP, "和丈夫长期争吵，他不肯谈，孩子很害怕。", "请人调解。", "婚姻家庭调解员上门两次，双方已达成书面约定。" },
    { 18, MATTER_COMPLAINT, "出嫁后村里不给分红，说我不是本村人了，户口一直没有迁。", "按章程分红。",
      "经村集体重新核对成员资格，补发两年分红。" },
    { 21, MATTER_HELP, "一个人带两个孩子，租的房子要收回。", "找个便宜的住处。", "已协助申请公租房，巾帼志愿者帮忙搬家。" },
    { 19, MATTER_REPORT, "招工启事写明只要男工。", "", "用人单位已改正招工启事。" },
    { 22, MATTER_INQUIRY, "残疾人证到期了，老人不方便出门，能不能上门办。", "", "已安排评残医生上门。" },
    { 26, MATTER_SUGGESTION, "市场门口的坡道太陡，轮椅上不去。", "修一修坡道。", "市场已重做坡道。" },
    { 24, MATTER_HELP, "中风后走路不稳，想申请一副助行器。", "", "助行器已送到家，并教会使用。" },
    { 29, MATTER_HELP, "小厂接了新单，缺流动资金，银行说没有抵押。", "想了解信用贷款。", "已对接两家银行，其中一家批了贷款。" },
    { 30, MATTER_COMPLAINT, "一家企业拖欠货款九个月，催了没有回音。", "催收货款。", "商会调解后双方签了还款计划，首笔已到账。" },
    { 31, MATTER_INQUIRY, "扩建厂房要办哪些手续，找了三个窗口说法不一样。", "", "已请三个部门一次说清，列出材料清单。" },
    { 35, MATTER_SUGGESTION, "一个月里来了四次检查，能不能合并。", "", "已反映给区里，检查改为综合查一次。" },
};

/* One appeal on its way. */
struct walk {
    struct doing doing;
    const struct appeals_demo *demo;
    const struct story *story;
    struct appeal_id id;
    struct division town;
    struct line line;
    struct str topic;
    struct instant end; /* today */
    bool is_over;       /* the rest would lie in the future */
    bool is_anonymous;
};

/* Who has it in the office: the first or the second. */
static struct account_id officer(const struct walk *walk, bool is_second)
{
    int64_t district = division_district(walk->town) * 1000000;
    return walk->demo->officer(walk->demo->self, is_second ? (struct division){ district } : walk->town, walk->line);
}

/* Some minute between nine and five. */
static int64_t at_work(const struct walk *walk, struct date day)
{
    int64_t minutes = 9 * 60 + (int64_t)(walk->demo->dice(walk->demo->self) % (8 * 60));
    return clock_day_end((struct date){ day.days - 1 }).us + minutes * DAY_US / (24 * 60);
}

/* Some days later; once that is past today, nothing more happens. */
static bool step(struct walk *walk, int64_t days, bool by_second, enum appeal_act act, struct step_input input, struct error *err)
{
    struct appeal_by_id appeal;
    struct txn *txn = walk->doing.txn;
    struct appeal_by_id_args which = { division_district(walk->town), walk->id };
    int64_t next = at_work(walk, (struct date){ date_of(txn->now).days + (int32_t)days });
    walk->is_over = walk->is_over || next >= walk->end.us;
    if (walk->is_over)
        return true;
    txn->now.us = next;
    walk->doing.by = officer(walk, by_second);
    if (!appeal_by_id(txn->db, &which, walk->doing.arena, &appeal, err))
        return false;
    input.version = appeal.version;
    struct appeal_rights rights = { true, true, true };
    return appeal_step_on(&walk->doing, &appeal, act, &input, &rights, err);
}

#define NOTE(text) ((struct step_input){ .note = STR(text) })

/* Mostly answered and called back; some called in vain, reopened, beyond help. */
static bool live(struct walk *walk, struct error *err)
{
    uint64_t kind = walk->demo->dice(walk->demo->self) % 20;
    struct step_input reply = { .note = str_of(walk->story->reply) };
    struct step_input good = { .answer = ANSWER_SOLVED, .mood = kind % 3 == 0 ? MOOD_FAIRLY : MOOD_SATISFIED,
                               .note = STR("本人说已经办好") };
    if (kind == 0)
        return step(walk, 1, true, STEP_NOT_ACCEPT, (struct step_input){ .reason = REASON_COURT,
                                                                         .note = STR("请等待法院判决，可申请法律援助") }, err);
    if (kind == 1)
        return step(walk, 1, true, STEP_WITHDRAW, NOTE("本人来电说已自行解决"), err);
    if (!step(walk, 1, false, STEP_ACCEPT, (struct step_input){ 0 }, err) ||
        !step(walk, 1, false, STEP_NOTIFY, NOTE("短信告知已受理"), err) ||
        !step(walk, 1, false, STEP_CONTACT, NOTE("电话联系本人，了解了详细情况"), err))
        return false;
    if (kind == 2)
        return step(walk, 4, false, STEP_PROPOSE, (struct step_input){ .reason = REASON_NO_FACTS,
                                                                       .note = STR("多次走访，没有找到所说的单位") }, err);
    if (!step(walk, 3 + (int64_t)kind % 5, false, STEP_REPLY, reply, err))
        return false;
    if (walk->is_anonymous)
        return step(walk, 2, true, STEP_CLOSE, NOTE("匿名反映，无从回访"), err);
    if (kind == 3)
        return step(walk, 1, true, STEP_MISSED, NOTE("没有人接"), err);
    if (kind == 4)
        return step(walk, 2, true, STEP_REOPEN, NOTE("本人说只解决了一半"), err);
    return step(walk, 2, true, STEP_CALL_BACK, good, err);
}

static bool take_in(struct walk *walk, const struct demo_appeal_person *person, struct division place, struct error *err)
{
    struct appeal_input input = { .topic = walk->story->topic,
                                  .type = walk->story->type,
                                  .channel = (int64_t)(walk->demo->dice(walk->demo->self) % CHANNEL_SOCIAL_ORGANISATION) + 1,
                                  .division = place,
                                  .name = person->name,
                                  .phone = person->phone,
                                  .story = str_of(walk->story->story),
                                  .wish = str_of(walk->story->wish) };
    walk->doing.by = officer(walk, false);
    return appeal_register(&walk->doing, &input, walk->line, walk->topic, walk->town, &walk->id, err);
}

bool appeals_demo(struct txn *txn, const struct appeals_demo *demo, struct error *err)
{
    enum { DAYS = 42, IN_A_DAY = 5 };
    struct instant end = txn->now;
    struct topics topics;
    bool ok = true;
    for (int i = 0; i < DAYS * IN_A_DAY && ok; i++) {
        struct arena arena = { 0 };
        struct problems problems = { .arena = &arena };
        struct walk walk = { .doing = { txn, { 0 }, &problems, &arena }, .demo = demo, .end = end,
                             .story = &stories[demo->dice(demo->self) % COUNT_OF(stories)] };
        struct division place = demo->place(demo->self);
        struct demo_appeal_person person = demo->person(demo->self, &arena);
        txn->now.us = at_work(&walk, (struct date){ date_of(end).days - DAYS + i / IN_A_DAY });
        ok = topics_load(txn->db, date_of(txn->now), &arena, &topics, err);
        walk.is_anonymous = person.name.len == 0;
        walk.town = division_at(place, DIVISION_TOWN);
        walk.line = ok ? topic_of(&topics, walk.story->topic)->line : walk.line;
        walk.topic = ok ? topic_name(&topics, walk.story->topic, LANG_ZH) : walk.topic;
        ok = ok && take_in(&walk, &person, place, err) && live(&walk, err);
        arena_release(&arena);
    }
    txn->now = end;
    return ok;
}
