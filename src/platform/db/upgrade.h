/*
 * upgrade.h - bringing the data of an older program to the tables of this one.
 *
 * A step leads the tables of one room from one version of the schema to the next.  Its SQL is of its time: a step that
 * has been used never changes again, whatever schema.sql says today.  What follows from the records, such as an index
 * of words, is made by the program of today once all steps are done.  All of it is one transaction, so that the data is
 * of the old version or of the new one, whatever happens meanwhile (docs/decisions/0017).
 */
#pragma once
#include "platform/db/db.h"

/* Makes again what follows from a room's records, in tables that are empty or as the older program left them; or seals. */
typedef bool derive_fn(struct txn *txn, struct error *err);

/* To add one: tests/upgrade/README.md. */
struct upgrade_step {
    int to;               /* the version it leads to, from the one before */
    const char *sqlite;   /* several statements; NULL: nothing to do there */
    const char *postgres; /* the same; the first data there was of version 6 */
    derive_fn *derive;    /* once, though several steps may ask for it; NULL: nothing follows */
};

/* The steps of one room, in the order of their versions. */
struct upgrade {
    const struct upgrade_step *steps;
    int step_count;
};

/* How a program upgrades. */
struct upgrade_plan {
    const struct schema *const *schemas; /* what the tables must be in the end */
    int schema_count;
    const struct upgrade *const *rooms; /* of one version, in this order */
    int room_count;
    struct keeper *keeper; /* for steps that seal */
    bool (*finish)(struct txn *txn, int from, struct error *err); /* the last change: a word in the audit */
};

enum { UPGRADE_PATH_BYTES = 4096 };

struct upgraded {
    int from;                          /* SCHEMA_VERSION: there was nothing to do */
    char snapshot[UPGRADE_PATH_BYTES]; /* the data as it was before, a file that 'shuniu restore' takes */
};

/*
 * Where there is data of an older version: first keeps a copy of it, FILE.before-vN, then brings it to this version.
 * Where there is none, or data of this version, it does nothing.  ERROR_BUSY: somebody uses the data; ERROR_VERSION:
 * it is newer, or its tables are not those of its version.  A failure leaves the data as it was.
 */
bool database_upgrade(const char *place, const struct upgrade_plan *plan, struct upgraded *ret,
                      struct error *err) MUST_USE;

/* For the engines: all that follows from the records of data of version 'from'. */
bool upgrade_derive(const struct upgrade_plan *plan, int from, struct txn *txn, struct error *err) MUST_USE;
