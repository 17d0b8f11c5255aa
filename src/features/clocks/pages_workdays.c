/*
 * pages_workdays.c - the working days of each year: everybody reads them, the installation's administrators tell of the next.
 */
#include "features/clocks/clocks.h"
#include "features/clocks/pages.h"
#include "features/clocks/views.h"
#include "features/clocks/workday_store.h"
#include "platform/limits.h"
#include "platform/web/forms.h"

#include "gen/clocks_pages.h"
#include "gen/clocks_queries.h"
#include "gen/clocks_texts.h"

#define AT(member) offsetof(struct workday_input, member)

/* To add a field: one row, its label, a member of struct workday_input. */
static const struct field workday_fields[] = {
    { "days", FIELD_NOTE, AT(days), &text_key_workdays_days, &text_key_workdays_days_hint, true, 1, WORKDAY_TEXT_MAX },
    { "source", FIELD_TEXT, AT(source), &text_key_workdays_source, &text_key_workdays_source_hint, true, 4, LIMIT_NAME },
    { "version", FIELD_INT, AT(version), &text_key_workdays_source, NULL, false, 0, INT64_MAX },
};
#undef AT

const struct form workday_form = FORM(workday_fields, struct workday_input);

/* Working days are the same for the whole installation: only its administrators tell of them. */
static bool may_tell(const struct request *rq)
{
    return access_may(&rq->actor, &cap_clocks_tell, (struct division){ 0 }, (struct line){ 0 });
}

static struct url year_url(struct request *rq, int64_t year)
{
    return url_here(rq, url_path(rq->arena, "/workdays/%lld", (long long)year));
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

static void add_run(struct request *rq, struct run_views *runs, struct date from, struct date to)
{
    struct civil first = civil_of_date(from), last = civil_of_date(to);
    runs->at[runs->n++] = to.days > from.days ? str_format(rq->arena, "%02d-%02d–%02d-%02d", first.month, first.day, last.month, last.day)
                                              : str_format(rq->arena, "%02d-%02d", first.month, first.day);
}

static bool is_off(const struct workdays *workdays, int year, int32_t day)
{
    struct date date = { day };
    return civil_of_date(date).year == year && !workdays_is_working(workdays, date);
}

/* With the weekends before, between and after them: so long nobody works. */
static struct run_views holidays_of(struct request *rq, const struct workdays *workdays, int year, struct workday_exceptions days)
{
    struct run_views runs = { arena_new(rq->arena, struct str, days.n), 0 };
    int32_t done = 0;
    for (ptrdiff_t i = 0; i < days.n; i++) {
        int32_t from = days.at[i].date.days, to = from;
        if (days.at[i].is_working || from <= done)
            continue;
        while (is_off(workdays, year, from - 1))
            from--;
        while (is_off(workdays, year, to + 1))
            to++;
        add_run(rq, &runs, (struct date){ from }, (struct date){ to });
        done = to;
    }
    return runs;
}

static struct run_views make_up_of(struct request *rq, struct workday_exceptions days)
{
    struct run_views runs = { arena_new(rq->arena, struct str, days.n), 0 };
    for (ptrdiff_t i = 0; i < days.n; i++)
        if (days.at[i].is_working)
            add_run(rq, &runs, days.at[i].date, days.at[i].date);
    return runs;
}

static struct workday_year_view view_of(struct request *rq, const struct workdays *workdays, int year,
                                        const struct workday_year_all_rows *told)
{
    struct workday_exceptions days = workday_exceptions_of(workdays, year, rq->arena);
    struct date before = date_of_civil((struct civil){ year - 1, 12, 31 }), last = date_of_civil((struct civil){ year, 12, 31 });
    struct workday_year_view view = { .year = str_int(rq->arena, year),
                                      .working = workdays_count(workdays, before, last),
                                      .holidays = holidays_of(rq, workdays, year, days),
                                      .work = make_up_of(rq, days),
                                      .edit_url = year_url(rq, year) };
    for (ptrdiff_t i = 0; i < told->n; i++) {
        if (told->at[i].year != year)
            continue;
        view.is_told = true;
        view.source = told->at[i].source;
        view.told_on = date_of(told->at[i].told_at);
    }
    return view;
}

struct reply workdays_show(struct request *rq)
{
    enum { MONTHS_BEFORE = 10 }; /* the notice for the next year comes in November, mostly */
    const struct workdays *workdays;
    struct workday_year_all_rows told;
    struct civil today = civil_of_date(rq->today);
    struct workdays_view view = { .may_tell = may_tell(rq) };
    if (!clocks_workdays(rq->db, rq->arena, &workdays, &rq->err) || !workday_year_all(rq->db, rq->arena, &told, &rq->err))
        return reply_error(rq);
    view.years.at = arena_new(rq->arena, struct workday_year_view, WORKDAYS_YEARS);
    int last = WORKDAYS_LAST_YEAR;
    while (!workdays_knows(workdays, last)) /* the program knows some */
        last--;
    for (int year = last; year >= WORKDAYS_FIRST_YEAR; year--)
        if (workdays_knows(workdays, year))
            view.years.at[view.years.n++] = view_of(rq, workdays, year, &told);
    int next = last + 1;
    view.next = str_int(rq->arena, next);
    view.is_ending = today.month > MONTHS_BEFORE && !workdays_knows(workdays, today.year + 1);
    view.next_url = year_url(rq, next);
    view.frame = frame_make(rq, t_workdays_title(), (struct str){ 0 });
    clocks_workdays_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- one year ---------------------------------------------------------------------------------------------------- */

/* False: rq->err says why this year, or this person, is not to tell. */
static bool may_tell_of(struct request *rq, int *ret_year)
{
    int64_t year = rq->path_ids[0];
    *ret_year = (int)year;
    return (may_tell(rq) && year >= WORKDAYS_FIRST_YEAR && year <= WORKDAYS_LAST_YEAR) ||
           error_fail(&rq->err, ERROR_NOT_FOUND, "a year nobody tells of, or not this person");
}

/* What is known of the year so far. */
static bool find_now(struct request *rq, int year, struct workday_input *ret)
{
    const struct workdays *workdays;
    struct workday_year_of row = { 0 };
    bool is_told;
    if (!clocks_workdays(rq->db, rq->arena, &workdays, &rq->err) ||
        !workday_year_of(rq->db, &(struct workday_year_of_args){ year }, rq->arena, &row, &is_told, &rq->err))
        return false;
    *ret = (struct workday_input){ .source = row.source, .version = row.version };
    if (workdays_knows(workdays, year)) {
        struct workday_exceptions days = workday_exceptions_of(workdays, year, rq->arena);
        ret->days = workday_text_write(rq->arena, &days);
    }
    return true;
}

struct reply workday_year_show(struct request *rq)
{
    int year;
    struct workday_input now;
    if (!may_tell_of(rq, &year) || !find_now(rq, year, &now))
        return reply_error(rq);
    struct form_page_view view = { .title = t_workdays_tell(str_int(rq->arena, year)),
                                   .lead = t_workdays_form_lead(),
                                   .has_conflict = rq->err.kind == ERROR_CONFLICT,
                                   .form = form_show(rq, &workday_form, &now),
                                   .version = str_int(rq->arena, now.version),
                                   .action = year_url(rq, year),
                                   .back = url_here(rq, url_literal("/workdays")) };
    form_draft(rq, &view.form, view.action);
    view.form.n--; /* the version is hidden */
    if (view.has_conflict)
        form_conflict(rq, &view.form, &now);
    return reply_form(rq, &view);
}

struct reply workday_year_submit(struct request *rq)
{
    int year;
    struct url next = url_literal("/workdays");
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!may_tell_of(rq, &year))
        return reply_error(rq);
    if (!workday_tell(&doing, year, rq->input, &rq->err))
        return has_problems(rq) || rq->err.kind == ERROR_CONFLICT ? reply_again(rq, workday_year_show) : reply_error(rq);
    if (rq->app->workdays_told && !rq->app->workdays_told(rq, year, &next, &rq->err))
        return reply_error(rq);
    return reply_see_other(rq, url_here(rq, next));
}
