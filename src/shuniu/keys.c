/*
 * keys.c - the commands that look after the keys of sealed values (platform/crypt).
 */
#include "base/parse.h"
#include "platform/audit/audit.h"
#include "platform/crypt/key_file.h"
#include "platform/crypt/reseal.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"

#include <string.h>

bool keys_path(const struct options *options, char path[KEYS_PATH_BYTES], struct error *err)
{
    int len = (int)strlen(options->data);
    if (options->db && !options->keys)
        return error_fail(err, ERROR_INPUT, "beside --db the key file is named by --keys FILE");
    while (len > 1 && options->data[len - 1] == '/')
        len--;
    int wrote = options->keys ? snprintf(path, KEYS_PATH_BYTES, "%s", options->keys)
                              : snprintf(path, KEYS_PATH_BYTES, "%.*s.keys/keys", len, options->data);
    return wrote < KEYS_PATH_BYTES || error_fail(err, ERROR_LIMIT, "the name of the key file is too long");
}

/* *ret is NULL where none is named. */
static bool suite_asked(const struct options *options, const struct suite **ret)
{
    *ret = options->suite ? suite_named(str_of(options->suite)) : NULL;
    if (options->suite && !*ret)
        fputs("shuniu: --suite is xchacha or sm\n", stderr);
    return *ret || !options->suite;
}

/* Whether there is no data yet, or none that was ever sealed: other keys would only stand in the way of the right ones. */
static bool is_unsealed(const struct options *options, struct error *err)
{
    struct database *database;
    struct db *db = NULL;
    int32_t number = 0;
    if (!open_copy(options, &database, err))
        return err->kind == ERROR_NOT_FOUND || err->kind == ERROR_INPUT || /* nothing yet, or an empty database */
               err->kind == ERROR_VERSION;                                 /* before version 6 nothing was sealed */
    bool ok = database_reader(database, &db, err) && known_key_last(db, &number, err);
    db_release(db);
    database_close(database);
    return ok && (number == 0 ||
                  error_fail(err, ERROR_CONFLICT, "this data is sealed with keys that there are already: put the copy of their "
                                                  "file in its place; if no copy is left anywhere, see 'shuniu keys lost'"));
}

int command_keys_make(const struct options *options)
{
    struct error err;
    char path[KEYS_PATH_BYTES];
    const struct suite *suite;
    if (!suite_asked(options, &suite))
        return 2;
    if (!keys_path(options, path, &err) || !is_unsealed(options, &err) ||
        !key_file_make(path, 1, suite ? suite : &suite_xchacha, date_of(instant_now()), options->data, &err))
        return say_fault("no keys were made", &err);
    printf("%s: key 1 (%s).\nWithout this file nobody can read what is sealed with it. Keep a copy apart from the data.\n",
           path, suite ? suite->name : suite_xchacha.name);
    return 0;
}

/* --- those of an installation ------------------------------------------------------------------------------------ */

struct work {
    char path[KEYS_PATH_BYTES];
    struct key_ring *ring;
    struct database *database;
    struct db *db; /* reading */
};

static void work_end(struct work *work)
{
    db_release(work->db);
    database_close(work->database);
    key_ring_free(work->ring);
}

static bool work_begin(const struct options *options, struct work *ret, struct error *err)
{
    *ret = (struct work){ .db = NULL };
    if (keys_path(options, ret->path, err) && key_file_read(ret->path, &ret->ring, err) &&
        open_data(options, &ret->database, err) && database_reader(ret->database, &ret->db, err) &&
        keys_fit(ret->db, ret->ring, err))
        return true;
    work_end(ret);
    return false;
}

bool count_sealed(struct db *db, const struct key_ring *ring, struct sealed_counts *ret, struct error *err)
{
    struct sealed_columns columns = shuniu_sealed_columns();
    *ret = (struct sealed_counts){ 0 };
    for (int i = 0; i < columns.n; i++)
        if (!crypt_count(db, columns.at[i], ring, ret, err))
            return false;
    return true;
}

static void show_keys(const struct work *work, const struct sealed_counts *counts)
{
    struct arena arena = { 0 };
    for (int i = 0; i < work->ring->count; i++) {
        const struct key *key = &work->ring->keys[i];
        printf("key %d  %-8s made %.*s  %lld values%s\n", key->number, key->suite->name,
               STR_ARG(date_iso(&arena, key->made_on)), (long long)counts->of_key[i],
               i == work->ring->current ? "  current" : "");
    }
    if (counts->missing > 0)
        printf("MISSING: %lld values are of keys that are not in this file\n", (long long)counts->missing);
    if (counts->broken > 0)
        printf("BROKEN: %lld values do not open: damaged, or moved from elsewhere\n", (long long)counts->broken);
    if (counts->first.column)
        printf("the first of them: %s of record %lld\n", counts->first.column, (long long)counts->first.record);
    if (counts->older > 0)
        printf("%lld values are of an older form: 'shuniu keys reseal' binds them to their account or district too\n",
               (long long)counts->older);
    arena_release(&arena);
}

int command_keys_list(const struct options *options)
{
    struct error err;
    struct work work;
    struct sealed_counts counts;
    if (!work_begin(options, &work, &err))
        return say_fault("the keys cannot be listed", &err);
    bool ok = count_sealed(work.db, work.ring, &counts, &err);
    if (ok)
        show_keys(&work, &counts);
    work_end(&work);
    if (!ok)
        return say_fault("the sealed values cannot be counted", &err);
    return counts.missing > 0 || counts.broken > 0;
}

struct note {
    const char *action;
    int32_t number;
    struct key_ring *ring; /* as it is now */
};

static bool append_note(void *self, struct txn *txn, struct error *err)
{
    const struct note *note = self;
    char subject[32];
    (void)snprintf(subject, sizeof subject, "key:%d", note->number);
    struct audit_event event = { .action = str_of(note->action), .subject = str_of(subject) };
    return audit_append(txn, &event, err) && remember_keys(txn, note->ring, err);
}

static bool know(void *self, struct txn *txn, struct error *err)
{
    return remember_keys(txn, self, err);
}

/* Known to the data before anything is sealed with it, though the command that added it was killed; and not retired. */
static bool may_use(const struct work *work, int64_t number, struct error *err)
{
    const struct key *key = key_ring_find(work->ring, number);
    return !key || (run_change(work->database, know, work->ring, err) && key_may_be_used(work->db, key, err));
}

/* Changes the file and says so in the audit; the file first, as the other way round could tell of what was not done. */
static int change_keys(const struct options *options, struct key_change change, const char *action, int32_t *ret_number)
{
    struct error err, unsynced = { 0 };
    struct work work;
    struct note note = { .action = action };
    change.today = date_of(instant_now());
    if (!work_begin(options, &work, &err))
        return say_fault("the keys stay as they are", &err);
    bool is_synced = (change.use == 0 || may_use(&work, change.use, &unsynced)) &&
                     key_file_change(work.path, &change, &note.number, &unsynced);
    bool is_changed = note.number != 0;
    if (!is_changed)
        err = unsynced;
    bool ok = is_changed && key_file_read(work.path, &note.ring, &err) &&
              run_change(work.database, append_note, &note, &err);
    key_ring_free(note.ring);
    work_end(&work);
    if (!ok)
        return say_fault(is_changed ? "the keys are changed, and the audit does not tell of it" : "the keys stay as they are",
                         &err);
    *ret_number = note.number;
    return is_synced ? 0 : say_fault("the keys are changed, and a power cut may undo it", &unsynced);
}

static int use_key(const struct options *options, int64_t number, const char *action)
{
    int32_t used = 0;
    return change_keys(options, (struct key_change){ .use = number }, action, &used);
}

/* A rotation is two changes: between them the data gets to know the key, and only then is anything sealed with it. */
static int add_key(const struct options *options, bool use_added)
{
    int32_t number = 0;
    struct key_change change = { .add_like_current = true };
    if (!suite_asked(options, &change.add))
        return 2;
    int status = change_keys(options, change, "keys.add", &number);
    if (status == 0 && use_added)
        status = use_key(options, number, "keys.rotate");
    if (status != 0)
        return status;
    printf("key %d is there%s. Copy the key file to where its copies are kept now.\n", number,
           use_added ? " and current" : "");
    if (use_added)
        puts("Old values stay readable; 'shuniu keys reseal' puts them under the new key.");
    return 0;
}

int command_keys_rotate(const struct options *options)
{
    return add_key(options, true);
}

int command_keys_add(const struct options *options)
{
    return add_key(options, false);
}

static bool number_word(const struct options *options, int64_t *ret)
{
    return options->word_count == 1 && parse_int(str_of(options->words[0]), 1, KEY_NUMBER_MAX, ret);
}

int command_keys_use(const struct options *options)
{
    int32_t number = 0;
    struct key_change change = { 0 };
    if (!number_word(options, &change.use)) {
        fputs("usage: shuniu keys use N\n", stderr);
        return 2;
    }
    int status = change_keys(options, change, "keys.use", &number);
    if (status == 0)
        printf("key %d is current\n", number);
    return status;
}

/* --- reseal, retire ------------------------------------------------------------------------------------------------- */

struct resealed {
    int64_t values, unread;
};

/* The keys were read when the command began: since then the one it seals with may have been retired. */
static bool reseal_piece(void *self, struct txn *txn, struct error *err)
{
    const struct reseal *reseal = self;
    return key_may_be_used(txn->db, key_ring_current(reseal->ring), err) && reseal_change(self, txn, err);
}

static bool reseal_column(const struct work *work, const struct sealed_column *column, struct resealed *ret,
                          struct error *err)
{
    struct reseal reseal = reseal_begin(column, work->ring);
    bool ok = true;
    while (ok && !reseal.is_over) {
        ok = reseal_read(&reseal, work->db, err);
        if (ok && reseal.rows.n > 0) {
            ok = run_change(work->database, reseal_piece, &reseal, err);
            ret->values += ok ? reseal.changed : 0;
        }
    }
    ret->unread += reseal.unread;
    reseal_end(&reseal);
    return ok;
}

int command_keys_reseal(const struct options *options)
{
    struct error err;
    struct work work;
    struct sealed_columns columns = shuniu_sealed_columns();
    struct resealed done = { 0 };
    bool ok = true;
    if (!work_begin(options, &work, &err))
        return say_fault("nothing was sealed anew", &err);
    for (int i = 0; i < columns.n && ok; i++)
        ok = reseal_column(&work, columns.at[i], &done, &err);
    printf("%lld values were put under key %d\n", (long long)done.values, key_ring_current(work.ring)->number);
    work_end(&work);
    if (!ok)
        return say_fault("not all was sealed anew", &err);
    if (done.unread > 0)
        printf("UNREAD: %lld values do not open with the keys there are, and stay as they are\n", (long long)done.unread);
    return done.unread > 0;
}

/* --- lost ------------------------------------------------------------------------------------------------------------ */

/* Whatever keys are in the file; *ret_has_file is false where there is none, and the ring is empty. */
static bool work_open_lost(const struct options *options, struct work *ret, bool *ret_has_file, struct error *err)
{
    *ret = (struct work){ .db = NULL };
    *ret_has_file = true;
    bool ok = keys_path(options, ret->path, err);
    if (ok && !key_file_read(ret->path, &ret->ring, err)) {
        *ret_has_file = false;
        ok = err->kind == ERROR_NOT_FOUND && key_ring_new(&ret->ring, err);
    }
    if (ok && open_data(options, &ret->database, err) && database_reader(ret->database, &ret->db, err))
        return true;
    work_end(ret);
    return false;
}

/* Its number is one that was never given: what needs the lost keys is not to be taken for something of this one. */
static bool make_next(const struct options *options, struct work *work, struct error *err)
{
    int32_t last;
    key_ring_free(work->ring);
    work->ring = NULL;
    return known_key_last(work->db, &last, err) &&
           (last < KEY_NUMBER_MAX || error_fail(err, ERROR_LIMIT, "no number is left for another key")) &&
           key_file_make(work->path, last + 1, &suite_xchacha, date_of(instant_now()), options->data, err) &&
           key_file_read(work->path, &work->ring, err);
}

static bool empty_all(const struct work *work, struct error *err)
{
    struct sealed_columns columns = shuniu_sealed_columns();
    bool ok = true;
    for (int i = 0; i < columns.n && ok; i++) {
        struct reseal reseal = reseal_begin(columns.at[i], work->ring);
        reseal.empties = true;
        while (ok && !reseal.is_over) {
            ok = reseal_read(&reseal, work->db, err);
            if (ok && reseal.rows.n > 0)
                ok = run_change(work->database, reseal_change, &reseal, err);
        }
        reseal_end(&reseal);
    }
    return ok;
}

static bool take(void *self, struct txn *txn, struct error *err)
{
    return take_keys(txn, self, err);
}

/* Where no copy of the key file is left: named by how many values are given up, so that nobody does it by mistake. */
int command_keys_lost(const struct options *options)
{
    struct error err;
    struct work work;
    struct sealed_counts counts;
    int64_t said = -1;
    bool has_file;
    if (options->word_count > 1 ||
        (options->word_count == 1 && !parse_int(str_of(options->words[0]), 0, INT64_MAX, &said))) {
        fputs("usage: shuniu keys lost [HOW-MANY]\n", stderr);
        return 2;
    }
    if (!work_open_lost(options, &work, &has_file, &err))
        return say_fault("nothing was given up", &err);
    bool ok = count_sealed(work.db, work.ring, &counts, &err);
    int64_t unread = ok ? counts.missing + counts.broken : 0;
    bool is_meant = ok && said == unread;
    if (is_meant)
        ok = (has_file || make_next(options, &work, &err)) && empty_all(&work, &err) &&
             run_change(work.database, take, work.ring, &err);
    work_end(&work);
    if (!ok)
        return say_fault("not all was given up", &err);
    if (is_meant)
        printf("%lld values are empty now, and the data knows the key file%s\n", (long long)unread,
               has_file ? "" : " that was made: copy it to the safe");
    else
        printf("%lld values do not open with %s. Look for the right one. If no copy is left anywhere, stop the\n"
               "server, and 'shuniu keys lost %lld' makes them empty for ever.\n", (long long)unread,
               has_file ? "this key file" : "no key file", (long long)unread);
    return !is_meant;
}

/* --- retire ---------------------------------------------------------------------------------------------------------- */

static bool may_retire(const struct work *work, int64_t number, struct error *err)
{
    const struct key *key = key_ring_find(work->ring, number);
    if (!key)
        return error_fail(err, ERROR_NOT_FOUND, "there is no key %lld", (long long)number);
    return key != key_ring_current(work->ring) ||
           error_fail(err, ERROR_REFUSED, "key %lld is the current one: 'shuniu keys rotate' first", (long long)number);
}

static bool forget(void *self, struct txn *txn, struct error *err)
{
    return retire_known_key(txn, self, err);
}

static bool remember_again(void *self, struct txn *txn, struct error *err)
{
    return revive_known_key(txn, self, err);
}

/*
 * The data is told first, as a file that lacks a key the data asks for would be refused, and then it is counted: from that
 * moment nothing more is sealed with the key, so what is not there now will not be there when it goes.
 */
static bool retire_in_data(const struct work *work, int64_t number, struct error *err)
{
    struct sealed_counts counts;
    struct error late;
    struct key *key = (struct key *)(uintptr_t)key_ring_find(work->ring, number);
    if (!run_change(work->database, forget, key, err))
        return false;
    bool ok = count_sealed(work->db, work->ring, &counts, err);
    int64_t values = ok ? counts.of_key[key - work->ring->keys] : 0;
    if (values > 0)
        ok = error_fail(err, ERROR_REFUSED, "%lld values are under key %lld: 'shuniu keys reseal' first", (long long)values,
                        (long long)number);
    if (!ok && !run_change(work->database, remember_again, key, &late))
        *err = late; /* as if it had been killed: the key is there to read with, and retiring it again begins anew */
    return ok;
}

int command_keys_retire(const struct options *options)
{
    struct error err;
    struct work work;
    int32_t number = 0;
    struct key_change change = { 0 };
    if (!number_word(options, &change.remove)) {
        fputs("usage: shuniu keys retire N\n", stderr);
        return 2;
    }
    if (!work_begin(options, &work, &err))
        return say_fault("the keys stay as they are", &err);
    bool ok = may_retire(&work, change.remove, &err) && retire_in_data(&work, change.remove, &err);
    work_end(&work);
    if (!ok)
        return say_fault("the key stays", &err);
    int status = change_keys(options, change, "keys.retire", &number);
    if (status == 0)
        printf("key %d is gone. Backups made before still need it: keep the old key file with them.\n", number);
    return status;
}
