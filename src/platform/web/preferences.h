/*
 * preferences.h - language and theme: two addresses that set a cookie and lead back to where one was.
 */
#pragma once
#include "platform/web/web.h"

extern const struct feature preferences_feature;
