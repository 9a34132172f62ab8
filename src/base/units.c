#include "base/units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct unit {
	const char *name;	/* compared without regard to case */
	double factor;
};

static const struct unit byte_units[] = {
	{ "", 1 },	      { "b", 1 },
	{ "k", 1024 },	      { "kb", 1024 },
	{ "kib", 1024 },      { "m", 1048576 },
	{ "mb", 1048576 },    { "mib", 1048576 },
	{ "g", 1073741824 },  { "gb", 1073741824 },
	{ "gib", 1073741824 }, { "t", 1099511627776 },
	{ "tb", 1099511627776 }, { "tib", 1099511627776 },
};

static const struct unit time_units[] = {
	{ "", 1000 },	    { "ms", 1 },
	{ "s", 1000 },	    { "sec", 1000 },
	{ "m", 60000 },	    { "min", 60000 },
	{ "h", 3600000 },   { "d", 86400000 },
};

void units_add_bytes(struct str *str, int64_t bytes)
{
	static const char *const names[] = { "KiB", "MiB", "GiB", "TiB", "PiB" };
	double value = (double)bytes;
	size_t at = 0;

	if (bytes < 1024) {
		str_addf(str, "%lld B", (long long)bytes);
		return;
	}
	value /= 1024;
	while (value >= 1023.95 && at + 1 < COUNT_OF(names)) {
		value /= 1024;
		at++;
	}
	str_addf(str, "%.1f %s", value, names[at]);
}

void units_add_duration(struct str *str, int64_t us)
{
	int64_t seconds = us / 1000000;

	if (us < 60000000)
		str_addf(str, "%.2f s", (double)us / 1e6);
	else if (seconds < 3600)
		str_addf(str, "%lld min %lld s", (long long)(seconds / 60),
			 (long long)(seconds % 60));
	else
		str_addf(str, "%lld h %lld min", (long long)(seconds / 3600),
			 (long long)(seconds / 60 % 60));
}

void units_add_count(struct str *str, int64_t count)
{
	CLEANUP(str_done) struct str digits = STR_EMPTY;
	size_t i = 0;

	str_addf(&digits, "%lld", (long long)count);
	if (digits.text[0] == '-')
		str_add_char(str, digits.text[i++]);
	for (; i < digits.len; i++) {
		str_add_char(str, digits.text[i]);
		if (i + 1 < digits.len && (digits.len - i - 1) % 3 == 0)
			str_add_char(str, ',');
	}
}

/* Number, blanks, unit; the result is below 2^63. */
static bool parse(const char *text, const struct unit *units, size_t count,
		  const char *what, int64_t *out, struct err *err)
{
	char *end;
	double number;

	errno = 0;
	number = strtod(text, &end);
	if (end == text || errno != 0 || !isfinite(number) || number < 0)
		return err_set(err, ERR_USAGE, "\"%s\" is not a %s", text,
			       what);
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < count; i++) {
		if (!str_equal_nocase(end, units[i].name))
			continue;
		number *= units[i].factor;
		if (number >= 9.2e18)
			return err_set(err, ERR_USAGE, "\"%s\" is too large",
				       text);
		*out = (int64_t)number;
		return true;
	}
	return err_set(err, ERR_USAGE, "unknown unit \"%s\" in %s \"%s\"", end,
		       what, text);
}

bool units_parse_bytes(const char *text, int64_t *out_bytes, struct err *err)
{
	return parse(text, byte_units, COUNT_OF(byte_units), "size", out_bytes,
		     err);
}

bool units_parse_duration_ms(const char *text, int64_t *out_ms,
			     struct err *err)
{
	return parse(text, time_units, COUNT_OF(time_units), "duration",
		     out_ms, err);
}

size_t units_write_number(int64_t number, char *text)
{
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char digits[24];
	size_t count = 0, len = 0;

	do {
		digits[count++] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		text[len++] = '-';
	while (count > 0)
		text[len++] = digits[--count];
	text[len] = '\0';
	return len;
}
