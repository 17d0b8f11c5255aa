/*
 * ids.h - where new ids come from.
 *
 * time mode: milliseconds since 2020 << 22 | node << 10 | sequence; grows even when the clock steps back.
 * count mode: 1, 2, 3 ..., for tests, so that addresses in scenes are short and always the same.
 * One struct belongs to one writer.
 */
#pragma once
#include "base/time.h"
#include "platform/db/db.h"

enum { IDS_NODES = 4096 };

struct ids {
    int64_t last;
    int32_t node;     /* 0 .. IDS_NODES - 1 */
    bool is_counting;
};

/* last was given by somebody: those to come are larger. Counted ids, which are a test's own, stay as they are. */
void ids_go_on(struct ids *ids, int64_t last);
int64_t ids_next(struct ids *ids, struct instant now);
struct instant ids_time(int64_t id); /* when it was given, by time mode */
/* count of them, in whole milliseconds of this node: nobody else makes any of these. */
struct id_run ids_run(struct ids *ids, struct instant now, int64_t count);
