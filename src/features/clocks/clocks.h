/*
 * clocks.h - when something is due, for the features whose matters have a time limit.
 *
 * Working days are reference data of the whole installation: the years built into the program (workdays.h), and over them those an
 * administrator has told of.
 */
#pragma once
#include "features/clocks/due.h"
#include "features/clocks/labels.h"
#include "features/clocks/matter.h"
#include "platform/db/db.h"
#include "platform/web/web.h"

extern const struct feature clocks_feature;
extern const struct schema clocks_schema;
extern const struct upgrade clocks_upgrade;

/* All years that are known. */
bool clocks_workdays(struct db *db, struct arena *arena, const struct workdays **ret, struct error *err) MUST_USE;
/* The time limits that ship (defaults.c).  Does nothing where there are any. */
bool clocks_load_defaults(struct txn *txn, struct error *err) MUST_USE;
/* All time limits, also those that have ended. */
bool clocks_limits(struct db *db, struct arena *arena, struct limits *ret, struct error *err) MUST_USE;
