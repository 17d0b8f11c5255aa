/*
 * note.h - the audit event of a change to an account, in the chain of district 0.
 */
#pragma once
#include "platform/access/access.h"
#include "platform/db/db.h"

/* detail: plain words, nothing secret. */
bool account_note(struct txn *txn, struct account_id by, const char *action, struct account_id about,
                  struct str detail, struct error *err) MUST_USE;
/* The same about a right given or taken. */
bool account_note_grant(struct txn *txn, struct account_id by, const char *action, struct account_id about,
                        const struct grant *grant, struct error *err) MUST_USE;
