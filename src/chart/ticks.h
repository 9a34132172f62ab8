/* chart/ticks.h - where an axis is marked, and what stands there.
 *
 * Numbers at 1, 2, 2.5 or 5 times a power of ten, powers of ten on a
 * logarithmic axis, times at the boundaries of years, quarters, months, weeks,
 * days, hours ... of the calendar. Pure.
 */
#ifndef CHART_TICKS_H
#define CHART_TICKS_H

#include <stdbool.h>

#include "base/vec.h"

struct str;

struct tick {
	double at;
	char text[40];  /* "50k", "Q1 2024" */
	char brief[24]; /* "10:15" of "14 Mar 2024 10:15", "Q1" of "Q1 2024";
			 * else "" */
};

struct ticks {
	VEC(struct tick);
};

#define TICKS_EMPTY                                                            \
	{                                                                      \
		.count = 0                                                     \
	}

/* What a tick's .brief leaves out: "14 Mar 2024", "2024". Appended to out. */
void ticks_add_date(struct str *out, const struct tick *tick);

void ticks_done(struct ticks *ticks);

/* The smallest round step that needs at most most steps from low to high,
 * rounded outwards. whole: no part of 1. Finite for any finite bounds. */
double ticks_step(double low, double high, int most, bool whole);

/* The bounds rounded outwards to multiples of step. */
double ticks_floor(double value, double step);
double ticks_ceil(double value, double step);

/* Multiples of step within [low, high]. bare: 2024, not 2,024. */
void ticks_numbers(struct ticks *out, double low, double high, double step,
		   bool bare);

/* Powers of ten within [low, high], at most most of them. low > 0. */
void ticks_powers(struct ticks *out, double low, double high, int most);

/* Boundaries of the calendar within [low, high], in ms; at most most. clock:
 * there are times of a day only. gap: the least between two values, 0: not
 * known; what is a year apart is not marked by months. */
void ticks_times(struct ticks *out, double low, double high, int most,
		 double gap, bool clock);

#endif
