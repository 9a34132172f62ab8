#include "load/infer.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/date_pattern.h"
#include "load/sniff.h"

/* Words that stand for "no value" in files that people share. COPY takes one
 * of them by NULL AS; \N is its default. */
static const char *const null_words[] = {
	"\\N", "NULL", "null", "NA", "N/A", "NaN", "nan", "None", "-",
};
enum { NULL_WORDS = COUNT_OF(null_words) };

static const char *const bool_words[] = {
	"true", "false", "t", "f", "yes", "no", "y", "n",
};

/* What all values of a column have in common so far. */
struct facts {
	size_t values; /* neither empty nor a null word */
	size_t empty;
	size_t longest;
	bool not_whole, not_decimal, not_float, not_bool;
	bool zero_led;   /* 007: an identifier, not a number */
	int64_t last;    /* whole number before this one */
	bool falls;      /* some number is less than the one before */
	int64_t largest; /* absolute value of whole numbers */
	int int_digits, scale;
	struct date_guess date;
	size_t words[NULL_WORDS];
};

void infer_done(struct infer *infer)
{
	for (size_t i = 0; i < infer->columns.count; i++) {
		mem_free(infer->columns.items[i].name);
		mem_free(infer->columns.items[i].sample);
	}
	vec_done(&infer->columns);
}

/* --- one value --- */

static bool is_bool_word(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(bool_words); i++) {
		if (str_slice_equal_nocase(text, len, bool_words[i]))
			return true;
	}
	return false;
}

/* [+-]digits[.digits]; counts the digits on both sides. */
static bool is_decimal(const char *text, size_t len, int *out_whole,
		       int *out_scale)
{
	size_t at = len > 0 && (text[0] == '-' || text[0] == '+');
	size_t begin = at;

	while (at < len && isdigit((unsigned char)text[at]))
		at++;
	*out_whole = (int)(at - begin);
	*out_scale = 0;
	if (at < len && text[at] == '.') {
		size_t point = at++;

		while (at < len && isdigit((unsigned char)text[at]))
			at++;
		*out_scale = (int)(at - point - 1);
	}
	return at == len && *out_whole + *out_scale > 0;
}

static bool is_float(const char *text, size_t len)
{
	char copy[64];
	char *end;

	if (len >= sizeof(copy) || len == 0 || isspace((unsigned char)*text))
		return false;
	/* strtod also reads hexadecimal and "inf" */
	if (strspn(text, "+-0123456789.eE") < len)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	strtod(copy, &end);
	return *end == '\0' && end != copy;
}

static void add_number(struct facts *facts, const char *text, size_t len)
{
	int whole;
	int scale;
	const char *digits = text + (*text == '-' || *text == '+');

	if (!is_decimal(text, len, &whole, &scale)) {
		facts->not_whole = facts->not_decimal = true;
		if (!facts->not_float && !is_float(text, len))
			facts->not_float = true;
		return;
	}
	if ((digits[0] == '0' && isdigit((unsigned char)digits[1])) ||
	    *text == '+')
		facts->zero_led = true;
	if (whole > facts->int_digits)
		facts->int_digits = whole;
	if (scale > facts->scale)
		facts->scale = scale;
	if (scale > 0 || text[len - 1] == '.') {
		facts->not_whole = true;
		return;
	}
	errno = 0;
	int64_t value = strtoll(text, NULL, 10);

	if (errno == ERANGE || value == INT64_MIN)
		facts->not_whole = true;
	else if (llabs(value) > facts->largest)
		facts->largest = llabs(value);
	facts->falls |= facts->values > 1 && value < facts->last;
	facts->last = value;
}

static void add_value(struct facts *facts, const char *text)
{
	size_t raw = strlen(text);
	size_t len = raw;

	if (raw > facts->longest)
		facts->longest = raw;
	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (len > 0 && *text == ' ')
		text++, len--;
	if (len == 0) {
		facts->empty++;
		return;
	}
	for (size_t i = 0; i < NULL_WORDS; i++) {
		if (str_slice_equal(text, len, null_words[i])) {
			facts->words[i]++;
			return;
		}
	}
	facts->values++;
	if (!facts->not_bool && !is_bool_word(text, len))
		facts->not_bool = true;
	add_number(facts, text, len);
	date_guess_add(&facts->date, text, len);
}

/* --- one column --- */

static void set_date(struct infer_column *column,
		     const struct date_answer *answer)
{
	column->type = answer->zone   ? INFER_TIMESTAMPTZ
		       : answer->time ? INFER_TIMESTAMP
				      : INFER_DATE;
	column->standard_pattern = answer->standard;
	column->ambiguous = answer->ambiguous;
	snprintf(column->pattern, sizeof(column->pattern), "%s",
		 answer->pattern);
}

/* Room for what the sample does not show: each type is taken only up to a
 * part of its range, and numbers that only rise are identifiers, which go on
 * rising behind the sample. */
static enum infer_type whole_type(const struct facts *facts)
{
	if (facts->largest <= 3000 && facts->falls)
		return INFER_SMALLINT;
	if (facts->largest <= 500000000)
		return INFER_INTEGER;
	return INFER_BIGINT;
}

/* Twice the longest, rounded up to a power of two: at least 16. */
static size_t text_room(size_t longest)
{
	size_t room = 16;

	while (room < longest * 2 && room < 65535)
		room *= 2;
	return room < 65535 ? room : 65535;
}

static void set_text(struct infer_column *column)
{
	column->type = INFER_VARCHAR;
	column->bytes = text_room(column->longest);
	column->pattern[0] = '\0';
	column->standard_pattern = true;
}

static bool set_number(struct infer_column *column, const struct facts *facts)
{
	if (!facts->not_whole) {
		column->type = whole_type(facts);
		return true;
	}
	/* beyond 8 places it is a measurement, not money */
	if (!facts->not_decimal && facts->scale <= 8 &&
	    facts->int_digits + 4 + facts->scale <= 38) {
		column->type = INFER_DECIMAL;
		column->scale = facts->scale;
		column->precision = facts->int_digits + 4 + facts->scale;
		if (column->precision < 10)
			column->precision = 10;
		return true;
	}
	if (!facts->not_float) {
		column->type = INFER_DOUBLE;
		return true;
	}
	return false;
}

static void set_type(struct infer_column *column, const struct facts *facts)
{
	struct date_answer answer;

	column->longest = facts->longest;
	column->values = facts->values;
	column->empty = facts->empty;
	column->standard_pattern = true;
	set_text(column);
	if (facts->values == 0)
		return;
	if (date_guess_answer(&facts->date, &answer))
		set_date(column, &answer);
	else if (!facts->not_bool)
		column->type = INFER_BOOLEAN;
	else if (!facts->zero_led)
		set_number(column, facts);
}

/* --- the header --- */

static const char *field(const struct sniff *sniff, size_t row, size_t column)
{
	const struct sniff_record *record = &sniff->records.items[row];

	return column < record->fields.count ? record->fields.items[column]
					     : "";
}

/* Could text stand in a column of that type? */
static bool fits(const char *text, const struct facts *facts,
		 enum infer_type type)
{
	struct facts with = *facts;
	struct infer_column column = { .name = NULL };

	add_value(&with, text);
	set_type(&column, &with);
	if (type == INFER_VARCHAR)
		return true;
	return column.type != INFER_VARCHAR;
}

/* Words that column names are made of and values seldom are. */
static const char *const name_words[] = {
	"id",      "name",     "date",        "code",    "type",   "status",
	"country", "city",     "email",       "amount",  "price",  "quantity",
	"region",  "category", "time",        "total",   "state",  "address",
	"number",  "no",       "description", "year",    "month",  "day",
	"key",     "value",    "title",       "segment", "zip",    "phone",
	"user",    "customer", "product",     "order",   "reason",
};

/* "order_id", "Order ID", "orderId" hold "id". */
static bool has_name_word(const char *text)
{
	while (*text != '\0') {
		size_t n = 1;

		while (isalpha((unsigned char)text[n]) &&
		       !(isupper((unsigned char)text[n]) &&
			 islower((unsigned char)text[n - 1])))
			n++;
		for (size_t i = 0; i < COUNT_OF(name_words); i++) {
			if (str_slice_equal_nocase(text, n, name_words[i]))
				return true;
		}
		text += n;
		while (*text != '\0' && !isalpha((unsigned char)*text))
			text++;
	}
	return false;
}

/* All different; a few may be empty, as pandas leaves its index column. */
static bool names_differ(const struct sniff *sniff)
{
	size_t count = sniff->records.items[0].fields.count;
	size_t empty = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = field(sniff, 0, i);

		empty += name[0] == '\0';
		for (size_t j = 0; j < i && name[0] != '\0'; j++) {
			if (strcmp(name, field(sniff, 0, j)) == 0)
				return false;
		}
	}
	return empty * 3 <= count;
}

/* A first line that does not fit the columns below it, or reads like names
 * where all columns are text, is a header. */
static bool find_header(const struct sniff *sniff, const struct facts *facts,
			const struct infer_column *columns)
{
	size_t misfits = 0;
	size_t fitting = 0;
	size_t words = 0;

	if (sniff->records.count < 1 || !names_differ(sniff))
		return false;
	for (size_t i = 0; i < sniff->fields; i++) {
		const char *text = field(sniff, 0, i);

		words += has_name_word(text);
		if (columns[i].type == INFER_VARCHAR || text[0] == '\0')
			continue;
		if (fits(text, &facts[i], columns[i].type))
			fitting++;
		else
			misfits++;
	}
	if (misfits + fitting > 0)
		return misfits > fitting;
	return words * 2 >= sniff->fields;
}

/* --- all columns --- */

static void gather(struct facts *facts, const struct sniff *sniff,
		   size_t from_row)
{
	for (size_t row = from_row; row < sniff->records.count; row++) {
		const struct sniff_record *record = &sniff->records.items[row];

		/* ragged records say nothing about columns */
		if (record->fields.count != sniff->fields)
			continue;
		for (size_t i = 0; i < sniff->fields; i++)
			add_value(&facts[i], record->fields.items[i]);
	}
}

/* The one null word that most columns need; the others' columns become
 * text. */
static void choose_null(struct infer *out, const struct facts *facts)
{
	size_t wanted[NULL_WORDS] = { 0 };
	size_t best = 0;

	for (size_t i = 0; i < out->columns.count; i++) {
		if (out->columns.items[i].type == INFER_VARCHAR)
			continue;
		for (size_t w = 0; w < NULL_WORDS; w++)
			wanted[w] += facts[i].words[w] > 0;
	}
	for (size_t w = 1; w < NULL_WORDS; w++) {
		if (wanted[w] > wanted[best])
			best = w;
	}
	if (wanted[best] == 0)
		return;
	if (best != 0)
		snprintf(out->null_text, sizeof(out->null_text), "%s",
			 null_words[best]);
	for (size_t i = 0; i < out->columns.count; i++) {
		for (size_t w = 0; w < NULL_WORDS; w++) {
			if (w != best && facts[i].words[w] > 0)
				set_text(&out->columns.items[i]);
		}
	}
}

static bool is_iso(const char *pattern)
{
	return str_starts(pattern, "YYYY-MM-DD") ||
	       strcmp(pattern, "auto") == 0;
}

/* COPY has one format for all columns of a kind. */
static void agree_format(struct infer *out, bool dates, char *format,
			 size_t size)
{
	const char *first = NULL;
	bool standard = true;

	for (size_t i = 0; i < out->columns.count; i++) {
		struct infer_column *column = &out->columns.items[i];
		bool mine = dates ? column->type == INFER_DATE
				  : column->type == INFER_TIMESTAMP ||
					    column->type == INFER_TIMESTAMPTZ;

		if (!mine)
			continue;
		if (first == NULL) {
			first = column->pattern;
			standard = column->standard_pattern;
		} else if (strcmp(first, column->pattern) == 0 ||
			   (standard && column->standard_pattern)) {
			continue;
		} else if (is_iso(first) && is_iso(column->pattern)) {
			first = "auto";
			standard = false;
		} else {
			set_text(column);
		}
	}
	if (first != NULL && !standard)
		snprintf(format, size, "%s", first);
}

static void fill_columns(struct infer *out, const struct sniff *sniff,
			 const struct facts *facts)
{
	for (size_t i = 0; i < sniff->fields; i++) {
		struct infer_column column = { .name = NULL };

		set_type(&column, &facts[i]);
		vec_push(&out->columns, column);
	}
}

static void name_columns(struct infer *out, const struct sniff *sniff)
{
	size_t from = out->header ? 1 : 0;

	for (size_t i = 0; i < out->columns.count; i++) {
		struct infer_column *column = &out->columns.items[i];

		if (out->header)
			column->name = mem_copy_text(field(sniff, 0, i));
		for (size_t row = from; row < sniff->records.count; row++) {
			if (field(sniff, row, i)[0] == '\0')
				continue;
			column->sample = mem_copy_text(field(sniff, row, i));
			break;
		}
	}
}

void infer_run(struct infer *out, const struct sniff *sniff)
{
	size_t count = sniff->fields;
	struct facts *facts;

	if (sniff->kind != SNIFF_DELIMITED || sniff->records.count == 0)
		return;
	facts = mem_alloc_array(count, sizeof(*facts));
	gather(facts, sniff, 1);
	fill_columns(out, sniff, facts);
	out->header = find_header(sniff, facts, out->columns.items);
	if (!out->header) {
		/* the first line is data as well */
		vec_clear(&out->columns);
		memset(facts, 0, count * sizeof(*facts));
		gather(facts, sniff, 0);
		fill_columns(out, sniff, facts);
	}
	choose_null(out, facts);
	agree_format(out, true, out->date_format, sizeof(out->date_format));
	agree_format(out, false, out->time_format, sizeof(out->time_format));
	name_columns(out, sniff);
	mem_free(facts);
}

static const char *const type_names[] = {
	[INFER_SMALLINT] = "SMALLINT",
	[INFER_INTEGER] = "INTEGER",
	[INFER_BIGINT] = "BIGINT",
	[INFER_DECIMAL] = "DECIMAL",
	[INFER_DOUBLE] = "DOUBLE PRECISION",
	[INFER_BOOLEAN] = "BOOLEAN",
	[INFER_DATE] = "DATE",
	[INFER_TIMESTAMP] = "TIMESTAMP",
	[INFER_TIMESTAMPTZ] = "TIMESTAMPTZ",
	[INFER_VARCHAR] = "VARCHAR",
};

void infer_add_type(const struct infer_column *column, struct str *out)
{
	str_add(out, type_names[column->type]);
	if (column->type == INFER_DECIMAL)
		str_addf(out, "(%d,%d)", column->precision, column->scale);
	if (column->type == INFER_VARCHAR)
		str_addf(out, "(%zu)", column->bytes);
}
