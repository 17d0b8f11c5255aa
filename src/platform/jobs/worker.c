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
        while (daily.more)
            if (!background_change(background, run_piece, &daily, err))
                return false;
    }
    return true;
}

void jobs_run(void *self, struct background *background)
{
    enum { REST_MS = 200, REST_AFTER_FAULT_MS = 900 };
    const struct app *app = self;
    struct date done = { 0 };
    while (!background_is_stopping(background)) {
        struct error err = { 0 };
        bool ran = false, ok = true;
        struct date today = date_of(background_now(background));
        if (today.days != done.days) {
            ok = jobs_tidy(background, done.days == 0, &err) && jobs_run_daily(app, background, &err);
            done = today;
        }
        ok = ok && jobs_run_next(app, background, &ran, &err);
        if (!ok)
            log_fault(0, &err);
        if (!ok || !ran)
            background_rest(background, ok ? REST_MS : REST_AFTER_FAULT_MS);
    }
}
