/*
 * organisation_index.h - finding organisations by any characters of the name or the beginning of the credit code; asked
 * and compared as units are (unit_index.h).
 */
#pragma once
#include "features/network/types.h"
#include "platform/db/db.h"

struct organisation_words {
    struct organisation_id id;
    struct division division;
    struct str name, uscc;
};

bool organisation_index_add(struct txn *txn, const struct organisation_words *organisation, struct arena *arena,
                            struct error *err) MUST_USE;
/* After an edit; does nothing where the words stay. before: exactly what was put in. */
bool organisation_index_change(struct txn *txn, const struct organisation_words *before,
                               const struct organisation_words *after, struct arena *arena, struct error *err) MUST_USE;
/* All of them, into an empty table. */
bool organisation_reindex(struct txn *txn, struct error *err) MUST_USE;
