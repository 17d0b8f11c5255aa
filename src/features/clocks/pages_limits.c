/*
 * pages_limits.c - the time limits: everybody reads them, administrators add and end those of their own part of the territory.
 */
#include "features/clocks/clocks.h"
#include "features/clocks/limit_store.h"
#include "features/clocks/limit_views.h"
#include "features/clocks/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/clocks_pages.h"
#include "gen/clocks_texts.h"

enum { EXTENSIONS_MAX = 12 };

#define AT(member) offsetof(struct limit_input, member)

/* To add a field: one row, its label, a member of struct limit_input. */
static const struct field limit_fields[] = {
    { "kind", FIELD_CHOICE, AT(kind), &text_key_limit_kind, NULL, true, 1, CLOCK_KIND_COUNT - 1 },
    { "type", FIELD_CHOICE, AT(type), &text_key_limit_type, NULL, false, 0, MATTER_TYPE_COUNT - 1 },
    { "channel", FIELD_CHOICE, AT(channel), &text_key_limit_channel, NULL, false, 0, CHANNEL_COUNT - 1 },
    { "division", FIELD_DIVISION, AT(division), &text_key_limit_place, &text_key_limit_place_hint, true, 0, 0 },
    { "line", FIELD_CHOICE, AT(line), &text_key_limit_line, NULL, false, 0, LINE_MAX },
    { "amount", FIELD_INT, AT(amount), &text_key_limit_amount, NULL, true, 1, CLOCK_AMOUNT_MAX },
    { "unit", FIELD_CHOICE, AT(unit), &text_key_limit_unit, NULL, true, CLOCK_DAYS, CLOCK_HOURS },
    { "moves", FIELD_CHECK, AT(moves), &text_key_limit_moves, NULL, false, 0, 0 },
    { "extension", FIELD_INT, AT(extension), &text_key_limit_extension, &text_key_limit_extension_hint, false, 0,
      CLOCK_AMOUNT_MAX },
    { "extension_times", FIELD_INT, AT(extension_times), &text_key_limit_times, NULL, false, 0, EXTENSIONS_MAX },
    { "basis_zh", FIELD_TEXT, AT(basis_zh), &text_key_limit_basis, &text_key_limit_basis_hint, true, 4, LIMIT_NAME },
    { "basis_en", FIELD_TEXT, AT(basis_en), &text_key_limit_basis_en, NULL, false, 0, LIMIT_NAME * 2 },
    { "valid_from", FIELD_DATE, AT(valid_from), &text_key_limit_since, NULL, true, 0, 0 },
    { "valid_to", FIELD_DATE, AT(valid_to), &text_key_limit_ends_on, &text_key_limit_ends_on_hint, false, 0, 0 },
};
#undef AT

const struct form limit_form = FORM(limit_fields, struct limit_input);

/* A limit for all lines is for whoever may set one for each of them. */
static bool may_set(const struct request *rq, struct division division, struct line line)
{
    for (int32_t n = 1; line.n == 0 && n <= LINE_MAX; n++)
        if (!access_may(&rq->actor, &cap_clocks_limits, division, (struct line){ n }))
            return false;
    return access_may(&rq->actor, &cap_clocks_limits, division, line);
}

static bool load_lines(struct request *rq, struct choices *ret)
{
    *ret = (struct choices){ 0 };
    return !rq->app->lines || rq->app->lines(rq, ret, &rq->err);
}

static const struct choice *line_of(struct choices lines, int64_t line)
{
    for (ptrdiff_t i = 0; i < lines.n; i++)
        if (lines.at[i].value == line)
            return &lines.at[i];
    return NULL;
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

static struct str line_name(struct request *rq, struct choices lines, struct line line)
{
    const struct choice *known = line_of(lines, line.n);
    if (line.n == 0)
        return (struct str){ 0 };
    return known ? known->label : str_int(rq->arena, line.n); /* a line that is no more has only its number */
}

static struct limit_view view_of(struct request *rq, struct choices lines, const struct limit_entry *limit)
{
    struct limit_view view = {
        .kind = label_clock_kind(limit->kind),
        .runs = label_time_limit(&limit->runs),
        .has_type = limit->type != 0,
        .has_channel = limit->channel != 0,
        .has_extension = limit->extension > 0,
        .place = territory_name(rq->db, limit->division, rq->today, rq->arena),
        .line = line_name(rq, lines, limit->line),
        .basis = limit->basis[rq->lang],
        .from = limit->valid_from,
        .to = limit->valid_to,
        .has_end = limit->valid_to.days != DATE_NEVER.days,
        .may_end = may_set(rq, limit->division, limit->line),
        .end_url = url_here(rq, url_path(rq->arena, "/time-limits/%lld/end", (long long)limit->number)),
    };
    if (view.has_type)
        view.type = label_matter_type(limit->type);
    if (view.has_channel)
        view.channel = label_matter_channel(limit->channel);
    if (view.has_extension) {
        view.extension = label_duration(limit->runs.unit, limit->extension);
        view.extension_times = t_limit_times_at_most(limit->extension_times);
    }
    return view;
}

/* Those that hold, or will, here or inside what is looked at. */
static bool is_shown(const struct request *rq, const struct limit_entry *limit)
{
    bool is_over = limit->valid_to.days <= rq->today.days || limit->valid_to.days <= limit->valid_from.days;
    return !is_over && (division_contains(limit->division, rq->axes.at) || division_contains(rq->axes.at, limit->division));
}

struct reply limits_show(struct request *rq)
{
    struct limits limits;
    struct choices lines;
    struct limits_view view = { .may_add = access_has(&rq->actor, &cap_clocks_limits) };
    if (!clocks_limits(rq->db, rq->arena, &limits, &rq->err) || !load_lines(rq, &lines))
        return reply_error(rq);
    view.limits.at = arena_new(rq->arena, struct limit_view, limits.n);
    for (enum clock_kind kind = CLOCK_NOTIFY; kind < CLOCK_KIND_COUNT; kind++)
        for (ptrdiff_t i = 0; i < limits.n; i++)
            if (limits.at[i].kind == kind && is_shown(rq, &limits.at[i]))
                view.limits.at[view.limits.n++] = view_of(rq, lines, &limits.at[i]);
    view.new_url = url_here(rq, url_literal("/time-limits/new"));
    view.frame = frame_make(rq, t_limits_title(), (struct str){ 0 });
    clocks_limits_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- a new one --------------------------------------------------------------------------------------------------- */

static struct choices kind_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, CLOCK_KIND_COUNT);
    ptrdiff_t n = 0;
    for (enum clock_kind kind = CLOCK_NOTIFY; kind < CLOCK_KIND_COUNT; kind++)
        choices[n++] = (struct choice){ kind, text_in(rq->arena, rq->lang, label_clock_kind(kind)) };
    return (struct choices){ choices, n };
}

static struct choices type_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, MATTER_TYPE_COUNT);
    ptrdiff_t n = 0;
    choices[n++] = (struct choice){ 0, text_in(rq->arena, rq->lang, t_limit_any_type()) };
    for (enum matter_type type = MATTER_INQUIRY; type < MATTER_TYPE_COUNT; type++)
        choices[n++] = (struct choice){ type, text_in(rq->arena, rq->lang, label_matter_type(type)) };
    return (struct choices){ choices, n };
}

static struct choices channel_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, CHANNEL_COUNT);
    ptrdiff_t n = 0;
    choices[n++] = (struct choice){ 0, text_in(rq->arena, rq->lang, t_limit_any_channel()) };
    for (enum matter_channel channel = CHANNEL_COUNTER; channel < CHANNEL_COUNT; channel++)
        choices[n++] = (struct choice){ channel, text_in(rq->arena, rq->lang, label_matter_channel(channel)) };
    return (struct choices){ choices, n };
}

static struct choices line_choices(struct request *rq, struct choices lines)
{
    struct choice *choices = arena_new(rq->arena, struct choice, lines.n + 1);
    ptrdiff_t n = 0;
    choices[n++] = (struct choice){ 0, text_in(rq->arena, rq->lang, t_limit_all_lines()) };
    for (ptrdiff_t i = 0; i < lines.n; i++)
        choices[n++] = lines.at[i];
    return (struct choices){ choices, n };
}

static struct choices unit_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, CLOCK_HOURS);
    ptrdiff_t n = 0;
    for (enum clock_unit unit = CLOCK_DAYS; unit <= CLOCK_HOURS; unit++)
        choices[n++] = (struct choice){ unit, text_in(rq->arena, rq->lang, label_clock_unit(unit)) };
    return (struct choices){ choices, n };
}

struct reply limit_new_show(struct request *rq)
{
    struct choices lines;
    struct limit_input start = { .line = rq->axes.line.n, .division = rq->axes.at, .valid_from = rq->today };
    if (!load_lines(rq, &lines))
        return reply_error(rq);
    struct form_page_view view = { .title = t_limit_new(),
                                   .lead = t_limit_new_lead(),
                                   .form = form_show(rq, &limit_form, &start),
                                   .action = url_here(rq, url_literal("/time-limits/new")),
                                   .back = url_here(rq, url_literal("/time-limits")) };
    form_draft(rq, &view.form, view.action);
    form_offer(rq, &view.form, "kind", kind_choices(rq));
    form_offer(rq, &view.form, "type", type_choices(rq));
    form_offer(rq, &view.form, "channel", channel_choices(rq));
    form_offer(rq, &view.form, "line", line_choices(rq, lines));
    form_offer(rq, &view.form, "unit", unit_choices(rq));
    return reply_form(rq, &view);
}

/* Where and for which line it shall hold: both there, and the actor's own.  False: rq->err. */
static bool check_scope(struct request *rq, const struct limit_input *input)
{
    struct choices lines;
    struct line line = { (int32_t)input->line };
    struct error err = { 0 };
    bool is_there;
    if (!territory_has(rq->txn->db, input->division, rq->today, rq->arena, &is_there, &err)) {
        rq->err = err;
        return false;
    }
    if (!load_lines(rq, &lines))
        return false;
    if (!is_there || !access_may(&rq->actor, &cap_clocks_limits, input->division, (struct line){ 0 }))
        (void)problem_add(&rq->problems, STR("division"), t_limit_bad_division());
    else if ((line.n != 0 && !line_of(lines, line.n)) || !may_set(rq, input->division, line))
        (void)problem_add(&rq->problems, STR("line"), t_limit_bad_line());
    return true;
}

struct reply limit_new_submit(struct request *rq)
{
    const struct limit_input *input = rq->input;
    int64_t number;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!check_scope(rq, input))
        return reply_error(rq);
    if (has_problems(rq))
        return reply_again(rq, limit_new_show);
    if (!limit_create(&doing, input, &number, &rq->err))
        return has_problems(rq) ? reply_again(rq, limit_new_show) : reply_error(rq);
    return reply_saved(rq, url_here(rq, url_literal("/time-limits")));
}

struct reply limit_end_submit(struct request *rq)
{
    struct limits limits;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!clocks_limits(rq->txn->db, rq->arena, &limits, &rq->err))
        return reply_error(rq);
    const struct limit_entry *limit = limits_find(limits, rq->path_ids[0]);
    if (!limit || !may_set(rq, limit->division, limit->line)) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "no time limit %lld, or outside the actor's scope",
                         (long long)rq->path_ids[0]);
        return reply_error(rq);
    }
    if (!limit_finish(&doing, limit, &rq->err))
        return reply_error(rq);
    return reply_saved(rq, url_here(rq, url_literal("/time-limits")));
}
