#include "platform/serve/log.h"

#include "base/buf.h"
#include "base/time.h"

#include <stdarg.h>
#include <unistd.h>

enum { LINE_BYTES = 2048, DETAIL_BYTES = 512 };

static void put_json(struct buf *line, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_char(line, '\\');
        if ((unsigned char)*c < 0x20)
            buf_format(line, "\\u%04x", (unsigned char)*c);
        else
            buf_char(line, *c);
    }
}

void log_event(const char *level, const char *event, const char *format, ...)
{
    struct arena arena = { 0 };
    struct buf line = buf_make(&arena, LINE_BYTES);
    char detail[DETAIL_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    buf_format(&line, "{\"at\":\"%.*s\",\"level\":\"%s\",\"event\":\"%s\",\"detail\":\"",
               STR_ARG(instant_iso(&arena, instant_now())), level, event);
    put_json(&line, detail);
    buf_put(&line, STR("\"}\n"));
    /* one write, so that lines of several threads do not mix; a log that cannot be written must not stop the work */
    if (write(STDERR_FILENO, line.data, (size_t)line.len) < 0)
        (void)0;
    arena_release(&arena);
}

void log_fault(int64_t request_number, const struct error *err)
{
    log_event("error", error_kind_name(err->kind), "request %lld: %s (%s:%d)", (long long)request_number, err->detail,
              err->file, err->line);
}
