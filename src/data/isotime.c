#include "data/isotime.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/str.h"

#define MS_A_DAY (INT64_C(24) * 3600 * 1000)

static const char month_names[12][4] = { "Jan", "Feb", "Mar", "Apr",
					 "May", "Jun", "Jul", "Aug",
					 "Sep", "Oct", "Nov", "Dec" };
static const char day_names[7][4] = { "Sun", "Mon", "Tue", "Wed",
				      "Thu", "Fri", "Sat" };

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30,
				      31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool isotime_is_date(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 &&
	       day >= 1 && day <= days_of_month(year, month);
}

/* Days before the 1st of January of year, counted from year 1. */
static int64_t days_before_year(int year)
{
	int64_t past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400;
}

#define DAYS_TO_1970 719162

int64_t isotime_join(const struct isotime_parts *parts)
{
	int64_t days = days_before_year(parts->year) - DAYS_TO_1970;

	for (int month = 1; month < parts->month; month++)
		days += days_of_month(parts->year, month);
	days += parts->day - 1;
	return days * MS_A_DAY +
	       (((int64_t)parts->hour * 60 + parts->minute) * 60 +
		parts->second) *
		       1000 +
	       parts->ms;
}

void isotime_split(int64_t at_ms, struct isotime_parts *out_parts)
{
	int64_t days = at_ms / MS_A_DAY;
	int64_t rest = at_ms % MS_A_DAY;
	int year;

	if (rest < 0) {
		rest += MS_A_DAY;
		days--;
	}
	out_parts->weekday = (int)(((days + 4) % 7 + 7) % 7);
	days += DAYS_TO_1970;
	/* 400 years are 146,097 days; the guess is at most one year off. */
	year = (int)(days * 400 / 146097) + 1;
	while (days_before_year(year) > days)
		year--;
	while (days_before_year(year + 1) <= days)
		year++;
	days -= days_before_year(year);
	out_parts->year = year;
	out_parts->month = 1;
	while (days >= days_of_month(year, out_parts->month))
		days -= days_of_month(year, out_parts->month++);
	out_parts->day = (int)days + 1;
	out_parts->ms = (int)(rest % 1000);
	out_parts->second = (int)(rest / 1000 % 60);
	out_parts->minute = (int)(rest / 60000 % 60);
	out_parts->hour = (int)(rest / 3600000);
}

/* Exactly count digits; moves *at. */
static bool take_digits(const char **at, int count, int *out_number)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		char c = (*at)[i];

		if (c < '0' || c > '9')
			return false;
		number = number * 10 + (c - '0');
	}
	*at += count;
	*out_number = number;
	return true;
}

static bool take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* Any number of digits after the point; milliseconds are kept. */
static bool take_fraction(const char **at, int *out_ms)
{
	int scale = 100;

	*out_ms = 0;
	if (**at != '.' && **at != ',')
		return true;
	(*at)++;
	if (**at < '0' || **at > '9')
		return false;
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		*out_ms += (**at - '0') * scale;
		scale /= 10;
	}
	return true;
}

static bool take_zone(const char **at, int *out_minutes)
{
	int hours = 0;
	int minutes = 0;
	int sign;

	*out_minutes = 0;
	if (**at == ' ')
		(*at)++;
	if (take_char(at, 'Z') || take_char(at, 'z'))
		return true;
	if (strncmp(*at, "UTC", 3) == 0 || strncmp(*at, "GMT", 3) == 0) {
		*at += 3;
		return true;
	}
	if (**at != '+' && **at != '-')
		return true;
	sign = *(*at)++ == '-' ? -1 : 1;
	if (!take_digits(at, 2, &hours))
		return false;
	take_char(at, ':');
	if (**at != '\0' && !take_digits(at, 2, &minutes))
		return false;
	*out_minutes = sign * (hours * 60 + minutes);
	return hours < 24 && minutes < 60;
}

static bool take_clock(const char **at, struct isotime_parts *parts, bool basic)
{
	if (!take_digits(at, 2, &parts->hour))
		return false;
	if (!basic && !take_char(at, ':'))
		return false;
	if (!take_digits(at, 2, &parts->minute))
		return false;
	if (**at == ':' || (basic && **at >= '0' && **at <= '9')) {
		take_char(at, ':');
		if (!take_digits(at, 2, &parts->second))
			return false;
	}
	return take_fraction(at, &parts->ms) && parts->hour < 24 &&
	       parts->minute < 60 && parts->second <= 60;
}

static bool take_iso(const char *at, int64_t *out_ms)
{
	struct isotime_parts parts = { 0 };
	int zone_minutes = 0;
	bool basic;

	if (!take_digits(&at, 4, &parts.year))
		return false;
	basic = *at != '-';
	if ((!basic && !take_char(&at, '-')) ||
	    !take_digits(&at, 2, &parts.month) ||
	    (!basic && !take_char(&at, '-')) ||
	    !take_digits(&at, 2, &parts.day))
		return false;
	if (*at == 'T' || *at == 't' || *at == ' ') {
		at++;
		if (!take_clock(&at, &parts, basic) ||
		    !take_zone(&at, &zone_minutes))
			return false;
	}
	if (*at != '\0' || !isotime_is_date(parts.year, parts.month, parts.day))
		return false;
	*out_ms = isotime_join(&parts) - (int64_t)zone_minutes * 60000;
	return true;
}

bool isotime_parse(const char *text, int64_t *out_ms, struct err *err)
{
	if (take_iso(text, out_ms))
		return true;
	return err_set(err, ERR_DATA,
		       "\"%s\" is no time like 2026-03-14T15:09:26Z", text);
}

static int name_index(const char names[][4], int count, const char *text)
{
	for (int i = 0; i < count; i++)
		if (strncasecmp(names[i], text, 3) == 0)
			return i;
	return -1;
}

static bool take_http(const char *at, int64_t *out_ms)
{
	struct isotime_parts parts = { 0 };

	if (name_index(day_names, 7, at) < 0 || strlen(at) < 5)
		return false;
	at += 3;
	if (!take_char(&at, ',') || !take_char(&at, ' ') ||
	    !take_digits(&at, 2, &parts.day) || !take_char(&at, ' '))
		return false;
	parts.month = name_index(month_names, 12, at) + 1;
	if (parts.month == 0)
		return false;
	at += 3;
	if (!take_char(&at, ' ') || !take_digits(&at, 4, &parts.year) ||
	    !take_char(&at, ' ') || !take_clock(&at, &parts, false) ||
	    strcmp(at, " GMT") != 0 ||
	    !isotime_is_date(parts.year, parts.month, parts.day))
		return false;
	*out_ms = isotime_join(&parts);
	return true;
}

bool isotime_parse_http(const char *text, int64_t *out_ms, struct err *err)
{
	if (take_http(text, out_ms))
		return true;
	return err_set(err, ERR_DATA,
		       "\"%s\" is no time like Sat, 14 Mar 2026 15:09:26 GMT",
		       text);
}

void isotime_add(struct str *out, int64_t at_ms)
{
	struct isotime_parts p;

	isotime_split(at_ms, &p);
	str_addf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", p.year, p.month, p.day,
		 p.hour, p.minute, p.second);
}

void isotime_add_ms(struct str *out, int64_t at_ms)
{
	struct isotime_parts p;

	isotime_split(at_ms, &p);
	str_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", p.year, p.month,
		 p.day, p.hour, p.minute, p.second, p.ms);
}

void isotime_add_basic(struct str *out, int64_t at_ms)
{
	struct isotime_parts p;

	isotime_split(at_ms, &p);
	str_addf(out, "%04d%02d%02dT%02d%02d%02dZ", p.year, p.month, p.day,
		 p.hour, p.minute, p.second);
}

void isotime_add_day(struct str *out, int64_t at_ms)
{
	struct isotime_parts p;

	isotime_split(at_ms, &p);
	str_addf(out, "%04d%02d%02d", p.year, p.month, p.day);
}

void isotime_add_http(struct str *out, int64_t at_ms)
{
	struct isotime_parts p;

	isotime_split(at_ms, &p);
	str_addf(out, "%s, %02d %s %04d %02d:%02d:%02d GMT",
		 day_names[p.weekday], p.day, month_names[p.month - 1], p.year,
		 p.hour, p.minute, p.second);
}

static void write_digits(char *text, int number, int digits)
{
	while (digits-- > 0) {
		text[digits] = (char)('0' + number % 10);
		number /= 10;
	}
}

size_t isotime_write_sql(int64_t at_ms, char *text)
{
	static const char shape[] = "0000-00-00 00:00:00";
	struct isotime_parts p;

	isotime_split(at_ms, &p);
	memcpy(text, shape, sizeof(shape));
	write_digits(text, p.year, 4);
	write_digits(text + 5, p.month, 2);
	write_digits(text + 8, p.day, 2);
	write_digits(text + 11, p.hour, 2);
	write_digits(text + 14, p.minute, 2);
	write_digits(text + 17, p.second, 2);
	return sizeof(shape) - 1;
}

void isotime_add_sql(struct str *out, int64_t at_ms)
{
	char text[20];

	str_add_slice(out, text, isotime_write_sql(at_ms, text));
}

void isotime_add_local(struct str *out, int64_t at_ms)
{
	time_t seconds = (time_t)(at_ms / 1000 - (at_ms % 1000 < 0));
	struct tm local;
	char text[64];

	if (localtime_r(&seconds, &local) == NULL) {
		isotime_add_sql(out, at_ms);
		return;
	}
	if (strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local) > 0)
		str_add(out, text);
}
