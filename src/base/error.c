#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void bug_at(const char *file, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: bug: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

void error_fill(struct error *err, enum error_kind kind, const char *file, int line, const char *format, ...)
{
    va_list args;
    err->kind = kind;
    err->file = file;
    err->line = line;
    va_start(args, format);
    (void)vsnprintf(err->detail, sizeof err->detail, format, args);
    va_end(args);
}

const char *error_kind_name(enum error_kind kind)
{
    static const char *const names[] = {
        [ERROR_NONE] = "none",         [ERROR_NOT_FOUND] = "not-found", [ERROR_FORBIDDEN] = "forbidden",
        [ERROR_CONFLICT] = "conflict", [ERROR_REFUSED] = "refused",     [ERROR_INPUT] = "input",
        [ERROR_LIMIT] = "limit",       [ERROR_BUSY] = "busy",           [ERROR_FULL] = "full",
        [ERROR_IO] = "io",             [ERROR_VERSION] = "version",     [ERROR_UNKNOWN] = "unknown",
        [ERROR_SEALED] = "sealed",
    };
    return names[kind];
}
