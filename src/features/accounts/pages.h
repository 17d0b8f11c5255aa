/*
 * pages.h - the handlers feature.c lists.
 */
#pragma once
#include "platform/web/web.h"

extern const struct capability cap_accounts_manage;

/* pages_own.c: signing in and one's own account */
handler_fn sign_in_show, sign_in_submit, sign_out_submit;
handler_fn own_show, own_session_end, password_show, password_submit;
bool sign_in_work(struct request *rq);
bool password_work(struct request *rq);

/* pages_manage.c: other people's accounts */
handler_fn account_list_show, account_new_show, account_new_submit, account_show;
handler_fn account_give_submit, account_take_submit, account_enable, account_disable, account_reset_submit;
bool first_password_work(struct request *rq);
