/*
 * appeal_index.h - finding appeals by any two characters of the number, the title, the story or the wish.  Name and phone are not
 * among the words: they stand sealed.
 *
 * The index also holds one word for every division around the appeal ("zat440606102") and one for its line ("zal3"), so that a
 * search inside a place and a line is one intersection.  The line decides who may read an appeal, and a step may change it: the
 * word goes along in the same change.
 */
#pragma once
#include "features/appeals/types.h"
#include "platform/db/db.h"

/* What is looked through. */
struct appeal_entry {
    struct appeal_id id;
    struct division division;
    struct line line;
    struct str number, title, story, wish;
};

bool appeal_index_add(struct txn *txn, const struct appeal_entry *entry, struct arena *arena, struct error *err) MUST_USE;
/* before: as it was put in.  Does nothing where all words stay. */
bool appeal_index_change(struct txn *txn, const struct appeal_entry *before, const struct appeal_entry *after, struct arena *arena,
                         struct error *err) MUST_USE;
/* What to look for inside a place and a line, 0: all of them.  Empty: nothing. */
struct str appeal_index_query(struct arena *arena, struct str typed, struct scope inside);
/* Pairs of characters may stand in another order in what was found: is every word of the typed text really there? */
bool appeal_index_fits(struct arena *arena, struct str typed, const struct appeal_entry *entry);
/* All of them, into an empty table. */
bool appeal_reindex(struct txn *txn, struct error *err) MUST_USE;
