/*
 * form.c - a form with a field of every type: what is accepted keeps its limits, and all that was typed comes back.
 */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "platform/limits.h"
#include "platform/web/forms.h"

#include "gen/web_texts.h"

struct sent {
    struct str text, note, secret, named;
    int64_t number, choice;
    struct date day;
    bool check;
    struct division division;
};

enum { TEXT_MIN = 2, TEXT_MAX = 10, NUMBER_MIN = -5, NUMBER_MAX = 9999 };

#define PLACE(member) offsetof(struct sent, member), &text_key_product, NULL

static const struct field fields[] = {
    { "text", FIELD_TEXT, PLACE(text), true, TEXT_MIN, TEXT_MAX },
    { "note", FIELD_NOTE, PLACE(note), false, 0, TEXT_MAX },
    { "secret", FIELD_SECRET, PLACE(secret), false, TEXT_MIN, TEXT_MAX },
    { "number", FIELD_INT, PLACE(number), false, NUMBER_MIN, NUMBER_MAX },
    { "choice", FIELD_CHOICE, PLACE(choice), false, 1, INT64_MAX },
    { "day", FIELD_DATE, PLACE(day), false, 0, 0 },
    { "check", FIELD_CHECK, PLACE(check), false, 0, 0 },
    { "division", FIELD_DIVISION, PLACE(division), false, 0, 0 },
    { "named", FIELD_NAMED, PLACE(named), false, TEXT_MIN, TEXT_MAX },
};

static const struct form form = FORM(fields, struct sent);

static void check_text(struct str s, bool is_line, ptrdiff_t min)
{
    if (!utf8_is_valid(s) || utf8_has_control(s) || (is_line && str_find(s, STR("\n")) >= 0))
        BUG("a text that is none");
    if (s.len > 0 && (utf8_count(s) < min || utf8_count(s) > TEXT_MAX))
        BUG("a text of %td characters", utf8_count(s));
}

static void check_sent(const struct sent *sent)
{
    check_text(sent->text, true, TEXT_MIN);
    check_text(sent->note, false, 0);
    check_text(sent->secret, false, TEXT_MIN);
    check_text(sent->named, true, TEXT_MIN);
    if (sent->number < NUMBER_MIN || sent->number > NUMBER_MAX || sent->choice < 0)
        BUG("number %lld, choice %lld", (long long)sent->number, (long long)sent->choice);
}

static void check_shown(struct request *rq, const struct form_view *view)
{
    for (ptrdiff_t i = 0; i < view->n; i++) {
        const struct field_view *field = &view->at[i];
        struct str typed = !field->is_secret ? param(&rq->fields, field->field->name) : (struct str){ 0 };
        if (!str_equal(field->value, typed))
            BUG("%s comes back as another", field->field->name);
        if (field->has_problem != (problem_of(&rq->problems, field->name) != NULL))
            BUG("%s: its problem is lost", field->field->name);
        (void)text_in(rq->arena, LANG_ZH, field->problem);
    }
}

void fuzz_one(struct str input, struct arena *arena)
{
    static const struct app app = { .feature_count = 0 };
    static const struct sent nothing = { .number = 0 };
    struct request *rq = arena_new(arena, struct request, 1);
    rq->arena = arena;
    rq->app = &app;
    rq->problems.arena = arena;
    if (input.len > LIMIT_FORM_BYTES || !params_parse(arena, input, &rq->fields, &rq->err))
        return;
    const struct sent *sent = form_decode(rq, &form);
    check_sent(sent);
    struct form_view view = form_show_one(rq, &form, sent, true);
    check_shown(rq, &view);
    struct choice choice = { sent->choice, STR("chosen") };
    form_offer(rq, &view, "choice", (struct choices){ &choice, 1 });
    form_conflict(rq, &view, &nothing);
    (void)form_difference(arena, &form, &nothing, sent);
    if (form_difference(arena, &form, sent, sent).len > 0)
        BUG("differs from itself");
}
