#include "load/infer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "load/facts.h"
#include "load/header.h"
#include "load/json_survey.h"
#include "load/sniff.h"

void infer_done(struct infer *infer)
{
	for (size_t i = 0; i < infer->columns.count; i++) {
		mem_free(infer->columns.items[i].name);
		mem_free(infer->columns.items[i].column);
		mem_free(infer->columns.items[i].sample);
	}
	vec_done(&infer->columns);
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
	snprintf(column->other_pattern, sizeof(column->other_pattern), "%s",
		 answer->other);
	snprintf(column->pattern, sizeof(column->pattern), "%s",
		 answer->pattern);
}

static bool within(const struct facts *facts, int64_t limit)
{
	return facts->largest <= limit && facts->smallest >= -limit - 1;
}

/* Numbers that only rise, by small steps: they go on rising in the next
 * file. */
static bool is_sequence(const struct facts *facts)
{
	return !facts->falls && facts->smallest >= 0 &&
	       (uint64_t)(facts->largest - facts->first) / 256 <=
		       (uint64_t)facts->values;
}

/* Where only a sample was seen each type is taken up to a part of its range;
 * identifiers always are. */
static enum infer_type whole_type(const struct facts *facts, bool exact)
{
	bool sequence = is_sequence(facts);

	exact &= !sequence;
	if (within(facts, exact ? INT16_MAX : 3000) && !sequence)
		return INFER_SMALLINT;
	if (within(facts, exact ? INT32_MAX : 500000000))
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

void infer_set_text(struct infer_column *column)
{
	column->type = INFER_VARCHAR;
	column->bytes = text_room(column->longest);
	column->pattern[0] = '\0';
	column->standard_pattern = true;
	column->ambiguous = false;
}

enum { MAX_PRECISION = 38, DOUBLE_DIGITS = 17 };

static void set_decimal(struct infer_column *column, const struct facts *facts)
{
	int precision = facts->int_digits + facts->scale;

	precision += precision + 4 <= MAX_PRECISION
			     ? 4
			     : MAX_PRECISION - precision;
	column->type = INFER_DECIMAL;
	column->scale = facts->scale;
	column->precision = precision < 10 ? 10 : precision;
}

/* Text stays where a number would lose digits. */
static void set_number(struct infer_column *column, const struct facts *facts,
		       bool exact)
{
	bool long_ones = facts->significant > DOUBLE_DIGITS;

	if (!facts->not_whole) {
		column->type = whole_type(facts, exact);
		column->whole = true;
		column->smallest = facts->smallest;
		column->largest = facts->largest;
	} else if (!facts->not_decimal &&
		   facts->int_digits + facts->scale <= MAX_PRECISION &&
		   /* beyond 8 places it is a measurement, not money */
		   (facts->scale <= 8 || long_ones)) {
		set_decimal(column, facts);
	} else if (!facts->not_float && !long_ones) {
		column->type = INFER_DOUBLE;
	}
}

/* 007, +49 30 1234: kept as they are. +1.5 beside -2 is a change. */
static bool is_code(const struct facts *facts)
{
	return facts->zero_led ||
	       (facts->plus && !facts->minus && !facts->not_whole);
}

static bool is_number(enum infer_type type)
{
	return type <= INFER_BOOLEAN;
}

void infer_set_type(struct infer_column *column, const struct facts *facts,
		    bool exact)
{
	struct date_answer answer;

	column->longest = facts->longest;
	column->values = facts->values;
	column->empty = facts->empty;
	column->nulls = 0;
	for (size_t w = 0; w < FACTS_NULL_WORDS; w++)
		column->nulls += facts->words[w];
	column->standard_pattern = true;
	column->money = 0;
	column->whole = column->ambiguous = column->padded = false;
	column->other_null = NULL;
	infer_set_text(column);
	if (facts->values == 0) {
		column->bytes = 256; /* VARCHAR's own, since nothing is known */
		return;
	}
	if (date_guess_answer(&facts->date, &answer))
		set_date(column, &answer);
	else if (!facts->not_bool && facts->bool_word)
		column->type = INFER_BOOLEAN;
	else if (!facts->not_clock)
		column->type = INFER_TIME;
	else if (!is_code(facts))
		set_number(column, facts, exact);
	if (facts->padded && is_number(column->type)) {
		infer_set_text(column);
		column->padded = true;
		return;
	}
	if (column->type == INFER_VARCHAR && !facts->not_money)
		column->money = facts->money;
}

/* --- names --- */

bool infer_has_word(const char *text, const char *const *words, size_t count)
{
	while (*text != '\0') {
		size_t n = 1;

		while (isalpha((unsigned char)text[n]) &&
		       !(isupper((unsigned char)text[n]) &&
			 islower((unsigned char)text[n - 1])))
			n++;
		for (size_t i = 0; i < count; i++) {
			if (str_slice_equal_nocase(text, n, words[i]))
				return true;
		}
		text += n;
		while (*text != '\0' && !isalpha((unsigned char)*text))
			text++;
	}
	return false;
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
			facts_add(&facts[i], record->fields.items[i],
				  strlen(record->fields.items[i]), 0);
	}
}

/* The one null word that most columns need; the others' columns become
 * text. */
static void choose_null(struct infer *out, const struct facts *facts)
{
	size_t wanted[FACTS_NULL_WORDS] = { 0 };
	size_t best = 0;

	for (size_t i = 0; i < out->columns.count; i++) {
		if (out->columns.items[i].type == INFER_VARCHAR)
			continue;
		for (size_t w = 0; w < FACTS_NULL_WORDS; w++)
			wanted[w] += facts[i].words[w] > 0;
	}
	for (size_t w = 1; w < FACTS_NULL_WORDS; w++) {
		if (wanted[w] > wanted[best])
			best = w;
	}
	if (wanted[best] == 0)
		return;
	if (best != 0)
		snprintf(out->null_text, sizeof(out->null_text), "%s",
			 facts_null_words[best]);
	for (size_t i = 0; i < out->columns.count; i++) {
		for (size_t w = 0; w < FACTS_NULL_WORDS; w++) {
			if (w == best || facts[i].words[w] == 0 ||
			    out->columns.items[i].type == INFER_VARCHAR)
				continue;
			infer_set_text(&out->columns.items[i]);
			out->columns.items[i].other_null = facts_null_words[w];
		}
	}
}

static bool is_iso(const char *pattern)
{
	return str_starts(pattern, "YYYY-MM-DD") ||
	       strcmp(pattern, "auto") == 0;
}

static bool is_of(const struct infer_column *column, bool dates)
{
	return dates ? column->type == INFER_DATE
		     : column->type == INFER_TIMESTAMP ||
			       column->type == INFER_TIMESTAMPTZ;
}

/* Where one column shows whether the day or the month stands first, those that
 * leave it open follow. */
static void settle_ambiguous(struct infer *out, bool dates)
{
	const char *known = NULL;

	for (size_t i = 0; i < out->columns.count && known == NULL; i++)
		if (is_of(&out->columns.items[i], dates) &&
		    !out->columns.items[i].ambiguous)
			known = out->columns.items[i].pattern;
	for (size_t i = 0; i < out->columns.count && known != NULL; i++) {
		struct infer_column *column = &out->columns.items[i];

		if (!is_of(column, dates) || !column->ambiguous)
			continue;
		if (strcmp(column->other_pattern, known) == 0)
			snprintf(column->pattern, sizeof(column->pattern), "%s",
				 known);
		if (strcmp(column->pattern, known) == 0)
			column->ambiguous = false;
	}
}

/* COPY has one format for all columns of a kind. */
static void agree_format(struct infer *out, bool dates, char *format,
			 size_t size)
{
	const char *first = NULL;
	bool standard = true;

	settle_ambiguous(out, dates);
	for (size_t i = 0; i < out->columns.count; i++) {
		struct infer_column *column = &out->columns.items[i];

		if (!is_of(column, dates))
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
			infer_set_text(column);
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

		infer_set_type(&column, &facts[i], out->exact);
		vec_push(&out->columns, column);
	}
}

enum { SAMPLE_BYTES = 200 };

char *infer_copy_sample(const char *text, size_t len)
{
	if (len > SAMPLE_BYTES) {
		len = SAMPLE_BYTES;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	return mem_copy_slice(text, len);
}

static char *copy_field(const struct sniff *sniff, size_t row, size_t column)
{
	const char *text = sniff_field(sniff, row, column);

	return infer_copy_sample(text, strlen(text));
}

static void name_columns(struct infer *out, const struct sniff *sniff)
{
	size_t from = out->header ? 1 : 0;

	for (size_t i = 0; i < out->columns.count; i++) {
		struct infer_column *column = &out->columns.items[i];

		if (out->header)
			column->name = mem_copy_text(sniff_field(sniff, 0, i));
		for (size_t row = from; row < sniff->records.count; row++) {
			if (sniff_field(sniff, row, i)[0] == '\0')
				continue;
			column->sample = copy_field(sniff, row, i);
			break;
		}
	}
}

/* --- what a column's name says of its numbers --- */

static const char *const key_words[] = {
	"id",	"key",	    "number", "no",   "nr",   "num",
	"zip",	"postcode", "postal", "plz",  "code", "sku",
	"ean",	"isbn",	    "phone",
};

static const char *const time_words[] = {
	"time",	    "timestamp", "ts",	 "epoch", "created", "updated",
	"modified", "date",	 "when", "at",	  "start",   "end",
};

static bool is_named(const struct infer_column *column,
		     const char *const *words, size_t count)
{
	return column->name != NULL && infer_has_word(column->name, words, count);
}

/* Identifiers go on rising behind the file. */
static void widen_keys(struct infer *out)
{
	for (size_t i = 0; i < out->columns.count; i++) {
		struct infer_column *column = &out->columns.items[i];

		if (!column->whole ||
		    !is_named(column, key_words, COUNT_OF(key_words)))
			continue;
		if (column->type == INFER_SMALLINT)
			column->type = INFER_INTEGER;
		if (column->type == INFER_INTEGER &&
		    column->largest > 500000000)
			column->type = INFER_BIGINT;
	}
}

/* Of a column whose name speaks of time. */
static const char *epoch_of(const struct infer_column *column)
{
	const char *pattern = date_epoch(column->smallest);

	if (!column->whole || pattern == NULL ||
	    date_epoch(column->largest) != pattern ||
	    !is_named(column, time_words, COUNT_OF(time_words)))
		return NULL;
	return pattern;
}

/* TIMEFORMAT is one for the whole file: numbers stay where it has other
 * timestamps, or epochs of both kinds. */
static void find_epochs(struct infer *out)
{
	const char *found = out->time_format;

	for (size_t i = 0; i < out->columns.count; i++)
		if (is_of(&out->columns.items[i], false))
			return;
	for (size_t i = 0; i < out->columns.count; i++) {
		struct infer_column *column = &out->columns.items[i];
		const char *pattern = epoch_of(column);

		if (pattern == NULL ||
		    (found[0] != '\0' && strcmp(found, pattern) != 0))
			continue;
		column->type = INFER_TIMESTAMP;
		column->standard_pattern = column->whole = false;
		snprintf(column->pattern, sizeof(column->pattern), "%s",
			 pattern);
		snprintf(out->time_format, sizeof(out->time_format), "%s",
			 pattern);
	}
}

void infer_agree(struct infer *out)
{
	agree_format(out, true, out->date_format, sizeof(out->date_format));
	agree_format(out, false, out->time_format, sizeof(out->time_format));
	widen_keys(out);
	find_epochs(out);
}

/* What COPY takes once for all columns. */
static void agree(struct infer *out, const struct facts *facts)
{
	choose_null(out, facts);
	infer_agree(out);
}

static void read_members(struct infer *out, const struct sniff *sniff)
{
	CLEANUP(json_survey_freep)
	struct json_survey *survey = json_survey_new();

	if (sniff->kind == SNIFF_JSON_ARRAY)
		json_survey_in_array(survey);
	json_survey_feed(survey, sniff->text.text, sniff->text.len);
	if (sniff->whole)
		json_survey_end(survey);
	json_survey_columns(survey, out);
}

void infer_run(struct infer *out, const struct sniff *sniff)
{
	size_t count = sniff->fields;
	struct facts *facts;

	if (sniff->kind == SNIFF_JSON || sniff->kind == SNIFF_JSON_ARRAY)
		read_members(out, sniff);
	if (!sniff_is_text(sniff) || sniff->records.count == 0)
		return;
	facts = mem_alloc_array(count, sizeof(*facts));
	gather(facts, sniff, 1);
	fill_columns(out, sniff, facts);
	out->header = header_is_first(sniff, facts, out->columns.items);
	if (!out->header) {
		/* the first line is data as well */
		vec_clear(&out->columns);
		memset(facts, 0, count * sizeof(*facts));
		gather(facts, sniff, 0);
		fill_columns(out, sniff, facts);
	}
	name_columns(out, sniff);
	agree(out, facts);
	mem_free(facts);
}

void infer_refine(struct infer *infer, const struct facts *facts)
{
	for (size_t i = 0; i < infer->columns.count; i++)
		infer_set_type(&infer->columns.items[i], &facts[i],
			       infer->exact);
	infer->null_text[0] = '\0';
	infer->date_format[0] = '\0';
	infer->time_format[0] = '\0';
	agree(infer, facts);
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
	[INFER_SUPER] = "SUPER",
	[INFER_REAL] = "REAL",
	[INFER_TIME] = "TIME",
	[INFER_VARBYTE] = "VARBYTE",
};

void infer_add_type(const struct infer_column *column, struct str *out)
{
	str_add(out, type_names[column->type]);
	if (column->type == INFER_DECIMAL)
		str_addf(out, "(%d,%d)", column->precision, column->scale);
	if (column->type == INFER_VARCHAR)
		str_addf(out, "(%zu)", column->bytes);
}
