/*
 * time.h - instants, dates, and the clock of China.
 *
 * An instant is microseconds since 1970-01-01T00:00Z.  A date is a civil day of the proleptic Gregorian calendar,
 * counted in days since 1970-01-01; dates of birth and founding are dates, never instants.  Shown times are China
 * Standard Time, UTC+8 without summer time (1986-1991 had one: no instant that old is kept here).
 */
#pragma once
#include "base/str.h"

struct instant { int64_t us; };
struct date { int32_t days; };

/* Stored where something has no end, or has not happened: 9999-12-31, and its beginning in China. */
#define DATE_NEVER ((struct date){ 2932896 })
#define INSTANT_NEVER ((struct instant){ INT64_C(253402185600) * 1000000 })

struct civil {
    int year, month, day; /* month 1-12, day 1-31 */
};

struct instant instant_now(void); /* the machine's clock; called by platform/serve and main only */
int64_t monotonic_us(void);       /* a clock nobody sets, for waiting: microseconds since some moment */
int64_t monotonic_ms(void);
struct date date_of(struct instant instant); /* the day in China */
struct date date_of_civil(struct civil civil);
struct civil civil_of_date(struct date date);
bool date_parse(struct str s, struct date *ret); /* "2026-11-24", a real day of 1000-9999 */
struct str date_iso(struct arena *arena, struct date date);              /* 2026-11-24 */
struct str instant_iso(struct arena *arena, struct instant instant);     /* 2026-11-24T08:00:00Z */
struct str instant_minute(struct arena *arena, struct instant instant);  /* 2026-11-24 16:00, in China */
