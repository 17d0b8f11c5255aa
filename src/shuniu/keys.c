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

int command_keys_make(const struct options *options)
{
    struct error err;
    char path[KEYS_PATH_BYTES];
    const struct suite *suite;
    if (!suite_asked(options, &suite))
        return 2;
    if (!keys_path(options, path, &err) ||
        !key_file_make(path, suite ? suite : &suite_xchacha, date_of(instant_now()), options->data, &err))
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

/* Whatever keys they are. */
static bool work_open(const struct options *options, struct work *ret, struct error *err)
{
    *ret = (struct work){ .db = NULL };
    if (keys_path(options, ret->path, err) && key_file_read(ret->path, &ret->ring, err) &&
        open_data(options, &ret->database, err) && database_reader(ret->database, &ret->db, err))
        return true;
    work_end(ret);
    return false;
}

static bool work_begin(const struct options *options, struct work *ret, struct error *err)
{
    if (!work_open(options, ret, err))
        return false;
    if (keys_fit(ret->db, ret->ring, err))
        return true;
    work_end(ret);
    return false;
}

static bool count_all(const struct work *work, struct sealed_counts *ret, struct error *err)
{
    struct sealed_columns columns = shuniu_sealed_columns();
    *ret = (struct sealed_counts){ 0 };
    for (int i = 0; i < columns.n; i++)
        if (!crypt_count(work->db, columns.at[i], work->ring, ret, err))
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
        printf("BROKEN: %lld values are none that can be opened\n", (long long)counts->broken);
    arena_release(&arena);
}

int command_keys_list(const struct options *options)
{
    struct error err;
    struct work work;
    struct sealed_counts counts;
    if (!work_begin(options, &work, &err))
        return say_fault("the keys cannot be listed", &err);
    bool ok = count_all(&work, &counts, &err);
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

/* Changes the file and says so in the audit; the file first, as the other way round could tell of what was not done. */
static int change_keys(const struct options *options, struct key_change change, const char *action, int32_t *ret_number)
{
    struct error err;
    struct work work;
    struct note note = { .action = action };
    change.today = date_of(instant_now());
    if (!work_begin(options, &work, &err))
        return say_fault("the keys stay as they are", &err);
    bool is_changed = key_file_change(work.path, &change, &note.number, &err);
    bool ok = is_changed && key_file_read(work.path, &note.ring, &err) &&
              run_change(work.database, append_note, &note, &err);
    key_ring_free(note.ring);
    work_end(&work);
    if (!ok)
        return say_fault(is_changed ? "the keys are changed, and the audit does not tell of it" : "the keys stay as they are",
                         &err);
    *ret_number = note.number;
    return 0;
}

static int add_key(const struct options *options, bool use_added)
{
    int32_t number = 0;
    struct key_change change = { .add_like_current = true, .use_added = use_added };
    if (!suite_asked(options, &change.add))
        return 2;
    int status = change_keys(options, change, use_added ? "keys.rotate" : "keys.add", &number);
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

static bool reseal_column(const struct work *work, const struct sealed_column *column, struct resealed *ret,
                          struct error *err)
{
    struct reseal reseal = reseal_begin(column, work->ring);
    bool ok = true;
    while (ok && !reseal.is_over) {
        ok = reseal_read(&reseal, work->db, err);
        if (ok && reseal.rows.n > 0) {
            ok = run_change(work->database, reseal_change, &reseal, err);
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

/* Counts what does not open, and empties it if that is wanted. */
static bool empty_all(const struct work *work, bool is_wanted, int64_t *ret_unread, struct error *err)
{
    struct sealed_columns columns = shuniu_sealed_columns();
    bool ok = true;
    *ret_unread = 0;
    for (int i = 0; i < columns.n && ok; i++) {
        struct reseal reseal = reseal_begin(columns.at[i], work->ring);
        reseal.empties = true;
        while (ok && !reseal.is_over) {
            ok = reseal_read(&reseal, work->db, err);
            if (ok && is_wanted && reseal.rows.n > 0)
                ok = run_change(work->database, reseal_change, &reseal, err);
        }
        *ret_unread += reseal.unread;
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
    int64_t unread, said = -1;
    if (options->word_count > 1 ||
        (options->word_count == 1 && !parse_int(str_of(options->words[0]), 0, INT64_MAX, &said))) {
        fputs("usage: shuniu keys lost [HOW-MANY]\n", stderr);
        return 2;
    }
    if (!work_open(options, &work, &err))
        return say_fault("nothing was given up", &err);
    bool ok = empty_all(&work, false, &unread, &err);
    bool is_meant = ok && said == unread;
    if (is_meant)
        ok = empty_all(&work, true, &unread, &err) && run_change(work.database, take, work.ring, &err);
    work_end(&work);
    if (!ok)
        return say_fault("not all was given up", &err);
    if (is_meant)
        printf("%lld values are empty now, and the data knows this key file\n", (long long)unread);
    else
        printf("%lld values do not open with this key file. Look for the right one. If no copy is left anywhere, stop the\n"
               "server, and 'shuniu keys lost %lld' makes them empty for ever.\n", (long long)unread, (long long)unread);
    return !is_meant;
}

static bool may_retire(const struct work *work, int64_t number, struct error *err)
{
    struct sealed_counts counts;
    const struct key *key = key_ring_find(work->ring, number);
    if (!key)
        return error_fail(err, ERROR_NOT_FOUND, "there is no key %lld", (long long)number);
    if (key == key_ring_current(work->ring))
        return error_fail(err, ERROR_REFUSED, "key %lld is the current one: 'shuniu keys rotate' first", (long long)number);
    if (!count_all(work, &counts, err))
        return false;
    int64_t values = counts.of_key[key - work->ring->keys];
    return values == 0 || error_fail(err, ERROR_REFUSED, "%lld values are under key %lld: 'shuniu keys reseal' first",
                                     (long long)values, (long long)number);
}

/* Before it goes: a file that lacks a key the data asks for would be refused. */
static bool forget(void *self, struct txn *txn, struct error *err)
{
    return retire_known_key(txn, self, err);
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
    bool ok = may_retire(&work, change.remove, &err) &&
              run_change(work.database, forget, (void *)(uintptr_t)key_ring_find(work.ring, change.remove), &err);
    work_end(&work);
    if (!ok)
        return say_fault("the key stays", &err);
    int status = change_keys(options, change, "keys.retire", &number);
    if (status == 0)
        printf("key %d is gone. Backups made before still need it: keep the old key file with them.\n", number);
    return status;
}
