/*
 * forms.h - what people type about accounts.
 */
#pragma once
#include "platform/web/forms.h"

struct sign_in_input {
    struct str login, password;
};

struct password_input {
    struct str old, fresh, again;
};

struct grant_input {
    int64_t role, line;
    struct division division;
};

struct new_account_input {
    struct str login, name;
    struct grant_input grant;
};

extern const struct form sign_in_form, password_form, grant_form, new_account_form;

/* The right that was typed; a problem where there is no such line or division today. */
bool grant_of_input(struct request *rq, const struct grant_input *input, struct grant *ret);
/* As it is stored and looked for: without capitals. */
struct str login_of_input(struct arena *arena, struct str typed);
/* Offers the roles and lines this actor may give. */
void offer_grants(struct request *rq, struct form_view *view, const struct choices *lines);
