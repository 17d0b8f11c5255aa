/*
 * moves.h - how every change of an appeal is stored: the row as it stands, moved by its version, and the event that says so.
 */
#pragma once
#include "features/appeals/appeal_index.h"
#include "platform/web/doing.h"

#include "gen/appeals_queries.h"

/* Open, and as the person saw it; else ERROR_CONFLICT. */
bool appeal_is_seen(const struct appeal_by_id *appeal, int64_t version, struct error *err) MUST_USE;
/* As it is searched. */
struct appeal_entry appeal_entry_of(const struct appeal_by_id *appeal);
/* As it stands. */
struct appeal_move_args appeal_move_of(const struct appeal_by_id *appeal);
/* An event on the timeline; act, note and what else it tells are the caller's, who and where are filled in here. */
bool appeal_log(const struct doing *doing, const struct appeal_by_id *appeal, const struct appeal_move_args *now,
                struct appeal_event_add_args event, struct error *err) MUST_USE;
/* When it is due follows its clocks. */
bool appeal_move_due(const struct doing *doing, const struct appeal_by_id *appeal, struct appeal_move_args *move,
                     struct error *err) MUST_USE;
