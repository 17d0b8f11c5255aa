/*
 * confine.h - what the server cannot do any more once it serves, whoever tells it to.
 *
 * confine_drop() first of all, so that the data is opened and the port bound by the user the server runs as.  confine()
 * when the data is open and before any thread starts: all of it is inherited by threads and can never be taken back.
 * Rights gained through other programs end (no_new_privs); files but those of places[] cannot be opened (Landlock,
 * confine.c); system calls but those of allowed[] do not exist, and what only an intruder calls kills the process
 * (seccomp, confine_calls.c).  A kernel without Landlock or seccomp is no fault: what is in force is reported.
 */
#pragma once
#include "base/error.h"

struct confine {
    const char *data;  /* the folder of the data: the one place to write */
    const char *keys;  /* the folder of the key file, which is replaced while the server runs: read; NULL: none */
    int port;          /* the one port to listen on; 0: any */
    bool may_connect;  /* the data is on another server: names are looked up and connections made */
};

/* What is in force now. */
struct confined {
    int landlock; /* the level of the kernel's Landlock; 0: it has none */
    int calls;    /* how many system calls are left; 0: the kernel has no seccomp */
};

/*
 * Started by root, becomes this user and no other one ever again.  NULL: stays who it is.  ERROR_INPUT when there is no
 * such user or it has all rights itself, ERROR_FORBIDDEN when not started by root.
 */
bool confine_drop(const char *user, struct error *err) MUST_USE;
bool confine(const struct confine *confine, struct confined *ret, struct error *err) MUST_USE;

/* The second half, for confine() alone: the system calls. */
bool confine_calls(bool may_connect, int *ret_calls, struct error *err) MUST_USE;

/* Sanitizers look at their own process, which costs rights that the released program does not have. */
#ifdef __has_feature /* clang's way to say it */
#define CONFINE_CLANG_SANITIZES (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define CONFINE_CLANG_SANITIZES 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || CONFINE_CLANG_SANITIZES
enum { CONFINE_IS_SANITIZED = 1 };
#else
enum { CONFINE_IS_SANITIZED = 0 };
#endif
