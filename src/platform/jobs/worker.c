/*
 * worker.c - the loop of the thread for long work.
 */
#include "platform/jobs/jobs.h"
#include "platform/serve/log.h"

void jobs_run(void *self, struct background *background)
{
    enum { REST_MS = 200, REST_AFTER_FAULT_MS = 900 };
    static const int64_t DAY_US = INT64_C(86400) * 1000000;
    const struct app *app = self;
    struct instant tidied = { 0 };
    while (!background_is_stopping(background)) {
        struct error err = { 0 };
        bool ran = false, ok = true;
        struct instant now = background_now(background);
        if (now.us - tidied.us > DAY_US) {
            ok = jobs_tidy(background, tidied.us == 0, &err);
            tidied = now;
        }
        ok = ok && jobs_run_next(app, background, &ran, &err);
        if (!ok)
            log_fault(0, &err);
        if (!ok || !ran)
            background_rest(background, ok ? REST_MS : REST_AFTER_FAULT_MS);
    }
}
