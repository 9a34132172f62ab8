#include "sandbox/copy/rscopy_number.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sandbox/copy/rscopy_field.h"

bool rscopy_input_bad(struct rscopy_problem *problem, int code, size_t position,
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
	case RSCOPY_SUPER:
	case RSCOPY_GEOMETRY:
	case RSCOPY_SKETCH:
	case RSCOPY_OTHER:
		break;
	case RSCOPY_VARBYTE:
		return "Varbyte";
	}
	return column->type_name;
}

bool rscopy_input_bad_digit(const struct rscopy_input *value, int code,
			    size_t at)
{
	unsigned char byte =
		at < value->len ? (unsigned char)value->text[at] : ' ';

	return rscopy_input_bad(value->problem, code, at,
				"Invalid digit, Value '%c', Pos %zu, Type: %s",
				isprint(byte) ? byte : '?', at,
				number_name(value->column));
}

bool rscopy_number_integer(struct str *out, const struct rscopy_input *value)
{
	static const int64_t most[] = {
		[2] = INT16_MAX, [4] = INT32_MAX, [8] = INT64_MAX
	};
	int64_t limit = most[value->column->length];
	bool minus = value->len > 0 && value->text[0] == '-';
	size_t start = minus || (value->len > 0 && value->text[0] == '+');
	uint64_t number = 0;

	if (start == value->len)
		return rscopy_input_bad_digit(value, 1207, start);
	for (size_t i = start; i < value->len; i++) {
		if (!isdigit((unsigned char)value->text[i]))
			return rscopy_input_bad_digit(value, 1207, i);
		if (number <= UINT64_MAX / 10 - 1)
			number = number * 10 + (uint64_t)(value->text[i] - '0');
		else
			number = UINT64_MAX - 16;
		if (number > (uint64_t)limit + (minus ? 1 : 0))
			return rscopy_input_bad(
				value->problem, 1222, 0,
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

static bool split_decimal(const struct rscopy_input *value, struct decimal *out)
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
	if (out->whole_len + out->fraction_len == 0 ||
	    (at < value->len && value->text[at] == '.'))
		return rscopy_input_bad(value->problem, 1209, at,
					"Invalid decimal format");
	if (at < value->len)
		return rscopy_input_bad_digit(value, 1207, at);
	while (out->whole_len > 0 && *out->whole == '0') {
		out->whole++;
		out->whole_len--;
	}
	return true;
}

/* The digits out[from ..) and the point among them, one unit up at the end.
 * The 0 before them takes the carry. */
static void round_up(struct str *out, size_t from)
{
	for (size_t i = out->len; i > from; i--) {
		char *c = &out->text[i - 1];

		if (*c == '.')
			continue;
		if (*c != '9') {
			(*c)++;
			return;
		}
		*c = '0';
	}
}

static bool overflow(const struct rscopy_input *value)
{
	return rscopy_input_bad(value->problem, 1204, 0,
				"Overflow for NUMERIC(%d,%d)",
				value->column->length, value->column->scale);
}

/* COPY cuts digits past the scale off, unless ROUNDEC is given. */
bool rscopy_number_decimal(struct str *out, const struct rscopy_input *value)
{
	size_t whole_max =
		(size_t)(value->column->length - value->column->scale);
	size_t scale = (size_t)value->column->scale;
	struct decimal decimal;
	bool up = false;
	size_t from;

	if (!split_decimal(value, &decimal))
		return false;
	if (decimal.whole_len > whole_max)
		return overflow(value);
	if (decimal.fraction_len > scale) {
		up = value->rules->round && decimal.fraction[scale] >= '5';
		decimal.fraction_len = scale;
	}
	if (value->text[0] == '-')
		str_add_char(out, '-');
	from = out->len;
	str_add_char(out, '0');
	str_add_slice(out, decimal.whole, decimal.whole_len);
	if (decimal.fraction_len > 0) {
		str_add_char(out, '.');
		str_add_slice(out, decimal.fraction, decimal.fraction_len);
	}
	if (up)
		round_up(out, from);
	return decimal.whole_len < whole_max || out->text[from] == '0' ||
	       overflow(value);
}

static bool is_special_float(const struct str *text)
{
	static const char *const words[] = { "nan", "inf", "infinity" };
	const char *word = text->text + strspn(text->text, "+-");

	if (strlen(text->text) != text->len)
		return false; /* a NUL, and what is behind it */
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_equal_nocase(word, words[i]))
			return true;
	return false;
}

/* 123.45 of at most 15 digits: no exponent, no range to leave. */
static bool is_plain_float(const char *text, size_t len)
{
	size_t digits = 0;
	size_t points = 0;
	size_t i = len > 0 && text[0] == '-';

	for (; i < len; i++) {
		if (isdigit((unsigned char)text[i]))
			digits++;
		else if (text[i] == '.')
			points++;
		else
			return false;
	}
	return digits >= 1 && digits <= 15 && points <= 1;
}

bool rscopy_number_float(struct str *out, const struct rscopy_input *value)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool small = strcmp(value->column->type_name, "float4") == 0;
	size_t plain;
	char *end;

	if (is_plain_float(value->text, value->len)) {
		str_add_slice(out, value->text, value->len);
		return true;
	}
	str_set_slice(&text, value->text, value->len);
	plain = strspn(text.text, "0123456789+-.eE");
	if (plain < text.len && !is_special_float(&text))
		return rscopy_input_bad_digit(value, 1208, plain);
	errno = 0;
	if (small)
		strtof(text.text, &end);
	else
		strtod(text.text, &end);
	if (*end != '\0' || end == text.text)
		return rscopy_input_bad_digit(value, 1208,
					      (size_t)(end - text.text));
	if (errno == ERANGE)
		return rscopy_input_bad(value->problem, 1204, 0,
					"Overflow, Value '%.40s', Type: Float",
					text.text);
	str_add_slice(out, text.text, text.len);
	return true;
}

bool rscopy_number_bool(struct str *out, const struct rscopy_input *value)
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
	return rscopy_input_bad(value->problem, 1210, 0,
				"Unknown boolean format");
}
