/*
 * uscc.h - the unified social credit code of GB 32100-2015: 17 characters and a check character.
 *
 * Its alphabet has 31 signs: digits and capitals without I, O, S, V, Z.  Small letters and full-width forms are accepted
 * from a keyboard and stored as capitals.
 */
#pragma once
#include "base/str.h"

enum { USCC_LENGTH = 18 };

enum uscc_fault { USCC_OK, USCC_BAD_LENGTH, USCC_BAD_CHARACTER, USCC_BAD_CHECK };

/* Trims, folds full-width forms, makes capitals; says nothing about validity. */
struct str uscc_normal(struct arena *arena, struct str typed);
enum uscc_fault uscc_check(struct str normal);
/* The check character for the first 17 of a code. Stops the process on a character outside the alphabet. */
char uscc_check_character(struct str first_17);
