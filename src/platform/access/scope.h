/*
 * scope.h - the two axes every record, right and figure lies on: territory (块) and line (条).
 *
 * A division is its 12-digit statistical code (GB/T 2260 plus 3+3 digits), padded with zeros: 440606102000 is a town,
 * 440606000000 its district, 0 the nation.  The code is the path (2-2-2-3-3), so a subtree is one range of numbers.
 * A line is a small number out of the register of lines (union 1, league 2, ...); 0 stands for all lines.
 */
#pragma once
#include "base/str.h"

struct division { int64_t code; };  /* 0 .. 999999999999 */
struct line { int32_t n; };         /* 0: all lines; 1 .. LINE_MAX */

enum { LINE_MAX = 99 };

enum division_level {
    DIVISION_NATION,
    DIVISION_PROVINCE,
    DIVISION_CITY,
    DIVISION_DISTRICT,
    DIVISION_TOWN,
    DIVISION_VILLAGE
};

/* A rectangle on the two axes; what an actor may see and what a page shows. Both bounds belong to it. */
struct scope {
    struct division from, to;
    struct line line_from, line_to;
};

enum division_level division_level(struct division division);
struct division division_parent(struct division division); /* of the nation: the nation */
struct division division_at(struct division division, enum division_level level); /* the ancestor at that level */
struct division division_last(struct division division); /* the highest code inside its subtree */
int64_t division_district(struct division division);     /* the first six digits: the shard every record lives in */
bool division_contains(struct division subtree, struct division division);
/* "440606102", 2, 4, 6, 9 or 12 digits; "0" is the nation.  Only the form is checked, not that it exists. */
bool division_parse(struct str s, struct division *ret);
struct str division_text(struct arena *arena, struct division division); /* the shortest form that parses back */

bool line_parse(struct str s, struct line *ret); /* "0" .. "99" */

struct scope scope_of(struct division subtree, struct line line); /* line 0: all lines */
bool scope_contains(struct scope scope, struct division division, struct line line);
