#include "features/network/reapply.h"

#include "features/network/coverage.h"
#include "platform/audit/audit.h"

#include "gen/network_texts.h"

/* Units of one change: a slice keeps every tally true, and others' changes wait a few milliseconds at most. */
enum { SLICE = 500 };

struct slice {
    struct job_run *run;
    struct division division;
    struct book book;
    struct unit_place place, next; /* where it begins; where the slice after it does */
    int64_t count;
};

static bool apply_slice(void *self, struct txn *txn, struct error *err)
{
    struct slice *slice = self;
    struct account_id by = slice->run->job.account;
    struct audit_event event = { .district = division_district(slice->division),
                                 .account = by,
                                 .action = STR("rule.reapply"),
                                 .subject = str_format(slice->run->arena, "division:%lld", (long long)slice->place.division.code) };
    slice->next = slice->place; /* the batch may be run again: it starts from the same place */
    return coverage_reapply(txn, by, &slice->book, slice->division, SLICE, &slice->next, &slice->count, err) &&
           audit_append(txn, &event, err);
}

static bool run_reapply(struct job_run *run, struct error *err)
{
    struct slice slice = { .run = run, .count = SLICE };
    int64_t done = 0;
    if (!division_parse(run->payload, &slice.division))
        return error_fail(err, ERROR_INPUT, "no division: %.*s", STR_ARG(run->payload));
    slice.place.division = slice.division;
    if (!book_load(run->db, run->today, run->arena, &slice.book, err))
        return false;
    while (slice.count == SLICE) {
        if (!background_change(run->background, apply_slice, &slice, err))
            return false;
        slice.place = slice.next;
        done += slice.count;
        if (!job_progress(run, done, 0, err))
            return false;
    }
    run->outcome = (struct job_outcome){ .state = JOB_DONE, .message = t_reapply_done(done) };
    return true;
}

static const struct text_key *const texts[] = { &text_key_reapply_done };

const struct job_kind network_reapply_job = { .name = "network.reapply",
                                              .title = &text_key_reapply_title,
                                              .texts = texts,
                                              .text_count = COUNT_OF(texts),
                                              .run = run_reapply };

struct reply reapply_reply(struct request *rq, struct division division)
{
    struct job_id id;
    struct new_job job = { .district = division_district(division),
                           .kind = &network_reapply_job,
                           .account = rq->actor.account,
                           .lang = rq->lang,
                           .payload = division_text(rq->arena, division) };
    if (!job_start(rq->txn, &job, &id, &rq->err))
        return reply_error(rq);
    return reply_see_other(rq, url_here(rq, job_url(rq->arena, job.district, id)));
}
