#include "platform/db/ids.h"

enum { SEQUENCE_BITS = 10, NODE_BITS = 12, CLOCK_SHIFT = SEQUENCE_BITS + NODE_BITS };

#define EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00Z */

/* A clock outside of 2020 to 2089 stands still at the end it is over: ids then only count. */
static int64_t milliseconds(struct instant now)
{
    enum { LAST_BIT = 41 };
    int64_t since = now.us / 1000 - EPOCH_MS, last = (INT64_C(1) << LAST_BIT) - 1;
    return since < 0 ? 0 : since > last ? last : since;
}

static int64_t first_of(int64_t millisecond, int32_t node)
{
    return millisecond << CLOCK_SHIFT | (int64_t)node << SEQUENCE_BITS;
}

void ids_go_on(struct ids *ids, int64_t last)
{
    if (!ids->is_counting && last > ids->last)
        ids->last = last;
}

int64_t ids_next(struct ids *ids, struct instant now)
{
    int64_t next = ids->last + 1;
    if (!ids->is_counting) {
        int64_t from_clock = first_of(milliseconds(now), ids->node);
        bool sequence_is_used_up = (next & ((1 << SEQUENCE_BITS) - 1)) == 0;
        if (sequence_is_used_up)
            next = first_of((ids->last >> CLOCK_SHIFT) + 1, ids->node);
        if (from_clock > next)
            next = from_clock;
    }
    ids->last = next;
    return next;
}

struct instant ids_time(int64_t id)
{
    return (struct instant){ ((id >> CLOCK_SHIFT) + EPOCH_MS) * 1000 };
}

struct id_run ids_run(struct ids *ids, struct instant now, int64_t count)
{
    assert(count > 0);
    struct id_run run = { .first = ids->last + 1, .length = INT64_MAX };
    if (!ids->is_counting) {
        int64_t next = (ids->last >> CLOCK_SHIFT) + 1, millisecond = milliseconds(now);
        run = (struct id_run){ .first = first_of(millisecond > next ? millisecond : next, ids->node),
                               .length = 1 << SEQUENCE_BITS,
                               .step = INT64_C(1) << CLOCK_SHIFT };
    }
    int64_t last = count - 1;
    ids->last = run.first + last / run.length * run.step + last % run.length;
    return run;
}
