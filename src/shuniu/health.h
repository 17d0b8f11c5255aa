/*
 * health.h - for machines that watch: /healthz and /metrics (Prometheus text format 0.0.4).
 */
#pragma once
#include "platform/web/web.h"

extern const struct feature health_feature;
