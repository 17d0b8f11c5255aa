/*
 * sealed.h - what a job works on and what came of it: tables people bring along and take away, so they stand sealed.
 */
#pragma once
#include "platform/crypt/crypt.h"
#include "platform/db/db.h"
#include "platform/jobs/types.h"

struct str job_payload_seal(const struct txn *txn, struct job_id id, struct str payload, struct arena *arena);
bool job_payload_open(const struct db *db, struct job_id id, struct str sealed, struct arena *arena, struct str *ret,
                      struct error *err) MUST_USE;
struct str job_result_seal(const struct txn *txn, struct job_id id, struct str result, struct arena *arena);
bool job_result_open(const struct db *db, struct job_id id, struct str sealed, struct arena *arena, struct str *ret,
                     struct error *err) MUST_USE;
