#include "platform/web/forms.h"

#include "base/parse.h"
#include "base/utf8.h"
#include "platform/limits.h"
#include "platform/web/frame.h"

#include "gen/web_pages.h"
#include "gen/web_texts.h"

#include <string.h>

static struct text no_args(const struct text_key *key)
{
    return (struct text){ .key = key };
}

/* --- decoding ------------------------------------------------------------------------------------------------ */

static bool check_text(struct problems *problems, const struct field *field, struct str name, struct str value)
{
    ptrdiff_t count = utf8_count(value);
    if (utf8_has_control(value))
        return problem_add(problems, name, t_field_control());
    if ((field->type == FIELD_TEXT || field->type == FIELD_NAMED) && str_find(value, STR("\n")) >= 0)
        return problem_add(problems, name, t_field_one_line());
    if (count > field->max)
        return problem_add(problems, name, t_field_too_long(field->max, count));
    if (count < field->min)
        return problem_add(problems, name, t_field_too_short(field->min, count));
    return true;
}

bool field_decode(struct problems *problems, const struct field *field, struct str value, void *input)
{
    void *place = (char *)input + field->offset;
    struct str name = str_of(field->name);
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_SECRET:
    case FIELD_NAMED:
        if (!check_text(problems, field, name, value))
            return false;
        *(struct str *)place = value;
        return true;
    case FIELD_INT:
        if (!parse_int(value, field->min, field->max, place))
            return problem_add(problems, name, t_field_number(field->min, field->max));
        return true;
    case FIELD_CHOICE:
        if (!parse_int(value, field->min, field->max, place))
            return problem_add(problems, name, t_field_choice());
        return true;
    case FIELD_DATE:
        return date_parse(value, place) || problem_add(problems, name, t_field_date());
    case FIELD_DIVISION:
        return division_parse(value, place) || problem_add(problems, name, t_field_division());
    case FIELD_CHECK:
        *(bool *)place = true;
        return true;
    }
    BUG("field type %d", (int)field->type);
}

void *form_decode(struct request *rq, const struct form *form)
{
    char *input = arena_take(rq->arena, form->input_size, _Alignof(max_align_t), 1);
    for (int i = 0; i < form->field_count; i++) {
        const struct field *field = &form->fields[i];
        struct str value = param(&rq->fields, field->name);
        if (field->type != FIELD_SECRET)
            value = str_trim(value);
        if (value.len > 0)
            (void)field_decode(&rq->problems, field, value, input);
        else if (field->is_required)
            (void)problem_add(&rq->problems, str_of(field->name), t_field_required());
    }
    return input;
}

/* --- showing ------------------------------------------------------------------------------------------------- */

static struct str shown_value(struct arena *arena, const struct field *field, const void *place)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_NAMED:
        return *(const struct str *)place;
    case FIELD_SECRET:
        return (struct str){ 0 }; /* never sent back */
    case FIELD_INT:
    case FIELD_CHOICE:
        return str_int(arena, *(const int64_t *)place);
    case FIELD_DATE: {
        struct date date = *(const struct date *)place;
        return date.days != 0 ? date_iso(arena, date) : (struct str){ 0 };
    }
    case FIELD_DIVISION:
        return division_text(arena, *(const struct division *)place);
    case FIELD_CHECK:
        return *(const bool *)place ? STR("1") : (struct str){ 0 };
    }
    BUG("field type %d", (int)field->type);
}

static struct str input_type(enum field_type type)
{
    switch (type) {
    case FIELD_SECRET:
        return STR("password");
    case FIELD_INT:
        return STR("number");
    case FIELD_DATE:
        return STR("date");
    case FIELD_CHECK:
        return STR("checkbox");
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_DIVISION:
    case FIELD_CHOICE:
    case FIELD_NAMED:
        break;
    }
    return STR("text");
}

bool form_has_secret(const struct form *form)
{
    for (int i = 0; i < form->field_count; i++)
        if (form->fields[i].type == FIELD_SECRET)
            return true;
    return false;
}

/* A division is searched for by its name or typed as its code. */
static void show_picker(struct request *rq, struct field_view *view)
{
    enum { TYPED_MAX = 40 }; /* characters */
    if (view->field->type != FIELD_DIVISION || !rq->app->addresses.search_json)
        return;
    view->picker = url_of(rq, rq->app->addresses.search_json).text;
    view->look_up = url_of(rq, rq->app->addresses.search);
    view->max_length = str_int(rq->arena, TYPED_MAX);
}

static struct field_view show_field(struct request *rq, const struct field *field, const void *input, bool was_sent)
{
    struct str name = str_of(field->name);
    const struct problem *problem = was_sent ? problem_of(&rq->problems, name) : NULL;
    bool is_text = field->type == FIELD_TEXT || field->type == FIELD_NOTE || field->type == FIELD_SECRET ||
                   field->type == FIELD_NAMED;
    struct str value = { 0 };
    if (was_sent && field->type != FIELD_SECRET)
        value = param(&rq->fields, field->name);
    else if (input)
        value = shown_value(rq->arena, field, (const char *)input + field->offset);
    struct field_view view = {
        .field = field,
        .name = name,
        .value = value,
        .label = no_args(field->label),
        .hint = no_args(field->hint),
        .problem = problem ? problem->text : (struct text){ 0 },
        .has_hint = field->hint != NULL,
        .has_problem = problem != NULL,
        .is_checked = field->type == FIELD_CHECK && value.len > 0,
        .is_required = field->is_required,
        .type = input_type(field->type),
        .autocomplete = str_of(field->autocomplete),
        .max_length = is_text ? str_int(rq->arena, field->max) : (struct str){ 0 },
        .id = str_format(rq->arena, "field-%s", field->name),
        .problem_id = str_format(rq->arena, "problem-%s", field->name),
        .anchor = url_anchor(rq->arena, str_format(rq->arena, "field-%s", field->name)),
        .is_note = field->type == FIELD_NOTE,
        .is_check = field->type == FIELD_CHECK,
        .is_choice = field->type == FIELD_CHOICE,
        .is_secret = field->type == FIELD_SECRET,
        .is_named = field->type == FIELD_NAMED,
    };
    show_picker(rq, &view);
    return view;
}

/* A page may hold several forms: only the one that was sent shows what was typed. */
struct form_view form_show(struct request *rq, const struct form *form, const void *input)
{
    return form_show_one(rq, form, input, rq->x->method == HTTP_POST && rq->route && rq->route->form == form);
}

struct form_view form_show_one(struct request *rq, const struct form *form, const void *input, bool was_sent)
{
    struct form_view view = { .at = arena_new(rq->arena, struct field_view, form->field_count),
                              .n = form->field_count,
                              .problems = { .arena = rq->arena } };
    for (int i = 0; i < form->field_count; i++)
        view.at[i] = show_field(rq, &form->fields[i], input, was_sent);
    for (ptrdiff_t i = 0; i < rq->problems.n && was_sent; i++)
        if (rq->problems.at[i].field.len == 0)
            (void)problem_add(&view.problems, (struct str){ 0 }, rq->problems.at[i].text);
    return view;
}

bool form_is_refused(const struct form_view *view)
{
    bool is_refused = view->problems.n > 0;
    for (ptrdiff_t i = 0; i < view->n; i++)
        is_refused = is_refused || view->at[i].has_problem;
    return is_refused;
}

struct str form_words(struct request *rq, const struct field_view *field, struct str value)
{
    struct division division;
    for (ptrdiff_t i = 0; i < field->choices.n; i++)
        if (str_equal(field->choices.at[i].value, value))
            return field->choices.at[i].label;
    if (field->is_check)
        return text_in(rq->arena, rq->lang, value.len > 0 ? t_yes() : t_no());
    if (field->field->type == FIELD_DIVISION && rq->app->division_name && division_parse(value, &division))
        return rq->app->division_name(rq->db, division, rq->today, rq->arena);
    return value.len > 0 ? value : STR("-");
}

/* Too much for a line beside the field: shown whole, below it. */
static bool is_long(struct str text)
{
    enum { LINE_CHARACTERS = 60 };
    return utf8_count(text) > LINE_CHARACTERS || str_find(text, STR("\n")) >= 0;
}

void form_conflict(struct request *rq, struct form_view *view, const void *now)
{
    for (ptrdiff_t i = 0; i < view->n; i++) {
        struct field_view *field = &view->at[i];
        struct str stored = shown_value(rq->arena, field->field, (const char *)now + field->field->offset);
        if (field->field->type == FIELD_SECRET || str_equal(stored, field->value))
            continue;
        field->stored = form_words(rq, field, stored);
        field->has_stored = is_long(field->stored);
        field->has_problem = true;
        field->problem = field->has_stored ? t_field_now_long() : t_field_now(field->stored);
    }
}

/* As a person reads it, in the audit. */
static struct str audit_words(struct arena *arena, const struct field *field, const void *place)
{
    struct str value = shown_value(arena, field, place);
    if (field->type == FIELD_CHECK)
        return text_in(arena, LANG_ZH, value.len > 0 ? t_yes() : t_no());
    if (field->type == FIELD_CHOICE && field->name_choice && *(const int64_t *)place != 0)
        return text_in(arena, LANG_ZH, field->name_choice(*(const int64_t *)place));
    return value.len > 0 ? value : STR("-");
}

struct str form_difference(struct arena *arena, const struct form *form, const void *before, const void *after)
{
    struct buf out = buf_make(arena, 4 * LIMIT_FORM_BYTES); /* both sides came in a form: all of it fits */
    for (int i = 0; i < form->field_count; i++) {
        const struct field *field = &form->fields[i];
        struct str old = audit_words(arena, field, (const char *)before + field->offset);
        struct str new = audit_words(arena, field, (const char *)after + field->offset);
        if (str_equal(old, new))
            continue;
        if (out.len > 0)
            buf_put(&out, STR("; "));
        text_put(&out, LANG_ZH, no_args(field->label));
        if (field->is_sealed)
            buf_format(&out, ": %.*s", STR_ARG(text_in(arena, LANG_ZH, t_field_changed())));
        else
            buf_format(&out, ": %.*s → %.*s", STR_ARG(old), STR_ARG(new));
    }
    return buf_str(&out);
}

static struct choice_views show_choices(struct request *rq, struct str chosen, struct choices choices)
{
    struct choice_views views = { .at = arena_new(rq->arena, struct choice_view, choices.n), .n = choices.n };
    for (ptrdiff_t i = 0; i < choices.n; i++) {
        struct str value = str_int(rq->arena, choices.at[i].value);
        views.at[i] = (struct choice_view){ .value = value,
                                            .label = choices.at[i].label,
                                            .is_selected = str_equal(value, chosen) };
    }
    return views;
}

struct field_view field_of_act(struct request *rq, struct field_view field, const char *act)
{
    field.id = str_format(rq->arena, "%s-%.*s", act, STR_ARG(field.id));
    field.problem_id = str_format(rq->arena, "%s-%.*s", act, STR_ARG(field.problem_id));
    field.anchor = url_anchor(rq->arena, field.id);
    return field;
}

struct form_view form_typed(struct request *rq, struct form_view view)
{
    struct form_view typed = { .at = arena_new(rq->arena, struct field_view, view.n), .problems = view.problems };
    for (ptrdiff_t i = 0; i < view.n; i++) {
        struct field_view field = view.at[i];
        if (field.value.len == 0 || str_equal(field.name, STR("version")))
            continue;
        field.value = form_words(rq, &field, field.value);
        typed.at[typed.n++] = field;
    }
    return typed;
}

void form_search(struct form_view *view, const char *name, struct url address)
{
    struct str wanted = str_of(name);
    for (ptrdiff_t i = 0; i < view->n; i++)
        if (str_equal(view->at[i].name, wanted))
            view->at[i].picker = address.text;
}

void form_offer(struct request *rq, struct form_view *view, const char *name, struct choices choices)
{
    struct str wanted = str_of(name);
    for (ptrdiff_t i = 0; i < view->n; i++) {
        struct field_view *field = &view->at[i];
        if (!str_equal(field->name, wanted))
            continue;
        field->choices = show_choices(rq, field->value, choices);
        if (field->has_stored)
            field->stored = form_words(rq, field, field->stored);
    }
}

struct reply reply_form(struct request *rq, struct form_page_view *view)
{
    view->frame = frame_make(rq, view->title, view->name);
    web_form_page(page_html(rq), view);
    return reply_html(rq);
}
