/*
 * old.h - the data files of earlier versions (data/), put into a folder of the test, and what is in a file.
 */
#pragma once
#include "base/str.h"
#include "platform/db/upgrade.h"

#include <sqlite3.h>

enum { OLD_PATH_BYTES = 256, DIGEST_BYTES = 32 };

struct old {
    char folder[64];
    char file[OLD_PATH_BYTES];     /* the data */
    char snapshot[OLD_PATH_BYTES]; /* where an upgrade keeps it as it was */
    char part[OLD_PATH_BYTES];     /* a snapshot that is not complete */
    char keys[OLD_PATH_BYTES];     /* the key file, since old_put() */
    char new_keys[OLD_PATH_BYTES]; /* for data of before there were keys */
};

/* What a table holds, all of it; rows in one order. */
struct digest {
    int version;
    unsigned char bytes[DIGEST_BYTES];
};

void old_make(struct old *old); /* an empty folder */
void old_put(const struct old *old, int version); /* the data of that version, and nothing else there */
void old_remove(const struct old *old);

/* All that an upgrade of this program is, as 'shuniu upgrade' runs it. */
bool old_upgrade(const struct old *old, struct upgraded *ret, struct error *err);

sqlite3 *file_open(const char *path); /* aborts on a file that cannot be opened */
int64_t file_number(sqlite3 *sqlite, const char *sql); /* the first column of the first row */
/* Of every table but the audit's and the engine's, which have the time of the upgrade; of what is sealed, its length. */
struct digest file_digest(const char *path);
/* On this connection opened('unit.contact', id, district, contact) is what was sealed; NULL where that does not open. */
void file_open_sealed(sqlite3 *sqlite, const struct old *old);
bool digest_equal(const struct digest *a, const struct digest *b);
