/*
 * chain.h - the hash that makes events a chain; inside this room only.
 */
#pragma once
#include "platform/audit/audit.h"

#include "gen/audit_queries.h"

/* Of an event and the hash before it (empty before the first). */
struct str audit_hash(struct arena *arena, struct str before, const struct audit_event_add_args *event);
