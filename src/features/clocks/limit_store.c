#include "features/clocks/limit_store.h"

#include "features/clocks/clocks.h"
#include "platform/audit/audit.h"

#include "gen/clocks_queries.h"
#include "gen/clocks_texts.h"
#include "gen/web_texts.h"

static struct limit_entry entry_of(const struct time_limit_all *row)
{
    return (struct limit_entry){ .number = row->number,
                                 .kind = row->kind,
                                 .type = row->matter_type,
                                 .channel = row->channel,
                                 .division = row->division,
                                 .line = row->line,
                                 .runs = { row->unit, (int32_t)row->amount, row->moves_to_working_day },
                                 .extension = (int32_t)row->extension,
                                 .extension_times = (int32_t)row->extension_times,
                                 .basis = { row->basis_zh, row->basis_en },
                                 .valid_from = row->valid_from,
                                 .valid_to = row->valid_to };
}

bool clocks_limits(struct db *db, struct arena *arena, struct limits *ret, struct error *err)
{
    struct time_limit_all_rows rows;
    if (!time_limit_all(db, arena, &rows, err))
        return false;
    struct limits limits = { arena_new(arena, struct limit_entry, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        limits.at[i] = entry_of(&rows.at[i]);
    *ret = limits;
    return true;
}

/* Numbers grow, so that the newer of two is the larger one. */
static int64_t next_number(struct limits limits)
{
    return limits.n > 0 ? limits.at[limits.n - 1].number + 1 : 1;
}

static bool asks_the_same(const struct limit_entry *limit, const struct limit_input *input)
{
    return (int64_t)limit->kind == input->kind && (int64_t)limit->type == input->type &&
           (int64_t)limit->channel == input->channel && limit->division.code == input->division.code &&
           limit->line.n == input->line;
}

static bool refuse(const struct doing *doing, const char *field, struct text text)
{
    return problem_add(doing->problems, str_of(field), text);
}

/* Each field by itself, so that all that is wrong is said at once. */
static bool check(const struct doing *doing, const struct limit_input *input, struct limits limits)
{
    bool is_fine = true;
    if (input->amount + input->extension > CLOCK_AMOUNT_MAX)
        is_fine = refuse(doing, "extension", t_limit_too_long(CLOCK_AMOUNT_MAX));
    if (input->extension > 0 && (input->extension_times < 1 || input->extension_times > input->extension))
        is_fine = refuse(doing, "extension_times", t_field_number(1, input->extension));
    if (input->extension == 0 && input->extension_times > 0)
        is_fine = refuse(doing, "extension", t_limit_extension_missing());
    if (input->moves && input->unit != CLOCK_DAYS)
        is_fine = refuse(doing, "moves", t_limit_moves_days_only());
    if (input->valid_to.days != 0 && input->valid_to.days <= input->valid_from.days)
        is_fine = refuse(doing, "valid_to", t_limit_ends_before());
    for (ptrdiff_t i = 0; i < limits.n; i++) {
        const struct limit_entry *limit = &limits.at[i];
        bool held = limit->valid_from.days < limit->valid_to.days;
        if (held && limit->valid_from.days == input->valid_from.days && asks_the_same(limit, input))
            is_fine = refuse(doing, "valid_from", t_limit_double(limit->basis[LANG_ZH]));
    }
    return is_fine;
}

static bool audit_limit(const struct doing *doing, struct division division, int64_t number, const char *action,
                        struct str detail, struct error *err)
{
    struct audit_event event = { .district = division_district(division),
                                 .account = doing->by,
                                 .action = str_of(action),
                                 .subject = str_format(doing->arena, "time-limit:%lld", (long long)number),
                                 .detail = detail };
    return audit_append(doing->txn, &event, err);
}

bool limit_create(const struct doing *doing, const struct limit_input *input, int64_t *ret_number, struct error *err)
{
    struct limits limits;
    if (!clocks_limits(doing->txn->db, doing->arena, &limits, err))
        return false;
    if (!check(doing, input, limits))
        return error_fail(err, ERROR_REFUSED, "a time limit that cannot be");
    struct time_limit_add_args limit = {
        .number = next_number(limits),
        .kind = (enum clock_kind)input->kind,
        .matter_type = (enum matter_type)input->type,
        .channel = (enum matter_channel)input->channel,
        .division = input->division,
        .line = { (int32_t)input->line },
        .unit = (enum clock_unit)input->unit,
        .amount = input->amount,
        .moves_to_working_day = input->moves,
        .extension = input->extension,
        .extension_times = input->extension_times,
        .basis_zh = input->basis_zh,
        .basis_en = input->basis_en.len > 0 ? input->basis_en : input->basis_zh,
        .valid_from = input->valid_from,
        .valid_to = input->valid_to.days != 0 ? input->valid_to : DATE_NEVER,
    };
    if (!time_limit_add(doing->txn, &limit, NULL, err) ||
        !audit_limit(doing, limit.division, limit.number, "time-limit.add", limit.basis_zh, err))
        return false;
    *ret_number = limit.number;
    return true;
}

bool limit_finish(const struct doing *doing, const struct limit_entry *limit, struct error *err)
{
    struct date today = date_of(doing->txn->now);
    struct time_limit_end_args end = { .number = limit->number,
                                       .valid_to = limit->valid_from.days > today.days ? limit->valid_from : today };
    if (limit->valid_to.days <= end.valid_to.days)
        return error_fail(err, ERROR_CONFLICT, "time limit %lld has ended", (long long)limit->number);
    return time_limit_end(doing->txn, &end, err) &&
           audit_limit(doing, limit->division, limit->number, "time-limit.end", (struct str){ 0 }, err);
}
