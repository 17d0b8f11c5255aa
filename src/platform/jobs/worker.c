/*
 * worker.c - the loop of the thread for long work: jobs from the queue, and once a day what a new day brings.
 */
#include "platform/jobs/jobs.h"
#include "platform/serve/log.h"

struct daily {
    const struct feature *feature;
    bool more;
};

static bool run_piece(void *self, struct txn *txn, struct error *err)
{
    struct daily *daily = self;
    return daily->feature->daily(txn, &daily->more, err);
}

bool jobs_run_daily(const struct app *app, struct background *background, struct error *err)
{
    for (int f = 0; f < app->feature_count; f++) {
        struct daily daily = { .feature = app->features[f], .more = app->features[f]->daily != NULL };
        while (daily.more) {
            if (background_is_stopping(background))
                return error_fail(err, ERROR_BUSY, "the process is to end");
            if (!background_change(background, run_piece, &daily, err))
                return false;
        }
    }
    return true;
}

/* The last day whose duties are done, and when to try again after a fault: jobs go on meanwhile. */
struct duties {
    struct date done;
    struct instant not_before;
};

static bool do_duties(const struct app *app, struct background *background, struct duties *duties, struct error *err)
{
    static const int64_t RETRY_US = INT64_C(60) * 1000000;
    struct instant now = background_now(background);
    struct date today = date_of(now);
    if (today.days == duties->done.days || now.us < duties->not_before.us)
        return true;
    if (!jobs_tidy(background, duties->done.days == 0, err) || !jobs_run_daily(app, background, err) ||
        (app->daily && !app->daily(app, background, err))) {
        duties->not_before.us = now.us + RETRY_US;
        return false;
    }
    duties->done = today;
    return true;
}

void jobs_run(void *self, struct background *background)
{
    enum { REST_MS = 200, REST_AFTER_FAULT_MS = 900 };
    const struct app *app = self;
    struct duties duties = { 0 };
    while (!background_is_stopping(background)) {
        struct error err = { 0 };
        bool ran = false;
        bool ok = do_duties(app, background, &duties, &err) && jobs_run_next(app, background, &ran, &err);
        if (!ok && !background_is_stopping(background))
            log_fault(0, &err);
        if (!ok || !ran)
            background_rest(background, ok ? REST_MS : REST_AFTER_FAULT_MS);
    }
}
