#include "platform/audit/anchor.h"

#include "base/buf.h"
#include "base/parse.h"
#include "platform/db/files.h"

#include "gen/audit_queries.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    AT_LEN = 16, /* "2026-11-24 00:00" */
    DAY_LEN = 10,
    HEX_LEN = 2 * AUDIT_HASH_BYTES,
    LINE_BYTES = 1024 * 1024, /* 10,000 chains; the nation has 2,900 districts */
    FILE_BYTES = 512 * 1024 * 1024
};

static struct str hex(struct arena *arena, const unsigned char *bytes)
{
    char *text = arena_new(arena, char, HEX_LEN + 1);
    sodium_bin2hex(text, HEX_LEN + 1, bytes, AUDIT_HASH_BYTES);
    return (struct str){ text, HEX_LEN };
}

static struct str root_of(struct arena *arena, struct str text)
{
    unsigned char hash[AUDIT_HASH_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, (size_t)text.len, NULL, 0);
    return hex(arena, hash);
}

bool audit_anchor_take(struct db *db, struct instant now, struct arena *arena, struct str *ret_line, struct error *err)
{
    struct audit_head_all_rows heads;
    struct buf line = buf_make(arena, LINE_BYTES);
    int64_t events = 0;
    if (!audit_head_all(db, arena, &heads, err))
        return false;
    for (ptrdiff_t i = 0; i < heads.n; i++)
        events += heads.at[i].seq;
    buf_put(&line, instant_minute(arena, now));
    buf_format(&line, " chains %td events %lld heads", heads.n, (long long)events);
    for (ptrdiff_t i = 0; i < heads.n; i++) {
        const struct audit_head_all *head = &heads.at[i];
        if (head->hash.len != AUDIT_HASH_BYTES)
            return error_fail(err, ERROR_INPUT, "the audit chain of district %lld has a broken head",
                              (long long)head->district);
        buf_format(&line, " %lld:%lld:%.*s", (long long)head->district, (long long)head->seq,
                   STR_ARG(hex(arena, (const unsigned char *)head->hash.data)));
    }
    struct str root = root_of(arena, buf_str(&line));
    buf_format(&line, " root %.*s", STR_ARG(root));
    if (line.overflowed)
        return error_fail(err, ERROR_LIMIT, "an anchor of %td chains is over %d bytes", heads.n, LINE_BYTES);
    *ret_line = buf_str(&line);
    return true;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool read_head(struct str word, struct audit_anchor_head *ret)
{
    struct str district, seq, hash;
    size_t len;
    return str_cut(word, ':', &district, &word) && str_cut(word, ':', &seq, &hash) &&
           parse_int(district, 0, INT64_MAX, &ret->district) && parse_int(seq, 1, INT64_MAX, &ret->seq) &&
           hash.len == HEX_LEN &&
           sodium_hex2bin(ret->hash, sizeof ret->hash, hash.data, (size_t)hash.len, NULL, &len, NULL) == 0 &&
           len == sizeof ret->hash;
}

static bool read_heads(struct str words, struct arena *arena, struct audit_anchor *ret)
{
    struct str word;
    int64_t events = 0;
    struct audit_anchor_head *heads = arena_new(arena, struct audit_anchor_head, ret->head_count);
    for (ptrdiff_t i = 0; i < ret->head_count; i++) {
        (void)str_cut(words, ' ', &word, &words);
        if (!read_head(word, &heads[i]) || (i > 0 && heads[i].district <= heads[i - 1].district) ||
            __builtin_add_overflow(events, heads[i].seq, &events))
            return false;
    }
    ret->heads = heads;
    return words.len == 0 && events == ret->events;
}

/* "NAME NUMBER " at the beginning of *rest. */
static bool read_count(struct str *rest, struct str name, int64_t most, int64_t *ret)
{
    struct str word, number;
    return str_cut(*rest, ' ', &word, rest) && str_equal(word, name) && str_cut(*rest, ' ', &number, rest) &&
           parse_int(number, 0, most, ret);
}

bool audit_anchor_read(struct str line, struct arena *arena, struct audit_anchor *ret, struct error *err)
{
    enum { TAIL_LEN = 6 + HEX_LEN }; /* " root " and it */
    struct date day;
    struct str word;
    int64_t chains = 0;
    ptrdiff_t text = line.len - TAIL_LEN;
    if (text < AT_LEN + 1 || !str_starts(str_slice(line, text, line.len), STR(" root ")) ||
        !date_parse(str_slice(line, 0, DAY_LEN), &day))
        return error_fail(err, ERROR_INPUT, "no anchor");
    *ret = (struct audit_anchor){ .at = str_slice(line, 0, AT_LEN), .root = str_slice(line, text + 6, line.len) };
    if (!str_equal(ret->root, root_of(arena, str_slice(line, 0, text))))
        return error_fail(err, ERROR_INPUT, "an anchor whose root is not that of its line: it was changed");
    struct str rest = str_slice(line, AT_LEN + 1, text);
    bool ok = read_count(&rest, STR("chains"), LINE_BYTES, &chains) &&
              read_count(&rest, STR("events"), INT64_MAX, &ret->events);
    (void)str_cut(rest, ' ', &word, &rest);
    ret->head_count = (ptrdiff_t)chains;
    return (ok && str_equal(word, STR("heads")) && read_heads(rest, arena, ret)) ||
           error_fail(err, ERROR_INPUT, "no anchor");
}

static bool read_lines(struct str text, struct arena *arena, struct audit_anchors *ret, struct error *err)
{
    ptrdiff_t n = 0;
    struct str line;
    for (ptrdiff_t i = 0; i < text.len; i++)
        n += text.data[i] == '\n';
    *ret = (struct audit_anchors){ arena_new(arena, struct audit_anchor, n + 1), 0 };
    for (int64_t number = 1; text.len > 0; number++) {
        struct error why;
        (void)str_cut(text, '\n', &line, &text);
        line = str_trim(line); /* it may have been through a mail program */
        if (line.len == 0)
            continue;
        if (!audit_anchor_read(line, arena, &ret->at[ret->n], &why))
            return error_fail(err, ERROR_INPUT, "line %lld is %s", (long long)number, why.detail);
        ret->n++;
    }
    return ret->n > 0 || error_fail(err, ERROR_INPUT, "there is no anchor in the file");
}

static enum error_kind kind_of(int number)
{
    return number == ENOSPC ? ERROR_FULL : number == EACCES ? ERROR_FORBIDDEN : ERROR_IO;
}

/* A file, and nothing that one could wait for in vain, such as a pipe; -1: *err says why not. */
static int open_file(const char *path, int flags, struct stat *ret, struct error *err)
{
    int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC, 0644);
    if (fd < 0 && errno == ENOENT && (flags & O_CREAT) == 0)
        (void)error_fail(err, ERROR_NOT_FOUND, "%s: %s", path, strerror(errno));
    else if (fd < 0)
        (void)error_fail(err, kind_of(errno), "%s: %s", path, errno == ELOOP ? "a link" : strerror(errno));
    else if (fstat(fd, ret) != 0 || !S_ISREG(ret->st_mode))
        (void)error_fail(err, ERROR_INPUT, "%s is no file", path);
    else
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

bool audit_anchors_read(const char *path, struct arena *arena, struct audit_anchors *ret, struct error *err)
{
    struct stat stat_of;
    int fd = open_file(path, O_RDONLY, &stat_of, err);
    if (fd < 0)
        return false;
    bool ok = stat_of.st_size <= FILE_BYTES || error_fail(err, ERROR_LIMIT, "%s is too large", path);
    ptrdiff_t size = ok ? (ptrdiff_t)stat_of.st_size : 0, len = 0;
    char *data = arena_new(arena, char, size + 1);
    while (ok && len < size) {
        ssize_t got = read(fd, data + len, (size_t)(size - len));
        if (got == 0)
            break;
        ok = got > 0 || errno == EINTR || error_fail(err, ERROR_IO, "%s: %s", path, strerror(errno));
        len += got > 0 ? got : 0;
    }
    close(fd);
    return ok && read_lines((struct str){ data, len }, arena, ret, err);
}

/* --- keeping ------------------------------------------------------------------------------------------------------- */

/* The last whole line, and where it ends; what a power cut left behind it is cut off. */
static bool last_line(int fd, struct arena *arena, struct str *ret, off_t *ret_end)
{
    struct stat stat_of;
    if (fstat(fd, &stat_of) != 0)
        return false;
    ptrdiff_t want = stat_of.st_size < 2 * LINE_BYTES ? (ptrdiff_t)stat_of.st_size : 2 * LINE_BYTES;
    char *data = arena_new(arena, char, want + 1);
    off_t from = stat_of.st_size - want;
    ptrdiff_t len = pread(fd, data, (size_t)want, from);
    if (len != want)
        return false;
    while (len > 0 && data[len - 1] != '\n')
        len--;
    *ret_end = from + len;
    ptrdiff_t start = len > 0 ? len - 1 : 0;
    while (start > 0 && data[start - 1] != '\n')
        start--;
    *ret = str_trim((struct str){ data + start, len - start });
    return *ret_end == stat_of.st_size || ftruncate(fd, *ret_end) == 0;
}

static bool append_line(int fd, struct str line, off_t end)
{
    struct arena arena = { 0 };
    struct str text = str_format(&arena, "%.*s\n", STR_ARG(line));
    ptrdiff_t at = 0;
    bool ok = true;
    while (ok && at < text.len) {
        ssize_t wrote = pwrite(fd, text.data + at, (size_t)(text.len - at), end + at);
        ok = wrote >= 0 || errno == EINTR;
        at += wrote > 0 ? wrote : 0;
    }
    arena_release(&arena);
    return ok && fsync(fd) == 0;
}

/* Until fd is closed; the server and a command may both have a line to write. */
static bool lock(int fd)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    return fcntl(fd, F_OFD_SETLKW, &whole) == 0;
}

bool audit_anchor_keep(const char *path, struct str line, bool once_a_day, struct error *err)
{
    struct arena arena = { 0 };
    struct str last = { 0 };
    struct stat stat_of;
    off_t end = 0;
    /* no link: root may type the command in a folder of somebody else's */
    int fd = open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW, &stat_of, err);
    if (fd < 0)
        return false;
    bool ok = lock(fd) && last_line(fd, &arena, &last, &end);
    bool is_there = once_a_day && last.len >= DAY_LEN && line.len >= DAY_LEN &&
                    str_equal(str_slice(last, 0, DAY_LEN), str_slice(line, 0, DAY_LEN));
    ok = ok && (is_there || append_line(fd, line, end));
    if (!ok)
        (void)error_fail(err, errno == ENOSPC ? ERROR_FULL : ERROR_IO, "%s: %s", path, strerror(errno));
    close(fd);
    arena_release(&arena);
    return ok && (is_there || file_sync_folder(path, err));
}
