#include "features/network/organisation_index.h"

#include "features/network/unit_index.h"

#include "gen/network_queries.h"

static struct str words_of(struct arena *arena, const struct organisation_words *organisation)
{
    return unit_index_words(arena, organisation->name, organisation->uscc, organisation->division);
}

bool organisation_index_add(struct txn *txn, const struct organisation_words *organisation, struct arena *arena,
                            struct error *err)
{
    struct organisation_search_add_args args = { .district = division_district(organisation->division),
                                                 .id = organisation->id, .words = words_of(arena, organisation) };
    return organisation_search_add(txn, &args, NULL, err);
}

bool organisation_index_change(struct txn *txn, const struct organisation_words *before,
                               const struct organisation_words *after, struct arena *arena, struct error *err)
{
    struct organisation_search_remove_args old = { .district = division_district(before->division), .id = before->id,
                                                   .words = words_of(arena, before) };
    if (str_equal(before->name, after->name) && str_equal(before->uscc, after->uscc))
        return true;
    return organisation_search_remove(txn, &old, NULL, err) && organisation_index_add(txn, after, arena, err);
}

struct indexing {
    struct txn *txn;
    struct arena arena;
};

static bool index_row(void *self, const struct organisation_words_each *row, struct error *err)
{
    struct indexing *indexing = self;
    struct organisation_words words = { .id = row->id, .division = row->division, .name = row->name, .uscc = row->uscc };
    arena_reset(&indexing->arena);
    return organisation_index_add(indexing->txn, &words, &indexing->arena, err);
}

bool organisation_reindex(struct txn *txn, struct error *err)
{
    struct arena arena = { 0 };
    struct indexing indexing = { .txn = txn };
    bool ok = organisation_words_each(txn->db, &arena, index_row, &indexing, err);
    arena_release(&indexing.arena);
    arena_release(&arena);
    return ok;
}
