#include "features/network/reapply.h"

#include "features/network/coverage.h"

/* Inside one change, so a rule and what follows from it are on the disk together. */
enum { SLICE = 1000 };

struct reply reapply_reply(struct request *rq, struct division division)
{
    struct book book;
    struct unit_place place = { .division = division };
    int64_t count = SLICE;
    if (!book_load(rq->txn->db, rq->today, rq->arena, &book, &rq->err))
        return reply_error(rq);
    while (count == SLICE)
        if (!coverage_reapply(rq->txn, rq->actor.account, &book, division, SLICE, &place, &count, &rq->err))
            return reply_error(rq);
    return reply_see_other(rq, url_here(rq, url_path(rq->arena, "/network/rules")));
}
