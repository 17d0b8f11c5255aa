/*
 * anchor.h - what the chains were at one moment, to be published: who can write the data can compute whole new chains,
 * but not what the newspaper of that day says.
 *
 * An anchor is one line, in a file one after another:
 *
 *     2026-11-24 00:00 chains 2 events 58802 heads 0:123:HASH 440606:58679:HASH root ROOT
 *
 * The time is China's.  Each head is district, number of events and hash of the last one.  ROOT is BLAKE2b-256 of all
 * that stands before " root ", so it alone fixes the line, and anybody can work it out again: b2sum -l 256.  A list
 * hashed as it is, no tree: nobody needs to show one chain without the others.  No signature: a key on the machine that
 * is mistrusted proves nothing, and who wants one signs the line elsewhere.
 */
#pragma once
#include "platform/audit/audit.h"

struct audit_anchor_head {
    int64_t district, seq;
    unsigned char hash[AUDIT_HASH_BYTES];
};

struct audit_anchor {
    struct str at;   /* "2026-11-24 00:00" */
    struct str root; /* 64 hex digits */
    int64_t events;
    struct audit_anchor_head *heads; /* by district, upwards */
    ptrdiff_t head_count;
};

struct audit_anchors {
    struct audit_anchor *at;
    ptrdiff_t n;
};

/* The chains as they are now, as a line. */
bool audit_anchor_take(struct db *db, struct instant now, struct arena *arena, struct str *ret_line,
                       struct error *err) MUST_USE;
/* ERROR_INPUT: no anchor, or its root is not that of the line. */
bool audit_anchor_read(struct str line, struct arena *arena, struct audit_anchor *ret, struct error *err) MUST_USE;
/* All lines of a file. */
bool audit_anchors_read(const char *path, struct arena *arena, struct audit_anchors *ret, struct error *err) MUST_USE;
/*
 * Appends the line to the file and syncs it; with once_a_day not if the last line there is of the same day.  A last line
 * that was never finished gives way.
 */
bool audit_anchor_keep(const char *path, struct str line, bool once_a_day, struct error *err) MUST_USE;
