/*
 * defaults.c - the time limits that ship.
 *
 * Data from the first start on: an administrator ends them and adds others.  What is no law says so in its basis.  Days of
 * regulations do not move to a working day here: earlier is never too late.
 */
#include "features/clocks/clocks.h"
#include "platform/audit/audit.h"

#include "gen/clocks_queries.h"

struct limit_seed {
    enum clock_kind kind;
    enum matter_type type;       /* 0: any */
    enum matter_channel channel; /* 0: any */
    int64_t division;            /* 0: everywhere */
    struct time_limit runs;
    int32_t extension, extension_times;
    const char *basis_zh, *basis_en;
    struct civil since;
};

#define ANY_TYPE ((enum matter_type)0)
#define ANY_CHANNEL ((enum matter_channel)0)
#define GUANGDONG INT64_C(440000000000)
#define HOTLINE CHANNEL_HOTLINE_12345
#define HOTLINE_ZH "广东省公布的 12345 热线办理时限"
#define HOTLINE_EN "Time limits of the hotline 12345 as Guangdong has published them"
#define HOTLINE_SINCE { 2022, 9, 1 }
#define PETITION_SINCE { 2022, 5, 1 }
#define PROPOSAL_ZH "本程序的建议，参照一些地方的做法，不是法律规定"
#define PROPOSAL_EN "This program's proposal, after the practice of some places; no law says so"
#define PROPOSAL_SINCE { 2000, 1, 1 }

/* To add a limit that ships: one row. */
static const struct limit_seed seeds[] = {
    { CLOCK_NOTIFY, ANY_TYPE, ANY_CHANNEL, 0, { CLOCK_DAYS, 15, false }, 0, 0, "《信访工作条例》第二十三条",
      "Regulation on Petition Work, Art. 23", PETITION_SINCE },
    { CLOCK_CLOSE, ANY_TYPE, ANY_CHANNEL, 0, { CLOCK_DAYS, 60, false }, 30, 1, "《信访工作条例》第三十四条",
      "Regulation on Petition Work, Art. 34", PETITION_SINCE },
    { CLOCK_CLOSE, MATTER_INQUIRY, HOTLINE, GUANGDONG, { CLOCK_WORKING_DAYS, 2, false }, 0, 0, HOTLINE_ZH, HOTLINE_EN,
      HOTLINE_SINCE },
    { CLOCK_CLOSE, MATTER_HELP, HOTLINE, GUANGDONG, { CLOCK_WORKING_DAYS, 10, false }, 0, 0, HOTLINE_ZH, HOTLINE_EN,
      HOTLINE_SINCE },
    { CLOCK_CLOSE, MATTER_SUGGESTION, HOTLINE, GUANGDONG, { CLOCK_WORKING_DAYS, 10, false }, 0, 0, HOTLINE_ZH, HOTLINE_EN,
      HOTLINE_SINCE },
    { CLOCK_CLOSE, MATTER_COMPLAINT, HOTLINE, GUANGDONG, { CLOCK_WORKING_DAYS, 15, false }, 0, 0, HOTLINE_ZH, HOTLINE_EN,
      HOTLINE_SINCE },
    { CLOCK_CLOSE, MATTER_REPORT, HOTLINE, GUANGDONG, { CLOCK_WORKING_DAYS, 15, false }, 0, 0, HOTLINE_ZH, HOTLINE_EN,
      HOTLINE_SINCE },
    { CLOCK_MEDIATION, ANY_TYPE, ANY_CHANNEL, 0, { CLOCK_DAYS, 15, false }, 0, 0, "《劳动争议调解仲裁法》第十四条",
      "Law on Mediation and Arbitration of Labour Disputes, Art. 14", { 2008, 5, 1 } },
    { CLOCK_CONTACT, ANY_TYPE, ANY_CHANNEL, 0, { CLOCK_WORKING_DAYS, 2, false }, 0, 0, PROPOSAL_ZH, PROPOSAL_EN,
      PROPOSAL_SINCE },
    { CLOCK_CALL_BACK, ANY_TYPE, ANY_CHANNEL, 0, { CLOCK_WORKING_DAYS, 5, false }, 0, 0, PROPOSAL_ZH, PROPOSAL_EN,
      PROPOSAL_SINCE },
};

static bool add(struct txn *txn, int64_t number, const struct limit_seed *seed, struct error *err)
{
    struct time_limit_add_args args = { .number = number,
                                        .kind = seed->kind,
                                        .matter_type = seed->type,
                                        .channel = seed->channel,
                                        .division = { seed->division },
                                        .unit = seed->runs.unit,
                                        .amount = seed->runs.amount,
                                        .moves_to_working_day = seed->runs.moves_to_working_day,
                                        .extension = seed->extension,
                                        .extension_times = seed->extension_times,
                                        .basis_zh = str_of(seed->basis_zh),
                                        .basis_en = str_of(seed->basis_en),
                                        .valid_from = date_of_civil(seed->since),
                                        .valid_to = DATE_NEVER };
    return time_limit_add(txn, &args, NULL, err);
}

static bool add_all(struct txn *txn, struct error *err)
{
    bool ok = true;
    for (ptrdiff_t i = 0; i < COUNT_OF(seeds) && ok; i++)
        ok = add(txn, i + 1, &seeds[i], err);
    return ok;
}

bool clocks_load_defaults(struct txn *txn, struct error *err)
{
    struct arena arena = { 0 };
    struct limits limits;
    bool ok = clocks_limits(txn->db, &arena, &limits, err);
    if (ok && limits.n == 0) {
        struct audit_event event = { .action = STR("clocks.defaults"), .subject = STR("time-limits") };
        ok = add_all(txn, err) && audit_append(txn, &event, err);
    }
    arena_release(&arena);
    return ok;
}
