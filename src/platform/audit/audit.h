/*
 * audit.h - who did what, when: an append-only chain that shows if a row was changed, cut out or put in.
 *
 * Each district has its own chain.  An event's hash is BLAKE2b-256 over its fields and the hash before it; the head
 * table keeps the number and the hash of the last one.  An event is appended in the transaction of the change it tells
 * of, so neither exists without the other.
 */
#pragma once
#include "platform/access/access.h"
#include "platform/db/db.h"

enum { AUDIT_HASH_BYTES = 32 };

struct audit_event {
    int64_t district;          /* 0: of the installation as a whole, such as a sign-in */
    struct account_id account; /* who; 0: the program itself */
    struct str action;         /* "spot.advance" */
    struct str subject;        /* "spot:7341" */
    struct str detail;         /* what changed, as JSON or plain words; nothing secret */
};

bool audit_append(struct txn *txn, const struct audit_event *event, struct error *err) MUST_USE;
/* Several in this order; for those of one district that follow each other the head is read and written once. */
bool audit_append_all(struct txn *txn, const struct audit_event *events, ptrdiff_t n, struct error *err) MUST_USE;

struct audit_entry {
    struct instant at;
    struct account_id account;
    struct str action, detail;
};

struct audit_entries {
    struct audit_entry *at;
    ptrdiff_t n;
};

/* What happened to one thing, oldest first, at most limit events. */
bool audit_history(struct db *db, int64_t district, struct str subject, int64_t limit, struct arena *arena,
                   struct audit_entries *ret, struct error *err) MUST_USE;

struct audit_report {
    int64_t districts, events;
    int64_t bad_district, bad_seq; /* the first event that does not fit; bad_seq 0: all fit */
};

/* Walks every chain; a fault is trouble with reading, a broken chain is in the report. */
bool audit_verify(struct db *db, struct arena *arena, struct audit_report *ret, struct error *err) MUST_USE;
extern const struct schema audit_schema;
