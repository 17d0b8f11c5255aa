/*
 * book.h - the reference data an action needs, read once: the lines and the rules of a day.
 */
#pragma once
#include "features/network/rules.h"
#include "platform/db/db.h"
#include "platform/i18n/text.h"

struct line_entry {
    struct line line;
    struct str name[LANG_COUNT], short_name[LANG_COUNT];
};

struct rule_entry {
    struct coverage_rule rule;
    struct str basis[LANG_COUNT];
    struct date valid_from, valid_to;
};

struct book {
    struct line_entry *lines;
    ptrdiff_t line_count;
    struct coverage_rules rules;
    struct rule_entry *entries; /* as many as rules, in the same order */
};

/* The lines alone; no rules. */
bool book_load_lines(struct db *db, struct date on, struct arena *arena, struct book *ret, struct error *err) MUST_USE;
bool book_load(struct db *db, struct date on, struct arena *arena, struct book *ret, struct error *err) MUST_USE;
struct str book_line(const struct book *book, enum lang lang, struct line line);       /* 总工会 */
struct str book_line_short(const struct book *book, enum lang lang, struct line line); /* 工会 */
const struct rule_entry *book_rule(const struct book *book, int64_t number);           /* NULL: none */
