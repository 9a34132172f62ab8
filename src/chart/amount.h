/* chart/amount.h - values of a result as numbers, and numbers as people read
 * them.
 *
 * Never by the locale: a point is a point. Times become milliseconds since
 * 1970 of the clock that the text shows; a zone behind them does not move them,
 * so an axis shows what the table shows.
 */
#ifndef CHART_AMOUNT_H
#define CHART_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* All of text as a number. "NaN", "Infinity" and "-inf" too. false: no
 * number. */
bool amount_read(const char *text, size_t len, double *out);

/* "$1,234.50", "-1.234,50 €", "($5.00)": a point or comma with one or two
 * digits behind it parts off decimals. */
bool amount_read_money(const char *text, size_t len, double *out);

/* "2024-05-01", "2024-05", "2024-05-01 10:00:00.5+02", with " BC" behind it;
 * "infinity". */
bool amount_read_time(const char *text, size_t len, double *out_ms);

/* "10:15:30.5": as on the first of January 1970. */
bool amount_read_clock(const char *text, size_t len, double *out_ms);

/* Minutes east of Greenwich that stand behind a time: "+05:30", "-03"; 0 where
 * none does. */
int amount_zone(const char *text, size_t len);

struct amount_date {
	int64_t year; /* 0: 1 BC */
	int month, day, hour, minute, second, ms;
	int weekday; /* 0 Sunday */
};

void amount_split(double ms, struct amount_date *out);
double amount_join(int64_t year, int month, int day);

/* "-1,234,567.25"; from 1e15 on and below 1e-4 "1.23e+20". */
void amount_add_fixed(struct str *out, double value, int decimals,
		      bool grouped);

/* How many decimals value needs, up to most. */
int amount_decimals(double value, int most);

/* As a table would say it: "1,234.5"; at most two decimals unless it is
 * small. */
void amount_add(struct str *out, double value);

/* "1.23M", three digits. */
void amount_add_short(struct str *out, double value);

/* "2024-05-01", with the time of the day where it is not midnight. */
void amount_add_time(struct str *out, double ms);

/* "10:15", "10:15:30.250": of a time of the day. */
void amount_add_clock(struct str *out, double ms);

/* For formats: the shortest text that reads back as value; "null" when it is
 * not finite. */
void amount_add_exact(struct str *out, double value);

#endif
