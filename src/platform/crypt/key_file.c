/*
 * key_file.c - reading and writing it.  Its text holds the keys, so it is only ever in locked memory, written and read
 * without stdio, and no message quotes any of it.
 */
#include "platform/crypt/key_file.h"

#include "base/parse.h"
#include "base/random.h"
#include "platform/db/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 8 * 1024, SUM_BYTES = 16, PATH_BYTES = 4096 };

#define FIRST_LINE "shuniu keys 1"

/* Text in locked memory. */
struct page {
    char *data;
    ptrdiff_t len;
};

static bool page_new(struct page *ret, struct error *err)
{
    char *data = sodium_malloc(FILE_BYTES);
    if (!data || sodium_mlock(data, FILE_BYTES) != 0) {
        sodium_free(data);
        return error_fail(err, ERROR_IO, "the memory of keys cannot be locked: %s (ulimit -l, LimitMEMLOCK)",
                          strerror(errno));
    }
    *ret = (struct page){ data, 0 };
    return true;
}

static void page_free(struct page *page)
{
    sodium_free(page->data);
}

PRINTF_LIKE(2, 3) static void put(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(page->data + page->len, (size_t)(FILE_BYTES - page->len), format, args);
    va_end(args);
    if (len < 0 || len >= FILE_BYTES - page->len)
        BUG("a key file over %d bytes", FILE_BYTES); /* KEYS_MAX lines are 2 KiB */
    page->len += len;
}

static void put_hex(struct page *page, const unsigned char *bytes, ptrdiff_t len)
{
    if (FILE_BYTES - page->len < 2 * len + 1)
        BUG("a key file over %d bytes", FILE_BYTES);
    sodium_bin2hex(page->data + page->len, (size_t)(2 * len + 1), bytes, (size_t)len);
    page->len += 2 * len;
}

static void sum_of(struct str text, unsigned char ret[SUM_BYTES])
{
    crypto_generichash(ret, SUM_BYTES, (const unsigned char *)text.data, (size_t)text.len, NULL, 0);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool read_hex(struct str text, unsigned char *ret, ptrdiff_t len)
{
    size_t got;
    return text.len == 2 * len && sodium_hex2bin(ret, (size_t)len, text.data, (size_t)text.len, NULL, &got, NULL) == 0 &&
           got == (size_t)len;
}

static bool read_key(struct str line, struct key_ring *ring, struct error *err)
{
    struct str number_text, suite_text, date_text, rest;
    unsigned char secret[KEY_BYTES];
    struct date made_on;
    int64_t number, last = ring->count > 0 ? ring->keys[ring->count - 1].number : 0;
    (void)str_cut(line, ' ', &number_text, &rest);
    (void)str_cut(rest, ' ', &suite_text, &rest);
    (void)str_cut(rest, ' ', &date_text, &rest);
    const struct suite *suite = suite_named(suite_text);
    bool ok = (parse_int(number_text, last + 1, KEY_NUMBER_MAX, &number) && suite && date_parse(date_text, &made_on) &&
               read_hex(rest, secret, KEY_BYTES)) ||
              error_fail(err, ERROR_INPUT, "the key file has a line that is no key");
    ok = ok && key_ring_add(ring, (int32_t)number, suite, made_on, secret, err);
    sodium_memzero(secret, sizeof secret);
    return ok;
}

static bool read_current(struct str line, struct key_ring *ring, struct error *err)
{
    int64_t number = 0;
    const struct key *key = parse_int(line, 1, KEY_NUMBER_MAX, &number) ? key_ring_find(ring, number) : NULL;
    if (!key)
        return error_fail(err, ERROR_INPUT, "the key file names a current key that it does not have");
    ring->current = (int)(key - ring->keys);
    return true;
}

/* All of text but its last line must be as the sum says. */
static bool check_sum(struct str text, struct str *ret_rest, struct error *err)
{
    unsigned char said[SUM_BYTES], is[SUM_BYTES];
    ptrdiff_t at = text.len - 1;
    while (at > 0 && text.data[at - 1] != '\n')
        at--;
    struct str last = at > 0 ? str_trim(str_slice(text, at, text.len)) : (struct str){ 0 };
    if (!str_starts(last, STR("sum ")) || !read_hex(str_slice(last, 4, last.len), said, SUM_BYTES))
        return error_fail(err, ERROR_INPUT, "the key file does not end with its sum: it was cut, or is another file");
    *ret_rest = str_slice(text, 0, at);
    sum_of(*ret_rest, is);
    return memcmp(said, is, SUM_BYTES) == 0 ||
           error_fail(err, ERROR_INPUT, "the key file is not as it was written: its sum is another one");
}

static bool read_text(struct str text, struct key_ring *ring, struct error *err)
{
    struct str line;
    bool ok = true, has_current = false;
    if (!check_sum(text, &text, err))
        return false;
    (void)str_cut(text, '\n', &line, &text);
    if (!str_equal(line, STR(FIRST_LINE)))
        return error_fail(err, ERROR_INPUT, "the key file does not begin with '" FIRST_LINE "'");
    while (ok && text.len > 0) {
        (void)str_cut(text, '\n', &line, &text);
        if (str_starts(line, STR("key "))) {
            ok = read_key(str_slice(line, 4, line.len), ring, err);
        } else if (str_starts(line, STR("current ")) && !has_current) {
            ok = read_current(str_slice(line, 8, line.len), ring, err);
            has_current = true;
        } else if (!str_starts(line, STR("#"))) {
            ok = error_fail(err, ERROR_INPUT, "the key file has a line of no known kind");
        }
    }
    return ok && (has_current || error_fail(err, ERROR_INPUT, "the key file has no current key"));
}

static bool check_owner(int fd, const char *path, struct error *err)
{
    struct stat stat_of;
    if (fstat(fd, &stat_of) != 0)
        return error_fail(err, ERROR_IO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(stat_of.st_mode))
        return error_fail(err, ERROR_INPUT, "%s is no file", path);
    if ((stat_of.st_mode & 077) != 0)
        return error_fail(err, ERROR_FORBIDDEN, "%s can be read by others than its owner: chmod 600 it", path);
    if (geteuid() != 0 && stat_of.st_uid != geteuid())
        return error_fail(err, ERROR_FORBIDDEN, "%s belongs to somebody else", path);
    return true;
}

static bool read_all(int fd, const char *path, struct page *page, struct error *err)
{
    ssize_t got;
    do {
        got = read(fd, page->data + page->len, (size_t)(FILE_BYTES - page->len));
        if (got > 0)
            page->len += got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0)
        return error_fail(err, ERROR_IO, "%s: %s", path, strerror(errno));
    return page->len < FILE_BYTES || error_fail(err, ERROR_INPUT, "%s is too large for a key file", path);
}

static bool read_open(int fd, const char *path, struct key_ring **ret, struct error *err)
{
    struct page page = { 0 };
    struct key_ring *ring = NULL;
    if (!check_owner(fd, path, err) || !page_new(&page, err))
        return false;
    bool ok = read_all(fd, path, &page, err) && key_ring_new(&ring, err) &&
              read_text((struct str){ page.data, page.len }, ring, err);
    page_free(&page);
    if (ok)
        *ret = ring;
    else
        key_ring_free(ring);
    return ok;
}

static bool open_file(const char *path, int *ret_fd, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_fail(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, "%s: %s", path, strerror(errno));
    *ret_fd = fd;
    return true;
}

bool key_file_read(const char *path, struct key_ring **ret, struct error *err)
{
    int fd = -1;
    if (!open_file(path, &fd, err))
        return false;
    bool ok = read_open(fd, path, ret, err);
    close(fd);
    return ok;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static void put_keys(struct page *page, const struct key_ring *ring)
{
    unsigned char sum[SUM_BYTES];
    put(page, FIRST_LINE "\n"
              "# The keys of a Shuniu installation. What is sealed with them can be read with this file and not without it.\n"
              "# Keep a copy of each state of it, apart from the data and its backups. Change it with 'shuniu keys' alone.\n");
    for (int i = 0; i < ring->count; i++) {
        const struct key *key = &ring->keys[i];
        struct civil made = civil_of_date(key->made_on);
        put(page, "key %d %s %04d-%02d-%02d ", key->number, key->suite->name, made.year, made.month, made.day);
        put_hex(page, key->secret, KEY_BYTES);
        put(page, "\n");
    }
    put(page, "current %d\n", key_ring_current(ring)->number);
    sum_of((struct str){ page->data, page->len }, sum);
    put(page, "sum ");
    put_hex(page, sum, SUM_BYTES);
    put(page, "\n");
}

static bool write_all(int fd, const struct page *page)
{
    ptrdiff_t at = 0;
    while (at < page->len) {
        ssize_t put_bytes = write(fd, page->data + at, (size_t)(page->len - at));
        if (put_bytes < 0 && errno != EINTR)
            return false;
        at += put_bytes > 0 ? put_bytes : 0;
    }
    return fsync(fd) == 0;
}

static void folder_of(const char *path, char ret[PATH_BYTES])
{
    const char *slash = strrchr(path, '/');
    (void)snprintf(ret, PATH_BYTES, "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
}

/* Written beside its place; owner: whose it is to be, if root writes it. */
static bool write_beside(const char *beside, const struct key_ring *ring, const struct stat *owner, struct error *err)
{
    struct page page = { 0 };
    if (!page_new(&page, err))
        return false;
    put_keys(&page, ring);
    (void)unlink(beside); /* left by a process that was killed */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0 && write_all(fd, &page);
    if (ok && owner && geteuid() == 0)
        ok = fchown(fd, owner->st_uid, owner->st_gid) == 0;
    if (!ok)
        (void)error_fail(err, errno == ENOSPC ? ERROR_FULL : ERROR_IO, "%s: %s", beside, strerror(errno));
    if (fd >= 0)
        close(fd);
    page_free(&page);
    return ok;
}

static bool name_beside(const char *path, char ret[PATH_BYTES], struct error *err)
{
    return snprintf(ret, PATH_BYTES, "%s.new", path) < PATH_BYTES ||
           error_fail(err, ERROR_LIMIT, "the name of the key file is too long");
}

static bool add_random(struct key_ring *ring, int32_t number, const struct suite *suite, struct date today,
                       struct error *err)
{
    unsigned char secret[KEY_BYTES];
    random_bytes(secret, sizeof secret);
    bool ok = key_ring_add(ring, number, suite, today, secret, err);
    sodium_memzero(secret, sizeof secret);
    return ok;
}

/* For its owner alone; one that is there stays as it is. */
static bool make_folder(const char *path, const struct stat *owner, struct error *err)
{
    char folder[PATH_BYTES];
    folder_of(path, folder);
    bool is_made = mkdir(folder, 0700) == 0;
    bool ok = is_made || errno == EEXIST;
    if (is_made && owner && geteuid() == 0)
        ok = chown(folder, owner->st_uid, owner->st_gid) == 0;
    return ok || error_fail(err, ERROR_IO, "%s: %s", folder, strerror(errno));
}

bool key_file_make(const char *path, int32_t number, const struct suite *suite, struct date today,
                   const char *like_owner, struct error *err)
{
    char beside[PATH_BYTES];
    struct key_ring *ring = NULL;
    struct stat data;
    const struct stat *owner = stat(like_owner, &data) == 0 ? &data : NULL;
    bool ok = name_beside(path, beside, err) && make_folder(path, owner, err) && key_ring_new(&ring, err) &&
              add_random(ring, number, suite, today, err) && write_beside(beside, ring, owner, err);
    if (ok && link(beside, path) != 0) /* unlike rename() it never takes the place of another */
        ok = error_fail(err, errno == EEXIST ? ERROR_CONFLICT : ERROR_IO, "%s: %s", path, strerror(errno));
    if (ring)
        (void)unlink(beside);
    ok = ok && file_sync_folder(path, err);
    key_ring_free(ring);
    return ok;
}

static bool add_key(struct key_ring *ring, const struct key_change *change, int32_t *ret_number, struct error *err)
{
    int32_t number = ring->keys[ring->count - 1].number + 1;
    const struct suite *suite = change->add ? change->add : key_ring_current(ring)->suite;
    if (number > KEY_NUMBER_MAX)
        return error_fail(err, ERROR_LIMIT, "no number is left for another key");
    if (!add_random(ring, number, suite, change->today, err))
        return false;
    if (change->use_added)
        ring->current = ring->count - 1;
    *ret_number = number;
    return true;
}

static bool remove_key(struct key_ring *ring, const struct key *key, struct error *err)
{
    int at = (int)(key - ring->keys);
    if (at == ring->current)
        return error_fail(err, ERROR_REFUSED, "key %d is the current one", key->number);
    if (at > ring->current) /* or its number could be given once more */
        return error_fail(err, ERROR_REFUSED, "key %d is newer than the current one", key->number);
    memmove(&ring->keys[at], &ring->keys[at + 1], (size_t)(ring->count - at - 1) * sizeof ring->keys[0]);
    ring->count--;
    ring->current--;
    sodium_memzero(&ring->keys[ring->count], sizeof ring->keys[0]);
    return true;
}

static bool change_ring(struct key_ring *ring, const struct key_change *change, int32_t *ret_number, struct error *err)
{
    if (change->add || change->add_like_current)
        return add_key(ring, change, ret_number, err);
    int64_t number = change->use > 0 ? change->use : change->remove;
    const struct key *key = key_ring_find(ring, number);
    if (!key)
        return error_fail(err, ERROR_NOT_FOUND, "there is no key %lld", (long long)number);
    *ret_number = key->number;
    if (change->use == 0)
        return remove_key(ring, key, err);
    ring->current = (int)(key - ring->keys);
    return true;
}

static bool replace(const char *path, const struct key_ring *ring, const struct stat *owner, struct error *err)
{
    char beside[PATH_BYTES];
    if (!name_beside(path, beside, err) || !write_beside(beside, ring, owner, err))
        return false;
    if (rename(beside, path) == 0)
        return true;
    (void)error_fail(err, ERROR_IO, "%s: %s", path, strerror(errno));
    (void)unlink(beside);
    return false;
}

/* Holds the lock on fd: what another program has put in its place meanwhile is not to be lost. */
static bool change_locked(int fd, const char *path, const struct key_change *change, int32_t *ret_number,
                          struct error *err)
{
    struct stat here, there;
    struct key_ring *ring = NULL;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &here) != 0 || stat(path, &there) != 0 ||
        here.st_ino != there.st_ino || here.st_dev != there.st_dev)
        return error_fail(err, ERROR_BUSY, "another program is changing %s", path);
    int32_t number;
    bool ok = read_open(fd, path, &ring, err) && change_ring(ring, change, &number, err) &&
              replace(path, ring, &here, err);
    key_ring_free(ring);
    if (!ok)
        return false;
    *ret_number = number;
    return file_sync_folder(path, err);
}

bool key_file_change(const char *path, const struct key_change *change, int32_t *ret_number, struct error *err)
{
    int fd = -1;
    *ret_number = 0;
    if (!open_file(path, &fd, err))
        return false;
    bool ok = change_locked(fd, path, change, ret_number, err);
    close(fd);
    return ok;
}
