/*
 * message.h - a struct text as a line that can be stored, and back.
 *
 * "import_done" US "i12" US "s名单.xlsx": the key's name, then each argument with its kind; US is the control character
 * 0x1F, which no text of a person holds.  Reading looks the key up by its name, so an old row whose key is gone, or
 * takes other arguments now, reads as no text, never as a wrong one.
 */
#pragma once
#include "platform/i18n/text.h"

#define MESSAGE_SEPARATOR '\x1F'

struct str message_write(struct arena *arena, struct text text);
/* The argument texts are views of line. A text without a key: unreadable. */
struct text message_read(const struct text_key *const *keys, int key_count, struct str line);
