/*
 * keys_test.c - the key file, the keeper of a running server, and the way of values from one key to the next.
 */
#include "platform/audit/audit.h"
#include "platform/crypt/keeper.h"
#include "platform/crypt/key_file.h"
#include "platform/crypt/reseal.h"
#include "platform/db/ids.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct date today = { 20781 }; /* 2026-11-24 */

struct place {
    char folder[64], own[80], file[96], beside[104];
};

static int set_up(void **state)
{
    static struct place place;
    if (sodium_init() < 0)
        return -1;
    place = (struct place){ .folder = "/tmp/shuniu-keys-XXXXXX" };
    if (!mkdtemp(place.folder))
        return -1;
    (void)snprintf(place.own, sizeof place.own, "%s/own", place.folder);
    (void)snprintf(place.file, sizeof place.file, "%s/keys", place.own);
    (void)snprintf(place.beside, sizeof place.beside, "%s.new", place.file);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "own/keys", "own/keys.new", "shuniu.db", "shuniu.db-wal", "shuniu.db-shm" };
    struct place *place = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", place->folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(place->own);
    return rmdir(place->folder);
}

static void make(const struct place *place, const struct suite *suite)
{
    struct error err = { 0 };
    if (!key_file_make(place->file, 1, suite, today, place->folder, &err))
        fail_msg("%s", err.detail);
}

static enum error_kind read_kind(const char *path)
{
    struct key_ring *ring = NULL;
    struct error err = { 0 };
    if (key_file_read(path, &ring, &err))
        key_ring_free(ring);
    return err.kind;
}

static struct key_ring *read_ring(const struct place *place)
{
    struct key_ring *ring = NULL;
    struct error err = { 0 };
    if (!key_file_read(place->file, &ring, &err))
        fail_msg("%s", err.detail);
    return ring;
}

/* ERROR_NONE when it was done. */
static enum error_kind change(const struct place *place, struct key_change what, int32_t *ret_number)
{
    struct error err = { 0 };
    what.today = today;
    bool ok = key_file_change(place->file, &what, ret_number, &err);
    assert_true(ok == (err.kind == ERROR_NONE));
    return err.kind;
}

static void rotate(const struct place *place, const struct suite *suite)
{
    int32_t number;
    assert_int_equal(change(place, (struct key_change){ .add = suite, .use_added = true }, &number), ERROR_NONE);
}

/* --- the file ---------------------------------------------------------------------------------------------------------- */

enum { TEXT_BYTES = 8192 };

static ptrdiff_t load(const char *path, char text[TEXT_BYTES])
{
    FILE *file = fopen(path, "r");
    ptrdiff_t len = (ptrdiff_t)fread(text, 1, TEXT_BYTES, file);
    (void)fclose(file);
    return len;
}

static void store(const struct place *place, const char *path, const char *text, ptrdiff_t len)
{
    (void)mkdir(place->own, 0700);
    FILE *file = fopen(path, "w");
    assert_int_equal(fwrite(text, 1, (size_t)len, file), len);
    (void)fclose(file);
}

static void test_a_new_file(void **state)
{
    const struct place *place = *state;
    struct stat stat_of;
    struct error err;
    make(place, &suite_sm);
    assert_int_equal(stat(place->file, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0600);
    assert_int_equal(stat(place->own, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0700);
    assert_int_not_equal(access(place->beside, F_OK), 0);
    struct key_ring *ring = read_ring(place);
    assert_int_equal(ring->count, 1);
    assert_int_equal(key_ring_current(ring)->number, 1);
    assert_ptr_equal(key_ring_current(ring)->suite, &suite_sm);
    assert_int_equal(key_ring_current(ring)->made_on.days, today.days);

    assert_false(key_file_make(place->file, 1, &suite_xchacha, today, place->folder, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    struct key_ring *same = read_ring(place);
    assert_true(key_ring_equal(ring, same)); /* and the file stays */
    key_ring_free(same);
    key_ring_free(ring);
}

static void test_a_file_others_may_read_is_refused(void **state)
{
    static const mode_t open_modes[] = { 0640, 0604, 0660, 0620, 0602, 0610 };
    const struct place *place = *state;
    assert_int_equal(read_kind(place->file), ERROR_NOT_FOUND);
    make(place, &suite_xchacha);
    for (ptrdiff_t i = 0; i < COUNT_OF(open_modes); i++) {
        assert_int_equal(chmod(place->file, open_modes[i]), 0);
        assert_int_equal(read_kind(place->file), ERROR_FORBIDDEN);
    }
    assert_int_equal(chmod(place->file, 0400), 0);
    assert_int_equal(read_kind(place->file), ERROR_NONE);
    assert_int_equal(read_kind(place->folder), ERROR_INPUT);
}

/* Every byte counts: none can be changed, left out at the end or added without being noticed. */
static void test_a_damaged_file_is_refused(void **state)
{
    const struct place *place = *state;
    char text[TEXT_BYTES];
    make(place, &suite_xchacha);
    rotate(place, &suite_sm);
    ptrdiff_t len = load(place->file, text);
    for (ptrdiff_t i = 0; i < len - 1; i++) {
        text[i] ^= 1;
        store(place, place->file, text, len);
        assert_int_equal(read_kind(place->file), ERROR_INPUT);
        text[i] ^= 1;
    }
    for (ptrdiff_t cut = 0; cut < len - 1; cut++) {
        store(place, place->file, text, cut);
        assert_int_equal(read_kind(place->file), ERROR_INPUT);
    }
    store(place, place->file, text, len);
    assert_int_equal(read_kind(place->file), ERROR_NONE);
}

/* As a hand would write it, the sum worked out anew. */
static enum error_kind written_kind(const struct place *place, const char *lines)
{
    unsigned char sum[16];
    char hex[33], text[TEXT_BYTES];
    crypto_generichash(sum, sizeof sum, (const unsigned char *)lines, strlen(lines), NULL, 0);
    int len = snprintf(text, sizeof text, "%ssum %s\n", lines, sodium_bin2hex(hex, sizeof hex, sum, sizeof sum));
    store(place, place->file, text, len);
    assert_int_equal(chmod(place->file, 0600), 0);
    return read_kind(place->file);
}

#define HEX16 "0123456789abcdef"
#define SECRET HEX16 HEX16 HEX16 HEX16

static void test_what_is_no_key_file(void **state)
{
    static const char *const wrong[] = {
        "", "shuniu keys 1\n", "shuniu keys 2\nkey 1 sm 2026-11-24 " SECRET "\ncurrent 1\n",
        "shuniu keys 1\nkey 1 sm 2026-11-24 " SECRET "\n",                                        /* none is current */
        "shuniu keys 1\ncurrent 1\nkey 1 sm 2026-11-24 " SECRET "\n",                             /* not there yet */
        "shuniu keys 1\nkey 1 sm 2026-11-24 " SECRET "\ncurrent 2\n",                             /* not there */
        "shuniu keys 1\nkey 1 sm 2026-11-24 " SECRET "\ncurrent 1\ncurrent 1\n",                  /* twice */
        "shuniu keys 1\nkey 2 sm 2026-11-24 " SECRET "\nkey 1 sm 2026-11-24 " SECRET "\ncurrent 1\n", /* order */
        "shuniu keys 1\nkey 1 sm 2026-11-24 " SECRET "\nkey 1 sm 2026-11-24 " SECRET "\ncurrent 1\n",
        "shuniu keys 1\nkey 0 sm 2026-11-24 " SECRET "\ncurrent 0\n",
        "shuniu keys 1\nkey 65536 sm 2026-11-24 " SECRET "\ncurrent 65536\n",
        "shuniu keys 1\nkey 1 rot13 2026-11-24 " SECRET "\ncurrent 1\n",
        "shuniu keys 1\nkey 1 sm 2026-11-31 " SECRET "\ncurrent 1\n",
        "shuniu keys 1\nkey 1 sm 2026-11-24 " HEX16 "\ncurrent 1\n",
        "shuniu keys 1\nkey 1 sm 2026-11-24 " SECRET "00\ncurrent 1\n",
        "shuniu keys 1\nkey 1 sm 2026-11-24 " SECRET "\ncurrent 1\nkey for the cellar\n",
        "shuniu keys 1\nkey 1 sm 2026-11-24 " SECRET "\ncurrent 1\nhello\n",
    };
    const struct place *place = *state;
    for (ptrdiff_t i = 0; i < COUNT_OF(wrong); i++)
        if (written_kind(place, wrong[i]) != ERROR_INPUT)
            fail_msg("accepted: %s", wrong[i]);
    assert_int_equal(written_kind(place, "shuniu keys 1\n# mine\nkey 7 sm 2026-11-24 " SECRET "\ncurrent 7\n"), ERROR_NONE);
}

static void test_no_message_quotes_the_file(void **state)
{
    const struct place *place = *state;
    struct key_ring *ring;
    struct error err;
    (void)written_kind(place, "shuniu keys 1\nkey 1 rot13 2026-11-24 " SECRET "\ncurrent 1\n");
    assert_false(key_file_read(place->file, &ring, &err));
    assert_int_equal(str_find(str_of(err.detail), STR(HEX16)), -1);
    assert_int_equal(str_find(str_of(err.detail), STR("rot13")), -1);
}

static void test_rotating_and_retiring(void **state)
{
    const struct place *place = *state;
    int32_t number = 0;
    make(place, &suite_xchacha);
    struct key_ring *before = read_ring(place);
    assert_int_equal(change(place, (struct key_change){ .remove = 1 }, &number), ERROR_REFUSED);
    assert_int_equal(change(place, (struct key_change){ .remove = 9 }, &number), ERROR_NOT_FOUND);
    assert_int_equal(change(place, (struct key_change){ .use = 2 }, &number), ERROR_NOT_FOUND);
    assert_int_equal(change(place, (struct key_change){ .add_like_current = true, .use_added = true }, &number), ERROR_NONE);
    assert_int_equal(number, 2);
    assert_int_equal(change(place, (struct key_change){ .add = &suite_sm }, &number), ERROR_NONE); /* for later */
    assert_int_equal(number, 3);

    struct key_ring *ring = read_ring(place);
    assert_int_equal(ring->count, 3);
    assert_int_equal(key_ring_current(ring)->number, 2);
    assert_ptr_equal(key_ring_find(ring, 2)->suite, &suite_xchacha);
    assert_ptr_equal(key_ring_find(ring, 3)->suite, &suite_sm);
    assert_memory_equal(key_ring_find(ring, 1)->secret, key_ring_current(before)->secret, KEY_BYTES);
    assert_memory_not_equal(key_ring_find(ring, 2)->secret, key_ring_current(before)->secret, KEY_BYTES);
    key_ring_free(ring);
    key_ring_free(before);

    assert_int_equal(change(place, (struct key_change){ .remove = 3 }, &number), ERROR_REFUSED); /* newer than current */
    assert_int_equal(change(place, (struct key_change){ .use = 3 }, &number), ERROR_NONE);
    assert_int_equal(change(place, (struct key_change){ .remove = 1 }, &number), ERROR_NONE);
    rotate(place, &suite_xchacha);
    ring = read_ring(place);
    assert_int_equal(ring->count, 3);
    assert_null(key_ring_find(ring, 1));
    assert_int_equal(key_ring_current(ring)->number, 4);
    key_ring_free(ring);
}

static void test_no_more_keys_than_fit(void **state)
{
    const struct place *place = *state;
    int32_t number;
    make(place, &suite_xchacha);
    for (int i = 1; i < KEYS_MAX; i++)
        rotate(place, &suite_xchacha);
    assert_int_equal(change(place, (struct key_change){ .add = &suite_sm }, &number), ERROR_LIMIT);
    struct key_ring *ring = read_ring(place);
    assert_int_equal(ring->count, KEYS_MAX);
    key_ring_free(ring);
}

static void test_two_changes_at_the_same_time(void **state)
{
    const struct place *place = *state;
    int32_t number;
    make(place, &suite_xchacha);
    FILE *file = fopen(place->file, "r");
    assert_int_equal(flock(fileno(file), LOCK_EX), 0);
    assert_int_equal(change(place, (struct key_change){ .add = &suite_sm }, &number), ERROR_BUSY);
    (void)fclose(file);
    store(place, place->beside, "left by a process that was killed", 10);
    assert_int_equal(change(place, (struct key_change){ .add = &suite_sm }, &number), ERROR_NONE);
    assert_int_not_equal(access(place->beside, F_OK), 0);
}

/* As nobody, whom permissions stop: the folder can be changed and not opened, and so not synced. */
static int change_without_syncing(const struct place *place)
{
    enum { NOBODY = 65534 };
    struct key_change change = { .add = &suite_sm, .today = today };
    struct error err = { 0 };
    int32_t number = 0;
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        return 1;
    if (key_file_change(place->file, &change, &number, &err) || err.kind == ERROR_NONE)
        return 2;
    return number == 2 ? 0 : 3; /* it is changed, and says so */
}

static void test_a_change_that_is_not_synced_is_a_change(void **state)
{
    enum { NOBODY = 65534 };
    const struct place *place = *state;
    int status;
    make(place, &suite_xchacha);
    assert_int_equal(chmod(place->folder, 0711), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(place->file, NOBODY, NOBODY), 0);
        assert_int_equal(chown(place->own, NOBODY, NOBODY), 0);
    }
    assert_int_equal(chmod(place->own, 0300), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(change_without_syncing(place));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(place->own, 0700), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- the keeper -------------------------------------------------------------------------------------------------------- */

static int faults_told; /* of this test: the keeper tells them without a self */

static void count_fault(const struct error *err)
{
    assert_int_equal(err->kind, ERROR_FORBIDDEN);
    faults_told++;
}

static void test_a_running_server_sees_a_rotation(void **state)
{
    const struct place *place = *state;
    struct keeper *keeper;
    struct error err;
    faults_told = 0;
    assert_false(keeper_open(place->file, count_fault, &keeper, &err));
    make(place, &suite_xchacha);
    assert_true(keeper_open(place->file, count_fault, &keeper, &err));
    const struct key_ring *first = keeper_ring(keeper);
    assert_ptr_equal(keeper_ring(keeper), first);

    rotate(place, &suite_sm);
    const struct key_ring *second = keeper_ring(keeper);
    assert_int_equal(key_ring_current(second)->number, 2);
    assert_int_equal(key_ring_current(first)->number, 1); /* whoever has it goes on with it */

    assert_int_equal(chmod(place->file, 0644), 0); /* told once, and the keys stay in use */
    assert_ptr_equal(keeper_ring(keeper), second);
    assert_ptr_equal(keeper_ring(keeper), second);
    assert_int_equal(faults_told, 1);
    assert_int_equal(chmod(place->file, 0600), 0);
    assert_ptr_equal(keeper_ring(keeper), second); /* read again, the same keys: no other ring */
    assert_int_equal(faults_told, 1);

    rotate(place, &suite_xchacha);
    assert_int_equal(key_ring_current(keeper_ring(keeper))->number, 3);
    keeper_close(keeper);
    keeper_close(NULL);
}

static void count_wrong_file(const struct error *err)
{
    assert_int_equal(err->kind, ERROR_INPUT);
    assert_non_null(strstr(err->detail, "made anew"));
    faults_told++;
}

static void test_a_running_server_takes_no_other_keys(void **state)
{
    const struct place *place = *state;
    struct keeper *keeper;
    struct error err;
    faults_told = 0;
    make(place, &suite_xchacha);
    assert_true(keeper_open(place->file, count_wrong_file, &keeper, &err));
    const struct key_ring *first = keeper_ring(keeper);
    assert_int_equal(unlink(place->file), 0);
    make(place, &suite_xchacha);
    assert_ptr_equal(keeper_ring(keeper), first);
    assert_ptr_equal(keeper_ring(keeper), first);
    assert_int_equal(faults_told, 1);
    keeper_close(keeper);
}

/* Stands for the data: which keys it lets a server take. */
struct data {
    enum error_kind says; /* ERROR_NONE: it takes them */
    int asked;
};

static bool ask_data(void *self, const struct key_ring *ring, struct error *err)
{
    struct data *data = self;
    data->asked++;
    assert_true(ring->count > 0);
    return data->says == ERROR_NONE || error_fail(err, data->says, "as the data says: made anew");
}

static void ignore_fault(const struct error *err)
{
    assert_non_null(strstr(err->detail, "as the data says"));
    faults_told++;
}

static void test_a_running_server_asks_the_data(void **state)
{
    const struct place *place = *state;
    struct keeper *keeper;
    struct error err;
    struct data data = { 0 };
    faults_told = 0;
    make(place, &suite_xchacha);
    assert_true(keeper_open(place->file, ignore_fault, &keeper, &err));
    keeper_check(keeper, ask_data, &data);
    const struct key_ring *first = keeper_ring(keeper);
    assert_int_equal(data.asked, 0);

    data.says = ERROR_IO; /* it cannot say: the file may be right, and is asked about again */
    rotate(place, &suite_sm);
    assert_ptr_equal(keeper_ring(keeper), first);
    assert_ptr_equal(keeper_ring(keeper), first);
    assert_int_equal(data.asked, 2);
    assert_int_equal(faults_told, 1);
    data.says = ERROR_NONE;
    const struct key_ring *second = keeper_ring(keeper);
    assert_int_equal(key_ring_current(second)->number, 2);

    data = (struct data){ .says = ERROR_INPUT }; /* a wrong file stays one: it costs a look at its state, no more */
    rotate(place, &suite_sm);
    assert_ptr_equal(keeper_ring(keeper), second);
    assert_ptr_equal(keeper_ring(keeper), second);
    assert_int_equal(data.asked, 1);
    assert_int_equal(faults_told, 2);
    data.says = ERROR_NONE;
    rotate(place, &suite_sm);
    assert_int_equal(key_ring_current(keeper_ring(keeper))->number, 4);
    keeper_close(keeper);
}

static int faults_of_any_kind;

static void count_any(const struct error *err)
{
    (void)err;
    faults_of_any_kind++;
}

static void test_a_file_that_is_gone_is_told(void **state)
{
    const struct place *place = *state;
    struct keeper *keeper;
    struct error err;
    make(place, &suite_xchacha);
    faults_of_any_kind = 0;
    assert_true(keeper_open(place->file, count_any, &keeper, &err));
    const struct key_ring *first = keeper_ring(keeper);
    assert_int_equal(unlink(place->file), 0);
    assert_ptr_equal(keeper_ring(keeper), first);
    assert_ptr_equal(keeper_ring(keeper), first);
    assert_int_equal(faults_of_any_kind, 1);
    keeper_close(keeper);
}

/* --- sealing anew -------------------------------------------------------------------------------------------------------- */

enum { ROWS = 250, DISTRICT_ROWS = 150 }; /* over a piece; of two districts */

/* A table in memory. */
static struct {
    struct arena arena;
    struct sealed_row rows[ROWS];
    int changes;
    int64_t touched; /* this record is saved by a person while the first piece is being sealed; 0: none */
} table;

static bool next_rows(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                      struct sealed_rows *ret, struct error *err)
{
    (void)db;
    (void)err;
    *ret = (struct sealed_rows){ arena_new(arena, struct sealed_row, limit), 0 };
    for (int i = 0; i < ROWS && ret->n < limit; i++) {
        const struct sealed_row *row = &table.rows[i];
        if (row->district > district || (row->district == district && row->record > record))
            ret->at[ret->n++] = *row;
    }
    return true;
}

static bool put_row(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed,
                    struct error *err)
{
    (void)txn;
    (void)err;
    struct sealed_row *stored = &table.rows[row->record - 1];
    if (table.touched == row->record) {
        stored->version++;
        table.touched = 0;
    }
    *ret_changed = stored->version == row->version && str_equal(stored->sealed, row->sealed);
    if (*ret_changed == 1)
        stored->sealed = str_copy(&table.arena, sealed);
    table.changes++;
    return true;
}

static const struct sealed_column column = { "unit.contact", next_rows, put_row };

static struct str plain_of(int64_t record, struct arena *arena)
{
    return str_format(arena, "contact %lld", (long long)record);
}

static void fill_table(const struct key_ring *ring)
{
    table.arena = (struct arena){ 0 };
    table.changes = 0;
    table.touched = 0;
    for (int64_t record = 1; record <= ROWS; record++) {
        struct sealed_place at = { column.name, record };
        table.rows[record - 1] = (struct sealed_row){
            .district = record <= DISTRICT_ROWS ? 440605 : 440606, .record = record, .version = 1,
            .sealed = crypt_seal(ring, at, plain_of(record, &table.arena), &table.arena),
        };
    }
}

static struct sealed_counts counts_under(const struct key_ring *ring)
{
    struct sealed_counts counts = { 0 };
    struct error err;
    assert_true(crypt_count(NULL, &column, ring, &counts, &err));
    return counts;
}

static struct database *open_new(const struct place *place)
{
    static const struct schema *const schemas[] = { &audit_schema };
    struct database *database;
    struct error err = { 0 };
    char path[128];
    (void)snprintf(path, sizeof path, "%s/shuniu.db", place->folder);
    if (!database_open(path, schemas, COUNT_OF(schemas), &database, &err))
        fail_msg("%s", err.detail);
    return database;
}

/* As the first version sealed it: its head says so, and the owner is not bound. */
static struct str sealed_before(const struct key_ring *ring, int64_t record, struct arena *arena)
{
    const struct key *key = key_ring_current(ring);
    struct str plain = plain_of(record, arena);
    unsigned char bound[] = { 1, (unsigned char)key->suite->number, 0, (unsigned char)key->number, 12,
                              'u', 'n', 'i', 't', '.', 'c', 'o', 'n', 't', 'a', 'c', 't', 0, 0, 0, 0, 0, 0, 0,
                              (unsigned char)record };
    unsigned char *sealed = arena_new(arena, unsigned char, plain.len + SEALED_OVERHEAD);
    memcpy(sealed, bound, SEALED_HEAD);
    key->suite->seal(key->sealing, sealed + SEALED_HEAD, (struct str){ (const char *)bound, sizeof bound }, plain,
                     sealed + SEALED_HEAD + NONCE_BYTES);
    return (struct str){ (const char *)sealed, plain.len + SEALED_OVERHEAD };
}

/* Seals all anew; returns how many values were, and how many do not open. */
static int64_t seal_all(struct database *database, const struct key_ring *ring, int64_t *ret_unread)
{
    struct reseal reseal = reseal_begin(&column, ring);
    struct ids ids = { 0 };
    struct error err = { 0 };
    struct db *db;
    int64_t sealed = 0;
    assert_true(database_writer(database, &db, &err));
    while (!reseal.is_over) {
        assert_true(reseal_read(&reseal, db, &err));
        if (reseal.rows.n == 0)
            continue;
        if (!txn_run(db, &ids, (struct instant){ 1 }, reseal_change, &reseal, &err))
            fail_msg("%s", err.detail);
        sealed += reseal.changed;
    }
    db_release(db);
    *ret_unread = reseal.unread;
    reseal_end(&reseal);
    return sealed;
}

static int64_t events_of(struct database *database)
{
    struct arena arena = { 0 };
    struct audit_report report;
    struct error err;
    struct db *db;
    assert_true(database_reader(database, &db, &err));
    assert_true(audit_verify(db, &arena, &report, &err));
    assert_int_equal(report.bad_chains, 0);
    db_release(db);
    arena_release(&arena);
    return report.events;
}

static void test_values_move_to_the_new_key(void **state)
{
    const struct place *place = *state;
    int64_t unread;
    make(place, &suite_xchacha);
    struct key_ring *old = read_ring(place);
    fill_table(old);
    rotate(place, &suite_sm);
    struct key_ring *ring = read_ring(place);
    struct database *database = open_new(place);
    assert_int_equal(counts_under(ring).of_key[0], ROWS);

    table.touched = 42;
    assert_int_equal(seal_all(database, ring, &unread), ROWS - 1); /* what a person has just saved is left alone */
    assert_int_equal(unread, 0);
    assert_int_equal(counts_under(ring).of_key[0], 1);
    assert_int_equal(seal_all(database, ring, &unread), 1);
    struct sealed_counts counts = counts_under(ring);
    assert_int_equal(counts.values, ROWS);
    assert_int_equal(counts.of_key[0], 0);
    assert_int_equal(counts.of_key[1], ROWS);
    assert_int_equal(counts.broken + counts.missing, 0);
    /* 100, 50 + 50, 50 rows of two districts, then one: five events */
    assert_int_equal(events_of(database), 5);

    table.changes = 0;
    assert_int_equal(seal_all(database, ring, &unread), 0);
    assert_int_equal(table.changes, 0);
    for (int64_t record = 1; record <= ROWS; record++) {
        struct str plain;
        struct error err;
        const struct sealed_row *row = &table.rows[record - 1];
        assert_int_equal(row->version, record == 42 ? 2 : 1);
        assert_true(crypt_open(ring, (struct sealed_place){ column.name, record }, row->sealed, &table.arena, &plain, &err));
        assert_true(str_equal(plain, plain_of(record, &table.arena)));
    }
    database_close(database);
    arena_release(&table.arena);
    key_ring_free(old);
    key_ring_free(ring);
}

static void test_values_of_the_first_version_are_bound_anew(void **state)
{
    const struct place *place = *state;
    int64_t unread;
    make(place, &suite_sm);
    struct key_ring *ring = read_ring(place);
    struct database *database = open_new(place);
    fill_table(ring);
    for (int64_t record = 1; record <= 3; record++)
        table.rows[record - 1].sealed = sealed_before(ring, record, &table.arena);
    assert_int_equal(counts_under(ring).older, 3);
    assert_int_equal(counts_under(ring).broken, 0);
    assert_int_equal(seal_all(database, ring, &unread), 3); /* though they are under the current key */
    assert_int_equal(unread, 0);
    assert_int_equal(counts_under(ring).older, 0);
    assert_int_equal(counts_under(ring).broken, 0);
    database_close(database);
    arena_release(&table.arena);
    key_ring_free(ring);
}

static void test_what_does_not_open_holds_up_nobody(void **state)
{
    const struct place *place = *state;
    int64_t unread;
    make(place, &suite_xchacha);
    struct key_ring *first = read_ring(place);
    fill_table(first);
    rotate(place, &suite_xchacha);
    struct key_ring *ring = read_ring(place);
    struct database *database = open_new(place);
    table.rows[0].sealed = table.rows[1].sealed; /* of another row */
    table.rows[1].sealed = STR("in the clear");
    struct sealed_counts counts = counts_under(ring);
    assert_int_equal(counts.broken, 2);
    assert_int_equal(counts.missing, 0);
    assert_int_equal(counts.first.record, 1);
    assert_int_equal(seal_all(database, ring, &unread), ROWS - 2);
    assert_int_equal(unread, 2);
    assert_int_equal(counts_under(first).missing, ROWS - 2); /* with yesterday's key file */
    database_close(database);
    arena_release(&table.arena);
    key_ring_free(first);
    key_ring_free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_new_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_others_may_read_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_damaged_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_key_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_message_quotes_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rotating_and_retiring, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_more_keys_than_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_changes_at_the_same_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_change_that_is_not_synced_is_a_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_running_server_sees_a_rotation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_running_server_takes_no_other_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_running_server_asks_the_data, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_gone_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_values_move_to_the_new_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_values_of_the_first_version_are_bound_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_does_not_open_holds_up_nobody, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
