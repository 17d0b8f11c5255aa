/*
 * settings.h - what is true of the installation as a whole, in the table of that name.
 */
#pragma once
#include "platform/db/db.h"

extern const struct schema shuniu_schema;

bool setting_is(struct database *database, const char *name, const char *value, bool *ret, struct error *err) MUST_USE;
/* Audited. */
bool setting_change(struct txn *txn, const char *name, const char *value, struct error *err) MUST_USE;
