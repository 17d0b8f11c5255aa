/*
 * words.h - rights in words.
 */
#pragma once
#include "features/accounts/types.h"
#include "platform/i18n/text.h"

struct text role_text(enum role role);
/* Of a line whose name is not known: its number, or 'all lines'. */
struct text account_line_label(struct line line);
/* What a browser says of itself, as people call it: "Edge · Windows"; empty: unknown. */
struct str browser_label(struct arena *arena, struct str agent);
