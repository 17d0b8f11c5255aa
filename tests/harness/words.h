/*
 * words.h - the pieces a line of a scene is made of.
 */
#pragma once
#include "base/str.h"

/* Takes the first word off; empty when there is none. */
struct str word_next(struct str *rest);
/* What a text begins with: digits, or letters of a name (a-z and _). */
struct str digits(struct str text);
struct str letters(struct str text);
/*
 * Exactly one "text" in quotes; \" \\ \n \t and \u{202E} stand for what they say, and "x"*100 is a hundred of it.
 */
bool quoted(struct arena *arena, struct str word, struct str *ret);
/* Takes NAME="TEXT" or NAME=RAW off; what is raw goes into a form as it stands. */
bool pair_next(struct arena *arena, struct str *rest, struct str *ret_name, struct str *ret_value, bool *ret_is_raw);
/* What a person reads of a page from <main> on: without tags, blanks as one, about the first max bytes. */
struct str plain_text(struct arena *arena, struct str html, ptrdiff_t max);
bool read_text(const char *path, struct arena *arena, ptrdiff_t max, struct str *ret);
