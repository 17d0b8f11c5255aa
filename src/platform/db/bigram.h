/*
 * bigram.h - full text search that finds Chinese words of two characters: an FTS5 tokenizer named 'bigram'.
 *
 * A run of Han characters becomes overlapping pairs, in documents followed by its last character alone, so that a
 * query of one character can be asked for as a prefix.  Latin letters and digits become lower-case words; full-width
 * forms are folded.  Without it a table made with tokenize='bigram' cannot be opened, so every connection registers it.
 */
#pragma once
#include <sqlite3.h>

int bigram_register(sqlite3 *sqlite); /* an SQLite result code */
