/*
 * unit_index.h - finding units by any characters of the name or the beginning of the credit code.
 *
 * The index holds name, code and one word for every division above the unit ("zat440606102"), so that a search inside a
 * place is one intersection and not a filter over everything that is called 有限公司.
 */
#pragma once
#include "features/network/types.h"
#include "platform/db/db.h"

struct unit_words {
    struct unit_id id;
    struct division division;
    struct str name, uscc;
};

bool unit_index_add(struct txn *txn, const struct unit_words *unit, struct arena *arena, struct error *err) MUST_USE;
/* Takes out exactly what was put in: the words as they were. */
bool unit_index_remove(struct txn *txn, const struct unit_words *unit, struct arena *arena, struct error *err) MUST_USE;
/* After an edit; does nothing where the words stay. */
bool unit_index_change(struct txn *txn, const struct unit_words *before, const struct unit_words *after,
                       struct arena *arena, struct error *err) MUST_USE;
/* Name, code and place as words of the index; organisations have such an index too (organisation_index.h). */
struct str unit_index_words(struct arena *arena, struct str name, struct str uscc, struct division division);
/* What to look for; empty: nothing. */
struct str unit_index_query(struct arena *arena, struct str typed, struct division inside);
/* Pairs of characters may stand in another order in what was found: is the text really there? */
bool unit_index_fits(struct arena *arena, struct str typed, struct str name, struct str uscc);
/* All of them, into an empty table. */
bool unit_reindex(struct txn *txn, struct error *err) MUST_USE;
