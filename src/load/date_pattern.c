#include "load/date_pattern.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"

/* Best first: where a value fits several, the earlier row is proposed. A
 * twin is the row with day and month swapped. */
static const struct {
	const char *pattern;
	int twin; /* index, -1: none */
} dates[] = {
	{ "YYYY-MM-DD", -1 },  { "YYYY/MM/DD", -1 },   { "YYYY.MM.DD", -1 },
	{ "MM/DD/YYYY", 4 },   { "DD/MM/YYYY", 3 },    { "DD.MM.YYYY", 6 },
	{ "MM.DD.YYYY", 5 },   { "DD-MM-YYYY", 8 },    { "MM-DD-YYYY", 7 },
	{ "MM/DD/YY", 10 },    { "DD/MM/YY", 9 },      { "DD.MM.YY", -1 },
	{ "DD-MM-YY", 13 },    { "MM-DD-YY", 12 },     { "DD-MON-YYYY", -1 },
	{ "DD-MON-YY", -1 },   { "DD MON YYYY", -1 },  { "DD MON YY", -1 },
	{ "MON DD YYYY", -1 }, { "MON DD, YYYY", -1 }, { "MON-DD-YYYY", -1 },
	{ "DD/MON/YYYY", -1 }, { "YYYYMMDD", -1 },
};

/* TIMEFORMAT takes no zone and no T: such values need 'auto', and only the
 * first date goes with them. */
static const struct {
	const char *pattern;
	bool only_auto;
	bool zone;
} times[] = {
	{ "", false, false },
	{ " HH:MI:SS", false, false },
	{ " HH:MI", false, false },
	{ " HH12:MI:SS AM", false, false },
	{ " HH12:MI AM", false, false },
	{ " HH12:MIAM", false, false },
	{ "THH:MI:SS", true, false },
	{ " HH:MI:SSOF", true, true },
	{ "THH:MI:SSOF", true, true },
	/* any of ISO 8601's, or none: of columns that mix them */
	{ "?", true, false },
	{ "?OF", true, true },
};

static const char *const months[] = {
	"january", "february", "march",     "april",   "may",      "june",
	"july",    "august",   "september", "october", "november", "december",
};

struct cursor {
	const char *text;
	size_t len;
	size_t at;
	int year, month, day;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads least..most digits; -1: not there. */
static int number(struct cursor *cursor, size_t least, size_t most)
{
	size_t digits = 0;
	int value = 0;

	while (digits < most && cursor->at < cursor->len &&
	       is_digit(cursor->text[cursor->at])) {
		value = value * 10 + (cursor->text[cursor->at++] - '0');
		digits++;
	}
	return digits < least ? -1 : value;
}

static bool within(int value, int low, int high)
{
	return value >= low && value <= high;
}

static int month_name(struct cursor *cursor)
{
	const char *at = cursor->text + cursor->at;
	size_t len = 0;

	while (cursor->at + len < cursor->len &&
	       ((at[len] | 32) >= 'a' && (at[len] | 32) <= 'z'))
		len++;
	for (size_t i = 0; i < COUNT_OF(months); i++) {
		bool whole = str_slice_equal_nocase(at, len, months[i]);

		if (whole || (len == 3 && strncasecmp(at, months[i], 3) == 0)) {
			cursor->at += len;
			return (int)i + 1;
		}
	}
	return -1;
}

static bool fraction(struct cursor *cursor)
{
	if (cursor->at >= cursor->len || cursor->text[cursor->at] != '.')
		return true;
	cursor->at++;
	return number(cursor, 1, 9) >= 0;
}

/* Z, +02, +0200, +02:00 */
static bool offset(struct cursor *cursor)
{
	char c = cursor->at < cursor->len ? cursor->text[cursor->at++] : 0;

	if (c == 'Z' || c == 'z')
		return true;
	if ((c != '+' && c != '-') || !within(number(cursor, 2, 2), 0, 15))
		return false;
	if (cursor->at == cursor->len)
		return true;
	if (cursor->text[cursor->at] == ':')
		cursor->at++;
	return within(number(cursor, 2, 2), 0, 59);
}

static bool meridian(struct cursor *cursor)
{
	const char *at = cursor->text + cursor->at;

	if (cursor->len - cursor->at < 2 ||
	    (!str_slice_equal_nocase(at, 2, "AM") &&
	     !str_slice_equal_nocase(at, 2, "PM")))
		return false;
	cursor->at += 2;
	return true;
}

enum part { YYYY, YY, MON, MM, DD, HH24, HH12, HH, MI, SS, AM, PM, OF };

static const struct {
	const char *name;
	enum part part;
} parts[] = {
	{ "YYYY", YYYY }, { "YY", YY },     { "MON", MON },   { "MM", MM },
	{ "DD", DD },     { "HH24", HH24 }, { "HH12", HH12 }, { "HH", HH },
	{ "MI", MI },     { "SS", SS },     { "AM", AM },     { "PM", PM },
	{ "OF", OF },
};

/* tight: no separator on one side, so both digits stand. */
static bool match_part(struct cursor *cursor, enum part part, bool tight)
{
	size_t least = tight ? 2 : 1;

	switch (part) {
	case YYYY:
		cursor->year = number(cursor, 4, 4);
		return within(cursor->year, 1, 9999);
	case YY:
		cursor->year = 2000 + number(cursor, 2, 2);
		return cursor->year >= 2000;
	case MON:
		cursor->month = month_name(cursor);
		return cursor->month > 0;
	case MM:
		cursor->month = number(cursor, least, 2);
		return within(cursor->month, 1, 12);
	case DD:
		cursor->day = number(cursor, least, 2);
		return within(cursor->day, 1, 31);
	case HH:
	case HH24:
		return within(number(cursor, least, 2), 0, 23);
	case HH12:
		return within(number(cursor, least, 2), 1, 12);
	case MI:
		return within(number(cursor, 2, 2), 0, 59);
	case SS:
		return within(number(cursor, 2, 2), 0, 60) && fraction(cursor);
	case AM:
	case PM:
		return meridian(cursor);
	case OF:
		return offset(cursor);
	}
	return false;
}

static size_t find_part(const char *pattern)
{
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (str_starts(pattern, parts[i].name))
			return i;
	}
	return COUNT_OF(parts);
}

static bool match(struct cursor *cursor, const char *pattern)
{
	bool joined = false; /* no separator before this part */

	while (*pattern != '\0') {
		size_t part = find_part(pattern);

		if (part == COUNT_OF(parts)) {
			if (cursor->at >= cursor->len ||
			    cursor->text[cursor->at] != *pattern)
				return false;
			cursor->at++;
			pattern++;
			continue;
		}
		pattern += strlen(parts[part].name);
		bool joins = find_part(pattern) < COUNT_OF(parts);

		if (!match_part(cursor, parts[part].part, joined || joins))
			return false;
		joined = joins;
	}
	return true;
}

static bool is_whole_date(const struct cursor *cursor)
{
	return cursor->at == cursor->len &&
	       isotime_is_date(cursor->year, cursor->month, cursor->day);
}

const char *date_epoch(int64_t number)
{
	static const struct {
		const char *pattern;
		int64_t from, to;
	} epochs[] = {
		{ "epochsecs", INT64_C(978307200), INT64_C(4102444800) },
		{ "epochmillisecs", INT64_C(978307200000),
		  INT64_C(4102444800000) },
	};

	for (size_t i = 0; i < COUNT_OF(epochs); i++)
		if (number >= epochs[i].from && number <= epochs[i].to)
			return epochs[i].pattern;
	return NULL;
}

bool date_pattern_match(const char *pattern, const char *text, size_t len)
{
	struct cursor cursor = { text, len, 0, 2000, 1, 1 };

	return match(&cursor, pattern) && is_whole_date(&cursor);
}

/* Nothing, or a time of day in one of the ways of ISO 8601. */
static bool match_any_time(struct cursor *cursor, bool zone)
{
	if (cursor->at == cursor->len)
		return true;
	if (strchr(" T", cursor->text[cursor->at++]) == NULL ||
	    !match(cursor, "HH:MI"))
		return false;
	if (cursor->at < cursor->len && cursor->text[cursor->at] == ':' &&
	    !match(cursor, ":SS"))
		return false;
	return !zone || cursor->at == cursor->len || offset(cursor);
}

static bool match_time(struct cursor *cursor, size_t time)
{
	if (times[time].pattern[0] == '?')
		return match_any_time(cursor, times[time].zone);
	return match(cursor, times[time].pattern);
}

static bool row_matches(size_t date, size_t time, const char *text, size_t len)
{
	struct cursor cursor = { text, len, 0, 2000, 1, 1 };

	if (times[time].only_auto && date != 0)
		return false;
	/* No date ends, and no time begins, so that digits of both join. */
	if (!match(&cursor, dates[date].pattern) ||
	    !match_time(&cursor, time) || !is_whole_date(&cursor))
		return false;
	/* 8 digits are a date only in the years people keep data of */
	if (strcmp(dates[date].pattern, "YYYYMMDD") == 0)
		return strncmp(text, "19", 2) == 0 ||
		       strncmp(text, "20", 2) == 0;
	return true;
}

void date_guess_add(struct date_guess *guess, const char *text, size_t len)
{
	_Static_assert(COUNT_OF(dates) * COUNT_OF(times) <= DATE_PATTERN_MAX,
		       "DATE_PATTERN_MAX is too small");
	if (guess->started && guess->alive == 0)
		return;
	if (!guess->started) {
		guess->started = true;
		guess->alive = COUNT_OF(dates) * COUNT_OF(times);
	}
	for (size_t i = 0; i < COUNT_OF(dates) * COUNT_OF(times); i++) {
		if (guess->dead[i])
			continue;
		if (len < 6 || len > 40 ||
		    !row_matches(i / COUNT_OF(times), i % COUNT_OF(times), text,
				 len)) {
			guess->dead[i] = true;
			guess->alive--;
		}
	}
}

static void add_pattern(char *out, size_t size, size_t date, size_t time)
{
	if (times[time].only_auto)
		snprintf(out, size, "auto");
	else
		snprintf(out, size, "%s%s", dates[date].pattern,
			 times[time].pattern);
}

bool date_guess_answer(const struct date_guess *guess,
		       struct date_answer *out_answer)
{
	size_t i = 0;
	size_t date;
	size_t time;

	if (!guess->started || guess->alive == 0)
		return false;
	while (guess->dead[i])
		i++;
	date = i / COUNT_OF(times);
	time = i % COUNT_OF(times);
	memset(out_answer, 0, sizeof(*out_answer));
	out_answer->time = times[time].pattern[0] != '\0';
	out_answer->zone = times[time].zone;
	/* YYYY-MM-DD with nothing or with seconds is what COPY expects; with
	 * a zone and a blank likewise, for TIMESTAMPTZ */
	out_answer->standard = date == 0 && (time <= 1 || time == 7);
	add_pattern(out_answer->pattern, sizeof(out_answer->pattern), date,
		    time);
	if (dates[date].twin < 0 ||
	    guess->dead[(size_t)dates[date].twin * COUNT_OF(times) + time])
		return true;
	out_answer->ambiguous = true;
	add_pattern(out_answer->other, sizeof(out_answer->other),
		    (size_t)dates[date].twin, time);
	return true;
}
