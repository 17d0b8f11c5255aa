/*
 * capabilities.h - what may be done in the network, and by whom.
 */
#pragma once
#include "platform/access/access.h"

extern const struct capability cap_network_read;
extern const struct capability cap_network_edit;    /* units, organisations, blank spots */
extern const struct capability cap_network_approve; /* applications and exemptions */
extern const struct capability cap_network_contacts; /* names and phones of persons, many at once */
extern const struct capability cap_network_rules;   /* coverage rules of one's own part of the territory */
