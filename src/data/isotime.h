/* data/isotime.h - points in time as text.
 *
 * A point is int64_t milliseconds since 1970-01-01 UTC, as base/clock gives.
 * Years 0001 to 9999. Own calendar arithmetic: no locale, no TZ but in
 * isotime_add_local.
 */
#ifndef DATA_ISOTIME_H
#define DATA_ISOTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct str;

struct isotime_parts {		/* UTC */
	int year, month, day;		/* month 1..12 */
	int hour, minute, second, ms;
	int weekday;			/* 0 Sunday; ignored by isotime_join */
};

void isotime_split(int64_t at_ms, struct isotime_parts *out_parts);
int64_t isotime_join(const struct isotime_parts *parts);
bool isotime_is_date(int year, int month, int day);

/* "2026-03-14T15:09:26.535Z", a blank for the T, "+02:00", "UTC", no zone
 * (taken as UTC), date alone; also the basic form 20260314T150926Z. */
bool isotime_parse(const char *text, int64_t *out_ms, struct err *err);

/* "Sat, 14 Mar 2026 15:09:26 GMT" */
bool isotime_parse_http(const char *text, int64_t *out_ms, struct err *err);

void isotime_add(struct str *out, int64_t at_ms);	/* ...T15:09:26Z */
void isotime_add_ms(struct str *out, int64_t at_ms);	/* ...:26.535Z */
void isotime_add_basic(struct str *out, int64_t at_ms);	/* 20260314T150926Z */
void isotime_add_day(struct str *out, int64_t at_ms);	/* 20260314 */
void isotime_add_http(struct str *out, int64_t at_ms);	/* Sat, 14 Mar ... */
void isotime_add_sql(struct str *out, int64_t at_ms); /* 2026-03-14 15:09:26 */

/* The text of isotime_add_sql and a NUL, 20 bytes; how many before the NUL.
 * For millions of rows. */
size_t isotime_write_sql(int64_t at_ms, char *text);

void isotime_add_local(struct str *out, int64_t at_ms);	/* as _sql, in TZ */

#endif
