/*
 * figures.h - the tallies of a place, line by line: its own, those of the places one level below, and what lies in none
 * of them; of today or of the end of a past day.
 *
 * One range of rows each, whatever is below them.
 */
#pragma once
#include "features/network/book.h"
#include "features/territory/territory.h"
#include "platform/web/web.h"

struct figures {
    struct request *rq;
    struct scope scope; /* the part of the axes the actor may read */
    struct division_row place;
    struct book book;
    struct date on; /* the day shown: ?on=2026-06-30; anything but a past day is today */
    bool is_past;
    struct line *lines;
    ptrdiff_t line_count;
    struct division_rows children;
    struct tally *total;  /* by line */
    struct tally *counts; /* [child * line_count + line] */
    struct tally *own;    /* total less counts: in the division itself, none below */
};

/* False: rq->err. */
bool figures_load(struct request *rq, struct figures *ret);
/* Of a page like /network: for another place, as of the same day, which a link leaves out when it is today. */
struct url figures_url(const struct figures *figures, const char *path, struct axes axes);
