/*
 * pinyin.h - the initials people type instead of a name: bjz for 北滘镇.
 *
 * Each character has one letter, the one most names of places give it; a search by initials misses the rest.
 */
#pragma once
#include "base/str.h"

enum { PINYIN_FIRST = 0x4E00, PINYIN_LAST = 0x9FFF };

/* Made by tools/pinyin: a letter for each of these characters, '?' where none is known. */
extern const char pinyin_table[PINYIN_LAST - PINYIN_FIRST + 2];

/* ASCII letters and digits are kept, in small letters; what has no initial is left out. */
struct str pinyin_initials(struct arena *arena, struct str name);
