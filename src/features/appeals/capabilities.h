/*
 * capabilities.h - what may be done about appeals, and by whom.
 */
#pragma once
#include "platform/access/access.h"

extern const struct capability cap_appeals_read;   /* of one's places and lines */
extern const struct capability cap_appeals_handle; /* of one's office, or one below */
extern const struct capability cap_appeals_person; /* who it comes from */
extern const struct capability cap_appeals_decide; /* not to accept, whose duty it is, that nothing can be done */
