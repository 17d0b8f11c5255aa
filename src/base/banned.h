/*
 * banned.h - force-included into every file: libc calls that have no place here become compile errors.
 *
 * Each is unbounded, locale-dependent, hides errors, or keeps state between calls.  Use buf.h, str.h, parse.h.
 */
#pragma once
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef INCLUDE_BEFORE_BANNED /* a library whose header has such a call in a macro: meson names it for that one file */
#include INCLUDE_BEFORE_BANNED
#endif

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atoll atof sscanf
#pragma GCC poison ctime asctime localtime gmtime
#pragma GCC poison rand srand drand48
#pragma GCC poison system popen tmpnam mktemp
