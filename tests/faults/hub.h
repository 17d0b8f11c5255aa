/*
 * hub.h - one installation under faults: its data, its real writer, and a script of real requests.
 *
 * A request passes the stages of platform/serve/serve.c one after the other, but a fault is answered here as there, where
 * harness/world.h would stop.  The clock stands and ids count, so every undisturbed run of the script gives the same
 * data: the digest of hub_check() says whether two are alike.
 */
#pragma once
#include "harness/world.h"
#include "platform/serve/writer.h"

#include <pthread.h>

enum { HUB_STEPS_MAX = 32, HUB_NAMES_MAX = 8, HUB_CROWD = 8 };

/* $3 stands for what an earlier step has learned as 3: the digits behind a text, where it was sent to or in its page. */
struct step {
    enum http_method method;
    int status;
    const char *target, *fields;
    int learns;
    const char *behind;
    bool adds_again; /* asked twice it is done twice: a form with a secret is not remembered (platform/web/once.h) */
};

/* What all runs begin with, and what an undisturbed one gives. */
struct ground {
    struct arena arena;
    struct str file; /* the data */
    const char *keys; /* their file, and what opens them */
    struct keeper *keeper;
    struct ids ids;
    struct person who;
    struct str csrf;
    struct str names[HUB_NAMES_MAX];    /* $1 ... of the script: ids it learns from its replies */
    struct str pages[HUB_STEPS_MAX];    /* what a person reads after each step; empty: a change */
    int64_t last_ids[HUB_STEPS_MAX + 1]; /* before each step, and at the end */
    uint64_t digests[HUB_STEPS_MAX + 1]; /* of the data, likewise */
    uint64_t crowd_digests[HUB_CROWD]; /* when so many of the crowd have been there */
    uint64_t digest_with_more; /* at the end, when a sign-in was asked for twice */
};

struct hub {
    const struct ground *ground;
    struct app app;
    struct serve_app stages;
    struct arena arena, asking;
    const char *path;
    struct database *database;
    struct writer *writer;
    struct ids ids;
    struct person who;
    int64_t asked;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t moved;
    int unanswered; /* changes the writer has */
    bool gate_is_open;
};

/* The data, with people signed in, and one undisturbed run. */
void ground_prepare(struct ground *ground, const char *folder);
void ground_release(struct ground *ground);

int hub_steps(void);
const struct step *hub_step(int step);
/* Puts the ground's file at path, or takes what is there; nothing is opened. */
void hub_place(struct hub *hub, const struct ground *ground, const char *path);
void hub_take(struct hub *hub, const struct ground *ground, const char *path);
void hub_remove(const char *path); /* the file and what SQLite keeps beside it */
bool hub_open(struct hub *hub, struct error *err) MUST_USE;
void hub_close(struct hub *hub); /* fine after a hub_open() that failed */
void hub_release(struct hub *hub);
/* Asks for one step of the script, with the ids of the undisturbed run; the reply lives until the next. */
struct exchange *hub_ask(struct hub *hub, int step);
/* is_again: it was refused, and may yet have been stored. */
struct exchange *hub_ask_again(struct hub *hub, int step, bool is_again);

/* The first n of the crowd of a step; 200: all are answered 303; else the worst answer. */
int hub_crowd(struct hub *hub, int step, int n);
/* What a person reads; of a change: empty. */
struct str hub_page(struct arena *arena, int step, const struct exchange *x);

enum hub_answer {
    HUB_RIGHT,   /* as in the undisturbed run */
    HUB_REFUSED, /* clean: 500, 503, 507 */
    HUB_WRONG,
};
enum hub_answer hub_judge(const struct hub *hub, int step, const struct exchange *x);
/* For who has to find out what is wrong: what was to be read, and what was. */
void hub_print(const struct hub *hub, int step, const struct exchange *x);
struct instant hub_clock(void); /* it stands */
/*
 * Is this what the undisturbed run has before a step?  While it was not over: or what is there after it, or, of a crowd,
 * after some of them.  When it was: or with what was asked for twice.
 */
bool hub_explains(const struct ground *ground, int step, bool is_over, uint64_t digest);
/* Empty: whole by integrity_check, the audit and the recount; else what is not. */
struct str hub_check(struct hub *hub, uint64_t *ret_digest, struct arena *arena);
