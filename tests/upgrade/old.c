#include "upgrade/old.h"

#include "platform/crypt/crypt.h"
#include "platform/crypt/key_file.h"
#include "platform/db/bigram.h"
#include "shuniu/commands.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>
#include <zlib.h>

static void path_of(const struct old *old, const char *tail, char ret[OLD_PATH_BYTES])
{
    (void)snprintf(ret, OLD_PATH_BYTES, "%s/shuniu.db%s", old->folder, tail);
}

void old_make(struct old *old)
{
    *old = (struct old){ .folder = "/tmp/shuniu-upgrade-XXXXXX" };
    char tail[32];
    struct error err;
    if (!mkdtemp(old->folder))
        BUG("no temporary folder");
    path_of(old, "", old->file);
    (void)snprintf(tail, sizeof tail, ".before-v%d", SCHEMA_VERSION);
    path_of(old, tail, old->snapshot);
    (void)snprintf(tail, sizeof tail, ".before-v%d.new", SCHEMA_VERSION);
    path_of(old, tail, old->part);
    (void)snprintf(old->keys, sizeof old->keys, "%s/keys", old->folder);
    (void)snprintf(old->new_keys, sizeof old->new_keys, "%s/new-keys", old->folder);
    if (!key_file_make(old->new_keys, 1, &suite_xchacha, date_of(instant_now()), old->folder, &err))
        BUG("%s", err.detail);
}

/* Those its sealed values open with; before 6 nothing was sealed, and new ones will do. */
static void put_keys(const struct old *old, int version)
{
    char name[64], bytes[4096];
    (void)snprintf(name, sizeof name, "tests/upgrade/data/v%d.keys", version);
    (void)unlink(old->keys);
    FILE *from = fopen(name, "rb");
    if (!from)
        from = fopen(old->new_keys, "rb");
    size_t n = from ? fread(bytes, 1, sizeof bytes, from) : 0;
    int to = open(old->keys, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (n == 0 || fclose(from) != 0 || to < 0 || write(to, bytes, n) != (ssize_t)n || close(to) != 0)
        BUG("cannot write %s", old->keys);
}

static void empty(const struct old *old)
{
    static const char *const tails[] = { "-wal", "-shm", "-journal" };
    const char *const files[] = { old->file, old->snapshot, old->part };
    for (ptrdiff_t i = 0; i < COUNT_OF(files); i++) {
        (void)unlink(files[i]);
        for (ptrdiff_t t = 0; t < COUNT_OF(tails); t++) {
            char path[OLD_PATH_BYTES + 16];
            (void)snprintf(path, sizeof path, "%s%s", files[i], tails[t]);
            (void)unlink(path);
        }
    }
}

void old_put(const struct old *old, int version)
{
    char name[64], bytes[1 << 16];
    (void)snprintf(name, sizeof name, "tests/upgrade/data/v%d.db.gz", version);
    empty(old);
    gzFile from = gzopen(name, "rb");
    FILE *to = fopen(old->file, "wb");
    if (!from || !to)
        BUG("no %s: a new version needs data of the one before (tests/upgrade/README.md)", name);
    int n = gzread(from, bytes, sizeof bytes);
    for (; n > 0; n = gzread(from, bytes, sizeof bytes))
        if (fwrite(bytes, 1, (size_t)n, to) != (size_t)n)
            BUG("cannot write %s", old->file);
    if (n < 0 || gzclose(from) != Z_OK || fclose(to) != 0)
        BUG("cannot unpack %s", name);
    put_keys(old, version);
}

void old_remove(const struct old *old)
{
    empty(old);
    (void)unlink(old->keys);
    (void)unlink(old->new_keys);
    (void)rmdir(old->folder);
}

bool old_upgrade(const struct old *old, struct upgraded *ret, struct error *err)
{
    struct options options = { .data = old->folder, .keys = old->keys };
    struct keeper *keeper;
    if (!open_keys(&options, NULL, &keeper, err))
        return false;
    bool ok = upgrade_data(&options, keeper, ret, err);
    keeper_close(keeper);
    return ok;
}

/* --- what is in a file ------------------------------------------------------------------------------------------ */

sqlite3 *file_open(const char *path)
{
    sqlite3 *sqlite = NULL;
    if (sqlite3_open_v2(path, &sqlite, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        bigram_register(sqlite) != SQLITE_OK)
        BUG("%s: %s", path, sqlite3_errmsg(sqlite));
    return sqlite;
}

static sqlite3_stmt *prepare(sqlite3 *sqlite, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL) != SQLITE_OK)
        BUG("%s: %s", sql, sqlite3_errmsg(sqlite));
    return statement;
}

int64_t file_number(sqlite3 *sqlite, const char *sql)
{
    sqlite3_stmt *statement = prepare(sqlite, sql);
    int64_t n = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return n;
}

static void hash_rows(crypto_generichash_state *state, sqlite3 *sqlite, const char *sql)
{
    sqlite3_stmt *statement = prepare(sqlite, sql);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const void *bytes = sqlite3_column_blob(statement, i);
            int size = sqlite3_column_bytes(statement, i);
            crypto_generichash_update(state, (const unsigned char *)&size, sizeof size);
            int64_t key;
            bool is_sealed = sqlite3_column_type(statement, i) == SQLITE_BLOB &&
                             crypt_key_of((struct str){ bytes, size }, &key); /* looks different each time */
            if (size > 0 && !is_sealed)
                crypto_generichash_update(state, bytes, (unsigned long long)size);
        }
    }
    sqlite3_finalize(statement);
}

struct digest file_digest(const char *path)
{
    struct digest digest;
    crypto_generichash_state state;
    sqlite3 *sqlite = file_open(path);
    crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
    digest.version = (int)file_number(sqlite, "PRAGMA user_version");
    hash_rows(&state, sqlite, "SELECT name, sql FROM sqlite_schema ORDER BY name");
    /* shadow tables, with the words of a search, are tables too */
    sqlite3_stmt *tables = prepare(sqlite, "SELECT name, ncol FROM pragma_table_list WHERE type IN ('table', 'shadow')"
                                           " AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'audit%' AND name <> 'shuniu'"
                                           " ORDER BY name");
    while (sqlite3_step(tables) == SQLITE_ROW) {
        char sql[512];
        const char *name = (const char *)sqlite3_column_text(tables, 0);
        int len = snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1", name);
        for (int column = 2; column <= sqlite3_column_int(tables, 1) && len < (int)sizeof sql - 8; column++)
            len += snprintf(sql + len, sizeof sql - (size_t)len, ",%d", column);
        hash_rows(&state, sqlite, sql);
    }
    sqlite3_finalize(tables);
    sqlite3_close(sqlite);
    crypto_generichash_final(&state, digest.bytes, DIGEST_BYTES);
    return digest;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return a->version == b->version && memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

static void opened(sqlite3_context *context, int count, sqlite3_value **args)
{
    struct arena arena = { 0 };
    struct error err;
    struct str plain, sealed = { sqlite3_value_blob(args[3]), sqlite3_value_bytes(args[3]) };
    struct sealed_place place = { (const char *)sqlite3_value_text(args[0]), sqlite3_value_int64(args[1]),
                                  sqlite3_value_int64(args[2]) };
    (void)count;
    if (crypt_open(sqlite3_user_data(context), place, sealed, &arena, &plain, &err))
        sqlite3_result_blob(context, plain.len > 0 ? plain.data : "", (int)plain.len, SQLITE_TRANSIENT);
    arena_release(&arena);
}

static void drop_ring(void *ring)
{
    key_ring_free(ring);
}

void file_open_sealed(sqlite3 *sqlite, const struct old *old)
{
    struct key_ring *ring;
    struct error err;
    if (!key_file_read(old->keys, &ring, &err) ||
        sqlite3_create_function_v2(sqlite, "opened", 4, SQLITE_UTF8, ring, opened, NULL, NULL, drop_ring) != SQLITE_OK)
        BUG("cannot open what is sealed");
}
