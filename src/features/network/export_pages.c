/*
 * export_pages.c - downloads: units as an import takes them back, blank spots, coverage, the matrix.
 */
#include "features/network/export.h"

#include "features/accounts/accounts.h"
#include "features/network/capabilities.h"
#include "features/network/contacts.h"
#include "features/network/import.h"
#include "features/network/import_pages.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/jobs/record.h"
#include "platform/limits.h"

#include "gen/jobs_texts.h"
#include "gen/network_pages.h"
#include "gen/network_texts.h"

#define XLSX_TYPE STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

struct reply export_download(struct request *rq, struct str file, struct text name, struct str place)
{
    struct reply reply = reply_status(200, XLSX_TYPE, file);
    struct str title = text_in(rq->arena, rq->lang, name);
    reply.file_name = str_format(rq->arena, "%.*s-%.*s-%.*s.xlsx", STR_ARG(title), STR_ARG(place),
                                 STR_ARG(date_iso(rq->arena, rq->today)));
    return reply;
}

/* --- units ------------------------------------------------------------------------------------------------------ */

static bool go_on(void *self, int64_t done, struct error *err)
{
    (void)self, (void)done, (void)err;
    return true;
}

/* The part of the register that is asked for; of places there is no workbook. */
static bool range_of(struct request *rq, struct export_range *ret)
{
    int64_t kind = unit_kind_asked(rq);
    *ret = (struct export_range){ .kind = kind, .lang = rq->lang, .today = rq->today, .max = EXPORT_DIRECT_MAX };
    if (kind >= UNIT_VILLAGE)
        return error_fail(&rq->err, ERROR_NOT_FOUND, "a place is not exported");
    if (!page_scope(rq, &cap_network_read, &ret->scope))
        return false;
    ret->with_contacts = contacts_of_units(&rq->actor, ret->scope);
    return true;
}

/* What the search of the list finds, all at once; more than a workbook takes: ERROR_LIMIT. */
static bool search_range(struct request *rq, struct str typed, struct export_range *range,
                         struct unit_list_rows *found)
{
    struct page_end end;
    struct unit_list_args args = { .from = range->scope.from, .to = range->scope.to,
                                   .by_kind = range->kind != 0, .kind = (enum unit_kind)range->kind,
                                   .limit = EXPORT_DIRECT_MAX + 1 };
    range->found = found;
    return units_search(rq, &args, typed, found, &end) &&
           (!end.has_more || error_fail(&rq->err, ERROR_LIMIT, "more than %d units found", EXPORT_DIRECT_MAX));
}

struct reply units_export(struct request *rq)
{
    struct export_range range;
    struct export_unread unread = { 0 };
    struct unit_list_rows found;
    struct str file, typed = str_trim(param(&rq->query, "q"));
    if (!range_of(rq, &range) || (typed.len > 0 && !search_range(rq, typed, &range, &found)))
        return reply_error(rq);
    range.unread = &unread;
    if (export_units(rq->db, &range, rq->arena, go_on, NULL, &file, &rq->err)) {
        export_log_unread(&unread);
        struct str place = territory_name(rq->db, range.scope.from, rq->today, rq->arena);
        return export_download(rq, file, t_units_title(), place);
    }
    if (rq->err.kind != ERROR_LIMIT || range.found)
        return reply_error(rq);
    struct url url = url_here(rq, url_literal("/units/import"));
    return reply_see_other(rq, url_with(rq->arena, url, "large", STR("1")));
}

/* The part of the territory and the choice of who asked; whether they may see it is asked again in each step. */
static struct str export_payload(struct arena *arena, const struct export_range *range)
{
    enum { PAYLOAD_BYTES = 256 };
    struct buf out = buf_make(arena, PAYLOAD_BYTES);
    record_int(&out, range->scope.from.code);
    record_int(&out, range->scope.to.code);
    record_int(&out, range->kind);
    record_end(&out);
    return buf_str(&out);
}

struct reply units_export_submit(struct request *rq)
{
    struct job_id id;
    struct export_range range;
    bool has_room;
    if (!range_of(rq, &range) || !job_has_room(rq->txn->db, rq->actor.account, &has_room, &rq->err))
        return reply_error(rq);
    if (!has_room) {
        (void)problem_add(&rq->problems, STR("file"), t_job_too_many(LIMIT_JOBS_UNFINISHED));
        return reply_again(rq, import_form_show);
    }
    struct str place = territory_name(rq->txn->db, range.scope.from, rq->today, rq->arena);
    struct str title = text_in(rq->arena, rq->lang, t_units_title());
    struct new_job job = { .district = division_district(range.scope.from),
                           .kind = &export_kind,
                           .account = rq->actor.account,
                           .lang = rq->lang,
                           .name = str_format(rq->arena, "%.*s-%.*s.xlsx", STR_ARG(title), STR_ARG(place)),
                           .payload = export_payload(rq->arena, &range) };
    if (!job_start(rq->txn, &job, &id, &rq->err))
        return reply_error(rq);
    return reply_see_other(rq, job_url(rq->arena, job.district, id));
}

static bool export_step(void *self, int64_t done, struct error *err)
{
    return job_progress(self, done, 0, err);
}

/* Whether all of what a workbook was asked for, or holds, is still in sight. */
static bool check_sight(const struct actor *actor, const struct export_range *range, struct error *err)
{
    struct scope scope;
    if (access_scope(actor, &cap_network_read, range->scope.from, (struct line){ 0 }, &scope) &&
        scope.from.code == range->scope.from.code && scope.to.code >= range->scope.to.code &&
        (!range->with_contacts || contacts_of_units(actor, range->scope)))
        return true;
    return error_fail(err, ERROR_NOT_FOUND, "outside the actor's scope");
}

/* The result: one record, the part it covers and what of it, so that a download can ask again; then the workbook. */
static struct str export_result(struct arena *arena, const struct export_range *range, struct str file)
{
    enum { RECORD_BYTES = 64, RESULT_BYTES = 1 << 30 };
    struct buf out = buf_make(arena, RESULT_BYTES);
    (void)buf_reserve(&out, RECORD_BYTES + file.len);
    record_int(&out, range->scope.from.code);
    record_int(&out, range->scope.to.code);
    record_int(&out, range->with_contacts);
    record_end(&out);
    buf_put(&out, file);
    return buf_str(&out);
}

static bool read_result(struct str result, struct export_range *ret_range, struct str *ret_file, struct error *err)
{
    struct records in = { .rest = result };
    bool ok = records_next(&in);
    ret_range->scope.from.code = records_int(&in);
    ret_range->scope.to.code = records_int(&in);
    /* those of a program before schema 6 say nothing of it, and have them */
    ret_range->with_contacts = in.record.len == 0 || records_int(&in) != 0;
    *ret_file = in.rest;
    return (ok && !in.bad) || error_fail(err, ERROR_INPUT, "an export whose result cannot be read");
}

static struct text export_message(const struct export_range *range, bool is_old)
{
    if (range->unread->n > 0)
        return t_export_done_unread(range->unread->n);
    if (!range->with_contacts)
        return is_old ? t_export_done_bare_old() : t_export_done_bare();
    return is_old ? t_export_done_old() : t_export_done();
}

static bool run_export(struct job_run *run, struct error *err)
{
    struct records in = { .rest = run->payload };
    struct export_unread unread = { 0 };
    struct export_range range = { .today = run->today, .max = INT64_MAX, .unread = &unread };
    struct actor actor;
    struct str file;
    bool ok = records_next(&in);
    range.scope.from.code = records_int(&in);
    range.scope.to.code = records_int(&in);
    range.kind = records_int(&in);
    range.lang = run->job.lang;
    if (!ok || in.bad)
        return error_fail(err, ERROR_INPUT, "an export whose payload cannot be read");
    if (!accounts_actor(run->db, run->job.account, run->arena, &actor, err))
        return false;
    struct error out_of_sight;
    if (!check_sight(&actor, &range, &out_of_sight)) {
        run->outcome = (struct job_outcome){ .state = JOB_FAILED, .message = t_export_no_rights() };
        return true;
    }
    range.with_contacts = contacts_of_units(&actor, range.scope);
    if (!export_units(run->replica ? run->replica : run->db, &range, run->arena, export_step, run, &file, err))
        return false;
    export_log_unread(&unread);
    bool is_old = run->replica && db_is_replica(run->replica);
    run->outcome = (struct job_outcome){ .state = JOB_DONE,
                                         .message = export_message(&range, is_old),
                                         .has_result = true,
                                         .result = export_result(run->arena, &range, file) };
    return true;
}

static const struct text_key *const messages[] = { &text_key_export_done, &text_key_export_done_old, &text_key_export_done_bare,
                                                   &text_key_export_done_bare_old, &text_key_export_done_unread,
                                                   &text_key_export_no_rights };

const struct job_kind export_kind = { .name = "network.export",
                                      .title = &text_key_export_title,
                                      .texts = messages,
                                      .text_count = COUNT_OF(messages),
                                      .may_be_old = true,
                                      .run = run_export,
                                      .show = export_result_show };

struct reply export_result_show(struct request *rq, const struct job *job)
{
    struct export_result_view view = { .name = job->name,
                                       .message = job_message(&export_kind, rq->arena, job->message),
                                       .has_file = job->state == JOB_DONE,
                                       .file_url = url_path(rq->arena, "/units/export/%lld/%lld",
                                                            (long long)job->district, (long long)job->id.n),
                                       .units_url = url_here(rq, url_literal("/units")) };
    view.frame = frame_make(rq, t_export_title(), job->name);
    network_export_result_page(page_html(rq), &view);
    return reply_html(rq);
}

struct reply units_export_file(struct request *rq)
{
    struct job job;
    struct export_range range = { 0 };
    struct str result, file;
    struct job_id id = { rq->path_ids[1] };
    if (!job_find(rq->db, rq->actor.account, rq->path_ids[0], id, rq->arena, &job, &rq->err))
        return reply_error(rq);
    if (job.state != JOB_DONE || !str_equal(job.kind, str_of(export_kind.name))) {
        (void)error_fail(&rq->err, ERROR_NOT_FOUND, "no export that is done");
        return reply_error(rq);
    }
    if (!job_read_result(rq->db, &job, rq->arena, &result, &rq->err) ||
        !read_result(result, &range, &file, &rq->err) || !check_sight(&rq->actor, &range, &rq->err))
        return reply_error(rq);
    struct reply reply = reply_status(200, XLSX_TYPE, file);
    reply.file_name = job.name;
    return reply;
}
