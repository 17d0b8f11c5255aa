/*
 * person.h - who an appeal comes from: the one thing of it that stands sealed.
 */
#pragma once
#include "features/appeals/types.h"
#include "platform/access/access.h"
#include "platform/crypt/reseal.h"

struct appeal_person {
    struct str name, phone; /* both empty: anonymous */
};

extern const struct sealed_column appeal_person_column;

struct str appeal_person_seal(const struct txn *txn, int64_t district, struct appeal_id id, const struct appeal_person *person,
                              struct arena *arena);
/* ERROR_SEALED: it does not open with the keys there are, or is another record's. */
bool appeal_person_open(const struct db *db, int64_t district, struct appeal_id id, struct str sealed, struct arena *arena,
                        struct appeal_person *ret, struct error *err) MUST_USE;
