#include "features/network/unit_index.h"

#include "base/buf.h"
#include "platform/db/bigram_query.h"

#include "gen/network_queries.h"

enum { WORDS_BYTES = 2048 };

#define PLACE_MARK STR("zat")

/* By hand rather than formatted: an import makes it for 100,000 units while the writer is held. */
struct str unit_index_words(struct arena *arena, struct str name, struct str uscc, struct division division)
{
    struct buf out = buf_make(arena, WORDS_BYTES);
    enum division_level level = division_level(division);
    buf_put(&out, name);
    buf_char(&out, ' ');
    buf_put(&out, uscc);
    for (enum division_level at = DIVISION_PROVINCE; at <= level; at++) {
        buf_char(&out, ' ');
        buf_put(&out, PLACE_MARK);
        buf_put(&out, division_text(arena, division_at(division, at)));
    }
    return buf_str(&out);
}

static struct str words_of(struct arena *arena, const struct unit_words *unit)
{
    return unit_index_words(arena, unit->name, unit->uscc, unit->division);
}

bool unit_index_add(struct txn *txn, const struct unit_words *unit, struct arena *arena, struct error *err)
{
    struct unit_search_add_args args = { .district = division_district(unit->division), .id = unit->id,
                                         .words = words_of(arena, unit) };
    return unit_search_add(txn, &args, NULL, err);
}

bool unit_index_remove(struct txn *txn, const struct unit_words *unit, struct arena *arena, struct error *err)
{
    struct unit_search_remove_args args = { .district = division_district(unit->division), .id = unit->id,
                                            .words = words_of(arena, unit) };
    return unit_search_remove(txn, &args, NULL, err);
}

bool unit_index_change(struct txn *txn, const struct unit_words *before, const struct unit_words *after,
                       struct arena *arena, struct error *err)
{
    if (str_equal(before->name, after->name) && str_equal(before->uscc, after->uscc))
        return true;
    return unit_index_remove(txn, before, arena, err) && unit_index_add(txn, after, arena, err);
}

struct str unit_index_query(struct arena *arena, struct str typed, struct division inside)
{
    struct str words = bigram_query(arena, typed);
    if (words.len == 0 || inside.code == 0)
        return words;
    return str_format(arena, "%.*s AND \"%.*s%.*s\"", STR_ARG(words), STR_ARG(PLACE_MARK),
                      STR_ARG(division_text(arena, inside)));
}

bool unit_index_fits(struct arena *arena, struct str typed, struct str name, struct str uscc)
{
    struct str text = bigram_fold(arena, str_trim(typed));
    struct str all = bigram_fold(arena, str_format(arena, "%.*s %.*s", STR_ARG(name), STR_ARG(uscc)));
    return str_find(text, STR(" ")) >= 0 || str_find(all, text) >= 0;
}

struct indexing {
    struct txn *txn;
    struct arena arena;
};

static bool index_row(void *self, const struct unit_words_each *row, struct error *err)
{
    struct indexing *indexing = self;
    struct unit_words words = { .id = row->id, .division = row->division, .name = row->name, .uscc = row->uscc };
    arena_reset(&indexing->arena);
    return unit_index_add(indexing->txn, &words, &indexing->arena, err);
}

bool unit_reindex(struct txn *txn, struct error *err)
{
    struct arena arena = { 0 };
    struct indexing indexing = { .txn = txn };
    bool ok = unit_words_each(txn->db, &arena, index_row, &indexing, err);
    arena_release(&indexing.arena);
    arena_release(&arena);
    return ok;
}
