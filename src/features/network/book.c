#include "features/network/book.h"

#include "gen/network_queries.h"

enum { RULES_MAX = 10000 };

bool book_load_lines(struct db *db, struct date on, struct arena *arena, struct book *ret, struct error *err)
{
    struct book book = { 0 };
    struct line_all_rows rows;
    if (!line_all(db, &(struct line_all_args){ .on = on }, arena, &rows, err))
        return false;
    book.lines = arena_new(arena, struct line_entry, rows.n);
    book.line_count = rows.n;
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct line_all *row = &rows.at[i];
        book.lines[i] = (struct line_entry){ .line = row->line,
                                             .name = { row->name_zh, row->name_en },
                                             .short_name = { row->short_zh, row->short_en } };
    }
    *ret = book;
    return true;
}

bool book_load(struct db *db, struct date on, struct arena *arena, struct book *ret, struct error *err)
{
    struct book book;
    struct rule_all_rows rows;
    if (!book_load_lines(db, on, arena, &book, err) ||
        !rule_all(db, &(struct rule_all_args){ .on = on, .limit = RULES_MAX }, arena, &rows, err))
        return false;
    book.rules = (struct coverage_rules){ arena_new(arena, struct coverage_rule, rows.n), rows.n };
    book.entries = arena_new(arena, struct rule_entry, rows.n);
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        const struct rule_all *row = &rows.at[i];
        book.rules.at[i] = (struct coverage_rule){ .number = row->rule,
                                                    .line = row->line,
                                                    .division = row->division,
                                                    .kind = row->unit_kind,
                                                    .measure = row->measure,
                                                    .at_least = row->at_least };
        book.entries[i] = (struct rule_entry){ .rule = book.rules.at[i],
                                               .basis = { row->basis_zh, row->basis_en },
                                               .valid_from = row->valid_from,
                                               .valid_to = row->valid_to };
    }
    *ret = book;
    return true;
}

static const struct line_entry *entry_of(const struct book *book, struct line line)
{
    for (ptrdiff_t i = 0; i < book->line_count; i++)
        if (book->lines[i].line.n == line.n)
            return &book->lines[i];
    return NULL;
}

struct str book_line(const struct book *book, enum lang lang, struct line line)
{
    const struct line_entry *entry = entry_of(book, line);
    return entry ? entry->name[lang] : STR("?");
}

struct str book_line_short(const struct book *book, enum lang lang, struct line line)
{
    const struct line_entry *entry = entry_of(book, line);
    return entry ? entry->short_name[lang] : STR("?");
}

const struct rule_entry *book_rule(const struct book *book, int64_t number)
{
    for (ptrdiff_t i = 0; i < book->rules.n; i++)
        if (book->entries[i].rule.number == number)
            return &book->entries[i];
    return NULL;
}
