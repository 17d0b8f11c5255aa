/*
 * pages_own.c - signing in and out, one's own account and password.
 */
#include "features/accounts/actions.h"
#include "features/accounts/find.h"
#include "features/accounts/forms.h"
#include "features/accounts/pages.h"
#include "features/accounts/show.h"
#include "features/accounts/words.h"
#include "platform/web/cookies.h"

#include "gen/accounts_pages.h"
#include "gen/accounts_queries.h"
#include "gen/accounts_texts.h"

/* The refusal is shown, and the failure it counted stays: what keeps passwords from being guessed. */
static struct reply refuse_and_keep(struct request *rq, handler_fn *page)
{
    if (!has_problems(rq))
        return reply_error(rq);
    struct reply reply = reply_again(rq, page);
    reply.keep = true;
    return reply;
}

static struct str end_of_cookie(struct request *rq)
{
    return cookie_set(rq->arena, STR(SESSION_COOKIE), STR(""), 0);
}

/* --- signing in and out -------------------------------------------------------------------------------------- */

static struct str back_of(struct request *rq)
{
    return param(rq->x->method == HTTP_POST ? &rq->fields : &rq->query, "back");
}

struct reply sign_in_show(struct request *rq)
{
    if (rq->actor.account.n != 0 && rq->x->method != HTTP_POST)
        return reply_see_other(rq, url_local(rq->arena, back_of(rq)));
    struct sign_in_view view = {
        .frame = frame_make(rq, t_account_sign_in(), STR("")),
        .form = form_show(rq, &sign_in_form, NULL),
        .action = url_literal("/sign-in"),
        .back = back_of(rq),
        .is_kept = param(&rq->query, "kept").len > 0,
    };
    sign_in_page(page_html(rq), &view);
    return reply_html(rq);
}

bool sign_in_work(struct request *rq)
{
    const struct sign_in_input *input = rq->input;
    struct verified *verified = arena_new(rq->arena, struct verified, 1);
    rq->worked = verified;
    return account_verify(rq->db, login_of_input(rq->arena, input->login), input->password, exchange_network(rq->x),
                          rq->now, rq->arena, verified, &rq->err);
}

struct reply sign_in_submit(struct request *rq)
{
    const struct verified *verified = rq->worked;
    struct visit visit = { .address = rq->x->peer,
                           .agent = exchange_header(rq->x, STR("User-Agent")),
                           .network = exchange_network(rq->x) };
    struct signed_in signed_in = { .is_held = false };
    if (!account_sign_in(rq->txn, verified, &visit, rq->arena, &rq->problems, &signed_in, &rq->err)) {
        struct reply reply = refuse_and_keep(rq, sign_in_show);
        if (signed_in.is_held && has_problems(rq))
            reply.status = 429;
        return reply;
    }
    struct url next = signed_in.must_change ? url_literal("/account/password")
                                            : url_local(rq->arena, back_of(rq));
    struct reply reply = reply_see_other(rq, next);
    /* longer than the session, so that a form that comes too late can still say whose it is */
    enum { COOKIE_SECONDS = (LIMIT_SESSION_HOURS + LIMIT_RESCUE_HOURS) * 3600 };
    reply.set_cookie = cookie_set(rq->arena, STR(SESSION_COOKIE), signed_in.token, COOKIE_SECONDS);
    return reply;
}

struct reply sign_out_submit(struct request *rq)
{
    if (!account_sign_out(rq->txn, &rq->actor, rq->session.id, &rq->err))
        return reply_error(rq);
    struct reply reply = reply_see_other(rq, url_literal("/sign-in"));
    reply.set_cookie = end_of_cookie(rq);
    return reply;
}

/* --- one's own account --------------------------------------------------------------------------------------- */

static struct str browser_of(struct request *rq, struct str agent)
{
    struct str label = browser_label(rq->arena, agent);
    return label.len > 0 ? label : text_in(rq->arena, rq->lang, t_account_browser_unknown());
}

static bool show_sessions(struct request *rq, struct session_views *ret)
{
    enum { SESSIONS_MAX = 50 };
    struct session_of_account_args args = { .account = rq->actor.account, .now = rq->now, .limit = SESSIONS_MAX };
    struct session_of_account_rows rows;
    if (!session_of_account(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    *ret = (struct session_views){ .at = arena_new(rq->arena, struct session_view, rows.n), .n = rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct session_of_account *row = &rows.at[i];
        ret->at[i] = (struct session_view){
            .since = row->created_at,
            .browser = browser_of(rq, row->agent),
            .address = row->address,
            .is_this = row->id == rq->session.id,
            .end = url_path(rq->arena, "/account/sessions/%lld/end", (long long)row->id),
        };
    }
    return true;
}

struct reply own_show(struct request *rq)
{
    struct account account;
    struct session_views sessions;
    struct choices lines;
    if (!account_load(rq->db, rq->actor.account, rq->arena, &account, &rq->err) || !show_sessions(rq, &sessions) ||
        !load_lines(rq, &lines))
        return reply_error(rq);
    struct own_view view = {
        .frame = frame_make(rq, t_account_own(), STR("")),
        .name = account.name,
        .login = account.login,
        .grants = show_grants(rq, &lines, account.grants, account.grant_count, NULL),
        .sessions = sessions,
        .password = url_literal("/account/password"),
    };
    account_own_page(page_html(rq), &view);
    return reply_html(rq);
}

struct reply own_session_end(struct request *rq)
{
    if (!account_end_session(rq->txn, &rq->actor, rq->path_ids[0], &rq->err))
        return reply_error(rq);
    struct reply reply = reply_see_other(rq, url_literal("/account"));
    if (rq->path_ids[0] == rq->session.id)
        reply.set_cookie = end_of_cookie(rq);
    return reply;
}

/* --- one's own password -------------------------------------------------------------------------------------- */

struct reply password_show(struct request *rq)
{
    struct account account;
    if (!account_load(rq->db, rq->actor.account, rq->arena, &account, &rq->err))
        return reply_error(rq);
    struct password_view view = {
        .frame = frame_make(rq, t_account_password_change(), STR("")),
        .form = form_show(rq, &password_form, NULL),
        .action = url_literal("/account/password"),
        .cancel = url_literal("/account"),
        .must_change = account.must_change,
    };
    account_password_page(page_html(rq), &view);
    return reply_html(rq);
}

struct password_worked {
    struct verified verified;
    struct str hash; /* of the new one; empty where the old one was wrong */
};

bool password_work(struct request *rq)
{
    const struct password_input *input = rq->input;
    struct password_worked *worked = arena_new(rq->arena, struct password_worked, 1);
    rq->worked = worked;
    if (!account_verify_own(rq->db, rq->actor.account, input->old, rq->arena, &worked->verified, &rq->err))
        return false;
    if (worked->verified.is_right)
        worked->hash = password_hash(rq->arena, input->fresh);
    return true;
}

struct reply password_submit(struct request *rq)
{
    const struct password_input *input = rq->input;
    const struct password_worked *worked = rq->worked;
    struct new_password password = { .old = input->old,
                                     .fresh = input->fresh,
                                     .again = input->again,
                                     .fresh_hash = worked->hash,
                                     .session = rq->session.id };
    if (!account_change_password(rq->txn, &rq->actor, &worked->verified, &password, rq->arena, &rq->problems,
                                 &rq->err))
        return refuse_and_keep(rq, password_show);
    return reply_see_other(rq, url_literal("/"));
}
