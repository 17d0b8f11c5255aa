/*
 * pages.c - a job's page, the list of one's own jobs, and cancelling.
 */
#include "platform/jobs/jobs.h"
#include "platform/jobs/message.h"
#include "platform/jobs/views.h"
#include "platform/limits.h"

#include "gen/jobs_pages.h"
#include "gen/jobs_queries.h"
#include "gen/jobs_texts.h"

struct url job_url(struct arena *arena, int64_t district, struct job_id id)
{
    return url_path(arena, "/jobs/%lld/%lld", (long long)district, (long long)id.n);
}

const struct job_kind *job_kind_of(const struct app *app, struct str name)
{
    for (int f = 0; f < app->feature_count; f++)
        for (int k = 0; k < app->features[f]->job_count; k++)
            if (str_equal(str_of(app->features[f]->jobs[k]->name), name))
                return app->features[f]->jobs[k];
    return NULL;
}

struct text job_message(const struct job_kind *kind, struct arena *arena, struct str message)
{
    struct str kept = str_copy(arena, message);
    struct text text = message_read(jobs_text_keys, jobs_text_key_count, kept);
    return text.key || !kind ? text : message_read(kind->texts, kind->text_count, kept);
}

static struct text state_text(enum job_state state)
{
    switch (state) {
    case JOB_QUEUED:
        return t_job_state_queued();
    case JOB_RUNNING:
        return t_job_state_running();
    case JOB_WAITING:
        return t_job_state_waiting();
    case JOB_DONE:
        return t_job_state_done();
    case JOB_FAILED:
        return t_job_state_failed();
    case JOB_CANCELLED:
        return t_job_state_cancelled();
    }
    BUG("job state %d", (int)state);
}

static struct text title_of(const struct job_kind *kind)
{
    return !kind ? t_job_title() : (struct text){ .key = kind->title };
}

static bool find(struct request *rq, struct db *db, struct job *ret)
{
    struct job_id id = { rq->path_ids[1] };
    return job_find(db, rq->actor.account, rq->path_ids[0], id, rq->arena, ret, &rq->err);
}

static void show_progress(const struct request *rq, const struct job *job, struct job_view *view)
{
    int64_t done = 0, total = 0;
    if (!rq->x->background || !background_progress_of(rq->x->background, job->id.n, &done, &total) || done == 0)
        return;
    view->has_percent = total > 0;
    view->progress = total > 0 ? t_job_progress_of(done, total) : t_job_progress(done);
    view->percent = str_int(rq->arena, total > 0 ? done * 100 / total : 0);
}

static struct reply job_show(struct request *rq)
{
    struct job job;
    if (!find(rq, rq->db, &job))
        return reply_error(rq);
    const struct job_kind *kind = job_kind_of(rq->app, job.kind);
    bool is_live = job.state == JOB_QUEUED || job.state == JOB_RUNNING;
    if (!is_live && job.state != JOB_CANCELLED && kind && kind->show)
        return kind->show(rq, &job);
    struct job_view view = { .title = title_of(kind),
                             .name = job.name,
                             .state = state_text(job.state),
                             .message = job_message(kind, rq->arena, job.message),
                             .is_live = is_live,
                             .may_cancel = is_live || job.state == JOB_WAITING,
                             .url = job_url(rq->arena, job.district, job.id) };
    view.cancel_url = url_path(rq->arena, "/jobs/%lld/%lld/cancel", (long long)job.district, (long long)job.id.n);
    if (job.state == JOB_RUNNING)
        show_progress(rq, &job, &view);
    view.frame = frame_make(rq, view.title, job.name);
    jobs_job_page(page_html(rq), &view);
    return reply_html(rq);
}

static struct reply job_cancel_submit(struct request *rq)
{
    struct job job;
    if (!find(rq, rq->txn->db, &job))
        return reply_error(rq);
    bool is_over = job.state == JOB_DONE || job.state == JOB_FAILED || job.state == JOB_CANCELLED;
    if (!is_over && !job_cancel(rq->txn, &job, &rq->err)) /* over already: its page says how it ended */
        return reply_error(rq);
    return reply_see_other(rq, job_url(rq->arena, job.district, job.id));
}

static struct reply jobs_show(struct request *rq)
{
    struct job_of_account_rows rows;
    /* all that are not over: no more wait in the queue, or for the person, than these two limits let through */
    struct job_of_account_args args = { rq->actor.account, LIMIT_JOBS_WAITING + LIMIT_JOBS_UNFINISHED + LIMIT_JOBS_KEPT };
    if (!job_of_account(rq->db, &args, rq->arena, &rows, &rq->err))
        return reply_error(rq);
    struct jobs_view view = { .days = LIMIT_JOB_DAYS,
                              .rows = { arena_new(rq->arena, struct job_row, rows.n), rows.n } };
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct job_of_account *row = &rows.at[i];
        view.rows.at[i] = (struct job_row){ .name = row->name,
                                            .title = title_of(job_kind_of(rq->app, row->kind)),
                                            .state = state_text(row->state),
                                            .created_at = row->created_at,
                                            .url = job_url(rq->arena, row->district, row->id) };
    }
    view.frame = frame_make(rq, t_jobs_title(), (struct str){ 0 });
    jobs_list_page(page_html(rq), &view);
    return reply_html(rq);
}

/* To add an address: one row here, its function above. */
static const struct route routes[] = {
    { HTTP_GET, "/jobs", &cap_signed_in, jobs_show },
    { HTTP_GET, "/jobs/{district}/{id}", &cap_signed_in, job_show },
    { HTTP_POST, "/jobs/{district}/{id}/cancel", &cap_signed_in, job_cancel_submit },
};

const struct feature jobs_feature = { .name = "jobs",
                                      .schema = &jobs_schema,
                                      .routes = routes,
                                      .route_count = COUNT_OF(routes) };
