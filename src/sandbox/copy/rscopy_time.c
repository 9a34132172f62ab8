#include "sandbox/copy/rscopy_time.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"

/* A place in the text being read. */
struct scan {
	const char *at;
	const char *end;
	struct rscopy_time *out;
	bool short_year; /* of two digits */
	bool twelve;     /* HH12, or AM or PM was seen */
	int afternoon;   /* -1: not said, 0 AM, 1 PM */
};

static const char *const months[] = {
	"january", "february", "march",     "april",   "may",      "june",
	"july",    "august",   "september", "october", "november", "december",
};

/* --- pieces --- */

static bool read_digits(struct scan *scan, int least, int most, int *out)
{
	int count = 0;
	int value = 0;

	while (count < most && scan->at < scan->end &&
	       isdigit((unsigned char)*scan->at)) {
		value = value * 10 + (*scan->at++ - '0');
		count++;
	}
	*out = value;
	return count >= least;
}

static bool read_year(struct scan *scan)
{
	return read_digits(scan, 4, 4, &scan->out->year);
}

/* Two digits: PostgreSQL's rule, 70 to 99 are of the last century. */
static bool read_short_year(struct scan *scan)
{
	if (!read_digits(scan, 2, 2, &scan->out->year))
		return false;
	scan->short_year = true;
	scan->out->year += scan->out->year < 70 ? 2000 : 1900;
	return true;
}

static bool read_month(struct scan *scan)
{
	return read_digits(scan, 1, 2, &scan->out->month);
}

static bool read_month_name(struct scan *scan)
{
	size_t left = (size_t)(scan->end - scan->at);

	for (int i = 0; i < 12; i++) {
		size_t len = strlen(months[i]);

		if (left < 3 || strncasecmp(scan->at, months[i], 3) != 0)
			continue;
		if (left < len || strncasecmp(scan->at, months[i], len) != 0)
			len = 3;
		scan->at += len;
		scan->out->month = i + 1;
		return true;
	}
	return false;
}

static bool read_day(struct scan *scan)
{
	return read_digits(scan, 1, 2, &scan->out->day);
}

/* The day of the year, behind a year. */
static bool read_year_day(struct scan *scan)
{
	struct rscopy_time *time = scan->out;
	int left;

	if (!read_digits(scan, 3, 3, &left))
		return false;
	time->month = 1;
	time->day = left;
	while (time->month < 12 && left > 28) {
		int last = 31;

		while (!isotime_is_date(time->year, time->month, last))
			last--;
		if (left <= last)
			break;
		left -= last;
		time->month++;
		time->day = left;
	}
	return time->day >= 1;
}

static bool read_day_name(struct scan *scan)
{
	const char *start = scan->at;

	while (scan->at < scan->end && isalpha((unsigned char)*scan->at))
		scan->at++;
	return scan->at - start >= 3;
}

static bool read_hour(struct scan *scan)
{
	scan->out->has_time = true;
	return read_digits(scan, 1, 2, &scan->out->hour);
}

static bool read_hour12(struct scan *scan)
{
	scan->twelve = true;
	return read_hour(scan);
}

static bool read_minute(struct scan *scan)
{
	return read_digits(scan, 1, 2, &scan->out->minute);
}

/* Seconds and up to nine digits of a fraction, of which six count. */
static bool read_second(struct scan *scan)
{
	int scale = 100000;

	if (!read_digits(scan, 1, 2, &scan->out->second))
		return false;
	if (scan->end - scan->at < 2 ||
	    (*scan->at != '.' && *scan->at != ',') ||
	    !isdigit((unsigned char)scan->at[1]))
		return true;
	scan->at++;
	while (scan->at < scan->end && isdigit((unsigned char)*scan->at)) {
		scan->out->micros += (*scan->at++ - '0') * scale;
		scale /= 10;
	}
	return true;
}

static bool read_half(struct scan *scan)
{
	static const char *const halves[] = { "AM", "PM", "A.M.", "P.M." };

	for (int i = (int)COUNT_OF(halves) - 1; i >= 0; i--) {
		size_t len = strlen(halves[i]);

		if ((size_t)(scan->end - scan->at) < len ||
		    strncasecmp(scan->at, halves[i], len) != 0)
			continue;
		scan->at += len;
		scan->twelve = true;
		scan->afternoon = i % 2;
		return true;
	}
	return false;
}

/* Abbreviations of time zones, minutes east of UTC [time-zone-abbrevs]. */
static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "UTC", 0 },    { "GMT", 0 },     { "Z", 0 },      { "AST", -240 },
	{ "ADT", -180 }, { "EST", -300 },  { "EDT", -240 }, { "CST", -360 },
	{ "CDT", -300 }, { "MST", -420 },  { "MDT", -360 }, { "PST", -480 },
	{ "PDT", -420 }, { "AKST", -540 }, { "HST", -600 }, { "WET", 0 },
	{ "BST", 60 },   { "CEST", 120 },  { "CET", 60 },   { "EEST", 180 },
	{ "EET", 120 },  { "MSK", 180 },   { "IST", 120 },  { "JST", 540 },
	{ "AEST", 600 }, { "NZST", 720 },
};

static bool read_zone_name(struct scan *scan)
{
	const char *end = scan->at;
	size_t len;

	while (end < scan->end && isalpha((unsigned char)*end))
		end++;
	len = (size_t)(end - scan->at);
	for (size_t i = 0; i < COUNT_OF(zones); i++)
		if (str_slice_equal_nocase(scan->at, len, zones[i].name)) {
			scan->out->zone_s = zones[i].minutes * 60;
			scan->at = end;
			return true;
		}
	return false;
}

/* A name, +2, +02, +0200, +02:00, -02:00:00 */
static bool read_zone(struct scan *scan)
{
	int sign;
	int parts[3] = { 0 };

	scan->out->has_zone = true;
	if (scan->at == scan->end || (*scan->at != '+' && *scan->at != '-'))
		return read_zone_name(scan);
	sign = *scan->at++ == '-' ? -1 : 1;
	if (!read_digits(scan, 1, 2, &parts[0]))
		return false;
	for (int i = 1; i < 3 && scan->at < scan->end; i++) {
		if (*scan->at == ':')
			scan->at++;
		if (!read_digits(scan, 2, 2, &parts[i]))
			return false;
	}
	scan->out->zone_s = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
	return parts[0] <= 15 && parts[1] < 60 && parts[2] < 60;
}

/* Its years have no century to be guessed. */
static bool read_before_christ(struct scan *scan)
{
	if (scan->end - scan->at < 2 || strncasecmp(scan->at, "BC", 2) != 0)
		return false;
	scan->at += 2;
	scan->out->bc = true;
	if (scan->short_year)
		scan->out->year %= 100;
	return true;
}

/* Days since 4713 BC; 2440588 is 1970-01-01. */
static bool read_julian(struct scan *scan)
{
	struct isotime_parts parts;
	int days;

	if (!read_digits(scan, 1, 7, &days))
		return false;
	isotime_split(((int64_t)days - 2440588) * 86400000, &parts);
	scan->out->year = parts.year;
	scan->out->month = parts.month;
	scan->out->day = parts.day;
	return true;
}

/* J2451187 */
static bool read_marked_julian(struct scan *scan)
{
	if (scan->at == scan->end || (*scan->at != 'J' && *scan->at != 'j'))
		return false;
	scan->at++;
	return read_julian(scan);
}

/* Longer names before those they begin with. */
static const struct piece {
	const char *name;
	bool (*read)(struct scan *scan);
} pieces[] = {
	{ "YYYY", read_year },        { "YY", read_short_year },
	{ "MONTH", read_month_name }, { "MON", read_month_name },
	{ "MM", read_month },         { "MI", read_minute },
	{ "DAY", read_day_name },     { "DY", read_day_name },
	{ "DDD", read_year_day },     { "DD", read_day },
	{ "BC", read_before_christ }, { "HH24", read_hour },
	{ "HH12", read_hour12 },      { "HH", read_hour },
	{ "SS", read_second },        { "AM", read_half },
	{ "PM", read_half },          { "A.M.", read_half },
	{ "P.M.", read_half },        { "OF", read_zone },
	{ "TZ", read_zone },          { "JJ", read_marked_julian },
	{ "J", read_julian },
};

static const struct piece *find_piece(const char *pattern)
{
	char first = (char)toupper((unsigned char)*pattern);

	/* this runs for every byte of the pattern and every value */
	for (size_t i = 0; i < COUNT_OF(pieces); i++)
		if (first == pieces[i].name[0] &&
		    strncasecmp(pattern, pieces[i].name,
				strlen(pieces[i].name)) == 0)
			return &pieces[i];
	return NULL;
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
		scan->at++;
}

/* A blank of the pattern stands for any number of them, and for none where
 * the text ends. */
static bool read_pattern(struct scan *scan, const char *pattern)
{
	while (*pattern != '\0') {
		const struct piece *piece = find_piece(pattern);

		if (piece != NULL) {
			if (!piece->read(scan))
				return false;
			pattern += strlen(piece->name);
		} else if (*pattern == ' ') {
			skip_blanks(scan);
			pattern++;
		} else {
			if (scan->at == scan->end || *scan->at != *pattern)
				return false;
			scan->at++;
			pattern++;
		}
	}
	return true;
}

/* --- the whole --- */

static bool finish(struct scan *scan)
{
	struct rscopy_time *time = scan->out;

	skip_blanks(scan);
	if (scan->at != scan->end)
		return false;
	if (scan->twelve) {
		if (time->hour < 1 || time->hour > 12)
			return false;
		time->hour %= 12;
		if (scan->afternoon == 1)
			time->hour += 12;
	}
	return isotime_is_date(time->year, time->month, time->day) &&
	       time->hour < 24 && time->minute < 60 && time->second < 60;
}

static void begin(struct scan *scan, struct rscopy_time *out, const char *text,
		  size_t len)
{
	memset(out, 0, sizeof(*out));
	out->year = 1;
	out->month = 1;
	out->day = 1;
	memset(scan, 0, sizeof(*scan));
	scan->at = text;
	scan->end = text + len;
	scan->out = out;
	scan->afternoon = -1;
	skip_blanks(scan);
}

static const char *const clocks[] = {
	"",         "HH:MI:SS",    "HH:MI:SS AM", "HH:MI:SSOF", "HH:MI:SS OF",
	"HH:MI",    "HH:MI AM",    "HH:MIOF",     "HH:MI OF",   "HHMISS",
	"HHMISSOF", "HH:MI:SS TZ",
};

/* automatic-recognition: the kinds 'auto' tells apart, and those of the table
 * of DATEFORMAT strings; a clock may follow. */
static const char *const days[] = {
	"YYYY-MM-DD",   "YYYY/MM/DD",     "YYYY.MM.DD",   "YYYY MM DD",
	"MM/DD/YYYY",   "MM-DD-YYYY",     "MM.DD.YYYY",   "YYYYMMDD",
	"MON-DD-YYYY",  "DD-MON-YYYY",    "MON DD, YYYY", "MON DD YYYY",
	"DD MON YYYY",  "YYYY-MON-DD",    "YYYY MON DD",  "MM/DD/YY",
	"DD-MON-YY",    "YYMMDD",         "YYYY.DDD",     "JJ",
	"MON-DD-YY BC", "MON-DD-YYYY BC",
};

/* With the clock inside. */
static const char *const wholes[] = {
	"DD MON HH:MI:SS YYYY TZ",
	"DD MON HH:MI:SS YYYY",
};

static bool read_clocks(struct rscopy_time *out, const struct scan *after_day)
{
	for (size_t i = 0; i < COUNT_OF(clocks); i++) {
		struct rscopy_time time = *after_day->out;
		struct scan scan = *after_day;

		scan.out = &time;
		if (scan.at < scan.end && (*scan.at == 'T' || *scan.at == 't'))
			scan.at++;
		skip_blanks(&scan);
		if (!read_pattern(&scan, clocks[i]) || !finish(&scan))
			continue;
		*out = time;
		return true;
	}
	return false;
}

static bool read_auto(struct rscopy_time *out, const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		struct rscopy_time time;
		struct scan scan;

		begin(&scan, &time, text, len);
		if (read_pattern(&scan, days[i]) && read_clocks(out, &scan))
			return true;
	}
	for (size_t i = 0; i < COUNT_OF(wholes); i++) {
		struct scan scan;

		begin(&scan, out, text, len);
		if (read_pattern(&scan, wholes[i]) && finish(&scan))
			return true;
	}
	return false;
}

static bool read_epoch(struct rscopy_time *out, const char *text, size_t len,
		       int64_t unit_us)
{
	struct isotime_parts parts;
	int64_t us = 0;
	bool minus = len > 0 && *text == '-';
	size_t i = minus ? 1 : 0;

	if (i == len || len > 17)
		return false;
	for (; i < len && isdigit((unsigned char)text[i]); i++)
		us = us * 10 + (text[i] - '0');
	if (us > INT64_MAX / unit_us)
		return false;
	us *= unit_us;
	if (i < len && text[i] == '.')
		for (i++; i < len && isdigit((unsigned char)text[i]); i++) {
			unit_us /= 10;
			us += (text[i] - '0') * unit_us;
		}
	if (i != len || us > 253402300799999999) /* year 9999 */
		return false;
	if (minus)
		us = -us;
	isotime_split((us - (us % 1000000 + 1000000) % 1000000) / 1000, &parts);
	memset(out, 0, sizeof(*out));
	out->year = parts.year;
	out->month = parts.month;
	out->day = parts.day;
	out->hour = parts.hour;
	out->minute = parts.minute;
	out->second = parts.second;
	out->micros = (int)((us % 1000000 + 1000000) % 1000000);
	out->has_time = true;
	out->has_zone = true;
	return true;
}

bool rscopy_time_read(struct rscopy_time *out, const char *pattern,
		      const char *text, size_t len)
{
	struct scan scan;

	if (pattern == NULL)
		return read_auto(out, text, len);
	if (strcmp(pattern, "epochsecs") == 0)
		return read_epoch(out, text, len, 1000000);
	if (strcmp(pattern, "epochmillisecs") == 0)
		return read_epoch(out, text, len, 1000);
	begin(&scan, out, text, len);
	return read_pattern(&scan, pattern) && finish(&scan);
}

/* The value of count digits; -1: some byte is none. */
static int fixed_digits(const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (!isdigit((unsigned char)text[i]))
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* What nearly all files hold, YYYY-MM-DD or with HH:MI:SS behind it, without
 * a look at patterns. */
static bool read_plain(struct rscopy_time *out, const char *text, size_t len)
{
	enum { DAY_LEN = 10, SECOND_LEN = 19 };

	if ((len != DAY_LEN && len != SECOND_LEN) || text[4] != '-' ||
	    text[7] != '-')
		return false;
	memset(out, 0, sizeof(*out));
	out->year = fixed_digits(text, 4);
	out->month = fixed_digits(text + 5, 2);
	out->day = fixed_digits(text + 8, 2);
	if (out->year < 0 || !isotime_is_date(out->year, out->month, out->day))
		return false;
	if (len == DAY_LEN)
		return true;
	if (text[10] != ' ' || text[13] != ':' || text[16] != ':')
		return false;
	out->has_time = true;
	out->hour = fixed_digits(text + 11, 2);
	out->minute = fixed_digits(text + 14, 2);
	out->second = fixed_digits(text + 17, 2);
	return out->hour >= 0 && out->hour < 24 && out->minute >= 0 &&
	       out->minute < 60 && out->second >= 0 && out->second < 60;
}

bool rscopy_time_read_iso(struct rscopy_time *out, const char *text, size_t len)
{
	struct rscopy_time time;
	struct scan scan;

	if (read_plain(out, text, len))
		return true;
	begin(&scan, &time, text, len);
	if (!read_pattern(&scan, "YYYY-MM-DD") ||
	    (scan.at < scan.end && *scan.at != ' '))
		return false;
	return read_clocks(out, &scan);
}

bool rscopy_time_read_clock(struct rscopy_time *out, const char *text,
			    size_t len)
{
	struct rscopy_time time;
	struct scan scan;

	begin(&scan, &time, text, len);
	return len > 0 && *text != 'T' && read_clocks(out, &scan) &&
	       out->has_time;
}

static void add_digits(struct str *out, int value, int count)
{
	char digits[8];

	for (int i = count - 1; i >= 0; i--, value /= 10)
		digits[i] = (char)('0' + value % 10);
	str_add_slice(out, digits, (size_t)count);
}

void rscopy_time_add_date(struct str *out, const struct rscopy_time *time)
{
	add_digits(out, time->year, 4);
	str_add_char(out, '-');
	add_digits(out, time->month, 2);
	str_add_char(out, '-');
	add_digits(out, time->day, 2);
}

void rscopy_time_add_clock(struct str *out, const struct rscopy_time *time,
			   bool with_zone)
{
	int zone_s = time->zone_s < 0 ? -time->zone_s : time->zone_s;

	add_digits(out, time->hour, 2);
	str_add_char(out, ':');
	add_digits(out, time->minute, 2);
	str_add_char(out, ':');
	add_digits(out, time->second, 2);
	if (time->micros != 0) {
		str_add_char(out, '.');
		add_digits(out, time->micros, 6);
	}
	if (with_zone && time->has_zone)
		str_addf(out, "%c%02d:%02d:%02d", time->zone_s < 0 ? '-' : '+',
			 zone_s / 3600, zone_s / 60 % 60, zone_s % 60);
}

void rscopy_time_add_era(struct str *out, const struct rscopy_time *time)
{
	if (time->bc)
		str_add(out, " BC");
}
