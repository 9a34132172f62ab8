#include "load/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "load/money.h"

const char *const facts_null_words[FACTS_NULL_WORDS] = {
	"\\N",  "NULL", "null", "NA",  "N/A",  "NaN",
	"nan", "None", "-",    "n/a", "#N/A", "(null)",
};

static const char *const bool_words[] = {
	"true", "false", "t", "f", "yes", "no", "y", "n",
};

enum { EXACT_DIGITS = 19 }; /* of which all numbers are a uint64_t */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 1 and 0 are truth values beside such words only. */
static bool is_bool_word(struct facts *facts, const char *text, size_t len)
{
	if (len > 5)
		return false;
	if (len == 1 && (*text == '1' || *text == '0'))
		return true;
	facts->bool_word = true;
	for (size_t i = 0; i < COUNT_OF(bool_words); i++) {
		if (str_slice_equal_nocase(text, len, bool_words[i]))
			return true;
	}
	return false;
}

/* What the words begin with: asked of every short value. */
static bool may_be_null_word(char c)
{
	return c == 'N' || c == 'n' || c == '-' || c == '\\' || c == '#' ||
	       c == '(';
}

/* The word's place + 1; 0: it is a value. */
static size_t null_word(const char *text, size_t len)
{
	if (len > 6 || !may_be_null_word(*text))
		return 0;
	for (size_t i = 0; i < FACTS_NULL_WORDS; i++) {
		if (str_slice_equal(text, len, facts_null_words[i]))
			return i + 1;
	}
	return 0;
}

/* --- numbers --- */

static bool is_float(const char *text, size_t len)
{
	char copy[64];
	char *end;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	/* strtod also reads hexadecimal and "inf" */
	if (strspn(copy, "+-0123456789.eE") < len)
		return false;
	return isfinite(strtod(copy, &end)) && *end == '\0' && end != copy;
}

static void add_whole(struct facts *facts, uint64_t size, bool negative)
{
	int64_t value;

	if (size > (uint64_t)INT64_MAX + negative) {
		facts->not_whole = true;
		return;
	}
	value = negative ? -(int64_t)(size - 1) - 1 : (int64_t)size;
	if (facts->values == 1)
		facts->first = facts->smallest = facts->largest = value;
	else
		facts->falls |= value <= facts->last;
	if (value > facts->largest)
		facts->largest = value;
	if (value < facts->smallest)
		facts->smallest = value;
	facts->last = value;
}

/* Of [digits][.digits], zeros in front apart. */
static void count_significant(struct facts *facts, const char *text, size_t len)
{
	int digits = 0;

	for (size_t i = 0; i < len; i++)
		digits += is_digit(text[i]) && (digits > 0 || text[i] != '0');
	if (digits > facts->significant)
		facts->significant = digits;
}

/* [+-]digits[.digits]; false: it is not one. */
static bool add_decimal(struct facts *facts, const char *text, size_t len)
{
	bool sign = *text == '-' || *text == '+';
	size_t at = sign;
	size_t begin = at;
	uint64_t value = 0;
	size_t whole;
	size_t scale = 0;

	while (at < len && is_digit(text[at])) {
		if (at - begin < EXACT_DIGITS)
			value = value * 10 + (uint64_t)(text[at] - '0');
		at++;
	}
	whole = at - begin;
	if (at < len) {
		if (text[at++] != '.')
			return false;
		begin = at;
		while (at < len && is_digit(text[at]))
			at++;
		if (at < len)
			return false;
		scale = at - begin;
		facts->not_whole = true;
	}
	if (whole + scale == 0)
		return false;
	facts->zero_led |= whole > 1 && text[sign] == '0';
	facts->plus |= *text == '+';
	facts->minus |= *text == '-';
	if (whole + scale > 8)
		count_significant(facts, text, len);
	if ((int)whole > facts->int_digits)
		facts->int_digits = (int)whole;
	if ((int)scale > facts->scale)
		facts->scale = (int)scale;
	if (whole > EXACT_DIGITS)
		facts->not_whole = true;
	else if (!facts->not_whole)
		add_whole(facts, value, *text == '-');
	return true;
}

/* False: it is no plain decimal. */
static bool add_number(struct facts *facts, const char *text, size_t len)
{
	if (add_decimal(facts, text, len))
		return true;
	facts->not_whole = facts->not_decimal = true;
	if (!is_float(text, len))
		facts->not_float = true;
	return false;
}

/* --- dates --- */

enum iso_shape { /* each is read by the same patterns, whatever its digits */
		 ISO_NONE,
		 ISO_DATE,
		 ISO_BLANK, /* 2024-01-31 10:00:00 */
		 ISO_T,     /* 2024-01-31T10:00:00 */
};

static int two(const char *text)
{
	return is_digit(text[0]) && is_digit(text[1])
		       ? (text[0] - '0') * 10 + text[1] - '0'
		       : 100;
}

static bool is_iso_date(const char *text)
{
	int century = two(text);
	int year = two(text + 2);

	return text[4] == '-' && text[7] == '-' && century < 100 &&
	       year < 100 && century + year > 0 &&
	       isotime_is_date(century * 100 + year, two(text + 5),
			       two(text + 8));
}

static enum iso_shape iso_shape(const char *text, size_t len)
{
	if ((len != 10 && len != 19) || !is_iso_date(text))
		return ISO_NONE;
	if (len == 10)
		return ISO_DATE;
	if (two(text + 11) > 23 || text[13] != ':' || two(text + 14) > 59 ||
	    text[16] != ':' || two(text + 17) > 59)
		return ISO_NONE;
	return text[10] == ' ' ? ISO_BLANK : text[10] == 'T' ? ISO_T : ISO_NONE;
}

static void add_date(struct facts *facts, const char *text, size_t len)
{
	enum iso_shape shape = iso_shape(text, len);

	if (shape != ISO_NONE && (int)shape == facts->iso)
		return;
	date_guess_add(&facts->date, text, len);
	facts->iso = shape;
}

/* HH:MI[:SS[.fraction]] */
static bool is_clock(const char *text, size_t len)
{
	if (len < 5 || len > 15 || two(text) > 23 || text[2] != ':' ||
	    two(text + 3) > 59)
		return false;
	if (len == 5)
		return true;
	if (len < 8 || text[5] != ':' || two(text + 6) > 59)
		return false;
	if (len == 8)
		return true;
	if (text[8] != '.' || len == 9)
		return false;
	for (size_t i = 9; i < len; i++)
		if (!is_digit(text[i]))
			return false;
	return true;
}

/* --- one value --- */

void facts_add(struct facts *facts, const char *text, size_t len, size_t spare)
{
	size_t whole = len;
	size_t word;

	if (len - spare > facts->longest)
		facts->longest = len - spare;
	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (len > 0 && *text == ' ')
		text++, len--;
	if (len == 0) {
		facts->empty++;
		return;
	}
	word = null_word(text, len);
	if (word > 0) {
		facts->words[word - 1]++;
		return;
	}
	facts->padded |= len != whole;
	facts->values++;
	if (facts->text)
		return;
	if (!facts->not_bool && !is_bool_word(facts, text, len))
		facts->not_bool = true;
	if (!facts->not_clock && !is_clock(text, len))
		facts->not_clock = true;
	bool plain = !facts->not_float && add_number(facts, text, len);

	if (!facts->date.started || facts->date.alive > 0)
		add_date(facts, text, len);
	if (!plain && !facts->not_money && !money_read(text, len, &facts->money))
		facts->not_money = true;
	facts->text = facts->not_float && facts->not_bool && facts->not_money &&
		      facts->not_clock && facts->date.alive == 0;
}
