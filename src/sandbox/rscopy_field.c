#include "sandbox/rscopy_field.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/csv.h"
#include "sandbox/rscopy_time.h"

/* What a converter works on: a value that is not NULL. */
struct value {
	const char *text;
	size_t len;
	const struct rscopy_column *column;
	const struct rscopy_rules *rules;
	struct rscopy_problem *problem;
};

static bool bad(struct rscopy_problem *problem, int code, size_t position,
		const char *fmt, ...) PRINTF_LIKE(4, 5);

static bool bad(struct rscopy_problem *problem, int code, size_t position,
		const char *fmt, ...)
{
	va_list args;

	problem->code = code;
	problem->position = (int)position;
	va_start(args, fmt);
	vsnprintf(problem->reason, sizeof(problem->reason), fmt, args);
	va_end(args);
	return false;
}

/* --- text of COPY's text format --- */

static void add_escaped(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		switch (text[i]) {
		case '\\':
			str_add(out, "\\\\");
			break;
		case '\n':
			str_add(out, "\\n");
			break;
		case '\r':
			str_add(out, "\\r");
			break;
		case '\t':
			str_add(out, "\\t");
			break;
		default:
			str_add_char(out, text[i]);
		}
	}
}

static bool add_null(struct str *out, const struct rscopy_column *column,
		     struct rscopy_problem *problem)
{
	if (column->not_null && !column->identity)
		return bad(problem, 1213, 0, "Missing data for not-null field");
	str_add(out, "\\N");
	return true;
}

/* --- numbers --- */

static const char *number_name(const struct rscopy_column *column)
{
	switch (column->type) {
	case RSCOPY_INTEGER:
		return column->length == 2   ? "Short"
		       : column->length == 8 ? "Long"
					     : "Integer";
	case RSCOPY_DECIMAL:
		return "Decimal";
	case RSCOPY_FLOAT:
		return "Float";
	case RSCOPY_BOOL:
	case RSCOPY_CHAR:
	case RSCOPY_VARCHAR:
	case RSCOPY_DATE:
	case RSCOPY_TIME:
	case RSCOPY_TIMESTAMP:
	case RSCOPY_TIMESTAMPTZ:
	case RSCOPY_OTHER:
		break;
	}
	return column->type_name;
}

static bool bad_digit(const struct value *value, int code, size_t at)
{
	unsigned char byte =
		at < value->len ? (unsigned char)value->text[at] : ' ';

	return bad(value->problem, code, at,
		   "Invalid digit, Value '%c', Pos %zu, Type: %s",
		   isprint(byte) ? byte : '?', at, number_name(value->column));
}

static bool add_integer(struct str *out, const struct value *value)
{
	static const int64_t most[] = {
		[2] = INT16_MAX, [4] = INT32_MAX, [8] = INT64_MAX
	};
	int64_t limit = most[value->column->length];
	bool minus = value->len > 0 && value->text[0] == '-';
	size_t start = minus || (value->len > 0 && value->text[0] == '+');
	uint64_t number = 0;

	if (start == value->len)
		return bad_digit(value, 1207, start);
	for (size_t i = start; i < value->len; i++) {
		if (!isdigit((unsigned char)value->text[i]))
			return bad_digit(value, 1207, i);
		if (number <= UINT64_MAX / 10 - 1)
			number = number * 10 + (uint64_t)(value->text[i] - '0');
		else
			number = UINT64_MAX - 16;
		if (number > (uint64_t)limit + (minus ? 1 : 0))
			return bad(value->problem, 1222, 0,
				   "Overflow, Value '%.*s', Type: %s",
				   (int)(value->len > 40 ? 40 : value->len),
				   value->text, number_name(value->column));
	}
	str_add_slice(out, value->text, value->len);
	return true;
}

/* Where the digits of a decimal stand; an exponent is not taken. */
struct decimal {
	const char *whole;
	size_t whole_len;
	const char *fraction;
	size_t fraction_len;
};

static bool split_decimal(const struct value *value, struct decimal *out)
{
	size_t at = value->len > 0 &&
		    (value->text[0] == '-' || value->text[0] == '+');

	out->whole = value->text + at;
	for (; at < value->len && isdigit((unsigned char)value->text[at]);)
		at++;
	out->whole_len = (size_t)(value->text + at - out->whole);
	out->fraction = value->text + at;
	out->fraction_len = 0;
	if (at < value->len && value->text[at] == '.') {
		out->fraction = value->text + ++at;
		while (at < value->len &&
		       isdigit((unsigned char)value->text[at]))
			at++;
		out->fraction_len = (size_t)(value->text + at - out->fraction);
	}
	if (at < value->len || out->whole_len + out->fraction_len == 0)
		return bad_digit(value, 1207, at);
	while (out->whole_len > 0 && *out->whole == '0') {
		out->whole++;
		out->whole_len--;
	}
	return true;
}

/* COPY cuts digits past the scale off; with ROUNDEC PostgreSQL rounds. */
static bool add_decimal(struct str *out, const struct value *value)
{
	size_t whole_max =
		(size_t)(value->column->length - value->column->scale);
	size_t scale = (size_t)value->column->scale;
	struct decimal decimal;

	if (!split_decimal(value, &decimal))
		return false;
	if (decimal.whole_len > whole_max)
		return bad(value->problem, 1204, 0,
			   "Overflow for NUMERIC(%d,%d)", value->column->length,
			   value->column->scale);
	if (decimal.fraction_len > scale && !value->rules->round)
		decimal.fraction_len = scale;
	if (value->text[0] == '-')
		str_add_char(out, '-');
	str_add_char(out, '0');
	str_add_slice(out, decimal.whole, decimal.whole_len);
	if (decimal.fraction_len > 0) {
		str_add_char(out, '.');
		str_add_slice(out, decimal.fraction, decimal.fraction_len);
	}
	return true;
}

static bool add_float(struct str *out, const struct value *value)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	char *end;

	str_set_slice(&text, value->text, value->len);
	if (text.len == 0 || isspace((unsigned char)text.text[0]) ||
	    strpbrk(text.text, "xX") != NULL)
		return bad_digit(value, 1208, 0);
	errno = 0;
	strtod(text.text, &end);
	if (*end != '\0' || end == text.text)
		return bad_digit(value, 1208, (size_t)(end - text.text));
	if (errno == ERANGE)
		return bad(value->problem, 1204, 0,
			   "Overflow, Value '%.40s', Type: Float", text.text);
	str_add_slice(out, text.text, text.len);
	return true;
}

static bool add_bool(struct str *out, const struct value *value)
{
	static const struct {
		const char *text;
		char truth;
	} words[] = {
		{ "t", 't' },     { "true", 't' }, { "y", 't' },
		{ "yes", 't' },   { "1", 't' },    { "f", 'f' },
		{ "false", 'f' }, { "n", 'f' },    { "no", 'f' },
		{ "0", 'f' },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_slice_equal_nocase(value->text, value->len,
					   words[i].text)) {
			str_add_char(out, words[i].truth);
			return true;
		}
	return bad(value->problem, 1210, 0, "Unknown boolean format");
}

/* --- text --- */

static size_t trimmed_len(const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len;
}

/* The longest whole characters within max bytes. */
static size_t cut_len(const char *text, size_t len, size_t max)
{
	size_t at = 0;

	while (at < len) {
		uint32_t code;
		size_t n = utf8_decode(text + at, len - at, &code);

		if (at + n > max)
			break;
		at += n;
	}
	return at;
}

/* multi-byte-character-load-errors: 4 is an invalid trailing byte, 3 a byte
 * that cannot begin a character, 2 one cut short. */
static bool bad_utf8(const struct value *value, size_t at)
{
	unsigned char byte = (unsigned char)value->text[at];
	int kind = 3;

	if (byte >= 0xc2 && byte <= 0xf4)
		kind = at + 1 == value->len ? 2 : 4;
	return bad(value->problem, 1220, at,
		   "String contains invalid or unsupported UTF8 codepoints."
		   " Bad UTF8 hex sequence: %02x (error %d)",
		   byte, kind);
}

/* ACCEPTINVCHARS: as many replacements as there were bad bytes. */
static void replace_bad(const struct value *value, struct str *out)
{
	size_t at = 0;

	while (at < value->len) {
		size_t good = utf8_first_bad(value->text + at, value->len - at);

		str_add_slice(out, value->text + at, good);
		at += good;
		if (at < value->len) {
			str_add_char(out, value->rules->bad_char);
			at++;
		}
	}
}

static bool check_char(const struct value *value)
{
	for (size_t i = 0; i < value->len; i++) {
		uint32_t code;
		size_t n;
		char hex[16] = "";

		if ((unsigned char)value->text[i] < 0x80)
			continue;
		n = utf8_decode(value->text + i, value->len - i, &code);
		for (size_t j = 0; j < n; j++)
			snprintf(hex + 3 * j, 4, "%02x ",
				 (unsigned char)value->text[i + j]);
		hex[3 * n - 1] = '\0';
		return bad(value->problem, 1220, i,
			   "Multibyte character not supported for CHAR (Hint:"
			   " try using VARCHAR). Invalid char: %s",
			   hex);
	}
	return true;
}

static bool add_text(struct str *out, const struct value *value)
{
	CLEANUP(str_done) struct str mended = STR_EMPTY;
	size_t first_bad = utf8_first_bad(value->text, value->len);
	size_t max = (size_t)value->column->length;
	const char *text = value->text;
	size_t len = value->len;
	bool is_char = value->column->type == RSCOPY_CHAR;

	if (memchr(text, '\0', len) != NULL)
		return bad(value->problem, 1218, 0,
			   "Invalid null byte - field longer than 1 byte");
	if (is_char && !check_char(value))
		return false;
	if (first_bad < len) {
		if (value->rules->bad_char == '\0')
			return bad_utf8(value, first_bad);
		replace_bad(value, &mended);
		text = mended.text;
		len = mended.len;
	}
	if (value->rules->trim_blanks && !is_char)
		len = trimmed_len(text, len);
	/* Blanks at the end of a CHAR mean nothing. */
	if (is_char && len > max)
		len = trimmed_len(text, len) > max ? len : max;
	if (len > max) {
		if (!value->rules->truncate)
			return bad(value->problem, 1204, 0,
				   "String length exceeds DDL length");
		len = cut_len(text, len, max);
	}
	add_escaped(out, text, len);
	return true;
}

/* --- dates and times --- */

static bool read_format(struct rscopy_time *out, const char *format,
			const struct value *value)
{
	if (format == NULL)
		return rscopy_time_read_iso(out, value->text, value->len);
	if (strcmp(format, "auto") == 0)
		format = NULL;
	return rscopy_time_read(out, format, value->text, value->len);
}

static bool add_date(struct str *out, const struct value *value)
{
	const char *format = value->rules->date_format;
	struct rscopy_time time;

	if (read_format(&time, format, value)) {
		rscopy_time_add_date(out, &time);
		return true;
	}
	if (format == NULL && value->len < 10)
		return bad(value->problem, 1205, 0,
			   "Invalid Date Format - length must be 10 or more");
	return bad(value->problem, 1205, 0, "Invalid Date Format [%s]",
		   format == NULL ? "YYYY-MM-DD" : format);
}

static bool add_timestamp(struct str *out, const struct value *value)
{
	const char *format = value->rules->time_format;
	struct rscopy_time time;

	if (!read_format(&time, format, value))
		return bad(value->problem, 1206, 0,
			   "Invalid timestamp format or value [%s]",
			   format == NULL ? "YYYY-MM-DD HH24:MI:SS" : format);
	rscopy_time_add_date(out, &time);
	str_add_char(out, ' ');
	rscopy_time_add_clock(out, &time,
			      value->column->type == RSCOPY_TIMESTAMPTZ);
	return true;
}

static bool add_clock(struct str *out, const struct value *value)
{
	struct rscopy_time time;

	if (!rscopy_time_read_clock(&time, value->text, value->len))
		return bad(value->problem, 1206, 0,
			   "Invalid time format or value [HH24:MI:SS]");
	rscopy_time_add_clock(out, &time, true);
	return true;
}

static bool add_other(struct str *out, const struct value *value)
{
	size_t first_bad = utf8_first_bad(value->text, value->len);

	if (first_bad < value->len)
		return bad_utf8(value, first_bad);
	if (memchr(value->text, '\0', value->len) != NULL)
		return bad(value->problem, 1218, 0,
			   "Invalid null byte - field longer than 1 byte");
	add_escaped(out, value->text, value->len);
	return true;
}

/* --- one field --- */

static bool (*const converters[])(struct str *out,
				  const struct value *value) = {
	[RSCOPY_INTEGER] = add_integer,
	[RSCOPY_DECIMAL] = add_decimal,
	[RSCOPY_FLOAT] = add_float,
	[RSCOPY_BOOL] = add_bool,
	[RSCOPY_CHAR] = add_text,
	[RSCOPY_VARCHAR] = add_text,
	[RSCOPY_DATE] = add_date,
	[RSCOPY_TIME] = add_clock,
	[RSCOPY_TIMESTAMP] = add_timestamp,
	[RSCOPY_TIMESTAMPTZ] = add_timestamp,
	[RSCOPY_OTHER] = add_other,
};

static bool is_text(const struct rscopy_column *column)
{
	return column->type == RSCOPY_CHAR || column->type == RSCOPY_VARCHAR;
}

static bool is_date(const struct rscopy_column *column)
{
	return column->type == RSCOPY_DATE ||
	       column->type == RSCOPY_TIMESTAMP ||
	       column->type == RSCOPY_TIMESTAMPTZ;
}

/* An empty field is NULL for all types but text (EMPTYASNULL). Quotes of CSV
 * make the NULL text plain data, but not emptiness. */
static bool means_null(const struct rscopy_column *column,
		       const struct rscopy_rules *rules,
		       const struct csv_field *field)
{
	if (!(rules->csv && field->quoted) && field->len == rules->null_len &&
	    memcmp(field->text, rules->null_text, rules->null_len) == 0 &&
	    !(field->escaped && rules->null_len > 0))
		return true;
	if (field->len == 0)
		return !is_text(column) || rules->empty_as_null;
	return is_text(column) && rules->blanks_as_null &&
	       trimmed_len(field->text, field->len) == 0;
}

bool rscopy_field_add(struct str *out, const struct rscopy_column *column,
		      const struct rscopy_rules *rules,
		      const struct csv_field *field,
		      struct rscopy_problem *problem)
{
	struct value value = { field->text, field->len, column, rules,
			       problem };
	size_t before = out->len;

	if (field->text == NULL || means_null(column, rules, field))
		return add_null(out, column, problem);
	if (converters[column->type](out, &value))
		return true;
	str_cut(out, before);
	if (is_date(column) && rules->accept_any_date)
		return add_null(out, column, problem);
	return false;
}

bool rscopy_field_add_missing(struct str *out,
			      const struct rscopy_column *column,
			      const struct rscopy_rules *rules,
			      struct rscopy_problem *problem)
{
	if (column->type == RSCOPY_VARCHAR && !rules->empty_as_null)
		return true; /* an empty text */
	return add_null(out, column, problem);
}

void rscopy_field_length(const struct rscopy_column *column, struct str *out)
{
	if (is_text(column))
		str_addf(out, "%d", column->length);
	else if (column->type == RSCOPY_DECIMAL)
		str_addf(out, "%d, %d", column->length, column->scale);
	else
		str_add(out, "0");
}
