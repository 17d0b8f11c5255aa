#include "platform/crypt/reseal.h"

#include "platform/audit/audit.h"

enum { PIECE_ROWS = 100 }; /* a few milliseconds of the writer */

static struct sealed_place place_of(const struct sealed_column *column, const struct sealed_row *row)
{
    return (struct sealed_place){ column->name, row->record, row->owner };
}

static void count_one(const struct sealed_column *column, const struct key_ring *ring, const struct sealed_row *row,
                      struct arena *arena, struct sealed_counts *ret)
{
    int64_t number;
    struct str plain;
    struct error unread;
    struct sealed_place place = place_of(column, row);
    const struct key *key = crypt_key_of(row->sealed, &number) ? key_ring_find(ring, number) : NULL;
    bool opens = crypt_open(ring, place, row->sealed, arena, &plain, &unread);
    ret->values++;
    if (key)
        ret->of_key[key - ring->keys]++;
    ret->older += opens && crypt_is_older(row->sealed);
    if (opens)
        return;
    if (crypt_key_of(row->sealed, &number) && !key)
        ret->missing++;
    else
        ret->broken++;
    if (!ret->first.column)
        ret->first = place;
}

bool crypt_count(struct db *db, const struct sealed_column *column, const struct key_ring *ring,
                 struct sealed_counts *ret, struct error *err)
{
    enum { STEP_ROWS = 1000 };
    struct arena arena = { 0 };
    struct sealed_rows rows = { 0 };
    int64_t district = -1, record = -1, limit = column->at_once > 0 ? column->at_once : STEP_ROWS;
    bool ok = true;
    do {
        arena_reset(&arena);
        ok = column->next(db, district, record, limit, &arena, &rows, err);
        for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
            count_one(column, ring, &rows.at[i], &arena, ret);
            district = rows.at[i].district;
            record = rows.at[i].record;
        }
    } while (ok && rows.n == limit);
    arena_release(&arena);
    return ok;
}

bool crypt_seal_column(struct txn *txn, const struct sealed_column *column, struct error *err)
{
    int64_t limit = column->at_once > 0 ? column->at_once : PIECE_ROWS;
    const struct key_ring *ring = crypt_ring(txn->db);
    struct arena arena = { 0 };
    struct sealed_rows rows = { .n = limit };
    int64_t district = -1, record = -1;
    bool ok = true;
    while (ok && rows.n == limit) {
        arena_reset(&arena);
        ok = column->next(txn->db, district, record, limit, &arena, &rows, err);
        for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
            const struct sealed_row *row = &rows.at[i];
            int64_t changed;
            ok = column->put(txn, row, crypt_seal(ring, place_of(column, row), row->sealed, &arena), &changed, err);
            district = row->district;
            record = row->record;
        }
    }
    arena_release(&arena);
    return ok;
}

struct reseal reseal_begin(const struct sealed_column *column, const struct key_ring *ring)
{
    return (struct reseal){ .column = column, .ring = ring, .district = -1, .record = -1 };
}

/* Those of rows that are not as they would be sealed now, with their new values. */
static void seal_anew(struct reseal *reseal, const struct sealed_rows *rows)
{
    reseal->rows = (struct sealed_rows){ arena_new(&reseal->arena, struct sealed_row, rows->n), 0 };
    reseal->fresh = (struct sealed_rows){ arena_new(&reseal->arena, struct sealed_row, rows->n), 0 };
    for (ptrdiff_t i = 0; i < rows->n; i++) {
        struct sealed_row row = rows->at[i];
        struct sealed_place place = place_of(reseal->column, &row);
        struct str plain;
        struct error unread;
        bool is_current = crypt_is_current(reseal->ring, row.sealed);
        if (is_current && !reseal->empties)
            continue;
        bool opens = crypt_open(reseal->ring, place, row.sealed, &reseal->arena, &plain, &unread);
        reseal->unread += !opens;
        if (opens ? is_current : !reseal->empties) /* the others are not to wait for it */
            continue;
        if (!opens)
            plain = (struct str){ 0 };
        reseal->rows.at[reseal->rows.n++] = row;
        row.sealed = crypt_seal(reseal->ring, place, plain, &reseal->arena);
        reseal->fresh.at[reseal->fresh.n++] = row;
    }
}

bool reseal_read(struct reseal *reseal, struct db *db, struct error *err)
{
    int64_t limit = reseal->column->at_once > 0 ? reseal->column->at_once : PIECE_ROWS;
    reseal->rows.n = 0;
    while (reseal->rows.n == 0 && !reseal->is_over) {
        struct sealed_rows rows = { 0 };
        arena_reset(&reseal->arena);
        if (!reseal->column->next(db, reseal->district, reseal->record, limit, &reseal->arena, &rows, err))
            return false;
        seal_anew(reseal, &rows);
        reseal->is_over = rows.n < limit;
        if (rows.n > 0) {
            reseal->district = rows.at[rows.n - 1].district;
            reseal->record = rows.at[rows.n - 1].record;
        }
    }
    return true;
}

static bool note(struct reseal *reseal, struct txn *txn, int64_t district, int64_t count, struct error *err)
{
    struct audit_event event = { .district = district,
                                 .action = reseal->empties ? STR("keys.lost") : STR("keys.reseal"),
                                 .subject = str_of(reseal->column->name),
                                 .detail = str_format(&reseal->arena, "%lld values, key %d", (long long)count,
                                                      key_ring_current(reseal->ring)->number) };
    return audit_append(txn, &event, err);
}

bool reseal_change(void *self, struct txn *txn, struct error *err)
{
    struct reseal *reseal = self;
    int64_t in_district = 0;
    reseal->changed = 0; /* an engine may have it run again */
    for (ptrdiff_t i = 0; i < reseal->rows.n; i++) {
        const struct sealed_row *row = &reseal->rows.at[i];
        int64_t changed = 0;
        if (!reseal->column->put(txn, row, reseal->fresh.at[i].sealed, &changed, err))
            return false;
        in_district += changed;
        bool is_last = i + 1 == reseal->rows.n || reseal->rows.at[i + 1].district != row->district;
        if (!is_last)
            continue;
        if (in_district > 0 && !note(reseal, txn, row->district, in_district, err))
            return false;
        reseal->changed += in_district;
        in_district = 0;
    }
    return true;
}

void reseal_end(struct reseal *reseal)
{
    arena_release(&reseal->arena);
}
