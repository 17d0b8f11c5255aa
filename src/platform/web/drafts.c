#include "platform/web/drafts.h"

#include "base/parse.h"
#include "platform/audit/audit.h"
#include "platform/limits.h"
#include "platform/serve/log.h"
#include "platform/web/cookies.h"
#include "platform/web/forms.h"
#include "platform/web/once.h"
#include "platform/web/routes.h"

#include "gen/web_queries.h"

#define DRAFT_FIELDS "draft.fields"

enum { ADDRESS_MAX = 200 }; /* a path of ours with three ids is shorter */

static bool keeps_drafts(const struct route *route)
{
    return route->form && !form_has_secret(route->form);
}

/* --- keeping ------------------------------------------------------------------------------------------------- */

/* The fields of this form alone, whatever else was sent. */
static bool put_fields(struct request *rq, const struct form *form, struct buf *out)
{
    for (int i = 0; i < form->field_count; i++) {
        struct str value = param(&rq->fields, form->fields[i].name);
        if (value.len > 0)
            params_put(out, str_of(form->fields[i].name), value);
    }
    return !out->overflowed || error_fail(&rq->err, ERROR_LIMIT, "a draft over %d bytes", LIMIT_DRAFT_BYTES);
}

static bool drop(struct request *rq, struct str address, struct error *err)
{
    return draft_drop(rq->txn, &(struct draft_drop_args){ rq->actor.account, address }, NULL, err);
}

/* Given to another account, or put into another draft, it does not open. */
static struct sealed_place place_of(int64_t id, struct account_id account)
{
    return (struct sealed_place){ DRAFT_FIELDS, id, account.n };
}

/* The one there is keeps its number, which pages show and its fields are sealed with. */
static bool number_of(struct request *rq, struct str address, int64_t *ret)
{
    struct draft_of row;
    struct draft_of_args args = { rq->actor.account, address };
    bool is_there;
    if (!draft_of(rq->txn->db, &args, rq->arena, &row, &is_there, &rq->err))
        return false;
    *ret = is_there ? row.id : txn_id(rq->txn);
    return true;
}

static bool draft_save(struct request *rq, struct str address, const struct form *form)
{
    int64_t id;
    struct buf fields = buf_make(rq->arena, LIMIT_DRAFT_BYTES);
    if (!put_fields(rq, form, &fields))
        return false;
    txn_waive_audit(rq->txn);
    if (fields.len == 0)
        return drop(rq, address, &rq->err);
    if (!number_of(rq, address, &id))
        return false;
    struct draft_put_args put = { .account = rq->actor.account, .address = address, .id = id, .saved_at = rq->now };
    put.fields = crypt_seal(crypt_ring(rq->txn->db), place_of(id, rq->actor.account), buf_str(&fields), rq->arena);
    return draft_put(rq->txn, &put, &rq->err) &&
           draft_trim(rq->txn, &(struct draft_trim_args){ rq->actor.account, LIMIT_DRAFTS }, NULL, &rq->err);
}

/* A form that may be filled in at this address; NULL: there is none, or not for this person. */
static const struct form *form_at(struct request *rq, struct str address)
{
    struct request asked = { .app = rq->app };
    bool is_known;
    bool is_there = address.len <= ADDRESS_MAX && routes_match(&asked, HTTP_POST, address, &is_known) &&
                    keeps_drafts(asked.route) && access_has(&rq->actor, asked.route->needs);
    return is_there ? asked.route->form : NULL;
}

/* What has been sent is no draft, though it arrives after the form itself, or is typed again after going back. */
static bool keep_or_drop(struct request *rq, struct str address, const struct form *form)
{
    bool was_sent;
    if (!once_was_sent(rq, form, address, &was_sent, &rq->err))
        return false;
    if (!was_sent)
        return draft_save(rq, address, form);
    txn_waive_audit(rq->txn);
    return drop(rq, address, &rq->err);
}

static struct reply draft_submit(struct request *rq)
{
    struct str address = param(&rq->fields, "draft");
    const struct form *form = form_at(rq, address);
    rq->once = NULL; /* a text that comes back to what it was is kept again */
    if (!form) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "no form at this address");
        return reply_error(rq);
    }
    if (!keep_or_drop(rq, address, form))
        return reply_error(rq);
    return reply_status(204, (struct str){ 0 }, (struct str){ 0 });
}

static struct reply draft_discard_submit(struct request *rq)
{
    struct draft_discard_args args = { rq->path_ids[0], rq->actor.account };
    int64_t discarded;
    if (!draft_discard(rq->txn, &args, &discarded, &rq->err))
        return reply_error(rq);
    if (discarded == 0) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "no such draft of this person");
        return reply_error(rq);
    }
    txn_waive_audit(rq->txn);
    return reply_see_other(rq, url_local(rq->arena, param(&rq->fields, "back")));
}

bool draft_drop_sent(struct request *rq, struct error *err)
{
    return !keeps_drafts(rq->route) || drop(rq, rq->x->path, err);
}

/* --- showing ------------------------------------------------------------------------------------------------- */

static struct str path_of(struct url url)
{
    struct str path, query;
    (void)str_cut(url.text, '?', &path, &query);
    return path;
}

/* Beside each field what is stored now, where the draft says something else. */
static void fill_in(struct request *rq, struct form_view *view, const struct params *fields)
{
    bool is_edit = param(fields, "version").len > 0;
    for (ptrdiff_t i = 0; i < view->n; i++) {
        struct field_view *field = &view->at[i];
        struct str typed = param(fields, field->field->name);
        field->has_stored = is_edit && field->value.len > 0 && !str_equal(typed, field->value);
        field->stored = form_words(rq, field, field->value);
        field->value = typed;
        field->is_checked = field->is_check && typed.len > 0;
    }
}

void form_draft(struct request *rq, struct form_view *view, struct url action)
{
    struct draft_of row;
    struct params fields;
    struct draft_of_args args = { rq->actor.account, path_of(action) };
    struct str typed;
    bool is_there;
    view->draft.address = args.address;
    if (rq->x->method == HTTP_POST || args.account.n == 0)
        return;
    if (!draft_of(rq->db, &args, rq->arena, &row, &is_there, &rq->err) ||
        (is_there && (!crypt_open(crypt_ring(rq->db), place_of(row.id, args.account), row.fields, rq->arena, &typed, &rq->err) ||
                      !params_parse(rq->arena, typed, &fields, &rq->err)))) {
        log_fault(rq->x->number, &rq->err); /* a draft that cannot be read must not keep the form from being shown */
        rq->err = (struct error){ 0 };
        return;
    }
    if (!is_there)
        return;
    struct str id = str_int(rq->arena, row.id);
    struct url here = url_here(rq, url_local(rq->arena, rq->x->path));
    view->draft.is_there = true;
    view->draft.is_taken = str_equal(param(&rq->query, "draft"), id);
    view->draft.saved_at = instant_minute(rq->arena, row.saved_at);
    view->draft.take_up = url_with(rq->arena, here, "draft", id);
    view->draft.discard = url_path(rq->arena, "/drafts/%.*s/discard", STR_ARG(id));
    view->draft.back = here.text;
    if (view->draft.is_taken)
        fill_in(rq, view, &fields);
}

/* --- too late ------------------------------------------------------------------------------------------------ */

/* Who is signed in, or whose session has ended; 0: nobody. */
static struct account_id sender_of(struct request *rq)
{
    struct account_id ended = { 0 };
    struct str token = cookie(rq->x, STR(SESSION_COOKIE));
    if (rq->actor.account.n != 0 || token.len == 0 || !rq->app->ended_session)
        return rq->actor.account;
    bool is_read = rq->app->ended_session(rq->db, token, rq->now, rq->arena, &ended, &rq->err);
    return is_read ? ended : (struct account_id){ 0 };
}

/* Whose page the form stands on, as form_token in shell.html wrote it; 0: unsaid. */
static struct account_id owner_of(struct request *rq)
{
    struct account_id owner = { 0 };
    (void)parse_int(param(&rq->fields, "who"), 1, INT64_MAX, &owner.n);
    return owner;
}

bool draft_may_rescue(struct request *rq)
{
    const struct route *route = rq->route;
    bool is_draft = route && route->method == HTTP_POST && keeps_drafts(route) && rq->x->path.len <= ADDRESS_MAX &&
                    str_equal(param(&rq->fields, "draft"), rq->x->path); /* else its page would not offer it */
    struct account_id sender = sender_of(rq), owner = owner_of(rq);
    if (!is_draft || sender.n == 0 || owner.n == 0)
        return false;
    rq->is_anothers = sender.n != owner.n;
    if (!rq->is_anothers)
        rq->actor.account = owner;
    return !rq->is_anothers;
}

struct reply draft_rescue(struct request *rq)
{
    rq->err = (struct error){ 0 };
    if (!draft_save(rq, rq->x->path, rq->route->form))
        return reply_error(rq);
    struct url page = routes_page_of(rq);
    if (rq->session.id != 0)
        return reply_see_other(rq, page);
    struct url sign_in = url_with(rq->arena, url_of(rq, rq->app->addresses.sign_in), "back", page.text);
    return reply_see_other(rq, url_with(rq->arena, sign_in, "kept", STR("1")));
}

/* --- the table ----------------------------------------------------------------------------------------------- */

/* Drafts that are old, and forms that were done long ago. */
static bool purge(struct txn *txn, bool *ret_more, struct error *err)
{
    enum { PIECE = 1000 };
    static const int64_t HOUR_US = INT64_C(3600) * 1000000;
    struct draft_purge_args drafts = { { txn->now.us - LIMIT_DRAFT_DAYS * 24 * HOUR_US }, PIECE };
    struct form_done_purge_args done = { { txn->now.us - LIMIT_DONE_HOURS * HOUR_US }, PIECE };
    int64_t dropped, forgotten;
    if (!draft_purge(txn, &drafts, &dropped, err) || !form_done_purge(txn, &done, &forgotten, err))
        return false;
    txn_waive_audit(txn);
    *ret_more = dropped >= PIECE || forgotten >= PIECE;
    return true;
}

static bool next_sealed(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                        struct sealed_rows *ret, struct error *err)
{
    struct draft_sealed_rows rows;
    (void)district; /* a draft belongs to none */
    if (!draft_sealed(db, &(struct draft_sealed_args){ record, limit }, arena, &rows, err))
        return false;
    *ret = (struct sealed_rows){ arena_new(arena, struct sealed_row, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i] = (struct sealed_row){ .record = rows.at[i].id, .owner = rows.at[i].account.n,
                                           .sealed = rows.at[i].fields };
    return true;
}

static bool put_sealed(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed,
                       struct error *err)
{
    return draft_reseal(txn, &(struct draft_reseal_args){ sealed, row->record, row->sealed }, ret_changed, err);
}

const struct sealed_column draft_fields_column = { .name = DRAFT_FIELDS, .next = next_sealed, .put = put_sealed };

/* To add an address: one row here, its function above. */
static const struct route routes[] = {
    { HTTP_POST, "/drafts", &cap_signed_in, .handle = draft_submit },
    { HTTP_POST, "/drafts/{id}/discard", &cap_signed_in, .handle = draft_discard_submit },
};

const struct feature drafts_feature = {
    .name = "drafts",
    .schema = &web_schema,
    .routes = routes,
    .route_count = (int)COUNT_OF(routes),
    .daily = purge,
};
