/*
 * error.h - faults: what can go wrong though the program is right.
 *
 * A function that can fail returns bool and takes struct error *err last; err is written only on failure.  A bug is
 * BUG() (compiler.h); a refusal of a person's input is struct problems (platform/web/problems.h).  The detail is for
 * the log, never for a page.
 */
#pragma once
#include "base/compiler.h"

enum error_kind {
    ERROR_NONE,
    ERROR_NOT_FOUND, /* not there, or not in the actor's scope: the two are never told apart */
    ERROR_FORBIDDEN, /* signed in, but the role does not allow it */
    ERROR_CONFLICT,  /* somebody changed it meanwhile */
    ERROR_REFUSED,   /* the input has problems, listed elsewhere */
    ERROR_INPUT,     /* malformed beyond a field: a bad request, a broken file */
    ERROR_LIMIT,     /* larger than a limit */
    ERROR_BUSY,      /* too much at once; trying again later helps */
    ERROR_FULL,      /* no space on the disk */
    ERROR_IO,        /* the disk, the file or the database does not work */
    ERROR_VERSION,   /* data of another version of the program */
    ERROR_UNKNOWN,   /* the database was lost while it was saving: perhaps it is saved */
    ERROR_SEALED     /* a sealed value of the data does not open: another key file, or damaged */
};

struct error {
    enum error_kind kind;
    const char *file;
    int line;
    char detail[240];
};

/*
 * Fills err and is false, so that a fault is one line: return error_fail(err, ERROR_IO, "read: %s", why);  The false stands
 * here, where analysers see it.
 */
#define error_fail(err, kind, ...) (error_fill((err), (kind), __FILE__, __LINE__, __VA_ARGS__), false)
void error_fill(struct error *err, enum error_kind kind, const char *file, int line, const char *format, ...)
    PRINTF_LIKE(5, 6);
const char *error_kind_name(enum error_kind kind); /* "not-found": for logs and JSON */
