#include "features/accounts/accounts.h"
#include "features/accounts/forms.h"
#include "features/accounts/pages.h"
#include "features/accounts/types.h"

#include "gen/accounts_queries.h"
#include "gen/accounts_texts.h"

const struct capability cap_accounts_manage = { .name = "accounts.manage", .roles = ROLES_MANAGING };

/* To add a page: one row here, one function in pages_own.c or pages_manage.c, a page in pages/. */
static const struct route routes[] = {
    { HTTP_GET, "/sign-in", &cap_public, .handle = sign_in_show },
    { HTTP_POST, "/sign-in", &cap_public, .handle = sign_in_submit, .form = &sign_in_form,
      .form_again = sign_in_show, .work = sign_in_work },
    { HTTP_POST, "/sign-out", &cap_signed_in, .handle = sign_out_submit },
    { HTTP_GET, "/account", &cap_signed_in, .handle = own_show },
    { HTTP_POST, "/account/sessions/{id}/end", &cap_signed_in, .handle = own_session_end },
    { HTTP_GET, "/account/password", &cap_signed_in, .handle = password_show },
    { HTTP_POST, "/account/password", &cap_signed_in, .handle = password_submit, .form = &password_form,
      .form_again = password_show, .work = password_work },
    { HTTP_GET, "/accounts", &cap_accounts_manage, .handle = account_list_show },
    { HTTP_GET, "/accounts/new", &cap_accounts_manage, .handle = account_new_show },
    { HTTP_POST, "/accounts/new", &cap_accounts_manage, .handle = account_new_submit, .form = &new_account_form,
      .form_again = account_new_show, .work = first_password_work },
    { HTTP_GET, "/accounts/{id}", &cap_accounts_manage, .handle = account_show },
    { HTTP_POST, "/accounts/{id}/grant", &cap_accounts_manage, .handle = account_give_submit, .form = &grant_form,
      .form_again = account_show },
    { HTTP_POST, "/accounts/{id}/revoke", &cap_accounts_manage, .handle = account_take_submit, .form = &grant_form,
      .form_again = account_show },
    { HTTP_POST, "/accounts/{id}/enable", &cap_accounts_manage, .handle = account_enable },
    { HTTP_POST, "/accounts/{id}/disable", &cap_accounts_manage, .handle = account_disable },
    { HTTP_POST, "/accounts/{id}/reset", &cap_accounts_manage, .handle = account_reset_submit,
      .work = first_password_work },
};

/* To add an entry of the side bar: one row here, its label in messages/. */
static const struct nav_item nav[] = {
    { &text_key_account_nav, "/accounts", &cap_accounts_manage },
};

const struct feature accounts_feature = {
    .name = "accounts",
    .schema = &accounts_schema,
    .routes = routes,
    .route_count = (int)COUNT_OF(routes),
    .nav = nav,
    .nav_count = (int)COUNT_OF(nav),
};
