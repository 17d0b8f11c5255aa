/*
 * writer_single.c - the writer with one transaction for each request: what group commit is measured against.
 *
 * The same source with another limit; linked before the library, it takes the place of the one inside.
 */
#include "platform/limits.h"

#define LIMIT_WRITER_BATCH 1 /* from here on instead of the constant in limits.h */

#include "platform/serve/writer.c" /* NOLINT(bugprone-suspicious-include) - the same file with another limit */
