/*
 * jobs_world.h - a data file in a folder of its own, the writer, and jobs that are run one by one: for unit tests.
 */
#pragma once
#include "platform/db/ids.h"
#include "platform/jobs/jobs.h"

struct jobs_world {
    char folder[40];
    struct keeper *keeper;
    struct database *database;
    struct ids ids; /* counting: 1, 2, 3 ... */
    clock_fn *clock;
    struct writer *writer;
    struct background *background;
    struct arena arena;
    struct error err;
    struct app app; /* its features may be changed */
};

/* The one of the test that runs. */
extern struct jobs_world world;

/* Returns 0, as cmocka wants it. */
int world_begin(const struct schema *const *schemas, int schema_count, const struct feature *const *features,
                int feature_count, clock_fn *clock);
int world_end(void);
/* As a process that ends and one that begins. */
void world_restart(void);

/* Fails the test with world.err. */
void ok(bool is_ok);
/* In the folder of the world. */
const char *world_path(const char *name);
struct db *world_reader(void); /* given back by db_release() */
bool world_change(change_fn *change, void *self);

struct job_id job_started(struct new_job job);
/* False: world.err. */
bool job_continued(const struct job *job);
bool job_cancelled(const struct job *job);
struct job job_found(struct account_id account, int64_t district, struct job_id id);
bool job_run_one(void);
