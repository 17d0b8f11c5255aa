#include "features/appeals/appeal_index.h"

#include "base/buf.h"
#include "platform/db/bigram_query.h"

#include "gen/appeals_queries.h"

enum { PLACE_WORDS_BYTES = 256 };

#define PLACE_MARK "zat"
#define LINE_MARK "zal"

/* What a person can look for; a blank between two texts, so that no pair is made of the end of one and the next. */
static struct str text_of(struct arena *arena, const struct appeal_entry *entry)
{
    return str_format(arena, "%.*s %.*s %.*s %.*s", STR_ARG(entry->number), STR_ARG(entry->title), STR_ARG(entry->story),
                      STR_ARG(entry->wish));
}

static struct str words_of(struct arena *arena, const struct appeal_entry *entry)
{
    struct str text = text_of(arena, entry);
    struct buf out = buf_make(arena, text.len + PLACE_WORDS_BYTES);
    buf_put(&out, text);
    for (enum division_level at = DIVISION_PROVINCE; at <= division_level(entry->division); at++)
        buf_format(&out, " " PLACE_MARK "%.*s", STR_ARG(division_text(arena, division_at(entry->division, at))));
    buf_format(&out, " " LINE_MARK "%d", (int)entry->line.n);
    return buf_str(&out);
}

bool appeal_index_add(struct txn *txn, const struct appeal_entry *entry, struct arena *arena, struct error *err)
{
    struct appeal_search_add_args args = { .district = division_district(entry->division), .id = entry->id,
                                           .words = words_of(arena, entry) };
    return appeal_search_add(txn, &args, NULL, err);
}

bool appeal_index_change(struct txn *txn, const struct appeal_entry *before, const struct appeal_entry *after, struct arena *arena,
                         struct error *err)
{
    struct appeal_search_remove_args old = { .district = division_district(before->division), .id = before->id,
                                             .words = words_of(arena, before) };
    if (str_equal(old.words, words_of(arena, after)))
        return true;
    return appeal_search_remove(txn, &old, NULL, err) && appeal_index_add(txn, after, arena, err);
}

struct str appeal_index_query(struct arena *arena, struct str typed, struct scope inside)
{
    struct str words = bigram_query(arena, typed);
    if (words.len > 0 && inside.from.code != 0)
        words = str_format(arena, "%.*s AND \"" PLACE_MARK "%.*s\"", STR_ARG(words), STR_ARG(division_text(arena, inside.from)));
    if (words.len > 0 && inside.line_from.n == inside.line_to.n)
        words = str_format(arena, "%.*s AND \"" LINE_MARK "%d\"", STR_ARG(words), (int)inside.line_from.n);
    return words;
}

bool appeal_index_fits(struct arena *arena, struct str typed, const struct appeal_entry *entry)
{
    struct str word, rest = bigram_fold(arena, typed), all = bigram_fold(arena, text_of(arena, entry));
    bool more = true, fits = true;
    while (more && fits) {
        more = str_cut(rest, ' ', &word, &rest);
        fits = str_find(all, word) >= 0;
    }
    return fits;
}

struct indexing {
    struct txn *txn;
    struct arena arena;
};

static bool index_row(void *self, const struct appeal_entry_each *row, struct error *err)
{
    struct indexing *indexing = self;
    struct appeal_entry entry = { row->id, row->division, row->line, row->number, row->title, row->story, row->wish };
    arena_reset(&indexing->arena);
    return appeal_index_add(indexing->txn, &entry, &indexing->arena, err);
}

bool appeal_reindex(struct txn *txn, struct error *err)
{
    struct arena arena = { 0 };
    struct indexing indexing = { .txn = txn };
    bool ok = appeal_entry_each(txn->db, &arena, index_row, &indexing, err);
    arena_release(&indexing.arena);
    arena_release(&arena);
    return ok;
}
