#include "chart/ticks.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/amount.h"

void ticks_done(struct ticks *ticks)
{
	vec_done(ticks);
}

static void push(struct ticks *out, double at, const char *text)
{
	struct tick tick = { .at = at };

	snprintf(tick.text, sizeof(tick.text), "%s", text);
	vec_push(out, tick);
}

void ticks_add_date(struct str *out, const struct tick *tick)
{
	size_t len = strlen(tick->text), brief = strlen(tick->brief);

	if (brief == 0 || len <= brief)
		return;
	if (memcmp(tick->text, tick->brief, brief) == 0)
		str_add(out, tick->text + brief + 1);
	else
		str_add_slice(out, tick->text, len - brief - 1);
}

/* ---- numbers ---- */

double ticks_floor(double value, double step)
{
	/* 0.3 / 0.1 is less than 3. */
	double count = floor(value / step + 1e-9);

	return isfinite(count * step) ? count * step : value;
}

double ticks_ceil(double value, double step)
{
	double count = ceil(value / step - 1e-9);

	return isfinite(count * step) ? count * step : value;
}

double ticks_step(double low, double high, int most, bool whole)
{
	static const double rounds[] = { 1, 2, 2.5, 5, 10 };
	/* Halves: the span of two numbers may be more than there are. */
	double least = (high / 2 - low / 2) / most * 2;
	double size = fmax(fabs(low), fabs(high));
	double power;

	if (least <= size * 1e-14)
		least = size > 0 ? size * 1e-14 : 1;
	/* Near the end of what a double holds there is nothing to round. */
	if (!(least <= 1e307))
		return 1e308;
	if (least < DBL_MIN * 1e16)
		least = DBL_MIN * 1e16;
	power = pow(10, floor(log10(least)));
	for (int tries = 0; tries < 3; tries++, power *= 10)
		for (size_t i = 0; i < COUNT_OF(rounds); i++) {
			double step = rounds[i] * power;
			double from = ticks_floor(low, step);
			double to = ticks_ceil(high, step);

			if (whole && (step < 1 || floor(step) != step))
				continue;
			if (to / step - from / step <= most + 0.5)
				return step;
		}
	return whole && power < 1 ? 1 : power;
}

/* Decimals that multiples of step have. */
static int decimals_of(double step)
{
	for (int decimals = 0; decimals < 15; decimals++) {
		double scaled = step * pow(10, decimals);

		if (fabs(scaled - nearbyint(scaled)) < 1e-6 * scaled)
			return decimals;
	}
	return 15;
}

struct number_look { /* of all ticks of an axis alike */
	double unit;
	const char *suffix;
	int decimals;
	bool grouped;
};

static struct number_look look_for(double size, double step, bool bare)
{
	static const struct {
		double unit;
		const char *suffix;
	} units[] = { { 1e12, "T" }, { 1e9, "G" }, { 1e6, "M" }, { 1e3, "k" } };
	struct number_look look = { 1, "", decimals_of(step), !bare };

	if (bare || size < 1e4 || size >= 1e15)
		return look;
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		int decimals = decimals_of(step / units[i].unit);

		if (size < units[i].unit)
			continue;
		if (decimals <= 2)
			return (struct number_look){ units[i].unit,
						     units[i].suffix, decimals,
						     true };
		break;
	}
	return look;
}

static void push_number(struct ticks *out, double at,
			const struct number_look *look)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (at == 0) {
		push(out, 0, "0");
		return;
	}
	amount_add_fixed(&text, at / look->unit, look->decimals, look->grouped);
	str_add(&text, look->suffix);
	push(out, at, text.text);
}

enum { TICKS_MAX = 1000 };

void ticks_numbers(struct ticks *out, double low, double high, double step,
		   bool bare)
{
	double size = fmax(fabs(low), fabs(high));
	struct number_look look = look_for(size, step, bare);
	double first = ceil(low / step - 1e-9);

	for (int i = 0; i < TICKS_MAX; i++) {
		double at = (first + i) * step;

		if (!isfinite(at) || !(at <= high + step * 1e-9))
			break;
		/* -5.6e-17 is meant to be 0. */
		if (fabs(at) < step * 1e-9)
			at = 0;
		push_number(out, at, &look);
	}
}

void ticks_powers(struct ticks *out, double low, double high, int most)
{
	int first = (int)ceil(log10(low) - 1e-9);
	int last = (int)floor(log10(high) + 1e-9);
	int step = 1;

	while (last - first >= most * step)
		step++;
	for (int power = first; power <= last; power += step) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		double at = pow(10, power);
		struct number_look look = look_for(at, at, false);

		if (power >= 15 || power < -4)
			str_addf(&text, "1e%d", power);
		else
			amount_add_fixed(&text, at / look.unit, look.decimals,
					 look.grouped);
		str_add(&text, look.suffix);
		push(out, at, text.text);
	}
}

/* ---- times ---- */

enum unit { MS, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR };

#define SECOND_MS 1e3
#define MINUTE_MS 60e3
#define HOUR_MS   3600e3
#define DAY_MS    86400e3
#define YEAR_MS   (365.2425 * DAY_MS)

static const struct time_step {
	enum unit unit;
	int count;
	double ms; /* of one, about */
} steps[] = {
	{ MS, 1, 1 },
	{ MS, 2, 1 },
	{ MS, 5, 1 },
	{ MS, 10, 1 },
	{ MS, 20, 1 },
	{ MS, 50, 1 },
	{ MS, 100, 1 },
	{ MS, 200, 1 },
	{ MS, 500, 1 },
	{ SECOND, 1, SECOND_MS },
	{ SECOND, 2, SECOND_MS },
	{ SECOND, 5, SECOND_MS },
	{ SECOND, 10, SECOND_MS },
	{ SECOND, 15, SECOND_MS },
	{ SECOND, 30, SECOND_MS },
	{ MINUTE, 1, MINUTE_MS },
	{ MINUTE, 2, MINUTE_MS },
	{ MINUTE, 5, MINUTE_MS },
	{ MINUTE, 10, MINUTE_MS },
	{ MINUTE, 15, MINUTE_MS },
	{ MINUTE, 30, MINUTE_MS },
	{ HOUR, 1, HOUR_MS },
	{ HOUR, 2, HOUR_MS },
	{ HOUR, 3, HOUR_MS },
	{ HOUR, 6, HOUR_MS },
	{ HOUR, 12, HOUR_MS },
	{ DAY, 1, DAY_MS },
	{ DAY, 2, DAY_MS },
	{ WEEK, 1, 7 * DAY_MS },
	{ WEEK, 2, 7 * DAY_MS },
	{ MONTH, 1, YEAR_MS / 12 },
	{ MONTH, 2, YEAR_MS / 12 },
	{ QUARTER, 1, YEAR_MS / 4 },
	{ QUARTER, 2, YEAR_MS / 4 },
	{ YEAR, 1, YEAR_MS },
};

/* The unit that values so far apart are in. */
static enum unit unit_of(double gap)
{
	static const struct {
		enum unit unit;
		double least; /* months and years differ by a day or three */
	} units[] = {
		{ YEAR, 364 * DAY_MS }, { QUARTER, 89 * DAY_MS },
		{ MONTH, 28 * DAY_MS }, { DAY, DAY_MS },
		{ HOUR, HOUR_MS },      { MINUTE, MINUTE_MS },
		{ SECOND, SECOND_MS },
	};

	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (gap >= units[i].least)
			return units[i].unit;
	return MS;
}

/* Years by 1, 2, 5, 10, 20 ... where a year is too little. Two days are no part
 * of a calendar: where there is no gap the ticks are the edges of bins. */
static struct time_step step_for(double span, int most, double gap)
{
	static const int growth[] = { 2, 5, 10 };
	enum unit finest = unit_of(gap);
	struct time_step step;
	int power = 1;

	for (size_t i = 0; i < COUNT_OF(steps); i++)
		if (steps[i].unit >= finest &&
		    (gap > 0 || steps[i].unit != DAY || steps[i].count == 1) &&
		    span / (steps[i].ms * steps[i].count) <= most)
			return steps[i];
	step = steps[COUNT_OF(steps) - 1];
	for (;; power *= 10)
		for (size_t i = 0; i < COUNT_OF(growth); i++) {
			step.count = power * growth[i];
			if (span / (YEAR_MS * step.count) <= most ||
			    power >= 100000000)
				return step;
		}
}

/* The first of the month that is month months after January of year 0. */
static double month_at(int64_t month)
{
	int64_t year = month >= 0 ? month / 12 : (month - 11) / 12;

	return amount_join(year, (int)(month - year * 12) + 1, 1);
}

static int months_of(const struct time_step *step)
{
	switch (step->unit) {
	case MONTH:
		return step->count;
	case QUARTER:
		return step->count * 3;
	case YEAR:
		return step->count > 100000000 ? 1200000000 : step->count * 12;
	case MS:
	case SECOND:
	case MINUTE:
	case HOUR:
	case DAY:
	case WEEK:
		break;
	}
	return 0;
}

static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr",
					   "May", "Jun", "Jul", "Aug",
					   "Sep", "Oct", "Nov", "Dec" };

static void add_year(struct str *out, int64_t year)
{
	if (year > 0)
		str_addf(out, "%lld", (long long)year);
	else
		str_addf(out, "%lld BC", (long long)(1 - year));
}

static void add_day(struct str *out, const struct amount_date *date)
{
	str_addf(out, "%d %s", date->day, month_names[date->month - 1]);
}

static void add_month(struct str *out, enum unit unit,
		      const struct amount_date *date)
{
	if (unit == MONTH)
		str_add(out, month_names[date->month - 1]);
	else
		str_addf(out, "Q%d", (date->month + 2) / 3);
}

static void add_clock(struct str *out, enum unit unit,
		      const struct amount_date *date)
{
	str_addf(out, "%02d:%02d", date->hour, date->minute);
	if (unit == SECOND || unit == MS)
		str_addf(out, ":%02d", date->second);
	if (unit == MS)
		str_addf(out, ".%03d", date->ms);
}

static void push_brief(struct ticks *out, double at, const struct str *text,
		       const struct str *brief)
{
	struct tick *tick;

	push(out, at, text->text);
	tick = &out->items[out->count - 1];
	if (text->len > brief->len)
		snprintf(tick->brief, sizeof(tick->brief), "%s", brief->text);
}

/* "14 Mar 2024 10:15", "14 Mar", "10:15" */
static void push_clock(struct ticks *out, double at, enum unit unit,
		       const struct amount_date *date, bool new_day,
		       bool new_year)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str brief = STR_EMPTY;
	bool midnight = date->hour == 0 && date->minute == 0 &&
			date->second == 0 && date->ms == 0;

	if (new_day) {
		add_day(&text, date);
		if (midnight)
			str_add(&brief, text.text);
		if (new_year) {
			str_add_char(&text, ' ');
			add_year(&text, date->year);
		}
	}
	if (!new_day || !midnight) {
		add_clock(&brief, unit, date);
		if (text.len > 0)
			str_add_char(&text, ' ');
		str_add(&text, brief.text);
	}
	push_brief(out, at, &text, &brief);
}

/* "14 Mar 2024", "Q1 2024", "2024" */
static void push_date(struct ticks *out, double at, enum unit unit,
		      const struct amount_date *date, bool new_year)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str brief = STR_EMPTY;

	if (unit < MONTH)
		add_day(&brief, date);
	else if (unit < YEAR)
		add_month(&brief, unit, date);
	str_add(&text, brief.text);
	if (unit == YEAR || new_year) {
		if (text.len > 0)
			str_add_char(&text, ' ');
		add_year(&text, date->year);
	}
	push_brief(out, at, &text, &brief);
}

/* What the reader knows from the tick before is not said again. */
static void push_time(struct ticks *out, double at, enum unit unit, bool clock)
{
	bool first = out->count == 0;
	struct amount_date date, before;

	amount_split(at, &date);
	before = date;
	if (!first)
		amount_split(out->items[out->count - 1].at, &before);
	if (unit >= DAY)
		push_date(out, at, unit, &date,
			  first || date.year != before.year);
	else
		push_clock(out, at, unit, &date,
			   !clock && (first || date.day != before.day ||
				      date.month != before.month),
			   first);
}

static void push_months(struct ticks *out, double low, double high,
			const struct time_step *step)
{
	int months = months_of(step);
	struct amount_date date;
	int64_t month;

	amount_split(low, &date);
	month = date.year * 12 + date.month - 1;
	month -= ((month % months) + months) % months;
	for (int i = 0; i < TICKS_MAX && month_at(month) <= high;
	     i++, month += months)
		if (month_at(month) >= low)
			push_time(out, month_at(month), step->unit, false);
}

void ticks_times(struct ticks *out, double low, double high, int most,
		 double gap, bool clock)
{
	struct time_step step = step_for(high - low, most < 1 ? 1 : most, gap);
	double ms = step.ms * step.count;
	/* The first Monday after 1970 began. */
	double origin = step.unit == WEEK ? 4 * DAY_MS : 0;
	double at;

	/* By twos from the first day on. */
	if (step.unit == DAY)
		origin = ceil(low / DAY_MS) * DAY_MS;

	if (step.unit >= MONTH) {
		push_months(out, low, high, &step);
	} else {
		at = ceil((low - origin) / ms) * ms + origin;
		for (int i = 0; i < TICKS_MAX && at <= high; i++, at += ms)
			push_time(out, at, step.unit, clock);
	}
	/* A span between two boundaries is still told where it begins. */
	if (out->count == 0) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		amount_add_time(&text, low);
		push(out, low,
		     clock && text.len > 11 ? text.text + 11 : text.text);
	}
}
