#include "features/clocks/workday_store.h"

#include "features/clocks/clocks.h"
#include "platform/audit/audit.h"

#include "gen/clocks_queries.h"

bool workday_told(struct str days, int64_t year, struct arena *arena, struct workday_exceptions *ret, struct error *err)
{
    struct problems problems = { .arena = arena };
    bool ok = year >= WORKDAYS_FIRST_YEAR && year <= WORKDAYS_LAST_YEAR &&
              workday_text_read(days, (int)year, arena, &problems, (struct str){ 0 }, ret);
    return ok || error_fail(err, ERROR_INPUT, "the working days of %lld that are kept cannot be read", (long long)year);
}

bool clocks_workdays(struct db *db, struct arena *arena, const struct workdays **ret, struct error *err)
{
    struct workday_year_all_rows rows;
    if (!workday_year_all(db, arena, &rows, err))
        return false;
    *ret = &workdays_built_in;
    if (rows.n == 0)
        return true;
    struct workdays *all = arena_new(arena, struct workdays, 1);
    *all = workdays_built_in;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        struct workday_exceptions told;
        ptrdiff_t bad;
        if (!workday_told(rows.at[i].days, rows.at[i].year, arena, &told, err))
            return false;
        if (!workdays_tell(all, (int)rows.at[i].year, told.at, told.n, &bad))
            BUG("exceptions that were read are none");
    }
    *ret = all;
    return true;
}

static bool audit_year(const struct doing *doing, int year, const struct workday_exceptions *days, struct str source,
                       struct error *err)
{
    struct str all = workday_text_write(doing->arena, days);
    struct audit_event event = { .account = doing->by,
                                 .action = STR("workdays.tell"),
                                 .subject = str_format(doing->arena, "workdays:%d", year),
                                 .detail = str_format(doing->arena, "%.*s\n%.*s", STR_ARG(source), STR_ARG(all)) };
    return audit_append(doing->txn, &event, err);
}

bool workday_tell(const struct doing *doing, int year, const struct workday_input *input, struct error *err)
{
    struct workday_year_of row = { 0 };
    struct workday_exceptions days;
    bool is_there;
    if (!workday_text_read(input->days, year, doing->arena, doing->problems, STR("days"), &days))
        return error_fail(err, ERROR_REFUSED, "days that cannot be read");
    if (!workday_year_of(doing->txn->db, &(struct workday_year_of_args){ year }, doing->arena, &row, &is_there, err))
        return false;
    if (input->version != row.version)
        return error_fail(err, ERROR_CONFLICT, "year %d is at version %lld", year, (long long)row.version);
    struct str text = workday_text_write(doing->arena, &days);
    struct workday_year_add_args add = { .year = year, .days = text, .source = input->source, .told_by = doing->by,
                                         .told_at = doing->txn->now };
    struct workday_year_change_args change = { .year = year, .version = row.version, .days = text, .source = input->source,
                                               .told_by = doing->by, .told_at = doing->txn->now };
    bool ok = is_there ? workday_year_change(doing->txn, &change, err) : workday_year_add(doing->txn, &add, NULL, err);
    return ok && audit_year(doing, year, &days, input->source, err);
}
