/*
 * known_keys.c - the keys that the data knows, by a fingerprint of each in the settings: "key.2" is "3f09a1c27be4d581",
 * and "3f09a1c27be4d581 retired" once nothing needs it any more.
 *
 * Without it a key file that was made anew, or put in place of another installation's, would open nothing and seal what
 * is new, until nobody could say any more which value needs which file.
 */
#include "base/parse.h"
#include "platform/crypt/keeper.h"
#include "shuniu/commands.h"
#include "shuniu/settings.h"

#include "gen/shuniu_queries.h"

#define PREFIX "key."
#define RETIRED " retired"

enum { NAME_BYTES = 32 };

static const char *name_of(const struct key *key, char name[NAME_BYTES])
{
    (void)snprintf(name, NAME_BYTES, PREFIX "%d", key->number);
    return name;
}

static bool is_of_key(const struct setting_all *row, int64_t *ret_number)
{
    return str_starts(row->name, STR(PREFIX)) &&
           parse_int(str_slice(row->name, sizeof PREFIX - 1, row->name.len), 1, KEY_NUMBER_MAX, ret_number);
}

/* NULL: the data does not know it. */
static const struct setting_all *find(const struct setting_all_rows *rows, const struct key *key)
{
    int64_t number;
    for (ptrdiff_t i = 0; i < rows->n; i++)
        if (is_of_key(&rows->at[i], &number) && number == key->number)
            return &rows->at[i];
    return NULL;
}

static bool fits(const struct setting_all *row, int64_t number, const struct key_ring *ring, struct error *err)
{
    char own[FINGERPRINT_CHARS + 1];
    const struct key *key = key_ring_find(ring, number);
    if (!key)
        return str_ends(row->value, STR(RETIRED)) ||
               error_fail(err, ERROR_INPUT, "key %lld of this data is not in the key file: put the copy in its place that was "
                                            "kept with it", (long long)number);
    key_fingerprint(key, own);
    return str_starts(row->value, str_of(own)) ||
           error_fail(err, ERROR_INPUT, "key %lld in the key file is not key %lld of this data: the file is of another "
                                        "installation, or was made anew", (long long)number, (long long)number);
}

/* One that is retired may still be there to read with: where the command was killed, and where the new file is not yet. */
static bool is_in_use(const struct setting_all_rows *rows, const struct key *key, bool must_be_known, struct error *err)
{
    const struct setting_all *row = find(rows, key);
    if (!row && must_be_known)
        return error_fail(err, ERROR_INPUT, "key %d in the key file is none that the data knows: nothing is sealed with it",
                          key->number);
    return !row || !str_ends(row->value, STR(RETIRED)) ||
           error_fail(err, ERROR_INPUT, "key %d is retired: nothing is sealed with it any more", key->number);
}

static bool all_fit(const struct setting_all_rows *rows, const struct key_ring *ring, bool must_be_known,
                    struct error *err)
{
    int64_t number;
    for (ptrdiff_t i = 0; i < rows->n; i++)
        if (is_of_key(&rows->at[i], &number) && !fits(&rows->at[i], number, ring, err))
            return false;
    return is_in_use(rows, key_ring_current(ring), must_be_known, err);
}

bool keys_fit(struct db *db, const struct key_ring *ring, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_all_rows rows;
    bool ok = setting_all(db, &arena, &rows, err) && all_fit(&rows, ring, false, err);
    arena_release(&arena);
    return ok;
}

bool keys_may_seal(struct db *db, const struct key_ring *ring, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_all_rows rows;
    bool ok = setting_all(db, &arena, &rows, err) && all_fit(&rows, ring, true, err);
    arena_release(&arena);
    return ok;
}

bool key_may_be_used(struct db *db, const struct key *key, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_all_rows rows;
    bool ok = setting_all(db, &arena, &rows, err) && is_in_use(&rows, key, true, err);
    arena_release(&arena);
    return ok;
}

bool remember_keys(struct txn *txn, const struct key_ring *ring, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_all_rows rows;
    bool ok = setting_all(txn->db, &arena, &rows, err);
    for (int i = 0; ok && i < ring->count; i++) {
        const struct key *key = &ring->keys[i];
        char name[NAME_BYTES], own[FINGERPRINT_CHARS + 1];
        key_fingerprint(key, own);
        ok = find(&rows, key) || setting_change(txn, name_of(key, name), own, err);
    }
    arena_release(&arena);
    return ok;
}

bool revive_known_key(struct txn *txn, const struct key *key, struct error *err)
{
    char name[NAME_BYTES], own[FINGERPRINT_CHARS + 1];
    key_fingerprint(key, own);
    return setting_change(txn, name_of(key, name), own, err);
}

bool retire_known_key(struct txn *txn, const struct key *key, struct error *err)
{
    char name[NAME_BYTES], own[FINGERPRINT_CHARS + 1], value[FINGERPRINT_CHARS + sizeof RETIRED];
    key_fingerprint(key, own);
    (void)snprintf(value, sizeof value, "%s" RETIRED, own);
    return setting_change(txn, name_of(key, name), value, err);
}

bool take_keys(struct txn *txn, const struct key_ring *ring, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_all_rows rows;
    int64_t number;
    bool ok = setting_all(txn->db, &arena, &rows, err);
    for (ptrdiff_t i = 0; ok && i < rows.n; i++) {
        const struct setting_all *row = &rows.at[i];
        if (is_of_key(row, &number) && !key_ring_find(ring, number) && !str_ends(row->value, STR(RETIRED)))
            ok = setting_change(txn, str_z(&arena, row->name),
                                str_z(&arena, str_format(&arena, "%.*s" RETIRED, STR_ARG(row->value))), err);
    }
    for (int i = 0; ok && i < ring->count; i++)
        ok = revive_known_key(txn, &ring->keys[i], err);
    arena_release(&arena);
    return ok;
}

bool known_key_last(struct db *db, int32_t *ret_number, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_all_rows rows;
    int64_t number;
    bool ok = setting_all(db, &arena, &rows, err);
    *ret_number = 0;
    for (ptrdiff_t i = 0; ok && i < rows.n; i++)
        if (is_of_key(&rows.at[i], &number) && number > *ret_number)
            *ret_number = (int32_t)number;
    arena_release(&arena);
    return ok;
}

/* --- for whoever seals ------------------------------------------------------------------------------------------------ */

bool open_keys(const struct options *options, keeper_fault_fn *on_fault, struct keeper **ret, struct error *err)
{
    char path[KEYS_PATH_BYTES];
    if (!keys_path(options, path, err))
        return false;
    if (keeper_open(path, on_fault, ret, err))
        return true;
    return err->kind != ERROR_NOT_FOUND
               ? false
               : error_fail(err, ERROR_NOT_FOUND, "%s: no key file: put the copy from the safe there; for new data "
                                                   "'shuniu keys make' makes one (docs/operations.md)", path);
}

static bool remember(void *self, struct txn *txn, struct error *err)
{
    return remember_keys(txn, self, err);
}

static bool check(struct database *database, const struct key_ring *ring, bool *ret_is_new, struct error *err)
{
    struct arena arena = { 0 };
    struct setting_all_rows rows;
    struct db *db;
    if (!database_reader(database, &db, err))
        return false;
    bool ok = keys_fit(db, ring, err) && setting_all(db, &arena, &rows, err);
    *ret_is_new = false;
    for (int i = 0; ok && i < ring->count; i++)
        *ret_is_new = *ret_is_new || !find(&rows, &ring->keys[i]);
    db_release(db);
    arena_release(&arena);
    return ok;
}

/* A keeper_check_fn: what was asked at the start is asked of each other file. */
static bool check_again(void *self, const struct key_ring *ring, struct error *err)
{
    struct db *db;
    if (!database_reader(self, &db, err))
        return false;
    bool ok = keys_may_seal(db, ring, err);
    db_release(db);
    return ok;
}

bool use_keys(struct database *database, struct keeper *keeper, struct error *err)
{
    const struct key_ring *ring = keeper_ring(keeper);
    bool is_new;
    if (!check(database, ring, &is_new, err) ||
        (is_new && !run_change(database, remember, (void *)(uintptr_t)ring, err)))
        return false;
    keeper_check(keeper, check_again, database);
    database_use_keys(database, keeper);
    return true;
}

bool make_sealed_data(const struct options *options, struct database **ret, struct keeper **ret_keeper,
                      struct error *err)
{
    struct keeper *keeper;
    struct database *database = NULL;
    if (!open_keys(options, NULL, &keeper, err))
        return false;
    if (make_data(options, &database, err) && use_keys(database, keeper, err)) {
        *ret = database;
        *ret_keeper = keeper;
        return true;
    }
    database_close(database);
    keeper_close(keeper);
    return false;
}
