#include "features/accounts/forms.h"

#include "features/accounts/rules.h"
#include "features/accounts/show.h"
#include "features/accounts/words.h"
#include "features/territory/territory.h"

#include "gen/accounts_texts.h"
#include "gen/web_texts.h"

static const struct field sign_in_fields[] = {
    { "login", FIELD_TEXT, offsetof(struct sign_in_input, login), &text_key_account_login, NULL, true, 0,
      LIMIT_NAME, "username" },
    { "password", FIELD_SECRET, offsetof(struct sign_in_input, password), &text_key_account_password, NULL, true, 0,
      LIMIT_PASSWORD_MAX, "current-password" },
};

/* How long a new password must be is said by rules.c. */
static const struct field password_fields[] = {
    { "old", FIELD_SECRET, offsetof(struct password_input, old), &text_key_account_password_old, NULL, true, 0,
      LIMIT_PASSWORD_MAX, "current-password" },
    { "new", FIELD_SECRET, offsetof(struct password_input, fresh), &text_key_account_password_new,
      &text_key_account_password_hint, true, 0, LIMIT_PASSWORD_MAX, "new-password" },
    { "again", FIELD_SECRET, offsetof(struct password_input, again), &text_key_account_password_again, NULL, true,
      0, LIMIT_PASSWORD_MAX, "new-password" },
};

#define GRANT_FIELDS(at)                                                                                      \
    { "role", FIELD_CHOICE, (at) + offsetof(struct grant_input, role), &text_key_account_role, NULL, true, 0,  \
      ROLE_COUNT - 1 },                                                                                       \
    { "line", FIELD_CHOICE, (at) + offsetof(struct grant_input, line), &text_key_account_line,                   \
      &text_key_account_line_hint, true, 0, LINE_MAX },                                                       \
    { "division", FIELD_DIVISION, (at) + offsetof(struct grant_input, division), &text_key_account_division,  \
      &text_key_account_division_hint, true, 0, 0 }

static const struct field grant_fields[] = { GRANT_FIELDS(0) };

static const struct field new_account_fields[] = {
    { "login", FIELD_TEXT, offsetof(struct new_account_input, login), &text_key_account_login,
      &text_key_account_login_hint, true, 2, 40 },
    { "name", FIELD_TEXT, offsetof(struct new_account_input, name), &text_key_account_name,
      &text_key_account_name_hint, true, 1, LIMIT_NAME },
    GRANT_FIELDS(offsetof(struct new_account_input, grant)),
};

const struct form sign_in_form = FORM(sign_in_fields, struct sign_in_input);
const struct form password_form = FORM(password_fields, struct password_input);
const struct form grant_form = FORM(grant_fields, struct grant_input);
const struct form new_account_form = FORM(new_account_fields, struct new_account_input);

/* 0, all lines, is one too. */
static bool check_line(struct request *rq, int64_t line)
{
    struct choices lines;
    if (!load_lines(rq, &lines))
        return false;
    bool is_known = line == 0;
    for (ptrdiff_t i = 0; i < lines.n; i++)
        is_known = is_known || lines.at[i].value == line;
    return is_known || problem_add(&rq->problems, STR("line"), t_field_choice());
}

bool grant_of_input(struct request *rq, const struct grant_input *input, struct grant *ret)
{
    struct db *db = rq->txn ? rq->txn->db : rq->db;
    struct division_row row;
    if (!check_line(rq, input->line))
        return false;
    *ret = (struct grant){ (enum role)input->role, { (int32_t)input->line }, input->division };
    if (input->division.code == 0 || territory_find(db, input->division, rq->today, rq->arena, &row, &rq->err))
        return true;
    if (rq->err.kind != ERROR_NOT_FOUND)
        return false;
    rq->err = (struct error){ 0 };
    return problem_add(&rq->problems, STR("division"), t_account_no_division());
}

struct str login_of_input(struct arena *arena, struct str typed)
{
    char *login = arena_new(arena, char, typed.len);
    for (ptrdiff_t i = 0; i < typed.len; i++) {
        char c = typed.data[i];
        login[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (struct str){ login, typed.len };
}

/* Whether it is one the actor gives out at all; where is asked when the form comes back. */
static bool gives_role(const struct actor *actor, enum role role)
{
    for (int i = 0; i < actor->grant_count; i++) {
        struct grant grant = { role, actor->grants[i].line, actor->grants[i].division };
        if (may_grant(actor, &grant))
            return true;
    }
    return false;
}

/* Whether one gives out rights of this line at all; 0: of all lines. */
static bool gives_line(const struct actor *actor, int64_t line)
{
    for (int i = 0; i < actor->grant_count; i++) {
        const struct grant *own = &actor->grants[i];
        if ((ROLES_MANAGING >> own->role & 1) != 0 && (own->line.n == 0 || own->line.n == line))
            return true;
    }
    return false;
}

static struct choices role_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, ROLE_COUNT);
    ptrdiff_t n = 0;
    for (enum role role = 0; role < ROLE_COUNT; role++)
        if (gives_role(&rq->actor, role))
            choices[n++] = (struct choice){ role, text_in(rq->arena, rq->lang, role_text(role)) };
    return (struct choices){ choices, n };
}

static struct choices line_choices(struct request *rq, const struct choices *lines)
{
    struct choice *choices = arena_new(rq->arena, struct choice, lines->n + 1);
    ptrdiff_t n = 0;
    if (gives_line(&rq->actor, 0))
        choices[n++] = (struct choice){ 0, text_in(rq->arena, rq->lang, t_account_all_lines()) };
    for (ptrdiff_t i = 0; i < lines->n; i++)
        if (gives_line(&rq->actor, lines->at[i].value))
            choices[n++] = lines->at[i];
    return (struct choices){ choices, n };
}

void offer_grants(struct request *rq, struct form_view *view, const struct choices *lines)
{
    form_offer(rq, view, "role", role_choices(rq));
    form_offer(rq, view, "line", line_choices(rq, lines));
}
