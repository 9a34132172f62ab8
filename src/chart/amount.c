#include "chart/amount.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- numbers read ---- */

static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
			       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
			       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* "-123.45" of at most 15 digits: the division is rounded once, so it is what
 * strtod gives, at a tenth of its cost. */
static bool read_short(const char *text, size_t len, double *out)
{
	bool minus = len > 0 && *text == '-';
	uint64_t digits = 0;
	int count = 0, decimals = -1;

	for (size_t i = minus; i < len; i++) {
		if (text[i] == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || ++count > 15)
			return false;
		digits = digits * 10 + (uint64_t)(text[i] - '0');
		decimals += decimals >= 0;
	}
	if (count == 0)
		return false;
	*out = (double)digits / tens[decimals > 0 ? decimals : 0];
	if (minus)
		*out = -*out;
	return true;
}

/* The locale's point; "." in most. */
static const char *point(void)
{
	const char *text = localeconv()->decimal_point;

	return text && *text ? text : ".";
}

static bool read_word(const char *text, double *out)
{
	const char *word = text + (*text == '-' || *text == '+');

	if (str_equal_nocase(word, "nan"))
		*out = NAN;
	else if (str_equal_nocase(word, "inf") ||
		 str_equal_nocase(word, "infinity"))
		*out = *text == '-' ? -INFINITY : INFINITY;
	else
		return false;
	return true;
}

bool amount_read(const char *text, size_t len, double *out)
{
	CLEANUP(str_done) struct str copy = STR_EMPTY;
	char *end;

	if (read_short(text, len, out))
		return true;
	if (len == 0 || len > 1000)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '.')
			str_add(&copy, point());
		else
			str_add_char(&copy, text[i]);
	if (read_word(copy.text, out))
		return true;
	/* strtod takes blanks, hex and nan(...) too. */
	if (strspn(text, "+-0123456789.eE") < len)
		return false;
	*out = strtod(copy.text, &end);
	return *end == '\0' && end != copy.text;
}

bool amount_read_money(const char *text, size_t len, double *out)
{
	CLEANUP(str_done) struct str digits = STR_EMPTY;
	size_t decimals = 0;
	bool minus = false, parted = false;

	for (size_t i = 0; i < len; i++) {
		minus = minus || text[i] == '-' || text[i] == '(';
		if (text[i] == '.' || text[i] == ',') {
			parted = true;
			decimals = 0;
		} else if (text[i] >= '0' && text[i] <= '9') {
			str_add_char(&digits, text[i]);
			decimals++;
		}
	}
	if (digits.len == 0 || digits.len > 30)
		return false;
	*out = strtod(digits.text, NULL);
	if (parted && decimals <= 2)
		*out /= tens[decimals];
	if (minus)
		*out = -*out;
	return true;
}

/* ---- times read ---- */

/* Days since 1970 of the proleptic Gregorian calendar, by eras of 400 years
 * that begin in March. */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year =
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t of_days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * 146097 + of_days - 719468;
}

double amount_join(int64_t year, int month, int day)
{
	return (double)days_of(year, month, day) * 86400000.0;
}

void amount_split(double ms, struct amount_date *out)
{
	double day = floor(ms / 86400000.0);
	int64_t rest = (int64_t)(ms - day * 86400000.0);
	int64_t z = (int64_t)day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t years =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t month = (5 * of_year + 2) / 153;

	out->day = (int)(of_year - (153 * month + 2) / 5 + 1);
	out->month = (int)(month < 10 ? month + 3 : month - 9);
	out->year = years + era * 400 + (out->month <= 2);
	out->hour = (int)(rest / 3600000);
	out->minute = (int)(rest / 60000 % 60);
	out->second = (int)(rest / 1000 % 60);
	out->ms = (int)(rest % 1000);
	out->weekday = (int)((((int64_t)day + 4) % 7 + 7) % 7);
}

/* Digits of text from *at on; -1: none. */
static int64_t read_digits(const char *text, size_t len, size_t *at, int most)
{
	int64_t number = 0;
	int count = 0;

	while (*at < len && text[*at] >= '0' && text[*at] <= '9' &&
	       count < most) {
		number = number * 10 + (text[(*at)++] - '0');
		count++;
	}
	return count > 0 ? number : -1;
}

static bool read_char(const char *text, size_t len, size_t *at, char c)
{
	if (*at >= len || text[*at] != c)
		return false;
	(*at)++;
	return true;
}

/* "10:15", "10:15:30.25" to ms of the day. */
static bool read_clock(const char *text, size_t len, size_t *at, double *out)
{
	int64_t hour = read_digits(text, len, at, 2);
	int64_t minute, second = 0;
	double fraction = 0, unit = 1000;

	if (hour < 0 || hour > 24 || !read_char(text, len, at, ':'))
		return false;
	minute = read_digits(text, len, at, 2);
	if (minute < 0 || minute > 59)
		return false;
	if (read_char(text, len, at, ':')) {
		second = read_digits(text, len, at, 2);
		if (second < 0 || second > 60)
			return false;
	}
	if (read_char(text, len, at, '.'))
		for (; *at < len && text[*at] >= '0' && text[*at] <= '9';
		     (*at)++)
			fraction += (unit /= 10) * (text[*at] - '0');
	*out = (double)((hour * 60 + minute) * 60 + second) * 1000 + fraction;
	return true;
}

/* "+02", "-03:30", "Z", "UTC" at the end. */
static bool is_zone(const char *text, size_t len)
{
	if (len == 0)
		return true;
	if (*text == '+' || *text == '-')
		return strspn(text + 1, "0123456789:") >= len - 1;
	return (len == 1 && *text == 'Z') ||
	       (len == 3 && memcmp(text, "UTC", 3) == 0);
}

int amount_zone(const char *text, size_t len)
{
	size_t clock = strcspn(text, ":"), at;
	int64_t hours, minutes = 0;

	if (clock >= len)
		return 0;
	at = clock + strcspn(text + clock, "+-");
	if (at >= len)
		return 0;
	clock = at++;
	hours = read_digits(text, len, &at, 2);
	if (read_char(text, len, &at, ':'))
		minutes = read_digits(text, len, &at, 2);
	return (int)(hours * 60 + minutes) * (text[clock] == '-' ? -1 : 1);
}

bool amount_read_clock(const char *text, size_t len, double *out_ms)
{
	size_t at = 0;

	return read_clock(text, len, &at, out_ms) &&
	       is_zone(text + at, len - at);
}

bool amount_read_time(const char *text, size_t len, double *out_ms)
{
	int64_t year, month, day = 1;
	double clock = 0;
	size_t at = 0;

	if (read_word(text, out_ms) && !isnan(*out_ms))
		return true;
	if (len > 3 && memcmp(text + len - 3, " BC", 3) == 0) {
		if (!amount_read_time(text, len - 3, &clock))
			return false;
		/* The text's year y is the year 1 - y. */
		year = read_digits(text, len, &at, 7);
		*out_ms = clock - amount_join(year, 1, 1) +
			  amount_join(1 - year, 1, 1);
		return true;
	}
	year = read_digits(text, len, &at, 7);
	if (at < 4 || !read_char(text, len, &at, '-'))
		return false;
	month = read_digits(text, len, &at, 2);
	if (month < 1 || month > 12)
		return false;
	if (read_char(text, len, &at, '-')) {
		day = read_digits(text, len, &at, 2);
		if (day < 1 || day > 31)
			return false;
		if (at < len && (text[at] == ' ' || text[at] == 'T')) {
			at++;
			if (!read_clock(text, len, &at, &clock) ||
			    !is_zone(text + at, len - at))
				return false;
			at = len;
		}
	}
	*out_ms = amount_join(year, (int)month, (int)day) + clock;
	return at == len;
}

/* ---- numbers written ---- */

/* What printf wrote with the locale's point, with ours. */
static void put_point(char *text)
{
	const char *theirs = point();
	char *found = strcmp(theirs, ".") != 0 ? strstr(text, theirs) : NULL;

	if (!found)
		return;
	*found = '.';
	memmove(found + 1, found + strlen(theirs),
		strlen(found + strlen(theirs)) + 1);
}

static void add_power(struct str *out, double value)
{
	char text[40];
	char *zeros, *e;

	snprintf(text, sizeof(text), "%.2e", value);
	put_point(text);
	/* 1.50e+20: 1.5e+20 */
	e = strchr(text, 'e');
	if (e) {
		for (zeros = e; zeros > text && zeros[-1] == '0'; zeros--)
			;
		if (zeros > text && zeros[-1] == '.')
			zeros--;
		memmove(zeros, e, strlen(e) + 1);
	}
	str_add(out, text);
}

void amount_add_fixed(struct str *out, double value, int decimals, bool grouped)
{
	char text[64];
	const char *digits = text;
	size_t whole;

	if (!isfinite(value)) {
		str_add(out, isnan(value) ? "NaN"
			     : value < 0  ? "-\u221e"
					  : "\u221e");
		return;
	}
	if (fabs(value) >= 1e15 || (value != 0 && fabs(value) < 1e-4)) {
		add_power(out, value);
		return;
	}
	snprintf(text, sizeof(text), "%.*f", decimals, value);
	put_point(text);
	if (*digits == '-') {
		digits++;
		/* -0.00 */
		if (strspn(digits, "0.") < strlen(digits))
			str_add_char(out, '-');
	}
	whole = strcspn(digits, ".");
	for (size_t i = 0; digits[i]; i++) {
		if (grouped && i > 0 && i < whole && (whole - i) % 3 == 0)
			str_add_char(out, ',');
		str_add_char(out, digits[i]);
	}
}

int amount_decimals(double value, int most)
{
	for (int decimals = 0; decimals < most; decimals++) {
		double scaled = value * tens[decimals];

		/* What most decimals would show as zeros is none. */
		if (fabs(scaled - nearbyint(scaled)) <
		    0.5 * tens[decimals] / tens[most])
			return decimals;
	}
	return most;
}

void amount_add(struct str *out, double value)
{
	double size = fabs(value);
	int most = size >= 1 || size == 0 ? 2 : size >= 0.01 ? 4 : 6;
	int decimals = amount_decimals(value, most);

	amount_add_fixed(out, value, decimals, true);
}

void amount_add_short(struct str *out, double value)
{
	static const char suffixes[] = " kMGT";
	double size = fabs(value);
	int step = 0;
	int decimals;

	if (size < 10000 && size >= 10) {
		decimals = size >= 999.5 ? 0 : size >= 99.95 ? 1 : 2;
		amount_add_fixed(out, value, amount_decimals(value, decimals),
				 true);
		return;
	}
	if (!isfinite(value) || size < 10 || size >= 1e15) {
		amount_add(out, value);
		return;
	}
	while (size >= 999.5 && suffixes[step + 1]) {
		size /= 1000;
		value /= 1000;
		step++;
	}
	decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
	amount_add_fixed(out, value, amount_decimals(value, decimals), true);
	str_add_char(out, suffixes[step]);
}

void amount_add_time(struct str *out, double ms)
{
	struct amount_date date;

	if (!isfinite(ms)) {
		amount_add_fixed(out, ms, 0, false);
		return;
	}
	amount_split(ms, &date);
	if (date.year > 0)
		str_addf(out, "%04lld-%02d-%02d", (long long)date.year,
			 date.month, date.day);
	else
		str_addf(out, "%04lld-%02d-%02d BC", (long long)(1 - date.year),
			 date.month, date.day);
	if (date.hour || date.minute || date.second || date.ms) {
		str_add_char(out, ' ');
		amount_add_clock(out, ms);
	}
}

void amount_add_clock(struct str *out, double ms)
{
	struct amount_date date;

	amount_split(ms, &date);
	str_addf(out, "%02d:%02d", date.hour, date.minute);
	if (date.second || date.ms)
		str_addf(out, ":%02d", date.second);
	if (date.ms)
		str_addf(out, ".%03d", date.ms);
}

void amount_add_exact(struct str *out, double value)
{
	char text[40];

	if (!isfinite(value)) {
		str_add(out, "null");
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		double back;

		snprintf(text, sizeof(text), "%.*g", digits, value);
		back = strtod(text, NULL);
		if (memcmp(&back, &value, sizeof(back)) == 0)
			break;
	}
	put_point(text);
	str_add(out, text);
}
