/*
 * pages_manage.c - the list of accounts, and one account for who looks after it.
 *
 * A first password is made by the program and shown once, in the answer to the form itself: it must stand in no
 * address and in no list.
 */
#include "base/random.h"
#include "features/accounts/actions.h"
#include "features/accounts/find.h"
#include "features/accounts/forms.h"
#include "features/accounts/pages.h"
#include "features/accounts/rules.h"
#include "features/accounts/show.h"

#include "gen/accounts_pages.h"
#include "gen/accounts_queries.h"
#include "gen/accounts_texts.h"

static struct url account_url(struct request *rq, struct account_id id, const char *tail)
{
    return url_here(rq, url_path(rq->arena, "/accounts/%lld%s", (long long)id.n, tail));
}

static struct account_id asked_id(const struct request *rq)
{
    return (struct account_id){ rq->path_ids[0] };
}

/* --- the list ------------------------------------------------------------------------------------------------ */

/* One row more than a page has, to know whether there is a next page. */
static bool read_list(struct request *rq, struct str q, struct account_list_rows *ret)
{
    struct scope scope;
    struct str after = param(&rq->query, "after");
    *ret = (struct account_list_rows){ 0 };
    if (!access_scope(&rq->actor, &cap_accounts_manage, rq->axes.at, (struct line){ 0 }, &scope))
        return true;
    struct account_list_args args = {
        .by_search = q.len > 0,
        .by_after = after.len > 0,
        .from = scope.from,
        .to = scope.to,
        .is_nation = scope.from.code == 0 && is_nation_administrator(&rq->actor),
        .who = rq->actor.account,
        .q = q,
        .q_login = login_of_input(rq->arena, q),
        .after = after,
        .limit = LIMIT_ROWS + 1,
    };
    return account_list(rq->db, &args, rq->arena, ret, &rq->err);
}

static bool show_row(struct request *rq, const struct choices *lines, const struct account_list *row,
                     struct account_row_view *ret)
{
    struct grants grants;
    if (!account_grants(rq->db, row->id, rq->arena, &grants, &rq->err))
        return false;
    *ret = (struct account_row_view){
        .show = account_url(rq, row->id, ""),
        .login = row->login,
        .name = row->name,
        .grants = show_grants(rq, lines, grants.at, grants.n, NULL),
        .is_off = !row->is_active,
        .is_locked = row->locked_until.us > rq->now.us,
    };
    return true;
}

static struct url more_url(struct request *rq, struct str q, struct str last)
{
    struct url url = url_with(rq->arena, url_here(rq, url_literal("/accounts")), "q", q);
    return url_with(rq->arena, url, "after", last);
}

struct reply account_list_show(struct request *rq)
{
    struct str q = str_trim(param(&rq->query, "q"));
    struct account_list_rows rows;
    struct choices lines;
    if (!read_list(rq, q, &rows) || !load_lines(rq, &lines))
        return reply_error(rq);
    bool has_more = rows.n > LIMIT_ROWS;
    struct account_row_views shown = { .at = arena_new(rq->arena, struct account_row_view, rows.n),
                                       .n = has_more ? LIMIT_ROWS : rows.n };
    for (ptrdiff_t i = 0; i < shown.n; i++)
        if (!show_row(rq, &lines, &rows.at[i], &shown.at[i]))
            return reply_error(rq);
    struct account_list_view view = {
        .frame = frame_make(rq, t_account_list(), STR("")),
        .q = q,
        .at = division_text(rq->arena, rq->axes.at),
        .line = rq->axes.line.n > 0 ? str_int(rq->arena, rq->axes.line.n) : STR(""),
        .search = url_literal("/accounts"),
        .open = url_here(rq, url_literal("/accounts/new")),
        .has_more = has_more,
        .rows = shown,
    };
    if (has_more)
        view.more = more_url(rq, q, rows.at[LIMIT_ROWS - 1].login);
    account_list_page(page_html(rq), &view);
    return reply_html(rq);
}

/* --- first passwords ----------------------------------------------------------------------------------------- */

struct first_password {
    struct str password, hash;
    struct account_id account; /* whose it became */
};

bool first_password_work(struct request *rq)
{
    enum { PASSWORD_CHARACTERS = 12 }; /* 60 bits */
    struct first_password *first = arena_new(rq->arena, struct first_password, 1);
    rq->worked = first;
    first->password = random_token(rq->arena, PASSWORD_CHARACTERS);
    first->hash = password_hash(rq->arena, first->password);
    return true;
}

static struct reply secret_show(struct request *rq)
{
    const struct first_password *first = rq->worked;
    struct account account;
    if (!account_find(rq->db, &rq->actor, first->account, rq->arena, &account, &rq->err))
        return reply_error(rq);
    struct account_secret_view view = {
        .frame = frame_make(rq, t_account_secret(), STR("")),
        .name = account.name,
        .login = account.login,
        .password = first->password,
        .show = account_url(rq, account.id, ""),
    };
    account_secret_page(page_html(rq), &view);
    return reply_html(rq);
}

/* What was changed stays, and the page with the password is the answer. */
static struct reply show_secret(struct request *rq, struct account_id account)
{
    struct first_password *first = rq->worked;
    first->account = account;
    struct reply reply = reply_shown(rq, secret_show);
    reply.location = account_url(rq, account, "");
    return reply;
}

/* --- a new account ------------------------------------------------------------------------------------------- */

/* What a new right most likely is for: where one looks, on one's own line; no role. */
static struct grant_input likely_grant(struct request *rq)
{
    struct scope scope;
    struct grant_input likely = { .role = -1, .line = rq->axes.line.n, .division = rq->axes.at };
    if (!access_scope(&rq->actor, &cap_accounts_manage, rq->axes.at, rq->axes.line, &scope))
        return likely;
    likely.division = scope.from;
    if (scope.line_from.n == scope.line_to.n)
        likely.line = scope.line_from.n;
    return likely;
}

struct reply account_new_show(struct request *rq)
{
    struct new_account_input likely = { .grant = likely_grant(rq) };
    struct choices lines;
    if (!load_lines(rq, &lines))
        return reply_error(rq);
    bool is_nation = likely.grant.division.code == 0; /* to be typed by whoever means it */
    struct account_new_view view = {
        .frame = frame_make(rq, t_account_new(), STR("")),
        .form = form_show(rq, &new_account_form, is_nation ? NULL : &likely),
        .action = url_here(rq, url_literal("/accounts/new")),
        .cancel = url_here(rq, url_literal("/accounts")),
    };
    form_draft(rq, &view.form, view.action);
    offer_grants(rq, &view.form, &lines);
    account_new_page(page_html(rq), &view);
    return reply_html(rq);
}

struct reply account_new_submit(struct request *rq)
{
    const struct new_account_input *input = rq->input;
    const struct first_password *first = rq->worked;
    struct account_id id;
    struct grant grant;
    struct new_account account = { .login = login_of_input(rq->arena, input->login),
                                   .name = input->name,
                                   .hash = first->hash,
                                   .must_change = true,
                                   .by = rq->actor.account };
    if (!grant_of_input(rq, &input->grant, &grant) ||
        !account_open(rq->txn, &rq->actor, &account, &grant, &rq->problems, &id, &rq->err))
        return has_problems(rq) ? reply_again(rq, account_new_show) : reply_error(rq);
    return show_secret(rq, id);
}

/* --- one account --------------------------------------------------------------------------------------------- */

static struct account_show_view show_account(struct request *rq, const struct account *account,
                                             const struct choices *lines)
{
    bool is_own = account->id.n == rq->actor.account.n;
    struct grant_input likely = likely_grant(rq);
    struct account_show_view view = {
        .frame = frame_make(rq, t_account_one(), account->name),
        .name = account->name,
        .login = account->login,
        .made_by = account_name(rq->db, account->created_by, rq->arena),
        .made_at = account->created_at,
        .locked_until = account->locked_until,
        .is_off = !account->is_active,
        .is_locked = account->locked_until.us > rq->now.us,
        .must_change = account->must_change,
        .may_change = may_change_account(&rq->actor, account),
        .grants = show_grants(rq, lines, account->grants, account->grant_count, is_own ? NULL : &rq->actor),
        .form = form_show(rq, &grant_form, likely.division.code == 0 ? NULL : &likely),
        .list = url_here(rq, url_literal("/accounts")),
        .give = account_url(rq, account->id, "/grant"),
        .take = account_url(rq, account->id, "/revoke"),
        .enable = account_url(rq, account->id, "/enable"),
        .disable = account_url(rq, account->id, "/disable"),
        .reset = account_url(rq, account->id, "/reset"),
    };
    form_draft(rq, &view.form, view.give);
    offer_grants(rq, &view.form, lines);
    return view;
}

struct reply account_show(struct request *rq)
{
    struct account account;
    struct choices lines;
    if (!account_find(rq->db, &rq->actor, asked_id(rq), rq->arena, &account, &rq->err) || !load_lines(rq, &lines))
        return reply_error(rq);
    struct account_show_view view = show_account(rq, &account, &lines);
    account_show_page(page_html(rq), &view);
    return reply_html(rq);
}

static struct reply after_change(struct request *rq, bool ok)
{
    if (!ok)
        return has_problems(rq) ? reply_again(rq, account_show) : reply_error(rq);
    return reply_see_other(rq, account_url(rq, asked_id(rq), ""));
}

struct reply account_give_submit(struct request *rq)
{
    struct grant grant;
    bool ok = grant_of_input(rq, rq->input, &grant) &&
              account_give(rq->txn, &rq->actor, asked_id(rq), &grant, rq->arena, &rq->problems, &rq->err);
    return after_change(rq, ok);
}

/* Also in a division that is no more. Without its last right an account may be out of sight: back to the list. */
struct reply account_take_submit(struct request *rq)
{
    const struct grant_input *input = rq->input;
    struct grant grant = { (enum role)input->role, { (int32_t)input->line }, input->division };
    struct account account;
    if (!account_take(rq->txn, &rq->actor, asked_id(rq), &grant, rq->arena, &rq->err))
        return after_change(rq, false);
    if (account_find(rq->txn->db, &rq->actor, asked_id(rq), rq->arena, &account, &rq->err))
        return after_change(rq, true);
    if (rq->err.kind != ERROR_NOT_FOUND)
        return reply_error(rq);
    rq->err = (struct error){ 0 };
    return reply_see_other(rq, url_here(rq, url_literal("/accounts")));
}

struct reply account_enable(struct request *rq)
{
    return after_change(rq, account_switch(rq->txn, &rq->actor, asked_id(rq), true, rq->arena, &rq->err));
}

struct reply account_disable(struct request *rq)
{
    return after_change(rq, account_switch(rq->txn, &rq->actor, asked_id(rq), false, rq->arena, &rq->err));
}

struct reply account_reset_submit(struct request *rq)
{
    const struct first_password *first = rq->worked;
    if (!account_reset(rq->txn, &rq->actor, asked_id(rq), first->hash, rq->arena, &rq->err))
        return after_change(rq, false);
    return show_secret(rq, asked_id(rq));
}
