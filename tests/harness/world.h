/*
 * world.h - a whole installation in one process, without sockets: data in a temporary folder, a clock, ids, people.
 *
 * A request passes the same stages as in platform/serve/serve.c, one after the other in this thread.  What a test
 * cannot do without stops the program: only what the application answers is left to the test to judge.
 */
#pragma once
#include "platform/db/ids.h"
#include "platform/serve/serve.h"
#include "platform/web/web.h"

enum { WORLD_PEOPLE_MAX = 64, ASK_HEADERS_MAX = 8 };

/* Somebody in front of a browser of their own. */
struct person {
    struct str login;          /* empty: a visitor */
    struct account_id account; /* 0: a visitor */
    struct str cookies;        /* newest first */
};

struct world {
    struct app app;
    struct serve_app stages;
    struct arena arena, asking; /* of the whole world; of the last request and its reply */
    char folder[40];
    struct keeper *keeper;
    struct database *database;
    struct db *writer;
    struct ids ids;     /* counting: 1, 2, 3 ... */
    struct instant now; /* stands still until a test moves it */
    int refuses_with;   /* what serve answers by itself where the database is away; 0: it is there */
    bool forgets;       /* what a request changes is undone before its reply is made */
    struct str hash;    /* of everybody's password */
    int64_t asked;
    struct person people[WORLD_PEOPLE_MAX];
    int people_count;
};

struct ask {
    enum http_method method;
    struct str target; /* path and query, as sent */
    struct str body;   /* of a form, encoded */
    struct http_header headers[ASK_HEADERS_MAX];
    int header_count;
};

/*
 * The small tree of tests/scenes/territory.csv with the lines that ship, 顺德区 and 南海区 opened; it is 2026-11-24
 * 09:00 in China.  The world must not be moved afterwards.
 */
void world_open(struct world *world, struct app app);
void world_close(struct world *world);

/* Everybody's password. */
struct str world_password(void);
/* Creates the account; NULL of world_find(): nobody of that login. */
struct person *world_add(struct world *world, struct str login);
struct person *world_find(struct world *world, struct str login);
void world_grant(struct world *world, const struct person *who, struct grant grant);
/* Through the real form, unless the session still holds. False: it was refused. */
bool world_sign_in(struct world *world, struct person *who);
/* What the features do on a new day, as platform/jobs does it in the night. */
void world_daily(struct world *world);
/* The session behind the cookies; id 0: none. Its texts live in the world. */
struct session world_session(struct world *world, const struct person *who);

/* The reply lives until the next request; x->app is its struct request. */
struct exchange *world_ask(struct world *world, struct person *who, const struct ask *ask);
struct str reply_header(const struct exchange *x, struct str name); /* empty: not there */
/* Adds name=value to the body of a form, encoded. */
void form_put(struct buf *body, struct str name, struct str value);

/* A connection to read with; given back by db_release(). */
struct db *world_reader(struct world *world);
/* What must not go wrong in a test's own doing. */
void must(bool ok, const struct error *err);
