/*
 * tree.h - reading the table of divisions, for the files of this feature.
 */
#pragma once
#include "features/territory/territory.h"

/* The same place once more at a deeper level; see territory.h. */
bool division_is_stand_in(const struct division_row *row);
/* Adds up to limit rows of one level with codes from .. to, by code. */
bool tree_range(struct db *db, enum division_level level, struct division from, struct division to, struct date on,
                int limit, struct arena *arena, struct division_rows *ret, struct error *err) MUST_USE;
bool tree_count(struct db *db, enum division_level level, struct division inside, struct date on, int64_t *ret,
                struct error *err) MUST_USE;
/* Since when the division has been as it is; ERROR_NOT_FOUND as territory_find(). */
bool tree_since(struct db *db, struct division code, struct date on, struct arena *arena, struct date *ret,
                struct error *err) MUST_USE;
/* The names of the divisions above, province first: 广东省 佛山市 顺德区. */
bool tree_path_text(struct db *db, struct division code, struct date on, struct arena *arena, struct str *ret,
                    struct error *err) MUST_USE;
