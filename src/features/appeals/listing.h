/*
 * listing.h - which appeals a list shows, page or workbook: what an office has, what is late below it, what one handles or took in,
 * those of an area, or what a search finds.
 */
#pragma once
#include "features/appeals/pages.h"

/* Which list, by ?show=. */
enum appeal_show { SHOW_DESK, SHOW_LATE, SHOW_MINE, SHOW_TAKEN, SHOW_OPEN, SHOW_CLOSED, APPEAL_SHOW_COUNT };

struct appeal_asked {
    struct scope scope;
    enum appeal_show show;
    struct str typed; /* by ?q=; empty: no search */
};

struct appeal_found_rows {
    struct appeal_list_rows rows;
    bool has_more;
    struct str after; /* ?after= of what follows */
};

struct str appeal_show_name(enum appeal_show show);
/* An office lies in a district or below, and one that others report to in a town or above; elsewhere there is no such list. */
bool appeal_has_list(enum appeal_show show, struct scope scope);

/*
 * What the request asks for, where the actor may read.  A search goes through the open ones of the area, or the closed ones: what
 * somebody looks for may well lie at another desk.
 */
bool appeal_asked_read(struct request *rq, struct appeal_asked *ret);
/* At most max rows behind ?after=: of a desk the most urgent first, of a search the newest. */
bool appeals_read(struct request *rq, const struct appeal_asked *asked, int64_t max, struct appeal_found_rows *ret);
