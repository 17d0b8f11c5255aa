/*
 * jobs.h - long work: what features register, and what they call.
 *
 * Invariants: a job belongs to one account and nobody else can tell that it exists; what it changes is one change,
 * which also ends it; every step of its life is audited; one that is over keeps no payload.
 */
#pragma once
#include "platform/access/access.h"
#include "platform/i18n/text.h"
#include "platform/jobs/types.h"
#include "platform/serve/background.h"
#include "platform/web/web.h"

struct job {
    int64_t district; /* 0: of no district */
    struct job_id id;
    struct str kind;
    struct account_id account;
    enum job_state state;
    int64_t step;
    enum lang lang; /* of who started it */
    struct instant created_at, changed_at;
    struct str name;
    struct str message; /* job_message() reads it */
};

/* How a step ended. */
struct job_outcome {
    enum job_state state;
    int64_t step; /* 0: as before */
    struct text message;
    bool has_result, has_payload; /* these replace what there was; a job that is over keeps no payload */
    struct str result, payload;
};

/* A step that runs. */
struct job_run {
    struct background *background;
    struct db *db; /* reading, in a snapshot of when the step began */
    struct db *replica; /* the same for a kind that may be old; NULL: none, and the step is run with db alone */
    struct arena *arena; /* as long as the step */
    struct job job;
    struct str payload;
    struct date today;
    struct job_outcome outcome; /* stored when run() returns true, unless is_ended */
    bool is_ended;              /* job_end() has been called in a change that is on the disk */
};

/* To add a kind: a table in the feature, its row in feature.c. */
struct job_kind {
    const char *name;             /* "network.import" */
    const struct text_key *title; /* 导入应建单位 */
    const struct text_key *const *texts; /* where its messages are found again */
    int text_count;
    bool may_be_old; /* it may read run->replica, and says so in its message */
    bool (*run)(struct job_run *run, struct error *err);
    /* The page once a step is over; NULL: the general one. */
    struct reply (*show)(struct request *rq, const struct job *job);
};

struct new_job {
    int64_t district;
    const struct job_kind *kind;
    struct account_id account;
    enum lang lang;
    struct str name, payload;
};

extern const struct feature jobs_feature;
extern const struct schema jobs_schema;
extern const struct sealed_column job_payload_column, job_result_column; /* platform/crypt/reseal.h */
extern const struct upgrade jobs_upgrade; /* platform/db/upgrade.h */

/*
 * False: the account has LIMIT_JOBS_UNFINISHED that are not over, each of which may keep what was uploaded.  For whoever
 * starts one with a payload or a result of size.
 */
bool job_has_room(struct db *db, struct account_id account, bool *ret, struct error *err) MUST_USE;
/* The account's oldest results give way. ERROR_BUSY: LIMIT_JOBS_WAITING jobs are in the queue. */
bool job_start(struct txn *txn, const struct new_job *job, struct job_id *ret, struct error *err) MUST_USE;
/* The account's job; somebody else's is ERROR_NOT_FOUND. */
bool job_find(struct db *db, struct account_id account, int64_t district, struct job_id id, struct arena *arena,
              struct job *ret, struct error *err) MUST_USE;
bool job_read_result(struct db *db, const struct job *job, struct arena *arena, struct str *ret,
                     struct error *err) MUST_USE;
/* From waiting to the queue, for its next step. ERROR_CONFLICT: it no longer waits. */
bool job_go_on(struct txn *txn, const struct job *job, int64_t step, struct error *err) MUST_USE;
/* ERROR_CONFLICT: it is over already. */
bool job_cancel(struct txn *txn, const struct job *job, struct error *err) MUST_USE;
/* Ends a running step inside the change it makes. ERROR_CONFLICT: it was cancelled. */
bool job_end(struct txn *txn, const struct job *job, const struct job_outcome *outcome, struct error *err) MUST_USE;

/* Says how far it is, and looks up: false (ERROR_BUSY) when it was cancelled or the process is to end. */
bool job_progress(struct job_run *run, int64_t done, int64_t total, struct error *err) MUST_USE;

struct url job_url(struct arena *arena, int64_t district, struct job_id id);
/* The kind of that name among all features; NULL: of a feature that is gone. */
const struct job_kind *job_kind_of(const struct app *app, struct str name);
struct text job_message(const struct job_kind *kind, struct arena *arena, struct str message);

/* What serve runs in its thread: takes jobs off the queue until the end; self is the struct app. */
void jobs_run(void *self, struct background *background);
/* One round of it, for tests: marks what a dead process left, deletes old jobs. */
bool jobs_tidy(struct background *background, bool is_start, struct error *err) MUST_USE;
/* What every feature has to do on a new day. */
bool jobs_run_daily(const struct app *app, struct background *background, struct error *err) MUST_USE;
/* Runs the oldest job in the queue; *ret_ran is false when there is none. */
bool jobs_run_next(const struct app *app, struct background *background, bool *ret_ran, struct error *err) MUST_USE;
