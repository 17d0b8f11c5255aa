/*
 * doctor.h - what shuniu doctor knows of an installation, and how a check says what it found.
 */
#pragma once
#include "base/compiler.h"
#include "base/time.h"
#include "shuniu/commands.h"

enum verdict {
    VERDICT_FINE,
    VERDICT_LOOK,   /* works, and somebody should know */
    VERDICT_BROKEN, /* data is lost or open to others, or will be */
    VERDICT_COUNT
};

struct doctor {
    struct arena *arena;
    const struct options *options;
    struct instant now;
    int counts[VERDICT_COUNT];
};

/* One line about a thing: what was found.  advise() says below it what to do. */
void found(struct doctor *doctor, enum verdict verdict, const char *thing, const char *format, ...) PRINTF_LIKE(4, 5);
void advise(const char *format, ...) PRINTF_LIKE(1, 2);

/* doctor_place.c: where the data lies. */
void check_folder(struct doctor *doctor);
void check_files(struct doctor *doctor);
void check_disk(struct doctor *doctor);
/* doctor_machine.c: what it runs on. */
void check_clock(struct doctor *doctor);
void check_limits(struct doctor *doctor);
void check_kernel(struct doctor *doctor);
/* doctor_data.c: what is in it, and in its copies. */
void check_data(struct doctor *doctor);
void check_backups(struct doctor *doctor);
void check_keys(struct doctor *doctor);
/* doctor_server.c: the same of data on a database server. */
void check_server(struct doctor *doctor);

struct audit_report;
/* The first column of the first row: a text into ret_text, or a number into ret_number; the other is NULL. */
bool doctor_ask(struct db *db, const struct query *query, struct arena *arena, struct str *ret_text, int64_t *ret_number,
                struct error *err) MUST_USE;
/* audit_verify(), in a snapshot: a server may be at work. */
bool doctor_verify(struct db *db, struct arena *arena, struct audit_report *ret, struct error *err) MUST_USE;

/* A file's name in a folder, with a closing NUL. */
const char *name_in(struct doctor *doctor, const char *folder, const char *name);
