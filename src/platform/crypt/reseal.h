/*
 * reseal.h - going through all sealed values: which keys they are under, and putting them under the current one.
 *
 * Features say which columns hold sealed values (struct sealed_column); the roof lists them, and 'shuniu keys' walks
 * them.  A value is sealed anew in a change of few rows, and only if the row is still as it was read: what a person
 * has saved meanwhile stays, and is under the current key already.  The version of the row stays too, so nobody who has
 * the form open is told of a conflict that is none.
 */
#pragma once
#include "platform/crypt/crypt.h"
#include "platform/db/db.h"

struct sealed_row {
    int64_t district, record;
    int64_t version; /* of the row */
    struct str sealed;
    int64_t owner; /* as in struct sealed_place */
};

struct sealed_rows {
    struct sealed_row *at;
    ptrdiff_t n;
};

/* To add a column: one of these in the feature, its name in shuniu/features.c. */
struct sealed_column {
    const char *name; /* as in struct sealed_place */
    /* At most limit rows that come after (district, record), in that order; the first ones are asked for after (-1, -1). */
    bool (*next)(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                 struct sealed_rows *ret, struct error *err);
    /* Stores sealed for the row if its version and value are still those of row; *ret_changed is 0 if they are not. */
    bool (*put)(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed,
                struct error *err);
    int64_t at_once; /* so many values in memory together, where they are large; 0: it does not matter */
};

struct sealed_counts {
    int64_t values;
    int64_t missing; /* of a key the ring does not have */
    int64_t broken;  /* no sealed value at all, of another place or owner, or damaged */
    int64_t older;   /* that open, and are bound to less than new ones are */
    int64_t of_key[KEYS_MAX];
    struct sealed_place first; /* of those that do not open; without a column: all do */
};

/* Seals what stands in the column in the clear, as older data has it (platform/db/upgrade.h). */
bool crypt_seal_column(struct txn *txn, const struct sealed_column *column, struct error *err) MUST_USE;

/* Tries to open what there is in this column, and adds it to ret. The ring may be empty. */
bool crypt_count(struct db *db, const struct sealed_column *column, const struct key_ring *ring,
                 struct sealed_counts *ret, struct error *err) MUST_USE;

/* Where one is in a column, and what was done so far. */
struct reseal {
    const struct sealed_column *column;
    const struct key_ring *ring;
    int64_t district, record; /* the last row looked at; -1, -1 before the first */
    bool is_over;
    bool empties;                 /* what does not open becomes empty: no key for it will ever be found */
    int64_t unread;               /* so far: values that do not open */
    struct arena arena;           /* of this piece */
    struct sealed_rows rows, fresh; /* to be changed, and their new values */
    int64_t changed;              /* of them; the others somebody has changed meanwhile */
};

struct reseal reseal_begin(const struct sealed_column *column, const struct key_ring *ring);
/* Reads on until there is a piece to change (reseal->rows.n > 0) or all is over. */
bool reseal_read(struct reseal *reseal, struct db *db, struct error *err) MUST_USE;
/* A change_fn: the piece, audited once for each district. */
bool reseal_change(void *self, struct txn *txn, struct error *err) MUST_USE;
void reseal_end(struct reseal *reseal);
