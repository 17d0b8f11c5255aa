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

/*
 * The ends of chains as a transaction of several changes has left them, so that it reads each of them once: txn->heads.  Of no
 * use any more when one of the changes was undone; audit_heads_forget().
 */
enum { AUDIT_HEADS_MAX = 16 };

struct audit_heads {
    struct audit_known_head {
        int64_t district, seq;
        unsigned char hash[AUDIT_HASH_BYTES];
    } at[AUDIT_HEADS_MAX];
    int n;
};

static inline void audit_heads_forget(struct audit_heads *heads)
{
    heads->n = 0;
}

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

/* What does not fit in a chain. */
enum audit_fault {
    AUDIT_CHANGED, /* event seq is not as it was written, or not what followed the one before it */
    AUDIT_MOVED,   /* what stands as event seq was written as event other */
    AUDIT_MISSING, /* event seq is not there, and later ones are */
    AUDIT_CUT,     /* events seq to other are gone from the end */
    AUDIT_ADDED,   /* event seq and what follows: the head does not know them */
    AUDIT_HEAD,    /* the head has another hash than event seq, the last one */
    AUDIT_GONE,    /* the chain, of other events */
    AUDIT_REMADE   /* a chain without a fault, but event seq is not the one that was anchored: it was made anew */
};

/* At most one for each chain: the first that was met. */
struct audit_finding {
    enum audit_fault fault;
    int64_t district, seq, other;
    struct str anchored_at; /* of the anchor that shows it; empty: the chain itself does */
    int64_t fits_to;        /* of AUDIT_REMADE: the last event that an anchor confirms; 0: none does */
};

enum { AUDIT_FINDINGS_MAX = 20 };

struct audit_report {
    int64_t districts, events;
    int64_t bad_chains; /* 0: all fit */
    int64_t bad_district, bad_seq; /* of the first finding; bad_seq 0: all fit */
    int finding_count; /* at most AUDIT_FINDINGS_MAX of them are told */
    struct audit_finding findings[AUDIT_FINDINGS_MAX];
};

struct audit_anchors;

/*
 * Walks every chain; a fault is trouble with reading, a broken chain is in the report.  In a snapshot, or a change that is
 * made meanwhile looks like a head that does not fit.
 */
bool audit_verify(struct db *db, struct arena *arena, struct audit_report *ret, struct error *err) MUST_USE;
/* The same, and holds the chains against anchors (anchor.h). */
bool audit_verify_anchored(struct db *db, const struct audit_anchors *anchors, struct arena *arena,
                           struct audit_report *ret, struct error *err) MUST_USE;
/* In words, for the command line: "district 440606, event 7: ..." */
struct str audit_finding_text(struct arena *arena, const struct audit_finding *finding);
extern const struct schema audit_schema;
