/*
 * keys.c - the key file, read as it is, and with the sum that fits it.  What is read has keys by number and one of them
 * current.
 */
#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "platform/crypt/key_file.h"

#include <sodium.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in memory, for its owner alone. */
static void read_keys(struct str text)
{
    struct key_ring *ring = NULL;
    struct error err;
    char path[64];
    int fd = memfd_create("keys", MFD_CLOEXEC);
    if (fd < 0 || fchmod(fd, 0600) != 0 || write(fd, text.data, (size_t)text.len) != (ssize_t)text.len)
        BUG("no file in memory");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (key_file_read(path, &ring, &err)) {
        const struct key *current = key_ring_current(ring);
        for (int i = 0; i < ring->count; i++)
            if (ring->keys[i].number < 1 || (i > 0 && ring->keys[i].number <= ring->keys[i - 1].number))
                BUG("key %d has the number %d", i, ring->keys[i].number);
        if (!current || key_ring_find(ring, current->number) != current)
            BUG("no current key among %d", ring->count);
        key_ring_free(ring);
    } else if (err.kind != ERROR_INPUT && err.kind != ERROR_LIMIT) {
        BUG("%s", err.detail);
    }
    (void)close(fd);
}

void fuzz_one(struct str input, struct arena *arena)
{
    enum { SUM_BYTES = 16 };
    unsigned char sum[SUM_BYTES];
    char hex[2 * SUM_BYTES + 1];
    struct buf out = buf_make(arena, input.len + 100);
    if (sodium_init() < 0)
        BUG("libsodium");
    crypto_generichash(sum, sizeof sum, (const unsigned char *)input.data, (unsigned long long)input.len, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, sum, sizeof sum);
    buf_put(&out, input);
    buf_put(&out, STR("sum "));
    buf_put(&out, str_of(hex));
    buf_char(&out, '\n');
    read_keys(input);
    read_keys(buf_str(&out));
}
