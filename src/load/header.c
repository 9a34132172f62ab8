#include "load/header.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "load/facts.h"
#include "load/infer.h"
#include "load/sniff.h"

/* Could text stand in a column of that type? */
static bool fits(const char *text, const struct facts *facts,
		 enum infer_type type)
{
	struct facts with = *facts;
	struct infer_column column = { .name = NULL };

	facts_add(&with, text, strlen(text), 0);
	infer_set_type(&column, &with, false);
	if (type == INFER_VARCHAR)
		return true;
	return column.type != INFER_VARCHAR;
}

/* --- words --- */

/* Words that column names are made of and values seldom are. */
static const char *const name_words[] = {
	"id",      "name",     "date",        "code",    "type",   "status",
	"country", "city",     "email",       "amount",  "price",  "quantity",
	"region",  "category", "time",        "total",   "state",  "address",
	"number",  "no",       "description", "year",    "month",  "day",
	"key",     "value",    "title",       "segment", "zip",    "phone",
	"user",    "customer", "product",     "order",   "reason",
};

/* Names that say nothing: twice there, or empty, as pandas leaves its index
 * column. */
static size_t count_odd_names(const struct sniff *sniff)
{
	size_t count = sniff->records.items[0].fields.count;
	size_t odd = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = sniff_field(sniff, 0, i);
		size_t j = 0;

		while (j < i && strcmp(name, sniff_field(sniff, 0, j)) != 0)
			j++;
		odd += j < i || name[0] == '\0';
	}
	return odd;
}

/* --- what values are made of --- */

enum make { /* a bit set */
	    MAKE_LOWER = 1,
	    MAKE_UPPER = 2,
	    MAKE_DIGIT = 4,
	    MAKE_BLANK = 8,
	    MAKE_LINE = 16, /* _ */
	    MAKE_OTHER = 32,
};

enum { MAKES = 64, LOOK_ROWS = 200 };

static unsigned make_of(const char *text)
{
	unsigned make = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		make |= islower(c)    ? MAKE_LOWER
			: isupper(c)  ? MAKE_UPPER
			: isdigit(c)  ? MAKE_DIGIT
			: c == ' '    ? MAKE_BLANK
			: c == '_'    ? MAKE_LINE
			: c >= 0x80   ? MAKE_LOWER
				      : MAKE_OTHER;
	}
	return make;
}

/* Seven of ten values of a column are of one make, or of one length, and the
 * first line's is of another. */
static bool is_foreign(const struct sniff *sniff, size_t column)
{
	const char *name = sniff_field(sniff, 0, column);
	size_t counts[MAKES] = { 0 };
	size_t rows = 0, most = 0, same_len = 0;
	size_t len = 0;

	for (size_t row = 1; row < sniff->records.count && row < LOOK_ROWS;
	     row++) {
		const char *value = sniff_field(sniff, row, column);
		unsigned make = make_of(value);

		if (value[0] == '\0')
			continue;
		if (strcmp(value, name) == 0)
			return false;
		if (rows++ == 0)
			len = strlen(value);
		same_len += strlen(value) == len;
		if (++counts[make] > counts[most])
			most = make;
	}
	if (rows < 2 || counts[most] * 10 < rows * 7)
		return false;
	return counts[make_of(name)] == 0 ||
	       (rows >= 3 && same_len == rows && strlen(name) != len);
}

/* A name begins with a letter and has no marks but a few. */
static bool is_name(const char *text)
{
	if (!isalpha((unsigned char)*text) && *text != '_' &&
	    (unsigned char)*text < 0x80)
		return false;
	return strlen(text) <= 64 && strpbrk(text, "@/\\;,=<>{}\"") == NULL;
}

static bool is_another_make(const struct sniff *sniff)
{
	size_t foreign = 0;

	for (size_t i = 0; i < sniff->fields; i++) {
		if (!is_name(sniff_field(sniff, 0, i)))
			return false;
		foreign += is_foreign(sniff, i);
	}
	return foreign * 2 >= sniff->fields;
}

/* --- years as names --- */

static int year_of(const char *text)
{
	int year = 0;

	if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
		return 0;
	for (size_t i = 0; i < 4; i++)
		year = year * 10 + (text[i] - '0');
	return year >= 1900 && year <= 2100 ? year : 0;
}

/* "region,2022,2023,2024" above sums: years one after another, behind a name,
 * over columns that hold other numbers. */
static bool has_years(const struct sniff *sniff, const struct facts *facts)
{
	size_t years = 0;
	int last = 0;

	for (size_t i = 0; i < sniff->fields; i++) {
		int year = year_of(sniff_field(sniff, 0, i));

		if (year == 0 && years > 0)
			return false;
		if (year == 0)
			continue;
		if ((last != 0 && year != last + 1) ||
		    (!facts[i].not_whole && facts[i].smallest >= 1900 &&
		     facts[i].largest <= 2100))
			return false;
		last = year;
		years++;
	}
	return years >= 2 && is_name(sniff_field(sniff, 0, 0));
}

/* --- the answer --- */

bool header_is_first(const struct sniff *sniff, const struct facts *facts,
		     const struct infer_column *columns)
{
	size_t misfits = 0;
	size_t fitting = 0;
	size_t words = 0;
	size_t odd;

	if (sniff->records.count < 1)
		return false;
	odd = count_odd_names(sniff);
	if (odd * 3 > sniff->fields)
		return false;
	for (size_t i = 0; i < sniff->fields; i++) {
		const char *text = sniff_field(sniff, 0, i);

		words += infer_has_word(text, name_words,
					COUNT_OF(name_words));
		if (columns[i].type == INFER_VARCHAR || text[0] == '\0')
			continue;
		if (fits(text, &facts[i], columns[i].type))
			fitting++;
		else
			misfits++;
	}
	if (misfits + fitting > 0)
		return misfits > fitting || has_years(sniff, facts);
	return (words - (words < odd ? words : odd)) * 2 >= sniff->fields ||
	       (odd == 0 && is_another_make(sniff));
}
