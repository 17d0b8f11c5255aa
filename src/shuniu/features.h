/*
 * features.h - the features of this program, by name.
 */
#pragma once
#include "platform/web/web.h"

struct feature_list {
    const struct feature *const *at;
    int n;
};

struct feature_list shuniu_features(void);

enum { SHUNIU_SCHEMAS_MAX = 32 };

/* Schemas of the platform and of all features; returns how many. */
int shuniu_schemas(const struct schema *ret[SHUNIU_SCHEMAS_MAX]);
/* The hooks the platform needs from features: who signs in, what stands in the frame. */
struct app shuniu_app(bool is_demo, void *roof);
