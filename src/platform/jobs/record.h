/*
 * record.h - rows of numbers and texts as one text, for what a job keeps between its steps.
 *
 * Fields end with 0x1F, records with 0x1E; control characters inside a text become blanks when it is written.
 */
#pragma once
#include "base/buf.h"

void record_int(struct buf *out, int64_t n);
void record_text(struct buf *out, struct str text);
/* What message_write() made; it may hold 0x1F itself, so it is the last field. */
void record_line(struct buf *out, struct str message);
void record_end(struct buf *out);

/* What is still to be read; bad is set by whatever does not fit, and then everything reads as 0 or empty. */
struct records {
    struct str rest;   /* records not yet begun */
    struct str record; /* the rest of this one */
    bool bad;
};

bool records_next(struct records *records);
int64_t records_int(struct records *records);
struct str records_text(struct records *records);
struct str records_line(struct records *records); /* all that is left of this record */
