/*
 * log.h - one JSON object per line on standard error; the journal collects it.
 *
 * Lower layers never log: they return a struct error, and the outermost handler writes it here once.  Nothing a person
 * typed is ever logged.
 */
#pragma once
#include "base/error.h"

void log_event(const char *level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);
void log_fault(int64_t request_number, const struct error *err); /* 0: not of a request */
