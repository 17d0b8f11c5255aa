/*
 * compiler.h - the few attributes the house uses, and BUG().
 */
#pragma once
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))
#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define COUNT_OF(array) ((ptrdiff_t)(sizeof(array) / sizeof((array)[0])))

#ifdef NDEBUG
#error "assertions stay on in every build: a wrong state must stop the process, not spread"
#endif

/* An impossible state: prints where and why to standard error, then aborts.  Acknowledged work is on disk already. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
NORETURN void bug_at(const char *file, int line, const char *format, ...) PRINTF_LIKE(3, 4);
