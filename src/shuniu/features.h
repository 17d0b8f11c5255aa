/*
 * features.h - the features of this program, by name.
 */
#pragma once
#include "platform/crypt/reseal.h"
#include "platform/web/web.h"

struct roof;
struct upgrade;

struct feature_list {
    const struct feature *const *at;
    int n;
};

struct feature_list shuniu_features(void);

enum { SHUNIU_SCHEMAS_MAX = 32 };

/* Schemas of the platform and of all features; returns how many. */
int shuniu_schemas(const struct schema *ret[SHUNIU_SCHEMAS_MAX]);
struct sealed_columns {
    const struct sealed_column *const *at;
    int n;
};

/* All columns with sealed values, for the commands that walk them. */
struct sealed_columns shuniu_sealed_columns(void);
/* The lines, rules, time limits and topics that ship.  Does nothing where they are there. */
bool shuniu_load_defaults(struct txn *txn, struct error *err) MUST_USE;
/* What the rooms do to older data, in this order; returns how many. */
int shuniu_upgrades(const struct upgrade *ret[SHUNIU_SCHEMAS_MAX]);
/* The hooks the platform needs from features: who signs in, what stands in the frame. */
struct app shuniu_app(bool is_demo, struct roof *roof);
